"""Content codings, undone in small pieces."""

from __future__ import annotations

import gzip
import zlib

import brotli
import httpx
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from tocsin.network import ACCEPT_ENCODING, decoder
from tocsin.network._decode import PIECE


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": bytes,
}


def undo(encoding: str, data: bytes, step: int = 1 << 30) -> bytes:
    decode = decoder(encoding)
    assert decode is not None
    return b"".join(
        piece for start in range(0, len(data), step) for piece in decode(data[start : start + step])
    )


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=2000), st.integers(1, 300))
def test_what_was_packed_comes_back(encoding, data, step):
    """However the bytes are cut on their way, the body is the same."""
    assert undo(encoding, PACKERS[encoding](data), step) == data


@pytest.mark.parametrize("encoding", ACCEPT_ENCODING.split(", "))
def test_everything_asked_for_is_understood(encoding):
    """Accept-Encoding names nothing that cannot be undone."""
    assert undo(encoding, PACKERS[encoding](b"x" * 100)) == b"x" * 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_bombs_come_in_pieces(encoding):
    """A reader that stops after the first pieces never holds what the bomb would become."""
    packed = PACKERS[encoding](b"\0" * 30_000_000)
    decode = decoder(encoding)
    assert decode is not None
    pieces = decode(packed)
    assert all(len(next(pieces)) <= 4 * PIECE for _ in range(5))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_rubbish_is_an_error(encoding):
    """What is not of the coding it says is a decoding error."""
    with pytest.raises(httpx.DecodingError):
        undo(encoding, b"\xff<rss>this is no compressed body</rss>" * 10)


def test_raw_deflate_and_members():
    """Deflate without its wrapper is read, and so are gzip and zstd bodies of several members."""
    assert undo("deflate", raw_deflate(b"<rss/>")) == b"<rss/>"
    assert undo("gzip", gzip.compress(b"<r") + gzip.compress(b"ss/>"), 7) == b"<rss/>"
    assert undo("gzip", gzip.compress(b"<rss/>") + b"\0\0\0") == b"<rss/>"
    assert undo("zstd", zstd.compress(b"<r") + zstd.compress(b"ss/>"), 5) == b"<rss/>"


def test_torn_bodies_give_what_there_was():
    """A body that ends in the middle is for its parser to judge."""
    packed = gzip.compress(bytes(range(256)) * 40)
    assert bytes(range(256)).startswith(undo("gzip", packed[: len(packed) // 2])[:256])


@pytest.mark.parametrize("encoding", ["compress", "gzip, gzip", "gzip, br", "x"])
def test_what_was_not_asked_for(encoding):
    """Another coding, or one within another, has no decoder."""
    assert decoder(encoding) is None
