"""The cells that the public may be told, how they add up, and how periods overlap. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from config.vocabulary import industries, provinces
from warehouse.disclosure.records import UNKNOWN, Cell, Measure
from warehouse.series import Frequency

MAJORS: Final = tuple("0123456789")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Period:
    """A whole week or month of one measure."""

    measure: Measure
    frequency: Frequency
    first: date
    last: date

    @property
    def time_value(self) -> date:
        """How the period is dated: a flow by its first day, a stock by its last."""
        return self.last if self.measure is Measure.STOCK else self.first

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day (a stock: the same day)."""
        if self.measure is not other.measure:
            return False
        if self.measure is Measure.STOCK:
            return self.last == other.last
        return self.first <= other.last and other.first <= self.last


def week_of(measure: Measure, day: date) -> Period:
    """The week, Monday to Sunday, that holds `day`."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    return Period(measure=measure, frequency=Frequency.WEEKLY, first=first, last=last)


def month_of(measure: Measure, day: date) -> Period:
    """The calendar month that holds `day`."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(measure=measure, frequency=Frequency.MONTHLY, first=first, last=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axes:
    """What cells are made of; every axis also has what is unknown, which is never told."""

    provinces: tuple[str, ...]
    majors: tuple[str, ...] = MAJORS
    sections: tuple[str, ...] = ()


def axes() -> Axes:
    """The axes of the service."""
    sections = tuple(code for code in industries() if len(code) == 1)
    return Axes(provinces=tuple(provinces()), sections=sections)


Sum = tuple[Cell, tuple[Cell, ...]]
"""A cell and the cells that add up to it."""


def sums(axes: Axes, frequency: Frequency) -> list[Sum]:
    """All the sums of one period's table: one dimension at a time by week, two by month."""
    areas = (*axes.provinces, UNKNOWN)
    kinds = [("isco1", (*axes.majors, UNKNOWN)), ("isic", (*axes.sections, UNKNOWN))]
    found: list[Sum] = [(Cell(), tuple(Cell(province=p) for p in areas))]
    for name, codes in kinds:
        if len(codes) > 1:
            found.append((Cell(), tuple(_cell("", name, code) for code in codes)))
            if frequency is Frequency.MONTHLY:
                found += _crossed(areas, name, codes)
    return found


def _crossed(areas: Sequence[str], name: str, codes: Sequence[str]) -> Iterator[Sum]:
    for area in areas:
        yield Cell(province=area), tuple(_cell(area, name, code) for code in codes)
    for code in codes:
        yield _cell("", name, code), tuple(_cell(area, name, code) for area in areas)


def _cell(province: str, name: str, code: str) -> Cell:
    if name == "isco1":
        return Cell(province=province, isco1=code)
    return Cell(province=province, isic=code)


def cells(axes: Axes, frequency: Frequency) -> list[Cell]:
    """Every cell of a period's table, those that are never told too, in a fixed order."""
    return sorted({cell for total, parts in sums(axes, frequency) for cell in (total, *parts)})


def cells_of(province: str, isco1: str, isic: str) -> Iterator[Cell]:
    """The cells in which one vacancy is counted; "" is unknown here."""
    area, major, section = province or UNKNOWN, isco1 or UNKNOWN, isic or UNKNOWN
    for place in ("", area):
        yield Cell(province=place)
        yield Cell(province=place, isco1=major)
        yield Cell(province=place, isic=section)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A cell's count and who is behind it."""

    n: int = 0
    employers: int = 0
    """Different named ones."""
    top_share: float | None = None
    """Of the largest named employer; None where nobody is named."""


NONE: Final = Tally()


def pieces(periods: Iterable[Period]) -> Mapping[Period, tuple[Hashable, ...]]:
    """For each period the pieces of time that it is the sum of, shared where periods overlap."""
    held = list(periods)
    starts = sorted({day for p in held for day in (p.first, p.last + timedelta(days=1))})
    found: dict[Period, tuple[Hashable, ...]] = {}
    for period in held:
        if period.measure is Measure.STOCK:
            found[period] = (period.last,)
        else:
            found[period] = tuple(d for d in starts if period.first <= d <= period.last)
    return found
