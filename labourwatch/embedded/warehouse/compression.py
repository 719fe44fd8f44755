"""HTTP bodies in and out of gzip, deflate, lz4 and zstd. Pure.

A client sends one frame per block, so every frame of a body is decoded, and the size is
checked while decoding: a small body that unpacks to gigabytes is refused, not unpacked.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import lz4.frame

from labourwatch.embedded.warehouse.errors import (
    CANNOT_DECOMPRESS,
    NOT_IMPLEMENTED,
    TOO_LARGE,
    UNEXPECTED_END,
    refusal,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STEP = 1 << 20
_GZIP_WINDOW = 31


class Decoder(Protocol):
    """One frame: `feed` returns at most STEP bytes; `rest` is what follows the frame."""

    @property
    def finished(self) -> bool: ...
    @property
    def rest(self) -> bytes: ...
    def feed(self, data: bytes) -> bytes: ...


class _Frame:
    """lz4 and zstd decompressors share one interface."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._frame = make()

    @property
    def finished(self) -> bool:
        return bool(self._frame.eof)  # type: ignore[attr-defined]

    @property
    def rest(self) -> bytes:
        return bytes(self._frame.unused_data or b"")  # type: ignore[attr-defined]

    def feed(self, data: bytes) -> bytes:
        return bytes(self._frame.decompress(data, STEP))  # type: ignore[attr-defined]


class _Zlib:
    """gzip members and zlib streams; zlib hands back unread input instead of keeping it."""

    def __init__(self, window: int) -> None:
        self._stream = zlib.decompressobj(window)

    @property
    def finished(self) -> bool:
        return self._stream.eof

    @property
    def rest(self) -> bytes:
        return self._stream.unused_data

    def feed(self, data: bytes) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, STEP)


DECODERS: dict[str, Callable[[], Decoder]] = {
    "lz4": lambda: _Frame(lz4.frame.LZ4FrameDecompressor),
    "zstd": lambda: _Frame(zstd.ZstdDecompressor),
    "gzip": lambda: _Zlib(_GZIP_WINDOW),
    "deflate": lambda: _Zlib(zlib.MAX_WBITS),
}
_BROKEN = (zlib.error, zstd.ZstdError, RuntimeError, EOFError)


def _decode_frame(decoder: Decoder, data: bytes, room: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while not decoder.finished:
        part = decoder.feed(data)
        data = b""
        size += len(part)
        if size > room:
            raise refusal(TOO_LARGE, "The body is larger than the limit once decompressed.")
        if not part and not decoder.finished:
            raise refusal(UNEXPECTED_END, "The compressed body ends within a frame.")
        parts.append(part)
    return b"".join(parts)


def decode_body(data: bytes, encoding: str, limit: int) -> bytes:
    """The body behind `Content-Encoding`, all frames of it, of at most `limit` bytes.

    Raises:
        StatementError: unknown encoding (48), damaged (271), cut off (3) or too large (307).
    """
    if encoding in ("", "identity"):
        return data
    if encoding not in DECODERS:
        raise refusal(NOT_IMPLEMENTED, f"Content-Encoding {encoding!r} is not supported.")
    parts: list[bytes] = []
    room = limit
    while data:
        decoder = DECODERS[encoding]()
        try:
            parts.append(_decode_frame(decoder, data, room))
        except _BROKEN as error:
            raise refusal(CANNOT_DECOMPRESS, f"The {encoding} body is damaged: {error}") from error
        room -= len(parts[-1])
        data = decoder.rest
    return b"".join(parts)


class Encoder:
    """One growing compressed stream; `add` may hold bytes back, `finish` gives the rest."""

    def __init__(self, encoding: str) -> None:
        self._begin = b""
        if encoding == "lz4":
            frame = lz4.frame.LZ4FrameCompressor()
            self._begin = frame.begin()
            self._add: Callable[[bytes], bytes] = frame.compress
            self._finish: Callable[[], bytes] = frame.flush
        elif encoding == "zstd":
            packer = zstd.ZstdCompressor(level=1)
            self._add, self._finish = packer.compress, packer.flush
        else:
            stream = zlib.compressobj(1, wbits=_GZIP_WINDOW)
            self._add, self._finish = stream.compress, stream.flush

    def add(self, data: bytes) -> bytes:
        """Compressed bytes that are ready after `data`."""
        begin, self._begin = self._begin, b""
        return begin + self._add(data)

    def finish(self) -> bytes:
        """The last bytes of the stream."""
        begin, self._begin = self._begin, b""
        return begin + self._finish()


def accepted_encoding(accept: str) -> str | None:
    """The first encoding of an `Accept-Encoding` header that we can produce."""
    for part in accept.split(","):
        name = part.split(";")[0].strip().casefold()
        if name in ("lz4", "zstd", "gzip"):
            return name
    return None
