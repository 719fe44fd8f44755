"""From published weekly assessments to signals: shortage, demand pressure, labour surplus. Pure.

Of a cell's own figures only: a coarser cell's answer raises no alert of this one. A signal begins
when two weeks in a row say so and ends by a lower mark, so that it does not come and go. Nothing is
kept between days: the same releases give the same signals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from alerts.calendar import end_of_day
from alerts.cells import Cell
from alerts.signal import Classification, Component, Direction, Phase, Signal, Size
from warehouse.series import Observation, SeriesKey

WEEKS: Final = 60
"""Weeks that are looked back on."""
KNOWN_AFTER: Final = timedelta(days=9)
"""From a week's Monday to the day on which its release is out."""
_STALE: Final = timedelta(days=28)
"""Without a figure for so long, the signal ends."""
_TOLD_OVER: Final = timedelta(days=7)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When an indicator's figures become a signal, and when it is over."""

    kind: Classification
    direction: Direction
    begins: float
    """The value from which a week counts."""
    sure: float
    """And the least that the lower end of its interval must be."""
    ends: float
    """The value below which it is over."""
    is_probability: bool


RULES: Final[Mapping[str, Rule]] = {
    "shortage_probability": Rule(
        kind=Classification.SHORTAGE, direction=Direction.UP, begins=0.8, sure=0.0, ends=0.5,
        is_probability=True,
    ),
    "shortage_within_12w": Rule(
        kind=Classification.FORECAST, direction=Direction.UP, begins=0.8, sure=0.0, ends=0.5,
        is_probability=True,
    ),
    "surplus_risk": Rule(
        kind=Classification.SURPLUS, direction=Direction.DOWN, begins=0.8, sure=0.0, ends=0.5,
        is_probability=True,
    ),
    "demand_pressure": Rule(
        kind=Classification.DEMAND_PRESSURE, direction=Direction.UP, begins=2.0, sure=1.5, ends=1.5,
        is_probability=False,
    ),
}  # fmt: skip
"""By indicator. A pressure has no probability; its score's interval stands for it."""
EVIDENCE: Final = ("tightness", "growth", "shortage_score")
"""Weekly indicators that a signal names as its components."""
_TODAY: Final = ("shortage_probability",)
"""What a forecast names besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spell:
    """A signal's life so far."""

    first: Observation
    confirmed: Observation
    last: Observation
    over_from: date | None = None
    """Day on which it was known to be over."""


def signals_on(
    day: date, figures: Iterable[Observation], rules: Mapping[str, Rule] = RULES
) -> list[Signal]:
    """Signals of a day.

    Args:
        day: the day.
        figures: weekly ones of `rules` and `EVIDENCE`, as known then, assessable and of the cell
            itself, in any order.
        rules: by indicator.
    """
    known = [row for row in figures if row.time_value + KNOWN_AFTER <= day]
    known.sort(key=lambda row: (row.series, row.time_value))
    held = {series: list(rows) for series, rows in groupby(known, key=lambda row: row.series)}
    found = []
    for series, rows in held.items():
        rule = rules.get(series.indicator)
        spell = None if rule is None else _latest(rows, rule, day)
        if rule is not None and spell is not None:
            names = (*_TODAY, *EVIDENCE) if rule.kind is Classification.FORECAST else EVIDENCE
            parts = _evidence(held, series, spell.last.time_value, names)
            found.append(_signal(day, spell, rule, parts))
    return _not_yet(found)


def _not_yet(signals: list[Signal]) -> list[Signal]:
    """A shortage that is there is not foreseen as well: its own alert takes the forecast's place.

    The forecast is left to end by itself, without an all-clear.
    """
    here = {
        each.cell for each in signals
        if each.classification is Classification.SHORTAGE and not each.is_over
    }  # fmt: skip
    return [
        each for each in signals
        if each.cell not in here or each.classification is not Classification.FORECAST
    ]  # fmt: skip


def _latest(rows: Sequence[Observation], rule: Rule, day: date) -> _Spell | None:
    """The spell that stands on `day`, or that ended within a week before."""
    spell: _Spell | None = None
    before: Observation | None = None
    for row in rows:
        standing = spell is not None and spell.over_from is None
        if spell is not None and standing and row.time_value - spell.last.time_value > _STALE:
            spell, standing = None, False
        if spell is not None and standing:
            over = row.time_value + KNOWN_AFTER if (row.value or 0.0) < rule.ends else None
            spell = _Spell(first=spell.first, confirmed=spell.confirmed, last=row, over_from=over)
        elif before is not None and _confirms(before, row, rule):
            spell = _Spell(first=before, confirmed=row, last=row)
        before = row
    return spell if spell is not None and _is_told(spell, day) else None


def _is_told(spell: _Spell, day: date) -> bool:
    if spell.over_from is not None:
        return day - spell.over_from < _TOLD_OVER
    return day - (spell.last.time_value + KNOWN_AFTER) < _STALE + _TOLD_OVER


def _confirms(before: Observation, row: Observation, rule: Rule) -> bool:
    in_a_row = row.time_value - before.time_value == _WEEK
    return in_a_row and _says(before, rule) and _says(row, rule)


def _says(row: Observation, rule: Rule) -> bool:
    lower = row.value if row.lower is None else row.lower
    return (row.value or 0.0) >= rule.begins and (lower or 0.0) >= rule.sure


def _evidence(
    held: Mapping[SeriesKey, Sequence[Observation]],
    series: SeriesKey,
    week: date,
    names: Sequence[str],
) -> tuple[Component, ...]:
    keys = [
        SeriesKey(
            indicator=name, province=series.province, occupation=series.occupation,
            frequency=series.frequency,
        )
        for name in names
    ]  # fmt: skip
    return tuple(
        Component(
            name=key.indicator, value=row.value, lower=row.lower, upper=row.upper, n=row.n
        )
        for key in keys
        for row in held.get(key, ())
        if row.time_value == week and row.value is not None
    )  # fmt: skip


def _signal(day: date, spell: _Spell, rule: Rule, parts: tuple[Component, ...]) -> Signal:
    row, mark = spell.last, rule.begins
    value = row.value or 0.0
    stale = day - (row.time_value + KNOWN_AFTER) >= _STALE
    over = spell.over_from is not None or stale
    return Signal(
        cell=Cell(row.series.province, row.series.occupation),
        direction=rule.direction,
        phase=Phase.RETURNED if over else Phase.ACTIVE,
        onset_on=spell.first.time_value,
        detected_on=spell.confirmed.time_value + KNOWN_AFTER,
        day=day,
        event_time=end_of_day(day),
        size=Size(
            observed=value, expected=mark, ratio=value / mark,
            lower=(value if row.lower is None else row.lower) / mark,
            upper=(value if row.upper is None else row.upper) / mark,
        ),
        score=value,
        n=row.n,
        employers=row.employers,
        sources=row.sources,
        evidence_days=(day - spell.first.time_value).days + 1,
        classification=rule.kind,
        detail=f"{row.series.indicator} {value:.2f} in the week from {row.time_value}, "
        f"release {row.release_id}; {mark:g} or more since the week from "
        f"{spell.first.time_value}, over below {rule.ends:g}",
        indicator=row.series.indicator,
        probability=value if rule.is_probability else None,
        components=parts,
    )  # fmt: skip
