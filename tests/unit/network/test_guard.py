"""What the guard does with the answers of DNS."""

from __future__ import annotations

import socket

import pytest

from tocsin.network import GuardRefusal
from tocsin.network._client import _Guard
from tocsin.settings import NetworkSettings

V4 = int(socket.AF_INET)


def guard(found, **network):
    return _Guard(NetworkSettings(**network), lambda _host, _port, _family: found)


async def test_mixed_answer_keeps_public_addresses():
    """Of a mixed answer only what was checked is handed to the connection, so rebinding gains nothing."""
    checking = guard([(V4, "127.0.0.1"), (V4, "198.41.0.4"), (V4, "10.0.0.1")])
    assert [found["host"] for found in await checking.resolve("news.example", 80)] == ["198.41.0.4"]
    await checking.close()


async def test_all_private_is_a_refusal():
    """When nothing is left the refusal names the host, the address, the reason and the remedy."""
    checking = guard([(V4, "169.254.169.254")])
    with pytest.raises(GuardRefusal) as caught:
        await checking.resolve("news.example", 80)
    await checking.close()
    assert caught.value.host == "news.example"
    assert caught.value.address == "169.254.169.254"
    assert "metadata" in caught.value.reason
    assert "network.allow_hosts" in (caught.value.hint or "")


async def test_no_address_is_no_refusal():
    """A name without addresses is the name server's failure."""
    checking = guard([])
    with pytest.raises(OSError, match="no address"):
        await checking.resolve("news.example", 80)
    await checking.close()


async def test_named_host_and_open_network_are_not_judged():
    """What the operator allowed passes unchecked."""
    for allowing in ({"allow_hosts": ["news.example"]}, {"allow_private_addresses": True}):
        checking = guard([(V4, "10.0.0.1")], **allowing)
        assert [found["host"] for found in await checking.resolve("NEWS.example.", 80)] == ["10.0.0.1"]
        await checking.close()
