"""An alert: what an officer is told about one cell, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from alerts.cells import Cell
from alerts.grounds import Why
from alerts.severity import Severity
from alerts.signal import FLOW, Classification, Component, Direction, Signal


class State(StrEnum):
    """Where an alert stands."""

    PENDING = "pending"
    """A change is seen but too few vacancies or employers stand behind it to say so."""
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Reason(StrEnum):
    """Why an alert is as it is; stored with every transition and shown."""

    OPENED = "opened"
    AWAITING_EVIDENCE = "awaiting_evidence"
    CONFIRMED = "confirmed"
    WORSENED = "worsened"
    REPEATED = "repeated"
    """Still there after the repeat interval and nobody acknowledged it."""
    UNCHANGED = "unchanged"
    RELEASED = "released"
    """What held it back is over, and it still fires."""
    ESCALATED = "escalated"
    """Told, and nobody acknowledged it in time: to the next level."""
    ACKNOWLEDGED = "acknowledged_by_officer"
    REOPENED = "reopened"
    RETURNED = "returned"
    """The level of before is back."""
    NEW_NORMAL = "new_normal"
    """It lasted so long that it is what is now expected."""
    WITHDRAWN = "withdrawn"
    """It ended before it was confirmed."""
    RECLASSIFIED = "reclassified"
    """It turned out to be a collection fault, or the reverse."""
    LOST = "lost"
    """The signal is no longer given at all."""


class Hold(StrEnum):
    """Why an alert that would be told is not."""

    HISTORICAL = "historical"
    """Its episode was over, or began long before now: nobody can act on it."""
    EXPLAINED_BY_PARENT = "explained_by_parent"
    EXPLAINED_BY_CHILD = "explained_by_child"
    COLLECTION_FAULT = "collection_fault"
    """A fault of collection is under way: for operators, not for provinces."""
    SILENCED = "silenced"
    """An officer asked not to be told."""
    BUDGET_SPENT = "budget_spent"
    """The province had its number of alerts for the month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert at one moment. Times are event time (UTC)."""

    alert_id: str
    kind: Classification
    cell: Cell
    direction: Direction
    state: State
    opened_at: datetime
    changed_at: datetime
    """Last change of state."""
    seen_at: datetime
    """Last signal."""
    onset_on: date
    detected_on: date
    observed: float
    expected: float
    ratio: float
    ratio_lower: float
    ratio_upper: float
    score: float
    n: int
    employers: int
    sources: tuple[str, ...]
    evidence_days: int
    detail: str
    told_at: datetime | None = None
    """When somebody was last told that it fires."""
    closed_at: datetime | None = None
    """When somebody was last told that it is over."""
    notified_at: datetime | None = None
    """As `told_at` or at the last escalation, by the clock on the wall."""
    level: int = 0
    """How far it was escalated; 0: to those who are told first."""
    tellings: int = 0
    """Notifications so far; numbers them."""
    reopenings: int = 0
    contributors: tuple[str, ...] = ()
    """Keys of the cells that bring a parent's change, the largest first."""
    hold: Hold | None = None
    """Why it was last not told."""
    severity: Severity = Severity.MODERATE
    indicator: str = FLOW
    """What changed: code of `config/codelists/indicators.csv`."""
    probability: float | None = None
    """Where the alert is of a probability (shortage, forecast): that probability."""
    components: tuple[Component, ...] = ()
    """Figures behind a score."""
    why: Why | None = None
    """Why it is of its kind; None where that was not kept."""
    industry: str = ""
    """ISIC section of at least half of the vacancies behind it; "" where none leads."""

    @property
    def key(self) -> str:
        """What it is about: one alert per cell, direction, kind and indicator stands at a time."""
        return _key(self.cell, self.direction, self.kind, self.indicator)

    @property
    def is_open(self) -> bool:
        """Not resolved."""
        return self.state is not State.RESOLVED


def alert_key(signal: Signal) -> str:
    """Key of the alert a signal belongs to."""
    return _key(signal.cell, signal.direction, signal.classification, signal.indicator)


def alert_id_of(signal: Signal) -> str:
    """Deterministic identity of a new alert."""
    text = f"{alert_key(signal)}|{signal.detected_on.isoformat()}"
    return sha256(text.encode()).hexdigest()[:16]


def _key(cell: Cell, direction: Direction, kind: Classification, indicator: str) -> str:
    key = f"{cell.key}|{direction}|{kind}"
    return key if indicator == FLOW else f"{key}|{indicator}"
