"""The whole service on the recorded past: what its alerts found of the truth, how late. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from alerts.evaluate import Planted, raised_in
from alerts.evaluation.scoring import HORIZONS
from alerts.scorecard.lives import Life, lives_of
from alerts.scorecard.measures import Middle, Share, middle_of, share_of
from alerts.scorecard.truth import OF_THE_MARKET, RIPE, explained, outcomes
from warehouse.history import AlertRecord

_DAYS_OF_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One way through the past."""

    history: Sequence[AlertRecord]
    """Every transition, oldest first."""
    asked: Sequence[Planted]
    """Events that it is asked about."""
    known: Sequence[Planted]
    """All events that may explain an alert, those asked about among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that count, and what was watched on them."""

    first: date
    last: date
    cells: int
    """With half a vacancy a day or more: sparser ones are answered by others."""
    provinces: int
    """With such a cell, the nation as one."""

    @property
    def years(self) -> float:
        """Length in years."""
        return ((self.last - self.first).days + 1) / _DAYS_OF_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What alerts were worth."""

    truth: str
    """`registered` or `injected`."""
    events: int
    """That began at least 28 days before the last day."""
    recall: Share
    within: tuple[Share, ...]
    """Found within each of `HORIZONS` days."""
    delay_days: Middle
    slow_delay_days: float | None
    """90th percentile; None below five events found."""
    delays: tuple[int, ...]
    """Of the events found, ascending."""
    told: int
    """Alerts told of changes that have begun."""
    precision: Share
    """Of these: an event explains them."""
    false_per_cell_year: float
    false_per_province_year: float
    flapped: Share


def judge_service(truth: str, ways: Sequence[Lived], span: Span) -> Judged:
    """All ways together: each adds its events, its alerts and its years."""
    delays: list[int | None] = []
    told: list[tuple[Life, bool]] = []
    for way in ways:
        raised = raised_in(way.history, OF_THE_MARKET)
        asked = [e for e in way.asked if span.first <= e.start <= span.last - RIPE]
        delays += [one.delay_days for one in outcomes(asked, raised)]
        known = explained(way.known, raised)
        told += [(life, life.alert_id in known) for life in _told(way.history, span)]
    found = sorted(delay for delay in delays if delay is not None)
    false, years = sum(not true for _, true in told), span.years * len(ways)
    return Judged(
        truth=truth, events=len(delays),
        recall=share_of(delay is not None for delay in delays),
        within=tuple(
            share_of(delay is not None and delay <= days for delay in delays) for days in HORIZONS
        ),
        delay_days=middle_of(found),
        slow_delay_days=float(np.quantile(found, 0.9)) if len(found) >= 5 else None,
        delays=tuple(found), told=len(told), precision=share_of(true for _, true in told),
        false_per_cell_year=false / max(span.cells * years, 1e-9),
        false_per_province_year=false / max(span.provinces * years, 1e-9),
        flapped=share_of(life.reopened for life, _ in told),
    )  # fmt: skip


def _told(history: Sequence[AlertRecord], span: Span) -> list[Life]:
    return [
        life
        for life in lives_of(history, [])
        if life.told and life.kind in OF_THE_MARKET and span.first <= life.fired_on <= span.last
    ]
