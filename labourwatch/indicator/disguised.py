"""Rows that are the total of all others under a name that does not say so: a country's. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import fsum, isclose
from typing import Final

from labourwatch.indicator.names import Field
from labourwatch.indicator.statements import Statement

_PERIODS: Final = 3
"""In so many periods at least a group must be the sum of the others: once may be chance."""
_OTHERS: Final = 2
_WHOLE: Final = {
    Field.VACANCIES: Field.VACANCIES_TOTAL,
    Field.UNEMPLOYED: Field.UNEMPLOYED_TOTAL,
}
_Pair = tuple[float, float]


def disguised_totals(stated: Sequence[Statement]) -> frozenset[str]:
    """Groups that in every period are the stated totals, or else the sum of all other groups.

    Args:
        stated: of one series, without rows known as totals or as of no known group.
    """
    periods: dict[str, dict[str, _Pair]] = defaultdict(dict)
    totals: dict[str, _Pair] = {}
    for statement in stated:
        pair = _pair(statement.counts, tuple(_WHOLE))
        if pair is not None:
            periods[statement.time][statement.group] = pair
        whole = _pair(statement.counts, tuple(_WHOLE.values()))
        if whole is not None:
            totals[statement.time] = whole
    found: set[str] | None = None
    for time, groups in periods.items():
        here = _totals_among(groups, totals.get(time))
        found = here if found is None else found & here
        if not found:
            break
    enough = bool(totals) or len(periods) >= _PERIODS
    return frozenset(found or ()) if enough else frozenset()


def _pair(counts: Mapping[Field, float | None], fields: Sequence[Field]) -> _Pair | None:
    first, second = (counts.get(field) for field in fields)
    return None if first is None or second is None else (first, second)


def _totals_among(groups: Mapping[str, _Pair], total: _Pair | None) -> set[str]:
    sums = fsum(v for v, _ in groups.values()), fsum(u for _, u in groups.values())
    if len(groups) <= _OTHERS:
        return set()
    # A group is the sum of the others where it is half of all.
    wanted = (sums[0] / 2, sums[1] / 2) if total is None else total
    return {
        code
        for code, pair in groups.items()
        if all(
            isclose(mine, whole, rel_tol=1e-9) and every > mine > 0
            for mine, whole, every in zip(pair, wanted, sums, strict=True)
        )
    }
