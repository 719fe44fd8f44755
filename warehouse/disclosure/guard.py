"""The other things that only departments may have. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from warehouse.disclosure.records import NotClearedError, View

_Row = TypeVar("_Row")


class SupplyCell(Protocol):
    """A count of persons from an institution; see the table `supply`."""

    @property
    def releasable(self) -> bool | int: ...


_Supply = TypeVar("_Supply", bound=SupplyCell)


def departmental(rows: Iterable[_Row], view: View) -> list[_Row]:
    """`rows` that no public lattice has: single vacancies, free sums, results of SQL.

    Raises:
        NotClearedError: the public asked. A route refuses before, with a message.
    """
    if view is not View.DEPARTMENT:
        raise NotClearedError("single vacancies and free sums are for departments only")
    return list(rows)


def supply_cells(rows: Iterable[_Supply], view: View) -> list[_Supply]:
    """Cells of supply tables that `view` may see: small counts of persons stay inside."""
    return [row for row in rows if view is View.DEPARTMENT or bool(row.releasable)]
