"""The boards' own identifiers: each board numbers its postings in its own way.

An identifier is a reversible scrambling of the posting's key, so that it tells nothing about the
same vacancy's postings elsewhere, and no table is needed to find the posting again.
"""

from __future__ import annotations

from typing import Final

from labourwatch.demo.draws import mix

_SPACE: Final = 1 << 28
_FACTORS: Final = (141_650_939, 87_178_291, 33_550_337, 198_491_317, 122_949_823, 64_188_011)
_OFFSET: Final = 0x5A5A5A5
_INVERSES: Final = tuple(pow(factor, -1, _SPACE) for factor in _FACTORS)
_HEX: Final = 24


def number_of(board: int, key: int) -> int:
    """The board's number for a key; distinct keys below 2²⁸ have distinct numbers."""
    return (key * _FACTORS[board] % _SPACE) ^ _OFFSET


def key_of_number(board: int, number: int) -> int:
    """The key of a number; -1 where the number is out of range."""
    if not 0 <= number < _SPACE:
        return -1
    return (number ^ _OFFSET) * _INVERSES[board] % _SPACE


def hex_id(number: int) -> str:
    """A 24-digit hexadecimal identifier, as document stores make them."""
    return f"{mix(number):016x}{number:08x}"


def number_of_hex(text: str) -> int:
    """The number inside a hexadecimal identifier; -1 where it is not one of ours."""
    if len(text) != _HEX:
        return -1
    try:
        number = int(text[16:], 16)
    except ValueError:
        return -1
    return number if hex_id(number) == text else -1
