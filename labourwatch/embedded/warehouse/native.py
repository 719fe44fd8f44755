"""The header of ClickHouse's Native format. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _text(value: str) -> bytes:
    data = value.encode()
    return _varint(len(data)) + data


def header_block(columns: Sequence[tuple[str, str]]) -> bytes:
    """A block of (name, type) columns and no rows, which a server sends for an empty result."""
    names = b"".join(_text(name) + _text(kind) for name, kind in columns)
    return _varint(len(columns)) + _varint(0) + names
