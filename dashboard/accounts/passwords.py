"""Passwords: argon2id hashes, what may be chosen, and the same work for names nobody has."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 200
_FEWEST_DIFFERENT: Final = 5
_KNOWN_BAD: Final = frozenset(
    {"password", "passw0rd", "qwerty", "letmein", "welcome", "admin", "labourwatch", "12345"}
)
"""What nobody may build a password around: it is what is left when digits and signs go."""


class Fault(StrEnum):
    """Why a password may not be chosen."""

    SHORT = "short"
    LONG = "long"
    PLAIN = "plain"
    """Few different characters, a known word, or the account's own name."""
    DIFFERENT = "different"
    """Its repetition is not the same."""


def fault_of(password: str, again: str, name: str) -> Fault | None:
    """Why `password` may not be chosen for the account `name`; `None` where it may.

    Length decides, not kinds of characters (NIST SP 800-63B): a sentence in Lao is welcome.
    """
    if password != again:
        return Fault.DIFFERENT
    if len(password) > LONGEST:
        return Fault.LONG
    if len(password) < SHORTEST:
        return Fault.SHORT
    plain = password.casefold()
    left = plain.strip("0123456789 !.,?-_*#@")
    bad = left in _KNOWN_BAD or name.casefold() in plain or len(set(plain)) < _FEWEST_DIFFERENT
    return Fault.PLAIN if bad else None


def hash_of(password: str) -> str:
    """What is stored. Takes some 50 ms and 64 MiB, on purpose."""
    return _hasher().hash(_same(password))


def matches(stored: str, password: str) -> bool:
    """Whether `password` is the one behind `stored`; "" is nobody's, and takes as long."""
    try:
        same = _hasher().verify(stored or _decoy(), _same(password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return same and bool(stored)


def is_old(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def _same(password: str) -> str:
    """One form for what keyboards write in several."""
    return unicodedata.normalize("NFKC", password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)


@cache
def _decoy() -> str:
    """The hash that stands in for accounts that do not exist."""
    return _hasher().hash("nobody knows this")
