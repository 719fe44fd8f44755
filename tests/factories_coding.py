"""Rows of the coding queue and of samples for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from warehouse.coding import QueueRow
from warehouse.double_coding import Drawable, SampleItem

DRAWN_AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def a_row(**changes: Any) -> QueueRow:
    """A doubtful accountant in the capital; any field can be changed."""
    given: dict[str, Any] = {
        "vacancy_id": "v1",
        "title": "Accounting officer",
        "employer": "Riverside Hotel",
        "language": "en",
        "province": "LA-VT",
        "isco08": "2411",
        "probability": 0.5,
        "candidates": (("2411", 0.5), ("3313", 0.4)),
        "openings": 1,
        "opened_on": date(2026, 11, 20),
        "source_id": "alpha",
    }
    return QueueRow(**{**given, **changes})


def a_drawable(number: int, **changes: Any) -> Drawable:
    """A vacancy that may be drawn; any field can be changed."""
    given: dict[str, Any] = {
        "vacancy_id": f"v{number:04}",
        "posting_key": f"alpha:{number}",
        "posting_record_id": f"r{number}",
        "title": f"Clerk {number}",
        "language": "en",
        "isco08": "4110",
        "probability": 0.9,
        "coder_version": "test-1",
    }
    return Drawable(**{**given, **changes})


def an_item(number: int, **changes: Any) -> SampleItem:
    """A vacancy of a sample; any field can be changed."""
    given: dict[str, Any] = {
        "sample_id": "s1",
        "position": number,
        "vacancy_id": f"v{number}",
        "posting_key": f"alpha:{number}",
        "posting_record_id": f"r{number}",
        "language": "lo",
        "stratum": "lo/low/2",
        "stratum_size": 10,
        "stratum_drawn": 5,
        "coder_isco08": "2411",
        "coder_probability": 0.5,
        "coder_version": "test-1",
        "first_officer": "anna",
        "second_officer": "boun",
        "adjudicator": "chan",
        "seed": 1,
        "drawn_at": DRAWN_AT,
    }
    return SampleItem(**{**given, **changes})
