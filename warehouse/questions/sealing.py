"""Computes the months of the sealed roll-ups that are not sealed as they now are.

Safe to run beside loaders and beside itself: a month whose raw rows change while it is computed is
left unsealed (its rows then count nowhere and are dropped with the next sealing).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, millis
from warehouse.questions.monthly import COLUMNS, RAW, part_of
from warehouse.questions.seals import Mark, Sealed, read_standing, window_start, windowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_EVER: Final = (date(1970, 1, 1), date(2149, 6, 1))
_LEAN: Final = {
    "join_algorithm": "grace_hash,hash",
    "grace_hash_join_initial_buckets": 8,
    "max_memory_usage": 3 << 30,
    "max_bytes_before_external_group_by": 300_000_000,
    "max_bytes_before_external_sort": 300_000_000,
    "insert_deduplicate": 0,  # parts may be alike
}
"""Parts of a month need more than a reader's query may have; what can wait on disk does. Joins by
nearest moment cannot, so they may take more memory."""
_ROWS_AT_ONCE: Final = 400_000
"""Raw rows that are computed together; a larger month is computed in parts, each of some of the
vacancies, so that memory does not grow with the market."""
_EVENTS_AT_ONCE: Final = 15 * _ROWS_AT_ONCE
"""The same of durations, whose marks count the events of 15 months."""
_GRACE_MS: Final = 600_000
"""Replaced revisions stay so long, for readers that began before the new seal."""


class Outcome(StrEnum):
    """What became of a month."""

    SEALED = "sealed"
    CHANGED = "changed"
    """Rows came in while it was computed: it stays unsealed until the next run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One month of one roll-up that was computed."""

    rollup: Sealed
    month: date
    outcome: Outcome


def seal(client: Client, *, now: datetime) -> list[Attempt]:
    """Compute what is not sealed, seal it, and drop what later seals have replaced.

    Args:
        client: a writing client.
        now: UTC; the revision of what is computed.
    """
    attempts = [found for rollup in Sealed for found in _seal(client, rollup, millis(now))]
    for rollup in Sealed:
        _drop_replaced(client, rollup, millis(now))
    return attempts


def _seal(client: Client, rollup: Sealed, revision: int) -> list[Attempt]:
    months = read_standing(client, rollup, *_EVER).unsealed
    if not months:
        return []
    before = _raw_marks(client, rollup, months)
    for month in months:
        parts = parts_needed(rollup, before.get(month))
        for number in range(parts):
            _compute(client, rollup, month, revision, part_of(number, parts))
    after = _raw_marks(client, rollup, months)
    held = [month for month in months if before.get(month) == after.get(month)]
    client.insert(
        "rollup_seals",
        [[rollup.value, month, revision, *after[month]] for month in held],
        column_names=["rollup", "month", "revision", "rows", "digest"],
    )
    return [
        Attempt(
            rollup=rollup, month=month, outcome=Outcome.SEALED if month in held else Outcome.CHANGED
        )
        for month in months
    ]


def parts_needed(rollup: Sealed, mark: Mark | None) -> int:
    """Into how many parts a month is cut whose raw rows have this mark; `None`: there are none."""
    at_once = _EVENTS_AT_ONCE if rollup is Sealed.DURATIONS else _ROWS_AT_ONCE
    return max(1, -(-mark.rows // at_once)) if mark else 1


def _compute(client: Client, rollup: Sealed, month: date, revision: int, of: str) -> None:
    columns = ", ".join(COLUMNS[rollup])
    client.command(
        f"INSERT INTO {rollup.value} (month, revision, {columns})"
        f" SELECT {{month:Date}}, {{revision:UInt64}}, {columns} FROM ({RAW[rollup](None, of)})",
        parameters={
            "month": month, "revision": revision, "since": month, "until": last_day(month),
        },
        settings=_LEAN,
    )  # fmt: skip


def last_day(month: date) -> date:
    """Last day of the month that begins on `month`."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _raw_marks(client: Client, rollup: Sealed, months: Sequence[date]) -> dict[date, Mark]:
    """Marks of `months` as the raw rows give them: the views may be a moment behind them."""
    of_events = rollup is Sealed.DURATIONS
    table, day, identity = (
        ("vacancy_events", "event_date", "event_id")
        if of_events
        else ("vacancies", "opened_on", "record_id")
    )
    rows = fetch(
        client,
        f"""SELECT toStartOfMonth({day}) AS month, count(), sum(cityHash64({identity}))
        FROM {table} WHERE {day} BETWEEN {{since:Date}} AND {{until:Date}} GROUP BY month""",
        since=window_start(min(months)) if of_events else min(months),
        until=last_day(max(months)),
    )
    marks = {row[0]: Mark(row[1], row[2]) for row in rows}
    return windowed(marks) if of_events else marks


def _drop_replaced(client: Client, rollup: Sealed, now_ms: int) -> None:
    """Drop the parts of revisions that no seal names as the latest of its month."""
    parts = fetch(
        client,
        f"""SELECT DISTINCT toYYYYMM(month), revision FROM {rollup.value}
        WHERE revision < {{limit:UInt64}} AND (month, revision) NOT IN (
          SELECT month, max(revision) FROM rollup_seals WHERE rollup = {{rollup:String}}
          GROUP BY month)""",
        limit=now_ms - _GRACE_MS,
        rollup=rollup.value,
    )
    for month, revision in parts:
        client.command(f"ALTER TABLE {rollup.value} DROP PARTITION ({month}, {revision})")
