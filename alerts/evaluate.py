"""Alerts against the truth: what was found, how late, what was missed and what was false. Pure.

An alert matches an event when it fires in the event's cell, or in a cell that contains it or that
it contains, in the event's direction, between its start and a grace after its end. A match in a
*coarser* cell counts as found only where the alert names the event's cell among its contributors
(it then tells the officer where to look). An event of one industry is met only by alerts that this
industry leads. An alert that matches no event is false.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from alerts.alert import Hold, Reason
from alerts.calendar import local_day
from alerts.cells import Cell, is_within, parse_cell
from alerts.signal import Classification, Direction
from warehouse.history import AlertRecord

GRACE = timedelta(days=14)
"""Alerts so soon after an event's end still speak of it."""
FIRED: Final = frozenset({Reason.OPENED, Reason.CONFIRMED, Reason.REOPENED})
"""Reasons with which an alert begins to fire."""
_COUNTS: Final = frozenset({Classification.LABOUR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One true event of the labour market."""

    event_id: str
    cell: Cell
    direction: Direction
    start: date
    end: date
    density: float = 0.0
    """Expected vacancies a day in the cell without the event."""
    factor: float = 1.0
    """What the expectation was multiplied by."""
    industry: str = ""
    """ISIC section, where the event is one industry's: alerts that another leads, or none, do not
    speak of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """One alert as it was raised."""

    alert_id: str
    cell: Cell
    direction: Direction
    fired_on: date
    contributors: tuple[Cell, ...] = ()
    told: bool = True
    """Whether somebody was (or in a live run would have been) told."""
    industry: str = ""
    """ISIC section of at least half of the vacancies behind it; "" where none leads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The first alert that found an event."""

    event_id: str
    alert_id: str
    delay_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The outcome over a period."""

    events: int
    found: tuple[Match, ...]
    missed: tuple[str, ...]
    """Ids of events that no alert found."""
    false_alerts: tuple[str, ...]
    """Ids of alerts that match no event."""
    redundant: int
    """Told alerts on events that an earlier told alert had already found."""
    cell_years: float

    @property
    def recall(self) -> float:
        """Share of events found; nan where there are none."""
        return len(self.found) / self.events if self.events else float("nan")

    @property
    def median_delay_days(self) -> float:
        """Median of the delays of what was found; nan where nothing was."""
        return median(m.delay_days for m in self.found) if self.found else float("nan")

    @property
    def false_per_cell_year(self) -> float:
        """False alerts per watched cell and year."""
        return len(self.false_alerts) / self.cell_years if self.cell_years else float("nan")


def score(
    alerts: Iterable[Raised], truth: Sequence[Planted], *, cells: int, first: date, last: date
) -> Score:
    """Match alerts to planted truth over the watched days.

    Args:
        alerts: every alert raised, in any order.
        truth: every event of the market; collection faults are no events here, so that an alert
            they cause counts as false.
        cells: how many cells were watched.
        first: first day on which alerts could be raised; events that end before it are left out.
        last: last such day; events that start after it are left out.
    """
    events = [e for e in truth if e.end >= first and e.start <= last]
    raised = sorted(alerts, key=lambda a: (a.fired_on, a.alert_id))
    raised = [alert for alert in raised if first <= alert.fired_on <= last]
    found: dict[str, Match] = {}
    told_before: set[str] = set()
    false, redundant = [], 0
    for alert in raised:
        touched = [event for event in events if touches(alert, event)]
        if not touched and alert.told:
            false.append(alert.alert_id)
        for event in touched:
            if event.event_id not in found and finds(alert, event):
                delay = (alert.fired_on - event.start).days
                found[event.event_id] = Match(
                    event_id=event.event_id, alert_id=alert.alert_id, delay_days=delay
                )
        if alert.told and touched:
            ids = {event.event_id for event in touched}
            redundant += ids <= told_before
            told_before |= ids
    years = cells * ((last - first).days + 1) / 365.25
    return Score(
        events=len(events),
        found=tuple(found[e.event_id] for e in events if e.event_id in found),
        missed=tuple(e.event_id for e in events if e.event_id not in found),
        false_alerts=tuple(false),
        redundant=redundant,
        cell_years=years,
    )


def raised_in(history: Iterable[AlertRecord], kinds: Collection[str] = _COUNTS) -> list[Raised]:
    """Alerts as the warehouse's history tells them: every firing of such an alert, with its day.

    What was held as `historical` only would have been told in a live run; other holds would not.
    """
    found = []
    for record in history:
        if record.kind not in kinds or record.reason not in FIRED:
            continue
        notes = notes_of(record)
        cells = notes.get("cells", "")
        held = notes.get("not told", "")
        found.append(
            Raised(
                alert_id=record.alert_id,
                cell=Cell(record.province, record.isco1),
                direction=Direction(record.direction),
                fired_on=local_day(record.at - timedelta(seconds=1)),
                contributors=tuple(parse_cell(key) for key in cells.split(", ") if key),
                told=record.notified or held == Hold.HISTORICAL,
                industry=_industry(record),
            )
        )
    return found


def _industry(record: AlertRecord) -> str:
    """Alerts recorded before 0.4 tell none."""
    return str(json.loads(record.record).get("industry", "")) if record.record else ""


def notes_of(record: AlertRecord) -> dict[str, str]:
    """What a transition notes besides, by name: `cells`, `not told`."""
    return dict(note.partition(": ")[::2] for note in record.detail.split("; "))


def touches(alert: Raised, event: Planted) -> bool:
    """Whether the alert can be an effect of the event at all."""
    related = (
        alert.cell == event.cell
        or is_within(alert.cell, event.cell)
        or is_within(event.cell, alert.cell)
    )
    in_time = event.start <= alert.fired_on <= event.end + GRACE
    same_industry = not event.industry or alert.industry == event.industry
    return related and in_time and same_industry and alert.direction is event.direction


def finds(alert: Raised, event: Planted) -> bool:
    """Whether the alert leads an officer to the event."""
    if not touches(alert, event):
        return False
    return not is_within(event.cell, alert.cell) or event.cell in alert.contributors
