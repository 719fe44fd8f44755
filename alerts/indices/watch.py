"""Every published series that is watched: figures go in, each day's signals come out. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from alerts.calendar import end_of_day
from alerts.cells import Cell, parse_cell
from alerts.indices.rules import RULES, due_on, is_watched, size_of
from alerts.indices.series_watch import SeriesWatch, Spell, fresh_watch
from alerts.series.residual import ResidualDetector
from alerts.series.seasonal import SeasonalDetector
from alerts.signal import Classification, Component, Direction, Phase, Signal
from warehouse.series import Observation, Standing

_TOLD_OVER: Final = timedelta(days=7)
"""An end is told for so long: some days may be missed."""
_LOOK_BACK: Final = timedelta(days=190)
"""Before the newest figure fed: late releases of series that came later."""
_BEGINNING: Final = date(2000, 1, 1)
Key = tuple[str, Cell]
"""Indicator and cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """State of one series as stored."""

    level: dict[str, Any]
    seasonal: dict[str, Any] | None
    days: list[date]
    spell: Spell | None
    ended: Spell | None


@dataclass(slots=True, kw_only=True)
class IndexWatch:
    """State of the watch of published indicators. Days in order."""

    series: dict[Key, SeriesWatch] = field(default_factory=dict)

    @property
    def since(self) -> date:
        """First period whose figures may still be fed."""
        newest = [watch.days[-1] for watch in self.series.values() if watch.days]
        return max(newest) - _LOOK_BACK if newest else _BEGINNING

    def on(self, day: date, waiting: deque[Observation]) -> list[Signal]:
        """Feed what counts as known on a day and was not fed yet; the day's signals.

        Args:
            day: complete.
            waiting: of `waiting_from`; what is fed is taken out.
        """
        while waiting and due_on(waiting[0]) <= day:
            row = waiting.popleft()
            key = row.series.indicator, Cell(row.series.province, row.series.occupation)
            if key not in self.series:
                self.series[key] = fresh_watch(row.series.indicator)
            self.series[key].feed(row, day)
        return [s for key in sorted(self.series) for s in signals_of(key, self.series[key], day)]

    def freeze(self) -> dict[str, bytes]:
        """State by series, as bytes."""
        return {
            f"{indicator}|{cell.key}": msgspec.msgpack.encode(watch.export())
            for (indicator, cell), watch in self.series.items()
        }

    @classmethod
    def thaw(cls, stored: Mapping[str, bytes]) -> IndexWatch:
        """The watch whose `freeze()` is `stored`; it continues bit for bit.

        Series of indicators that are no longer watched are left out.

        Raises:
            msgspec.DecodeError: the bytes are no state of this version.
        """
        made = cls()
        for name, data in stored.items():
            indicator, _, cell = name.partition("|")
            if indicator in RULES:
                kept = msgspec.msgpack.decode(data, type=Kept)
                made.series[indicator, parse_cell(cell)] = _restored(indicator, kept)
        return made


def waiting_from(figures: Iterable[Observation]) -> deque[Observation]:
    """Figures that are watched, in the order in which they count as known.

    Args:
        figures: the first issue of each; those that cannot be told leave a gap.
    """
    chosen = (row for row in figures if row.standing is Standing.ASSESSABLE and is_watched(row))
    return deque(sorted(chosen, key=lambda row: (due_on(row), row.series, row.time_value)))


def _restored(indicator: str, kept: Kept) -> SeriesWatch:
    return SeriesWatch(
        indicator=indicator,
        level=ResidualDetector.restore(kept.level),
        seasonal=None if kept.seasonal is None else SeasonalDetector.restore(kept.seasonal),
        days=kept.days,
        spell=kept.spell,
        ended=kept.ended,
    )


def signals_of(key: Key, watch: SeriesWatch, day: date) -> Iterator[Signal]:
    """What a series says on a day: a change that stands, and one that ended lately."""
    ended, spell, pace = watch.ended, watch.spell, watch.pace
    if ended is not None and ended.over is not None and day - ended.over < _TOLD_OVER:
        phase = Phase.ABSORBED if ended.absorbed else Phase.RETURNED
        if spell is None or spell.up is not ended.up:
            yield _signal(key, ended, day, phase)
    if spell is None or day - spell.latest.time_value - pace.known_after >= pace.stale:
        return
    yield _signal(key, spell, day, Phase.WORSENED if spell.worsened == day else Phase.ACTIVE)


def _signal(key: Key, spell: Spell, day: date, phase: Phase) -> Signal:
    indicator, cell = key
    rule, figure = RULES[indicator], spell.latest
    size = size_of(rule, figure.x, spell.expected, spell.error)
    against = "the year before and its trend" if spell.yearly else "its level of before"
    return Signal(
        cell=cell,
        direction=Direction.UP if spell.up else Direction.DOWN,
        phase=phase,
        onset_on=spell.onset,
        detected_on=spell.detected,
        day=day,
        event_time=end_of_day(day),
        size=size,
        score=spell.score,
        n=figure.n,
        employers=figure.employers,
        sources=figure.sources,
        evidence_days=(day - spell.onset).days + 1,
        classification=Classification.INDICATOR,
        detail=f"{indicator} {figure.value:.4g} in the period from {figure.time_value}, release "
        f"{figure.release_id}; {size.expected:.4g} expected by {against}; "
        f"{spell.figures} figures since the change was told",
        indicator=indicator,
        components=(
            Component(
                name=indicator, value=figure.value, lower=figure.lower, upper=figure.upper,
                n=figure.n,
            ),
        ),
    )  # fmt: skip
