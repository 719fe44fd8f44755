"""What was, what today's policy and what another would have told, side by side. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from alerts.actions import Action, Channel, Verdict, action_of
from alerts.alert import Reason
from alerts.calendar import local_day
from alerts.scorecard.card import Card, card_of
from alerts.scorecard.lives import Life, lives_of
from alerts.whatif.policy import Changes
from warehouse.deeds import ActionRecord
from warehouse.history import AlertRecord
from warehouse.scorecard import ScoreFacts

NEAR: Final = timedelta(days=28)
"""A verdict holds for a replayed alert on the same thing that fired so near in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Alerts told in one province (or the nation) and one month, by when they first fired."""

    province: str
    month: str
    recorded: int
    today: int
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """The answer. Scorecards of the same days: as recorded, and replayed under two policies."""

    changes: Changes
    since: date
    until: date
    recorded: Card
    today: Card
    changed: Card
    escalated: tuple[int, int, int]
    """Tellings to a further level on those days, as the cards."""

    @property
    def cards(self) -> tuple[Card, Card, Card]:
        """In the order in which they are shown."""
        return self.recorded, self.today, self.changed

    def by_month(self) -> Iterator[Told]:
        """Every province and month in which any of the three told something."""
        counts = [_told_by_month(card) for card in self.cards]
        for province, month in sorted({key for count in counts for key in count}):
            recorded, today, changed = (count.get((province, month), 0) for count in counts)
            if recorded or today or changed:
                yield Told(
                    province=province, month=month, recorded=recorded, today=today,
                    changed=changed,
                )  # fmt: skip


def compare(
    facts: ScoreFacts, today: Sequence[AlertRecord], other: Sequence[AlertRecord],
    *, changes: Changes, since: date, until: date, as_of: datetime, budgets: tuple[int, int],
) -> WhatIf:  # fmt: skip
    """Score the recorded past and both replays by the same events and verdicts.

    Args:
        facts: recorded.
        today: history replayed under today's policy, oldest first.
        other: under the other policy.
        changes: by which it differs.
        since: first day that counts.
        until: last day.
        as_of: the present.
        budgets: of today's policy and of the other.
    """
    judged = [life for life in lives_of(facts.history, facts.deeds) if life.verdict]

    def card(history: Sequence[AlertRecord], deeds: Sequence[ActionRecord], budget: int) -> Card:
        held = replace(facts, history=history, deeds=deeds)
        return card_of(held, since=since, until=until, as_of=as_of, budget=budget)

    def escalated(history: Sequence[AlertRecord]) -> int:
        raised = (local_day(one.at) for one in history if one.reason == Reason.ESCALATED)
        return sum(since <= day <= until for day in raised)

    return WhatIf(
        changes=changes, since=since, until=until,
        escalated=(escalated(facts.history), escalated(today), escalated(other)),
        recorded=card(facts.history, facts.deeds, budgets[0]),
        today=card(today, inherited(judged, today), budgets[0]),
        changed=card(other, inherited(judged, other), budgets[1]),
    )  # fmt: skip


def inherited(judged: Sequence[Life], history: Sequence[AlertRecord]) -> list[ActionRecord]:
    """Verdicts of recorded alerts as deeds on the replayed alerts on the same thing."""
    return [
        action_of(
            Action.VERDICT, life.alert_id, officer="replayed", channel=Channel.COMMAND,
            at=life.fired_at, verdict=Verdict(nearest.verdict),
        )
        for life in lives_of(history, [])
        if (nearest := _nearest(life, judged)) is not None
    ]  # fmt: skip


def _nearest(life: Life, judged: Sequence[Life]) -> Life | None:
    about = _about(life)
    near = [
        one for one in judged if _about(one) == about and abs(one.fired_at - life.fired_at) <= NEAR
    ]
    return min(near, key=lambda one: abs(one.fired_at - life.fired_at), default=None)


def _about(life: Life) -> tuple[str, str, str, str]:
    return life.province, life.isco1, life.direction, life.kind


def _told_by_month(card: Card) -> dict[tuple[str, str], int]:
    return {
        (row.province, row.month): row.score.told for row in card.rows if row.by == "province_month"
    }
