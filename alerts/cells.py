"""The grid of cells, province × ISCO-08 major group: how they add up and answer for each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple


class Cell(NamedTuple):
    """A part of the labour market. "" means all: `Cell("", "")` is the nation."""

    province: str
    """ISO 3166-2:LA."""
    isco1: str
    """ISCO-08 major group, one digit."""

    @property
    def key(self) -> str:
        """One string for stores and logs: `LA-VT/5`, `LA-VT/*`, `*/*`."""
        return f"{self.province or '*'}/{self.isco1 or '*'}"


NATION: Final = Cell("", "")


def parse_cell(key: str) -> Cell:
    """The cell of a `key`.

    Raises:
        ValueError: not of the form `province/group`.
    """
    province, slash, isco1 = key.partition("/")
    if not slash:
        raise ValueError(f"{key!r} is no cell key; expected province/group")
    return Cell("" if province == "*" else province, "" if isco1 == "*" else isco1)


@lru_cache(maxsize=1024)
def cells_of(province: str, isco1: str) -> tuple[Cell, ...]:
    """Every cell to which a vacancy belongs; unknown place or occupation counts in parents only."""
    cells = [NATION]
    if province:
        cells.append(Cell(province, ""))
    if isco1:
        cells.append(Cell("", isco1))
    if province and isco1:
        cells.append(Cell(province, isco1))
    return tuple(cells)


def parents(cell: Cell) -> tuple[Cell, ...]:
    """Coarser cells that contain `cell`, the nearest answer first."""
    if cell == NATION:
        return ()
    if cell.province and cell.isco1:
        return (Cell(cell.province, ""), Cell("", cell.isco1), NATION)
    return (NATION,)


def is_within(child: Cell, parent: Cell) -> bool:
    """Whether `child` is a strictly finer part of `parent`."""
    return parent in parents(child)


def depth(cell: Cell) -> int:
    """0 for the nation, 1 for a province or a national group, 2 for a province's group."""
    return bool(cell.province) + bool(cell.isco1)


class Share(NamedTuple):
    """How much of a parent's excess one child brings."""

    cell: Cell
    excess: float
    """Observed minus expected, in the parent's direction, in vacancies."""


_MEANT: Final = 0.05
"""Children with less than this share of the excess are noise."""


def contributors(parent: Cell, excesses: Mapping[Cell, float], sign: float) -> tuple[Share, ...]:
    """Children that bring a parent's change, the largest first, eight at most.

    Args:
        parent: the cell with the change.
        excesses: observed minus expected by cell since the parent's onset.
        sign: +1 for a rise, -1 for a fall.
    """
    wanted = depth(parent) + 1
    shares = [
        Share(cell, sign * excess)
        for cell, excess in excesses.items()
        if is_within(cell, parent) and depth(cell) == wanted and sign * excess > 0.0
    ]
    total = sum(share.excess for share in shares)
    shares = [share for share in shares if share.excess >= _MEANT * total]
    return tuple(sorted(shares, key=lambda share: -share.excess)[:8])


def is_narrow(parent_excess: float, shares: Iterable[Share], limit: float = 0.7) -> Cell | None:
    """The one child that explains a parent's change, or None when the change is broad."""
    first = next(iter(shares), None)
    if first is None or parent_excess <= 0.0:
        return None
    return first.cell if first.excess >= limit * parent_excess else None
