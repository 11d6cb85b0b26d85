"""Which addresses the outgoing guard lets through."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.network import check_address

REFUSED = [
    ("10.0.0.1", "private"),
    ("172.16.0.1", "private"),
    ("192.168.1.1", "private"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("169.254.1.1", "link-local"),
    ("169.254.169.254", "metadata"),
    ("168.63.129.16", "metadata"),
    ("100.100.100.200", "metadata"),
    ("100.64.0.1", "carrier"),
    ("192.88.99.1", "6to4 relay"),
    ("198.18.0.1", "private"),
    ("192.0.2.1", "private"),
    ("224.0.0.251", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "reserved"),
    ("0.0.0.0", "unspecified"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("fe80::1", "link-local"),
    ("fe80::1%eth0", "link-local"),
    ("fec0::1", "site-local"),
    ("fc00::1", "private"),
    ("fd00:ec2::254", "metadata"),
    ("ff02::1", "multicast"),
    ("2001:db8::1", "private"),
    ("::ffff:10.0.0.1", "IPv4-mapped"),
    ("::ffff:169.254.169.254", "metadata address as an IPv4-mapped"),
    ("64:ff9b::7f00:1", "loopback address as a NAT64"),
    ("64:ff9b::a9fe:a9fe", "metadata address as a NAT64"),
    ("64:ff9b:1::808:808", "NAT64"),
    ("2002:7f00:1::", "6to4"),
    ("2002:808:808::1", "6to4"),
    ("2001:0:4136:e378::1", "Teredo"),
    ("::127.0.0.1", "IPv4-compatible"),
    ("localhost", "not an IP address"),
    ("127.1", "not an IP address"),
    ("", "not an IP address"),
]


@pytest.mark.parametrize(("address", "reason"), REFUSED)
def test_refused(address, reason):
    """Private, local, special and tunnelled addresses are refused with the reason named."""
    assert reason in (check_address(address) or "")


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "193.0.6.139"]
)
def test_public(address):
    """Public addresses pass, also where a translator carries them."""
    assert check_address(address) is None


@given(st.ip_addresses(v=4))
def test_what_is_not_global_never_passes(address: IPv4Address):
    """No address that Python calls non-global passes, in whichever form it is written."""
    forms = [address, ip_address(f"::ffff:{address}"), IPv6Address((0x64FF9B << 96) | int(address))]
    for form in forms:
        if not address.is_global:
            assert check_address(str(form)) is not None


@given(st.ip_addresses(v=6))
def test_six_is_never_laxer_than_python(address: IPv6Address):
    """An IPv6 address that passes is global by Python's word, or carries a global IPv4 address."""
    if check_address(str(address)) is None:
        carried = address.ipv4_mapped
        assert (carried or address).is_global
