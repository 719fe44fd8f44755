"""What an operator looks at, as read at one moment. Records; no figures of the labour market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alerts.letters import DeadLetter
    from alerts.retrying import Attempts
    from warehouse.bulletins import BulletinHead
    from warehouse.feedback import FeedbackItem
    from warehouse.health import SourceHealth
    from warehouse.marks import LastHealth
    from warehouse.published import ReleaseRow
    from warehouse.register import RefusalCount
    from warehouse.usage import UsageDay
    from warehouse.usage_figures import Use


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What Redis says; `None` in `Facts` where it does not answer."""

    beating: Mapping[str, bool]
    """By part, whether it proved lately that it turns."""
    phase: str
    """What the crawler says it is doing; "" before it began."""
    fed_through: date | None
    """Last day that the watch has taken in."""
    letters: Sequence[DeadLetter]
    """Messages that were given up."""
    attempts: Mapping[str, Attempts]
    """What waits to be tried again, by recipient."""
    memory: int
    """Bytes that Redis holds."""
    feedback_waiting: int = 0
    """Pieces of feedback that are kept and not yet in the warehouse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse:
    """What ClickHouse says; `None` in `Facts` where it does not answer."""

    loaded_at: datetime | None
    """When the register last grew."""
    sources: Sequence[SourceHealth]
    measured: Mapping[str, LastHealth]
    refused: Sequence[RefusalCount]
    releases: Sequence[ReleaseRow]
    """The newest first."""
    bulletins: Sequence[BulletinHead]
    """The newest first."""
    tables: Sequence[tuple[str, int]] | None
    """Bytes on disk by table, the largest first; `None` where it does not tell."""
    usage: Sequence[UsageDay]
    """Of the last week."""
    use: Use | None = None
    """By quarter, and of the last four weeks."""
    feedback: Sequence[FeedbackItem] = ()
    """What is not closed, the newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything on the page."""

    at: datetime
    store: Store | None
    warehouse: Warehouse | None
    waiting: Mapping[str, int] | None
    """Records before each consumer, by topic; `None` while the broker does not answer."""
    trouble: str | None
    """Why the pages' last refresh failed; `None` after a good one."""
    free_bytes: int | None
    """Of the disk that holds the state; `None` where it cannot be asked."""
    faults: Sequence[str] = field(default=())
    """What could not be read, and why, in English."""
