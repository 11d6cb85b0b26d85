"""Content codings, undone in small pieces, so that a body is never larger in memory than its reader allows.

httpx and aiohttp undo a whole chunk at once, and 16 KiB of Brotli can be gigabytes.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import brotli
import httpx

if sys.version_info >= (3, 14):  # pragma: no cover - the standard library has it from there on
    from compression import zstd
else:
    from backports import zstd

PIECE = 65_536  # bytes at once, about
ACCEPT_ENCODING = "gzip, deflate, br, zstd"

_WINDOW_LOG = 23  # 8 MiB: what a decoder of HTTP content has to offer and need not exceed (RFC 9659)
_GZIP_START = b"\x1f\x8b"

Decoder = Callable[[bytes], Iterator[bytes]]


def decoder(content_encoding: str) -> Decoder | None:
    """A function from bytes as they come to pieces of the body; None for a coding that was not asked for.

    The function raises `httpx.DecodingError` for what is not of that coding. A body that ends in the middle
    gives what there was; that is for its parser to notice.
    """
    made = _DECODERS.get(content_encoding.strip().lower())
    return made() if made else None


def _identity() -> Decoder:
    return lambda data: iter((data,))


def _guarded(read: Decoder) -> Decoder:
    def guarded(data: bytes) -> Iterator[bytes]:
        try:
            yield from read(data)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise httpx.DecodingError(str(error)) from error

    return guarded


def _gzip() -> Decoder:
    stream: Any = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def read(data: bytes) -> Iterator[bytes]:
        nonlocal stream
        while data:
            if stream.eof:
                if not data.startswith(_GZIP_START[: len(data)]):
                    return  # what stands behind the last member is no part of the body
                stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
            yield stream.decompress(data, PIECE)
            data = stream.unused_data if stream.eof else stream.unconsumed_tail

    return _guarded(read)


def _deflate() -> Decoder:
    """As zlib (RFC 1950), as the specification says, or raw (RFC 1951) as some servers send it."""
    stream: Any = None

    def read(data: bytes) -> Iterator[bytes]:
        nonlocal stream
        if stream is None and data:
            wrapped = data[0] & 0x0F == 8 and (len(data) < 2 or int.from_bytes(data[:2], "big") % 31 == 0)
            stream = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        while data and not stream.eof:
            yield stream.decompress(data, PIECE)
            data = stream.unconsumed_tail

    return _guarded(read)


def _brotli() -> Decoder:
    stream: Any = brotli.Decompressor()

    def read(data: bytes) -> Iterator[bytes]:
        if stream.is_finished():
            return
        yield stream.process(data, output_buffer_limit=PIECE)
        while not stream.is_finished() and not stream.can_accept_more_data():
            yield stream.process(b"", output_buffer_limit=PIECE)

    return _guarded(read)


def _zstd() -> Decoder:
    def fresh() -> Any:
        return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    stream = fresh()

    def read(data: bytes) -> Iterator[bytes]:
        nonlocal stream
        while data or not (stream.eof or stream.needs_input):
            if stream.eof:
                stream = fresh()
            yield stream.decompress(data, PIECE)
            data = stream.unused_data if stream.eof else b""

    return _guarded(read)


_DECODERS: dict[str, Callable[[], Decoder]] = {
    "": _identity,
    "identity": _identity,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
