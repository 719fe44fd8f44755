"""Statements of a table → series of periods, each with both sides over its groups. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import fsum
from typing import Final

from alerts.indicators.sides import Group, Sides, sides_of
from labourwatch.indicator.columns import ColumnsError
from labourwatch.indicator.disguised import disguised_totals
from labourwatch.indicator.names import Field, is_total, is_unknown
from labourwatch.indicator.statements import Statement
from labourwatch.indicator.times import EXPECTED, first_day

_SIDES: Final = (Field.VACANCIES, Field.UNEMPLOYED)
_TOTAL_OF: Final = {
    Field.VACANCIES: Field.VACANCIES_TOTAL,
    Field.UNEMPLOYED: Field.UNEMPLOYED_TOTAL,
}


class Totals(StrEnum):
    """Where the totals come from that shares are taken of."""

    AUTO = "auto"
    """The first of the following that there is."""
    COLUMNS = "columns"
    ROW = "row"
    """A row whose group stands for all of them."""
    SUM = "sum"
    """The sum over all rows, those of no known group included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the person told about groups and totals; empty sets leave it to names."""

    totals: Totals = Totals.AUTO
    total_rows: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    more_total_rows: frozenset[str] = frozenset()
    """Found by what they count, not by what they are called."""

    def is_total(self, code: str) -> bool:
        """Whether a row is of all groups together."""
        if self.total_rows:
            return code in self.total_rows
        return code in self.more_total_rows or is_total(code)

    def is_unknown(self, code: str) -> bool:
        """Whether a row is of units of no known group."""
        return code in self.unknown if self.unknown else is_unknown(code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of one series."""

    time: str
    """As the table writes it."""
    groups: Mapping[str, Group]
    totals: Mapping[Field, float | None]
    """By side; `None` where the total of this period is not published."""
    labour_force: float | None = None
    unknown_untold: int = 0
    """Rows of no known group with a side that is not published."""

    @property
    def sides(self) -> Sides:
        """Both sides. Raises `SidesError`."""
        made = sides_of(
            self.groups.values(),
            vacancies_total=self.totals[Field.VACANCIES] or 0.0,
            unemployed_total=self.totals[Field.UNEMPLOYED] or 0.0,
        )
        return replace(made, untold=made.untold + self.unknown_untold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Periods of one area, level…, in order of time."""

    key: tuple[tuple[str, str], ...]
    totals: str
    """Where the totals of vacancies and unemployed come from, in words."""
    periods: tuple[Period, ...]


def series_of(statements: Iterable[Statement], rules: Rules) -> list[Series]:
    """The series of a table, in the order of its rows.

    Raises:
        ColumnsError: two rows of the same group and period, periods that cannot be read, or
            totals asked for that are not there.
    """
    by_key: dict[tuple[tuple[str, str], ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        by_key[statement.key].append(statement)
    made = []
    for key, stated in by_key.items():
        for level, part in _levels(stated, rules).items():
            named = (*key, ("digits", str(level))) if level else key
            made.append(_series(named, part, rules))
    return made


def _levels(stated: Sequence[Statement], rules: Rules) -> Mapping[int, Sequence[Statement]]:
    """By number of digits, where codes of several levels stand in one column; else all under 0.

    They do where every shorter code begins a longer one and every longer one has such a parent.
    """
    special = {s.group for s in stated if rules.is_total(s.group) or rules.is_unknown(s.group)}
    codes = {s.group for s in stated} - special
    lengths = sorted({len(code) for code in codes})
    if len(lengths) < 2 or not all(code.isdecimal() for code in codes):
        return {0: stated}
    for short, long in itertools.pairwise(lengths):
        parents = {code for code in codes if len(code) == short}
        if {code[:short] for code in codes if len(code) == long} != parents:
            return {0: stated}
    return {
        length: [s for s in stated if s.group in special or len(s.group) == length]
        for length in lengths
    }


def _series(key: tuple[tuple[str, str], ...], stated: Sequence[Statement], rules: Rules) -> Series:
    plain = [s for s in stated if not (rules.is_total(s.group) or rules.is_unknown(s.group))]
    if not rules.total_rows and (found := disguised_totals(plain)):
        rules = replace(rules, more_total_rows=found)
    where = {side: _source(side, stated, rules) for side in _SIDES}
    by_time: dict[str, list[Statement]] = defaultdict(list)
    for statement in stated:
        by_time[statement.time].append(statement)
    periods = [_period(time, part, where, rules) for time, part in by_time.items()]
    told = dict.fromkeys(f"{side}: {_WORDS[where[side]]}" for side in _SIDES)
    for code in sorted(rules.more_total_rows):
        told[f"{code!r} is taken as the total"] = None
    return Series(key=key, totals="; ".join(told), periods=tuple(sorted(periods, key=_order)))


_WORDS: Final = {
    Totals.COLUMNS: "total as stated in a column",
    Totals.ROW: "total as stated in a row",
    Totals.SUM: "total = sum of rows",
}


def _source(side: Field, stated: Sequence[Statement], rules: Rules) -> Totals:
    """Where the totals of one side are."""
    there = {
        Totals.COLUMNS: any(_TOTAL_OF[side] in s.counts for s in stated),
        Totals.ROW: any(rules.is_total(s.group) and side in s.counts for s in stated),
        Totals.SUM: True,
    }
    if rules.totals is Totals.AUTO:
        return next(where for where, found in there.items() if found)
    if not there[rules.totals]:
        raise ColumnsError(f"--totals {rules.totals}: there is none for {side}")
    return rules.totals


def _order(period: Period) -> tuple[date, str]:
    return start_of(period), period.time


def start_of(period: Period) -> date:
    """First day of a period; the first of all days where the table has no time.

    Raises:
        ColumnsError: the time names no period.
    """
    if not period.time:
        return date.min
    day = first_day(period.time)
    if day is None:
        raise ColumnsError(f"time {period.time!r}: expected {EXPECTED}")
    return day


def _period(
    time: str, stated: Sequence[Statement], where: Mapping[Field, Totals], rules: Rules
) -> Period:
    cells = _merged(time, stated)
    known = {c: f for c, f in cells.items() if not rules.is_total(c) and not rules.is_unknown(c)}
    unknown = [f for c, f in cells.items() if rules.is_unknown(c) and not rules.is_total(c)]
    groups = {code: (f.get(_SIDES[0]), f.get(_SIDES[1])) for code, f in known.items()}
    sides = [i for i, side in enumerate(_SIDES) if any(side in f for f in cells.values())]
    summed = [pair for pair in groups.values() if all(pair[i] is not None for i in sides)]
    pairs = [*summed, *((f.get(_SIDES[0]), f.get(_SIDES[1])) for f in unknown)]
    totals = {
        side: _total(side, time, stated, where[side], cells, rules)
        if where[side] is not Totals.SUM
        else _sum(pair[i] for pair in pairs)
        for i, side in enumerate(_SIDES)
    }
    return Period(
        time=time,
        groups=groups,
        totals=totals,
        labour_force=_only(Field.LABOUR_FORCE, time, stated),
        unknown_untold=sum(any(f.get(side) is None for side in _SIDES) for f in unknown),
    )


def _merged(time: str, stated: Sequence[Statement]) -> dict[str, dict[Field, float | None]]:
    """Counts by group; rows of one measure each come together."""
    cells: dict[str, dict[Field, float | None]] = {}
    rows: dict[tuple[str, Field], int] = {}
    for statement in stated:
        held = cells.setdefault(statement.group, {})
        for side in statement.counts.keys() & set(_SIDES):
            if (statement.group, side) in rows:
                raise ColumnsError(
                    f"rows {rows[statement.group, side]} and {statement.row} both state {side} of "
                    f"{statement.group or 'no group'!r} in {time or 'the only period'!r}; tell "
                    "the series apart with --by COLUMN, or the groups with --map COLUMN=group"
                )
            rows[statement.group, side] = statement.row
            held[side] = statement.counts[side]
    return cells


def _total(
    side: Field,
    time: str,
    stated: Sequence[Statement],
    where: Totals,
    cells: Mapping[str, Mapping[Field, float | None]],
    rules: Rules,
) -> float | None:
    if where is Totals.COLUMNS:
        return _only(_TOTAL_OF[side], time, stated)
    found = {code: f[side] for code, f in cells.items() if rules.is_total(code) and side in f}
    if len(set(found.values())) > 1:
        told = ", ".join(f"{code} {total:g}" for code, total in found.items() if total is not None)
        raise ColumnsError(f"{time}: several totals of {side} ({told}); say with --total-row CODE")
    return next(iter(found.values()), None)


def _only(field: Field, time: str, stated: Sequence[Statement]) -> float | None:
    """The one value that all rows of a period state."""
    values = {s.counts[field] for s in stated if s.counts.get(field) is not None}
    if len(values) > 1:
        told = ", ".join(f"{value:g}" for value in sorted(filter(None, values))[:4])
        raise ColumnsError(
            f"{field} differs within {time} ({told}); tell the series apart with --by COLUMN"
        )
    return next(iter(values), None)


def _sum(counts: Iterable[float | None]) -> float | None:
    """Over what is published; `None` where nothing is."""
    known = [count for count in counts if count is not None]
    return fsum(known) if known else None
