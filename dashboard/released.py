"""Published figures as one view may see them, looked up by series. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final

from warehouse.disclosure.records import Released, View
from warehouse.series import Frequency, SeriesKey

WEEKLY: Final = Frequency.WEEKLY
MONTHLY: Final = Frequency.MONTHLY
STOCK: Final = "stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a page is about: a place × kind of work. "" is all of a dimension."""

    province: str = ""
    group: str = ""
    """ISCO-08 major group."""
    section: str = ""
    """ISIC Rev. 4 section."""

    def series(self, indicator: str, frequency: Frequency, skill: str = "") -> SeriesKey:
        """The series of an indicator of this cell."""
        return SeriesKey(
            indicator=indicator, province=self.province, occupation=self.group,
            industry=self.section, skill=skill, frequency=frequency,
        )  # fmt: skip


NATION: Final = Cell()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Figures of the newest releases, and the line of the weeks before."""

    view: View = View.PUBLIC
    lines: Mapping[SeriesKey, tuple[Released, ...]] = field(default_factory=dict)
    """By series, the oldest first. What is not told is there without a value, with its reason."""

    def line(self, cell: Cell, indicator: str, frequency: Frequency) -> tuple[Released, ...]:
        """All that is held of a series, the oldest first."""
        return self.lines.get(cell.series(indicator, frequency), ())

    def newest(
        self, cell: Cell, indicator: str, frequency: Frequency, skill: str = ""
    ) -> Released | None:
        """The newest figure of a series; `None` where none was ever published."""
        held = self.lines.get(cell.series(indicator, frequency, skill), ())
        return held[-1] if held else None

    def skills(self, cell: Cell, indicator: str = "skill_share") -> dict[str, tuple[Released, ...]]:
        """Lines of all skills of a cell, by skill."""
        return {
            key.skill: line
            for key, line in self.lines.items()
            if key.indicator == indicator and key.province == cell.province and key.skill
        }


def figures_of(released: Iterable[Released], view: View) -> Figures:
    """Figures looked up by series.

    Args:
        released: series after series, each by time.
        view: for whom they are.
    """
    lines: dict[SeriesKey, tuple[Released, ...]] = {}
    for key, line in groupby(released, key=lambda each: each.series):
        found = {each.time_value: each for each in (*lines.get(key, ()), *line)}
        lines[key] = tuple(found[day] for day in sorted(found))
    return Figures(view=view, lines=lines)


def last_day(one: Released) -> date:
    """Last day of the period that a figure describes."""
    if one.series.indicator == STOCK:
        return one.time_value
    if one.series.frequency is WEEKLY:
        return date.fromordinal(one.time_value.toordinal() + 6)
    if one.series.frequency is MONTHLY:
        year, month = divmod(one.time_value.year * 12 + one.time_value.month, 12)
        return date.fromordinal(date(year, month + 1, 1).toordinal() - 1)
    return one.time_value
