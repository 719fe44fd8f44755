"""The scorecard: how right, how soon and how well answered alerts are. Pure.

Alerts count by the day on which they first fired, events by their first day. A collection fault is
told to operators; it stands in the rows of its own kind and in no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from alerts.calendar import end_of_day, local_day
from alerts.evaluate import Planted, raised_in
from alerts.scorecard.budgets import BudgetUse, budget_use
from alerts.scorecard.lives import Life, lives_of
from alerts.scorecard.measures import Middle, Share, middle_of, share_of
from alerts.scorecard.truth import (
    OF_THE_MARKET,
    WARM_UP,
    WEEK,
    Found,
    comparable,
    explained,
    outcomes,
    planted_of,
)
from alerts.signal import Classification
from warehouse.scorecard import ScoreFacts

NATION: Final = "nation"
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The figures of one group of alerts and events."""

    alerts: int
    """That fired."""
    told: int
    """Of these: somebody was told, or in a live run would have been."""
    notified: int
    """Of these: somebody was told."""
    unsure: int
    """Judged, and nobody could say."""
    precision: Share
    """Of those judged true or false: true."""
    judged: Share
    """Of those that somebody was told of: with a verdict of any kind."""
    explained: Share
    """Of told alerts that tell of what has begun: a registered event explains it. Its complement
    is the share of false ones only where every event is registered."""
    detected: Share
    """7-1-7: the day that showed it at most 7 days after its onset as the alert estimates it."""
    sent: Share
    """7-1-7: notified at most a day after that day's end."""
    acted: Share
    """7-1-7: an officer did something at most 7 days after the notification."""
    acknowledged_hours: Middle
    """From the notification to the first acknowledgement, of those acknowledged."""
    flapped: Share
    """Fired again after its end, under the same identity."""
    events: int
    """Registered events that began in the period."""
    recall: Share
    """Of events at least 28 days old: found by an alert that was told."""
    within_week: Share
    """Of the same events: found within 7 days of their first day."""
    delay_days: Middle
    """From an event's first day to the day that showed its first told alert."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A group by one or two of its properties; what it is not grouped by is ""."""

    by: str
    """`all`, `province`, `kind`, `severity`, `month` or `province_month`."""
    province: str = ""
    """ISO 3166-2:LA, or `nation`."""
    kind: str = ""
    severity: str = ""
    month: str = ""
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A scorecard."""

    since: date
    until: date
    as_of: datetime
    rows: tuple[Row, ...]
    budget: tuple[BudgetUse, ...]
    not_comparable: int
    """Events of an industry, where no alert names one."""
    too_early: int
    """Events that began before detectors knew `WARM_UP` of the past: nobody could find them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An alert or an event with what it is grouped by."""

    province: str
    kind: str
    severity: str
    month: str
    life: Life | None = None
    is_explained: bool = False
    found: Found | None = None


_GROUPINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": (),
    "province": ("province",),
    "kind": ("kind",),
    "severity": ("severity",),
    "month": ("month",),
    "province_month": ("province", "month"),
}
_OF_EVENTS: Final = frozenset({"all", "province", "month", "province_month"})


def card_of(
    facts: ScoreFacts, *, since: date, until: date, as_of: datetime, budget: int,
    province: str | None = None,
) -> Card:  # fmt: skip
    """The scorecard of alerts and events that began from `since` through `until`.

    Where no alert was ever recorded the watch has not begun: then no event counts as missed.

    Args:
        facts: known by `as_of`.
        since: first day.
        until: last day.
        as_of: the present; what is not yet late by then is not counted as late.
        budget: alerts that a province may be told in a month.
        province: ISO 3166-2:LA, or "" for the nation's alerts; None: all.
    """
    lives = lives_of(facts.history, facts.deeds)
    raised = raised_in(facts.history, OF_THE_MARKET)
    spoken = comparable(facts.events, raised)
    events = [planted_of(event) for event in spoken]
    known = explained(events, raised)
    begun = [event for event in events if since <= event.start <= until]
    ready = [event for event in begun if _is_ready(facts, event)]
    found = outcomes(ready, raised)
    cases = [
        *(_of_life(life, known) for life in lives if since <= life.fired_on <= until),
        *(_of_event(one) for one in found),
    ]
    wanted = None if province is None else province or NATION
    kept = [case for case in cases if wanted is None or case.province == wanted]
    spent = budget_use(facts.history, since=since, until=until, budget=budget)
    return Card(
        since=since, until=until, as_of=as_of,
        rows=tuple(_rows(kept, as_of)),
        budget=tuple(use for use in spent if wanted is None or use.province == wanted),
        not_comparable=len(facts.events) - len(spoken),
        too_early=len(begun) - len(ready),
    )  # fmt: skip


def _is_ready(facts: ScoreFacts, event: Planted) -> bool:
    """Whether the watch had begun and knew enough of the past when the event began."""
    since = facts.observed_since
    return bool(facts.history) and since is not None and event.start - since >= WARM_UP


def _of_life(life: Life, known: frozenset[str]) -> _Case:
    return _Case(
        province=life.province or NATION, kind=life.kind, severity=life.severity,
        month=life.month, life=life, is_explained=life.alert_id in known,
    )  # fmt: skip


def _of_event(found: Found) -> _Case:
    event = found.event
    return _Case(
        province=event.cell.province or NATION, kind="", severity="",
        month=f"{event.start:%Y-%m}", found=found,
    )  # fmt: skip


def _rows(cases: Sequence[_Case], as_of: datetime) -> Iterable[Row]:
    for by, names in _GROUPINGS.items():
        groups: dict[tuple[str, ...], list[_Case]] = {} if names else {(): []}
        for case in cases:
            if _belongs(case, by):
                groups.setdefault(tuple(getattr(case, name) for name in names), []).append(case)
        for key in sorted(groups):
            grouped = dict(zip(names, key, strict=True))
            yield Row(by=by, score=_score(groups[key], as_of), **grouped)


def _belongs(case: _Case, by: str) -> bool:
    if case.life is None:
        return by in _OF_EVENTS
    return by == "kind" or case.kind != Classification.COLLECTION_FAULT


def _score(cases: Sequence[_Case], as_of: datetime) -> Score:
    lives = [case.life for case in cases if case.life is not None]
    told = [life for life in lives if life.told]
    live = [life for life in lives if life.notified]
    found = [case.found for case in cases if case.found is not None]
    ripe = [one for one in found if one.is_ripe(local_day(as_of))]
    delays = [one.delay_days for one in found if one.delay_days is not None]
    return Score(
        alerts=len(lives), told=len(told), notified=len(live),
        unsure=sum(life.verdict == "unsure" for life in lives),
        precision=share_of(life.verdict == "true" for life in lives if life.verdict in _DECIDED),
        judged=share_of(bool(life.verdict) for life in live),
        explained=share_of(
            case.is_explained
            for case in cases
            if case.life is not None and case.life.told and case.kind in OF_THE_MARKET
        ),
        detected=share_of(
            life.fired_on - life.onset_on <= WEEK for life in told if life.kind != _AHEAD
        ),
        sent=share_of(_known(_sent_in_time(life, as_of) for life in live)),
        acted=share_of(_known(_acted_in_time(life, as_of) for life in lives)),
        acknowledged_hours=middle_of(_hours_to_acknowledge(lives)),
        flapped=share_of(life.reopened for life in lives),
        events=len(found),
        recall=share_of(one.delay_days is not None for one in ripe),
        within_week=share_of(one.within_week for one in ripe),
        delay_days=middle_of(delays),
    )  # fmt: skip


_DECIDED: Final = frozenset({"true", "false"})
_AHEAD: Final = Classification.FORECAST


def _known(outcomes_: Iterable[bool | None]) -> Iterable[bool]:
    return (one for one in outcomes_ if one is not None)


def _sent_in_time(life: Life, as_of: datetime) -> bool | None:
    """None for what was history when it was decided, and while it is not late."""
    if life.historical:
        return None
    if life.sent_at is None:
        return False if as_of - life.fired_at > _DAY else None
    return life.sent_at - life.fired_at <= _DAY


def _acted_in_time(life: Life, as_of: datetime) -> bool | None:
    """None for what nobody was told of, and while it is not late."""
    if life.sent_at is None:
        return None
    if life.acted_at is None:
        return False if as_of - life.sent_at > WEEK else None
    return life.acted_at - life.sent_at <= WEEK


def _hours_to_acknowledge(lives: Iterable[Life]) -> Iterable[float]:
    for life in lives:
        if life.sent_at is not None and life.acknowledged_at is not None:
            yield max(0.0, (life.acknowledged_at - life.sent_at) / timedelta(hours=1))


def last_day(as_of: datetime) -> date:
    """The last local day that is over at `as_of`."""
    day = local_day(as_of)
    return day if end_of_day(day) <= as_of else day - _DAY


def whole(card: Card) -> Score:
    """The score of all alerts of a card."""
    return next(row.score for row in card.rows if row.by == "all")
