"""How long each table keeps its rows: the policy as data, against which the schema is tested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FOR_GOOD: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """Policy of one table."""

    table: str
    years: int
    """After which rows are deleted; `FOR_GOOD`: never."""
    counted_from: str = ""
    """Column whose time begins the years."""
    why: str


POLICY: Final = (
    Retention(
        table="dead_letters", years=2, counted_from="failed_at", why="no figure depends on refusals"
    ),
    Retention(
        table="query_runs", years=2, counted_from="at", why="shows misuse; no figure depends on it"
    ),
    Retention(
        table="feedback",
        years=2,
        counted_from="received_at",
        why="free text; no figure depends on it",
    ),
    Retention(
        table="feedback_statements",
        years=2,
        counted_from="stated_at",
        why="as long as what they answer",
    ),
    Retention(
        table="mailings",
        years=2,
        counted_from="at",
        why="receipts: what was sent is not sent again; no figure depends on them",
    ),
    Retention(
        table="usage_daily", years=5, counted_from="day", why="one planning period of the strategy"
    ),
    Retention(
        table="usage_quarters",
        years=5,
        counted_from="quarter",
        why="one planning period of the strategy",
    ),
)
"""Tables that forget. All others keep their rows for good: any figure ever published must be
reproducible from the facts it was made of."""


def years_kept(table: str) -> int:
    """Years that a table keeps its rows; `FOR_GOOD` where it never deletes."""
    return next((rule.years for rule in POLICY if rule.table == table), FOR_GOOD)
