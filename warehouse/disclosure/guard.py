"""The other things that only departments may have. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from warehouse.disclosure.records import NotClearedError, View

_Row = TypeVar("_Row")


def departmental(rows: Iterable[_Row], view: View) -> list[_Row]:
    """`rows` that no public lattice has: single vacancies, free sums, results of SQL.

    Raises:
        NotClearedError: the public asked. A route refuses before, with a message.
    """
    if view is not View.DEPARTMENT:
        raise NotClearedError("single vacancies and free sums are for departments only")
    return list(rows)
