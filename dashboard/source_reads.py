"""The warehouse's rows about sources → what the page of sources shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboard.views import MetricChange, SourceHealth, TroubledPeriod
from warehouse import health, marks, register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

_MOST_PERIODS: Final = 20


def read_sources(client: Client) -> tuple[tuple[SourceHealth, ...], tuple[TroubledPeriod, ...]]:
    """All sources by name, and the latest marked periods, newest first."""
    listed = register.listed_last(client)
    periods, measured = marks.read_marks(client), marks.last_health(client)
    standing = {mark.source_id: mark for mark in periods if mark.to_at is None}
    sources = []
    for row in health.source_health(client):
        last, mark = measured.get(row.source_id), standing.get(row.source_id)
        sources.append(
            SourceHealth(
                source_id=row.source_id,
                finished_at=row.last_run_at,
                outcome=row.last_outcome,
                detail=row.last_detail,
                listed=listed.get(row.source_id, 0),
                published=row.published,
                refused=row.refused,
                runs=row.runs,
                failed_runs=row.failed,
                verdict=mark.kind if mark else last.verdict if last else "",
                since=mark.from_at if mark else None,
                changes=_changes(last, mark),
            )
        )
    return tuple(sources), _newest(periods)


def _changes(last: marks.LastHealth | None, mark: marks.Mark | None) -> tuple[MetricChange, ...]:
    """What the last crawl showed; where it showed nothing new, what the period was opened for."""
    if last is not None and last.reasons:
        return tuple(
            MetricChange(reason=reason, before=before, after=after)
            for reason, before, after in zip(last.reasons, last.before, last.after, strict=True)
        )
    return (MetricChange(reason=mark.opened_for),) if mark else ()


def _newest(periods: Sequence[marks.Mark]) -> tuple[TroubledPeriod, ...]:
    latest = sorted(periods, key=lambda mark: mark.from_at, reverse=True)[:_MOST_PERIODS]
    return tuple(
        TroubledPeriod(
            source_id=mark.source_id,
            kind=mark.kind,
            from_at=mark.from_at,
            to_at=mark.to_at,
            reason=mark.opened_for,
            ending=mark.reason if mark.to_at else "",
        )
        for mark in latest
    )
