"""The unit groups of ISCO-08 as positions of a vector, and the coarser groups they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from config.vocabulary import occupations

Scores = NDArray[np.float32]
"""One row a posting, one column a unit group, in the order of `unit_groups`."""

_SAME_MINOR: Final = 1 / 3
_SAME_MAJOR: Final = 1 / 3


@cache
def unit_groups() -> tuple[str, ...]:
    """All codes of four digits, in order."""
    return tuple(sorted(code for code in occupations() if len(code) == 4))


@cache
def position_of() -> Mapping[str, int]:
    """Column of each unit group."""
    return {code: column for column, code in enumerate(unit_groups())}


@cache
def coarser(digits: int) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Groups of `digits` digits in order, and for each unit group the position of its own."""
    names = tuple(sorted({code[:digits] for code in unit_groups()}))
    at = {name: number for number, name in enumerate(names)}
    return names, np.array([at[code[:digits]] for code in unit_groups()], dtype=np.intp)


def sums(values: NDArray[Any], digits: int) -> NDArray[np.float64]:
    """Sums of a vector over unit groups within groups of `digits` digits."""
    names, own = coarser(digits)
    return np.bincount(own, weights=values, minlength=len(names)).astype(np.float64)


@cache
def spread() -> Scores:
    """Where the truth lies if a code is wrong: row = the code, rows sum to 1.

    A third each within its minor group (3 digits), its major group and anywhere. That errors of
    occupation coding fall near the truth is general; the thirds are set, not measured.
    """
    count = len(unit_groups())
    table = np.full((count, count), (1 - _SAME_MINOR - _SAME_MAJOR) / count)
    for digits, share in ((3, _SAME_MINOR), (1, _SAME_MAJOR)):
        _, own = coarser(digits)
        same = own[:, None] == own[None, :]
        table += share * same / same.sum(axis=1, keepdims=True)
    return table.astype(np.float32)
