"""A year of releases, published day by day, then given again: from what is stored and from raw."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import clickhouse_connect

from alerts.releases.issuing import make, next_revision, verify
from alerts.releases.plan import Kind, Period, due, schedule
from alerts.releases.triangle import by_lag
from benchmarks.report import Figure
from benchmarks.simulated_register import register, store
from tests.fixtures_warehouse import start_warehouse
from warehouse.migrate import migrate
from warehouse.published import releases
from warehouse.releases import observations_of, revisions
from warehouse.series import Frequency, SeriesKey

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

FIRST: Final = date(2025, 9, 1)
_LEAD_DAYS: Final = 60
"""Days of data before the first release."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Publish along a year, then verify every release."""
    days, per_day = (38, 8.0) if quick else (_LEAD_DAYS + 365, 40.0)
    with tempfile.TemporaryDirectory() as scratch, start_warehouse(Path(scratch)) as (h, p, s):
        client = clickhouse_connect.get_client(
            host=h, port=p, password=s, autogenerate_session_id=False, tz_mode="aware"
        )
        migrate(client, database="labourwatch", now=datetime(2025, 9, 1, tzinfo=UTC))
        client.database = "labourwatch"
        began = time.perf_counter()
        made = _publish(client, seed, days=days, per_day=per_day, quick=quick)
        published = time.perf_counter() - began
        _revise(client, 1 if quick else 3)
        return _judge(client, made, published, quick=quick)


def _publish(client: Client, seed: int, *, days: int, per_day: float, quick: bool) -> int:
    """Store day after day; each morning publish what is due."""
    timings, done, made = schedule().releases, set[str](), 0
    end = FIRST + timedelta(days=days + 10)
    for day in register(seed, first=FIRST, days=days, per_day=per_day, until=end):
        store(client, day)
        if day.on < FIRST + timedelta(days=_LEAD_DAYS // 4 if quick else _LEAD_DAYS):
            continue
        now = datetime(day.on.year, day.on.month, day.on.day, 23, tzinfo=UTC)
        for period in due(now, FIRST, day.on - timedelta(days=1), done, timings):
            done.add(period.name)
            if quick and period.kind is Kind.DAILY and period.first.weekday():
                continue
            make(client, period, timings[period.kind], cutoff=now, issue=now)
            made += 1
    return made


def _revise(client: Client, weeks: int) -> None:
    """The last weeks are published again with what came later."""
    weekly = releases(client, kinds=["weekly"])[-weeks:]
    for row in weekly:
        period = Period(kind=Kind.WEEKLY, first=row.period_start, last=row.period_end)
        number, before = next_revision(client, period)
        later = max(r.issue for r in releases(client)) + timedelta(hours=1)
        make(
            client, period, schedule().releases[Kind.WEEKLY], cutoff=later, issue=later,
            revision=number, supersedes=before, note="late postings and corrected codes",
        )  # fmt: skip


def _judge(
    client: Client, made: int, seconds: float, *, quick: bool
) -> tuple[list[Figure], dict[str, Any]]:
    held = releases(client)
    began = time.perf_counter()
    checked = [verify(client, row, recompute=True) for row in held]
    spent = time.perf_counter() - began
    stored = sum(row.stored != row.published for row in checked)
    raw = sum(row.recomputed != row.published for row in checked)
    figures = sum(row.figures for row in held)
    kinds = {kind.value: sum(row.kind == kind.value for row in held) for kind in Kind}
    revised = by_lag(_triangle(client))
    return [
        Figure(
            key="as_of_mismatches", value=stored + raw, goal="0",
            about=f"of {len(held)} releases ({kinds}), {stored} differ from what is stored and "
            f"{raw} from the raw rows at their cut-off, byte by byte",
        ),
        Figure(key="releases", value=len(held), about="releases published and verified"),
        Figure(key="released_figures", value=figures, about="figures in them"),
        Figure(
            key="release_s", value=round(seconds / max(made, 1), 3),
            about="seconds to compute and publish one, storing the days' data included",
        ),
        Figure(
            key="replay_s", value=round(spent / len(held), 3),
            about="seconds to give one again both ways",
        ),
    ], {
        "tables": {
            "Revisions of weekly flow by province": [
                {
                    "issue": row.lag + 1, "figures": row.n, "mean revision": row.mean,
                    "mean absolute": row.mean_absolute,
                    "outside the first interval": f"{row.outside} of {row.intervals}",
                }
                for row in revised
            ],
        },
        "thinned": quick,
        "first_figures": len(observations_of(client, held[-1])),
    }  # fmt: skip


def _triangle(client: Client) -> list[Any]:
    from config.vocabulary import provinces

    return [
        row
        for code in provinces()
        for row in revisions(
            client, SeriesKey(indicator="flow", province=code, frequency=Frequency.WEEKLY)
        )
    ]
