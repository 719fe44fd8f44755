"""Figures as a view may see them. Pure: observations and the decided counts in, released out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta
from math import ceil, floor, log
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from warehouse.disclosure.records import (
    SEAL,
    Cell,
    Hidden,
    Measure,
    PublicCount,
    Released,
    View,
    told_as,
)
from warehouse.disclosure.rules import (
    COUNT,
    GRADE_BOUNDS,
    GRADES,
    ROUNDING,
    RULES,
    STANDS_ON,
    Kind,
    band,
    kinds,
    nearest,
    primary,
    step_of,
)
from warehouse.series import Frequency, Observation, SeriesKey, Standing

CountKey = tuple[Measure, Frequency, date, Cell]
Counts = Mapping[CountKey, PublicCount]
NO_COUNTS: Final[Counts] = MappingProxyType({})
_ZONE: Final = ZoneInfo("Asia/Vientiane")
_FIELDS: Final = tuple(field.name for field in fields(Observation))
_MASKED: Final = frozenset(
    {Standing.ROLLED_UP, Standing.TOO_FEW, Standing.DOES_NOT_CONVERGE, Standing.ASSESSABLE}
)
_NUMERATOR: Final = 10
"""Vacancies on either side of a share at least."""


def release(
    observations: Iterable[Observation],
    view: View,
    *,
    counts: Counts = NO_COUNTS,
    history_since: date | None = None,
) -> list[Released]:
    """The observations as `view` may see them, in the same order, none left out.

    Args:
        observations: as stored.
        view: for whom.
        counts: the decided public counts that belong to them (`table.counts_for`). A public count
            is told from there and nowhere else, and a figure that would tell it only along with
            it; without one they are hidden as not decided.
        history_since: first day of the history, for rules that ask for weeks of it; without it
            trends are hidden from the public.
    """
    if view is View.DEPARTMENT:
        return [_as_computed(observation) for observation in observations]
    return [_public(observation, counts, history_since) for observation in observations]


def in_lattice(series: SeriesKey) -> bool:
    """Whether the public may ask for this cell at all.

    Whole weeks and months; the nation or a province; all work, a major group or a section. Groups
    and sections are not crossed, and counts by week, with what is made of them, are told of one
    dimension at a time.
    """
    crossed = bool(series.occupation) and bool(series.industry)
    fine = len(series.occupation) > 1 or len(series.industry) > 1
    weekly = series.frequency is Frequency.WEEKLY and count_of(series.indicator) is not None
    dimensions = sum(map(bool, (series.province, series.occupation, series.industry)))
    return not (
        series.frequency is Frequency.DAILY or crossed or fine or (weekly and dimensions > 1)
    )


def period_end(series: SeriesKey, time_value: date) -> date:
    """Last day of the period that a figure describes."""
    if series.indicator == Measure.STOCK:
        return time_value
    if series.frequency is Frequency.WEEKLY:
        return time_value + timedelta(days=6)
    if series.frequency is Frequency.MONTHLY:
        return (time_value.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return time_value


def _is_over(observation: Observation) -> bool:
    issued: datetime = observation.issue.astimezone(_ZONE)
    return issued.date() > period_end(observation.series, observation.time_value)


def _public(o: Observation, counts: Counts, history_since: date | None) -> Released:
    kind = kinds().get(o.series.indicator)
    if kind is None or not in_lattice(o.series):
        return _hidden(o, Hidden.OUTSIDE)
    if not _is_over(o):
        return _hidden(o, Hidden.NOT_FINAL)
    if kind.rule == COUNT:
        return _count(o, counts)
    reason = why_hidden(o, kind, history_since)
    count = counts.get(key) if (key := count_key(o.series, o.time_value)) else None
    if reason is None and key is not None and o.value is not None:
        reason = Hidden.NOT_DECIDED if count is None else count.hidden
    if reason is not None or o.value is None:
        return _hidden(o, reason)
    return _rounded(o, kind, o.value, count)


def count_key(series: SeriesKey, time_value: date) -> CountKey | None:
    """The public count that a figure is, or is made of."""
    measure = count_of(series.indicator)
    if measure is None:
        return None
    day = time_value if measure is Measure.FLOW else period_end(series, time_value)
    cell = Cell(province=series.province, isco1=series.occupation, isic=series.industry)
    return measure, series.frequency, day, cell


def count_of(indicator: str) -> Measure | None:
    """What is counted for an indicator, where it is told only with that count."""
    if indicator in tuple(Measure):
        return Measure(indicator)
    return STANDS_ON.get(indicator)


def why_hidden(o: Observation, kind: Kind, history_since: date | None) -> Hidden | None:
    """Why a figure other than a count may not be told, taken by itself."""
    if o.value is None and o.standing not in _MASKED:
        return None
    rule = RULES[kind.rule]
    reason = primary(rule, n=o.n, employers=o.employers, top_share=o.top_share)
    if reason is None and (o.value is None or o.standing is Standing.ROLLED_UP):
        reason = Hidden.TOO_FEW
    if reason is None and kind.unit == "share" and o.value is not None:
        thin = min(o.value, 1 - o.value) * o.n < _NUMERATOR
        reason = Hidden.TOO_FEW if thin else None
    if reason is None and rule.weeks:
        weeks = (o.time_value - history_since).days // 7 if history_since else 0
        reason = Hidden.TOO_SHORT if weeks < rule.weeks else None
    return reason


def _count(o: Observation, counts: Counts) -> Released:
    key = count_key(o.series, o.time_value)
    told = counts.get(key) if key else None
    if o.standing is Standing.NOT_OBSERVED:
        return _hidden(o, Hidden.NOT_OBSERVED)
    if told is None:
        return _hidden(o, Hidden.NOT_DECIDED)
    if told.value is None:
        return _hidden(o, told.hidden or Hidden.CONFIDENTIAL)
    return _released(
        o,
        value=float(told.value),
        n=told.value,
        employers=RULES[COUNT].employers,
        lower=told.lower,
        upper=told.upper,
        step=float(told.step),
        grade=regraded(o.grade, o.n, told.value),
        issue=told.issue,
        release_id=told.release_id,
    )


def regraded(grade: str, n: int, value: int) -> str:
    """The grade that the published `value` would have: the exact count's may tell a bound of it."""
    if grade not in GRADES[:-1]:
        return grade
    moved = GRADES.index(grade) + _reached(n) - _reached(value)
    return GRADES[min(max(moved, 0), len(GRADES) - 2)]


