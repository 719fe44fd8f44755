"""Reproducible draws: numpy generators keyed by purpose, and a cheap hash stream for texts.

Nothing here reads a clock or a global state: the same key always gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

import numpy as np

T = TypeVar("T")
_MASK: Final = (1 << 64) - 1


def mix(value: int) -> int:
    """A 64-bit hash of an integer (the finaliser of SplitMix64, Steele et al. 2014)."""
    value &= _MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


def stable_hash(text: str) -> int:
    """A 64-bit hash of a text, equal in every process."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & _MASK
    return mix(value)


def generator(seed: int, day: int, purpose: str) -> np.random.Generator:
    """The numpy generator of one day and purpose; days do not depend on each other."""
    return np.random.default_rng([seed & _MASK, day & _MASK, stable_hash(purpose)])


class Draw:
    """A stream of small choices from one 64-bit key, a fraction of a microsecond each."""

    __slots__ = ("_state",)

    def __init__(self, key: int) -> None:
        self._state = mix(key)

    def bits(self) -> int:
        """The next 31 bits (Knuth's MMIX linear congruential generator, high bits)."""
        self._state = state = (self._state * 6364136223846793005 + 1442695040888963407) & _MASK
        return state >> 33

    def below(self, n: int) -> int:
        """An integer in [0, n), n far below 2³¹."""
        return self.bits() % n

    def unit(self) -> float:
        """A float in [0, 1)."""
        return self.bits() / 2147483648

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of `options`, each as likely."""
        return options[self.bits() % len(options)]
