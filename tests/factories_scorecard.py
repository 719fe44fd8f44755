"""Transitions of alerts for tests of the scorecard."""

from __future__ import annotations

from datetime import date, timedelta

from alerts.calendar import end_of_day
from warehouse.history import AlertRecord


def row(alert_id: str, day: date, **changes: object) -> AlertRecord:
    """An alert that opens at the end of `day`, told at once."""
    at = end_of_day(day)
    fields: dict[str, object] = {
        "alert_id": alert_id, "at": at, "recorded_at": at + timedelta(hours=1), "state": "firing",
        "previous_state": "", "reason": "opened", "kind": "labour", "direction": "up",
        "province": "LA-VT", "isco1": "5", "onset_on": day - timedelta(days=6), "observed": 40.0,
        "expected": 20.0, "ratio": 2.0, "ratio_lower": 1.4, "ratio_upper": 2.9, "n": 40,
        "sources": ("north",), "notified": True, "detail": "", "severity": "moderate",
    }  # fmt: skip
    return AlertRecord(**{**fields, **changes})  # type: ignore[arg-type]
