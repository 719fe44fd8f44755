"""Confirmed events against alerts: which were found, how late, and which alerts they explain. Pure.

The matching rules are those of `alerts.evaluate`, of what was told: an alert that was held back
finds nothing for an officer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from alerts.cells import Cell
from alerts.evaluate import Planted, Raised, finds, touches
from alerts.signal import Classification, Direction
from warehouse.labour_events import LabourEvent

OF_THE_MARKET: Final = frozenset(
    {
        Classification.LABOUR,
        Classification.SHORTAGE,
        Classification.DEMAND_PRESSURE,
        Classification.SURPLUS,
    }
)
"""Kinds that tell of what has begun. A forecast tells of what has not, an indicator's shift of
something else than demand, a collection fault of no market at all."""
RIPE: Final = timedelta(days=28)
"""An event younger than this that was not found yet may still be: it is not counted as missed."""
WARM_UP: Final = timedelta(days=60)
"""Nothing is scored before so many days were learned (`config/detectors.yaml`)."""
WEEK: Final = timedelta(days=7)
_FAR: Final = date(2149, 6, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What became of one event."""

    event: Planted
    delay_days: int | None
    """From its first day to the day that showed the first told alert on it; None: not found."""

    def is_ripe(self, day: date) -> bool:
        """Whether it counts on `day`."""
        return day - self.event.start >= RIPE

    @property
    def within_week(self) -> bool:
        """Whether it was found within seven days."""
        return self.delay_days is not None and self.delay_days <= WEEK.days


def comparable(
    events: Iterable[LabourEvent], raised: Iterable[Raised] = ()
) -> list[LabourEvent]:  # fmt: skip
    """Events that alerts can speak of: those of an industry only where alerts name theirs."""
    named = any(alert.industry for alert in raised)
    return [event for event in events if named or not event.industry]


def planted_of(event: LabourEvent) -> Planted:
    """The event as alerts are matched with it: an occupation counts by its major group."""
    return Planted(
        event_id=event.event_id,
        cell=Cell(event.province, event.occupation[:1]),
        direction=Direction(event.direction),
        start=event.started_on,
        end=event.ended_on or _FAR,
        industry=event.industry,
    )


def outcomes(events: Iterable[Planted], raised: Iterable[Raised]) -> list[Found]:
    """Each event with the first told alert that found it."""
    told = sorted((a for a in raised if a.told), key=lambda a: (a.fired_on, a.alert_id))
    return [Found(event=event, delay_days=_delay(event, told)) for event in events]


def explained(events: Sequence[Planted], raised: Iterable[Raised]) -> frozenset[str]:
    """Ids of alerts that can be an effect of some event."""
    return frozenset(a.alert_id for a in raised if any(touches(a, event) for event in events))


def _delay(event: Planted, told: Iterable[Raised]) -> int | None:
    first = next((alert for alert in told if finds(alert, event)), None)
    return None if first is None else (first.fired_on - event.start).days
