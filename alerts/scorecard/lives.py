"""One alert's whole life, of its transitions and of what was done about it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from alerts.actions import Action, Channel
from alerts.alert import Hold
from alerts.calendar import local_day
from alerts.evaluate import FIRED, notes_of
from warehouse.deeds import ActionRecord, latest_verdicts
from warehouse.history import AlertRecord

_COMPLETE: Final = timedelta(days=2)
"""A day is decided so long after its end at most, while all goes well: not before every source was
visited again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """An alert that fired; times are UTC."""

    alert_id: str
    kind: str
    severity: str
    """When it first fired."""
    province: str
    """"" is the nation."""
    isco1: str
    direction: str
    onset_on: date
    fired_at: datetime
    """Event time: end of the day whose counts showed it."""
    historical: bool
    """Its day was over before the service first recorded anything: nobody could be told in time."""
    told: bool
    """Somebody was told, or in a live run would have been."""
    notified: bool
    """Somebody was told."""
    sent_at: datetime | None
    """First receipt of a notification."""
    acknowledged_at: datetime | None
    acted_at: datetime | None
    """First deed of an officer."""
    verdict: str
    """The last one given; "" is none."""
    reopened: bool

    @property
    def fired_on(self) -> date:
        """The local day that showed it."""
        return local_day(self.fired_at - timedelta(seconds=1))

    @property
    def month(self) -> str:
        """Month of that day, `2026-11`."""
        return f"{self.fired_on:%Y-%m}"


def lives_of(history: Iterable[AlertRecord], deeds: Sequence[ActionRecord]) -> list[Life]:
    """Every alert that ever fired, in order of firing; those that only waited are left out.

    Args:
        history: transitions, oldest first.
        deeds: oldest first.
    """
    history = list(history)
    began = min((row.recorded_at for row in history), default=None)
    rows, done = defaultdict(list), defaultdict(list)
    for row in history:
        rows[row.alert_id].append(row)
    for deed in deeds:
        done[deed.alert_id].append(deed)
    verdicts = {key: deed.verdict for key, deed in latest_verdicts(deeds).items()}
    found = [
        _life(steps, done[alert_id], verdicts.get(alert_id, ""), began)
        for alert_id, steps in rows.items()
        if any(step.reason in FIRED for step in steps)
    ]
    return sorted(found, key=lambda life: (life.fired_at, life.alert_id))


def _life(
    steps: Sequence[AlertRecord],
    deeds: Sequence[ActionRecord],
    verdict: str,
    began: datetime | None,
) -> Life:
    fired = [step for step in steps if step.reason in FIRED]
    first = fired[0]
    notified = any(step.notified for step in steps)
    late = [step for step in fired if notes_of(step).get("not told") == Hold.HISTORICAL]
    return Life(
        alert_id=first.alert_id, kind=first.kind, severity=first.severity,
        province=first.province, isco1=first.isco1, direction=first.direction,
        onset_on=first.onset_on, fired_at=first.at,
        historical=began is not None and first.at <= began - _COMPLETE,
        told=notified or bool(late), notified=notified,
        sent_at=_first(deeds, Action.NOTIFIED),
        acknowledged_at=_first(deeds, Action.ACKNOWLEDGED),
        acted_at=_first(deeds, Action.ACKNOWLEDGED, Action.VERDICT, Action.NOTE),
        verdict=verdict,
        reopened=len(fired) > 1,
    )  # fmt: skip


def _first(deeds: Sequence[ActionRecord], *kinds: Action) -> datetime | None:
    """Moment of the first such deed; what the service did itself is only ever a receipt."""
    own = kinds == (Action.NOTIFIED,)
    moments = [
        deed.at
        for deed in deeds
        if deed.action in kinds and (own or deed.channel != Channel.SERVICE)
    ]
    return min(moments, default=None)
