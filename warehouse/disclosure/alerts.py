"""Alerts as a view may see them: everybody is told that there is one, departments its figures.

The counts behind an alert are of cells and days that the public lattice does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from warehouse.disclosure.records import Hidden, View
from warehouse.history import AlertRecord, read_alert_history

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """One transition of one alert. Figures are `None` where `hidden` says why."""

    alert_id: str
    at: datetime
    recorded_at: datetime
    state: str
    previous_state: str
    reason: str
    kind: str
    indicator: str
    severity: str
    direction: str
    province: str
    isco1: str
    onset_on: date
    observed: float | None
    expected: float | None
    ratio: float | None
    ratio_lower: float | None
    ratio_upper: float | None
    probability: float | None
    n: int | None
    hidden: Hidden | None
    sources: tuple[str, ...]
    notified: bool


_FIGURES: Final = (
    "observed", "expected", "ratio", "ratio_lower", "ratio_upper", "probability", "n",
)  # fmt: skip
_SAME: Final = tuple(
    field.name for field in fields(ToldAlert) if field.name not in (*_FIGURES, "hidden")
)


def told_alerts(
    client: Client,
    view: View,
    *,
    alert_id: str | None = None,
    since: datetime | None = None,
    as_of: datetime | None = None,
    limit: int = 100_000,
) -> list[ToldAlert]:
    """Transitions of one alert or all, newest first, as `view` may see them."""
    held = read_alert_history(client, alert_id=alert_id, since=since, limit=limit, as_of=as_of)
    return list(as_told(held, view))


def as_told(records: Iterable[AlertRecord], view: View) -> Iterable[ToldAlert]:
    """The records, without figures for the public."""
    for record in records:
        told: dict[str, Any] = {name: getattr(record, name) for name in _SAME}
        inside = view is View.DEPARTMENT
        told |= {name: getattr(record, name) if inside else None for name in _FIGURES}
        yield ToldAlert(**told, hidden=None if inside else Hidden.CONFIDENTIAL)
