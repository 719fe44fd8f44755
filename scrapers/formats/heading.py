"""Where a table's heading stands and what its columns are called. Pure.

Tables of ministries begin with titles, and their headings may take two rows with merged cells.
Programs write remarks above a table, each behind a `#`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

SEARCHED: Final = 25
"""The heading is looked for in so many rows from the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The columns' names ("" for a column without one), and the first row (from 0) below them."""

    names: tuple[str, ...]
    below: int


def find_heading(
    rows: Sequence[Sequence[str]], fits: Callable[[Sequence[str]], int]
) -> Heading | None:
    """The heading among a table's first rows; `None` where no row has a cell.

    Args:
        fits: how many of some names are wanted columns. The row (or pair of rows) with most is the
            heading, the upper one of equals; where none fits, the row with most cells.
    """
    best, best_score = None, (0, 0)
    for number, row in islice(enumerate(rows[:SEARCHED]), _remarks(rows), None):
        single = tuple(" ".join(cell.split()) for cell in row)
        found = [(single, number + 1)]
        if number + 1 < len(rows) and (pair := _merged(single, rows[number + 1])):
            found.append((pair, number + 2))
        for names, below in found:
            score = (fits([name for name in names if name]), sum(map(bool, names)))
            if score > best_score:
                best, best_score = Heading(names=_distinct(names), below=below), score
    return best


def _remarks(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are remarks. A `#` alone is the name of a column of numbers."""
    begun = [row[0].lstrip() if row else "" for row in rows[:SEARCHED]]
    return next((n for n, text in enumerate(begun) if not text.startswith(("# ", "##"))), 0)


def _merged(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Names of a heading of two rows, or nothing where the lower one is no part of it.

    Cells merged downwards are empty in the lower row; cells merged sideways are empty in the upper
    row behind their first, and it is there that the lower row tells the columns apart.
    """
    pairs = list(zip_longest(upper, (" ".join(cell.split()) for cell in lower), fillvalue=""))
    if not any(low and not up for up, low in pairs) or not any(up and not low for up, low in pairs):
        return ()
    return tuple(low or up for up, low in pairs)


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """A name that stands twice is numbered, so that no column hides another."""
    seen: dict[str, int] = {}
    told: list[str] = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        told.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(told)