def _reached(n: int) -> int:
    return sum(n >= bound for bound in GRADE_BOUNDS)


def _rounded(o: Observation, kind: Kind, value: float, count: PublicCount | None) -> Released:
    vacancies = count.step if count else ROUNDING
    step = step_of(kind.unit, value, o.n, vacancies)
    shift = log_shift(o.n, vacancies) if count and kind.unit == "ln ratio" else 0.0
    return _released(
        o,
        value=_to(step, round((value + shift) / step)),
        n=band(o.n),
        employers=RULES[kind.rule].employers,
        lower=None if o.lower is None else _to(step, floor(o.lower / step + 1e-9)),
        upper=None if o.upper is None else _to(step, ceil(o.upper / step - 1e-9)),
        step=step,
        n_at_least=True,
    )


def log_shift(n: int, step: int) -> float:
    """What a log ratio with `n` + ½ above the line changes by if `n` is rounded as the public's.

    Without it the place where the ratio's own rounding falls can tell the count.
    """
    return log((nearest(n, step) + 0.5) / (n + 0.5))


def _to(step: float, times: int) -> float:
    return round(times * step, 9)


def _hidden(o: Observation, reason: Hidden | None) -> Released:
    """Without a figure. Standings that depend on small counts look all alike."""
    standing = Standing.TOO_FEW if o.standing in _MASKED else o.standing
    if reason is Hidden.NOT_OBSERVED:
        standing = Standing.NOT_OBSERVED
    return _released(
        o,
        value=None,
        n=None,
        employers=None,
        lower=None,
        upper=None,
        standing=standing,
        grade="",
        hidden=told_as(reason),
    )


def _released(o: Observation, **changed: Any) -> Released:
    """The public's record of `o`, with what is `changed`; what an employer holds is left out."""
    given = {name: getattr(o, name) for name in _FIELDS} | {
        "top_share": None,
        "answered_province": "",
        "answered_occupation": "",
        "view": View.PUBLIC,
        "hidden": None,
        "step": None,
        "n_at_least": False,
    }
    return Released(**(given | changed), seal=SEAL)


def _as_computed(o: Observation) -> Released:
    given = {name: getattr(o, name) for name in _FIELDS}
    return Released(
        **given, view=View.DEPARTMENT, hidden=None, step=None, n_at_least=False, seal=SEAL
    )
