"""Which addresses may be reached from the outside world's say-so (server-side request forgery, CWE-918).

`ipaddress.is_global` alone will not do: it says yes to 6to4 and to NAT64 forms of private addresses.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_METADATA = {
    ip_address("169.254.169.254"),  # AWS, Azure, Google and most others
    ip_address("169.254.170.2"),  # AWS container credentials
    ip_address("168.63.129.16"),  # Azure wire server: a public address by its number
    ip_address("100.100.100.200"),  # Alibaba
    ip_address("192.0.0.192"),  # Oracle
    ip_address("fd00:ec2::254"),  # AWS
    ip_address("fd20:ce::254"),  # Google
}
_METADATA_REASON = "a cloud metadata address"
_REFUSED_V4 = (
    (IPv4Network("100.64.0.0/10"), "an address shared by a carrier (RFC 6598)"),
    (IPv4Network("192.88.99.0/24"), "a 6to4 relay (RFC 7526)"),
    (IPv4Network("192.0.0.0/24"), "an address for protocols (RFC 6890)"),
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_ISATAP = 0x00005EFE  # RFC 5214: 0000:5efe or 0200:5efe before an IPv4 address, under any prefix
_REFUSED_V6 = (
    (IPv6Network("64:ff9b:1::/48"), "a NAT64 address of local use (RFC 8215)"),
    (IPv6Network("2002::/16"), "a 6to4 address (RFC 3056)"),
    (IPv6Network("2001::/32"), "a Teredo address (RFC 4380)"),
    (IPv6Network("::/96"), "an IPv4-compatible address (RFC 4291)"),
    (IPv6Network("fec0::/10"), "a site-local address"),
    (IPv6Network("3fff::/20"), "an address for documentation (RFC 9637)"),
)


@lru_cache(maxsize=4096)
def check_address(ip: str) -> str | None:
    """Say why an address must not be reached, or None when it may.

    `ip` is an IPv4 or IPv6 address as text, a scope id allowed. Addresses that carry an IPv4 address in
    them (mapped, NAT64) are judged by the one they carry; 6to4 and Teredo are refused whole.
    """
    try:
        address = ip_address(ip)
    except ValueError:
        return "not an IP address"
    if isinstance(address, IPv4Address):
        return _check_v4(address)
    return _check_v6(IPv6Address(int(address)))  # without the scope id


def _check_v4(address: IPv4Address) -> str | None:
    if address in _METADATA:
        return _METADATA_REASON
    return next((why for network, why in _REFUSED_V4 if address in network), None) or _check_kind(address)


def _check_v6(address: IPv6Address) -> str | None:
    carried, form = _carried(address)
    if carried is not None:
        reason = _check_v4(carried)
        return None if reason is None else f"{reason} as {form}"
    if address in _METADATA:
        return _METADATA_REASON
    if address.is_unspecified or address.is_loopback:
        return _check_kind(address)
    refused = next((why for network, why in _REFUSED_V6 if address in network), None)
    return refused or _check_kind(address) or _check_tunnel(address)


def _check_tunnel(address: IPv6Address) -> str | None:
    if int(address) >> 32 & 0xFDFFFFFF != _ISATAP:
        return None
    reason = _check_v4(IPv4Address(int(address) & 0xFFFFFFFF))
    return None if reason is None else f"{reason} as an ISATAP address"


def _carried(address: IPv6Address) -> tuple[IPv4Address | None, str]:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped, "an IPv4-mapped address"
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF), "a NAT64 address"
    return None, ""


def _check_kind(address: IPv4Address | IPv6Address) -> str | None:
    kinds = (
        (address.is_unspecified, "the unspecified address"),
        (address.is_loopback, "a loopback address"),
        (address.is_link_local, "a link-local address"),
        (address.is_multicast, "a multicast address"),
        (address.is_reserved, "a reserved address"),
        (address.is_private, "a private address"),
        (not address.is_global, "not a public address"),
    )
    return next((name for applies, name in kinds if applies), None)
