"""Publishing on schedule: what is due is released once, also when the process dies in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

import structlog

from alerts.coverage import Coverage
from alerts.forecasts.weekly import Made, week_forecasts
from alerts.releases.compute import look_back
from alerts.releases.evidence import Evidence
from alerts.releases.issuing import make
from alerts.releases.plan import Kind, Period, Schedule, due, period_named
from warehouse.forecasts import write_forecasts
from warehouse.published import releases
from warehouse.quality.accompanying import accompany

if TYPE_CHECKING:
    import redis
    from clickhouse_connect.driver.client import Client

PLAN: Final = "lw:release:plan"
SETTLING: Final = timedelta(seconds=60)
"""A release is computed so long after its cut-off. A batch is dated when the loader plans it and
stored a moment later: one planned before the cut-off is stored by then."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One release whose moment is fixed. Kept in Redis until it is published."""

    name: str
    cutoff: datetime


def in_turn(planned: Iterable[Planned]) -> list[Planned]:
    """In the order of making: by moment, then days before weeks before months, oldest first.

    Releases of one moment know nothing of each other, so their order is free: readers ask for the
    newest week first, and months take longest.
    """
    kinds = list(Kind)
    return sorted(
        planned,
        key=lambda each: (
            each.cutoff, kinds.index((period := period_named(each.name)).kind), period.first
        ),
    )  # fmt: skip


class ReleaseOffice:
    """Makes due releases. Blocking; for the process that leads."""

    def __init__(self, client: Client, redis_client: redis.Redis, plan: Schedule) -> None:
        self._client = client
        self._redis = redis_client
        self._schedule = plan

    def publish(
        self, coverage: Coverage, through: date, now: datetime,
        keep_lead: Callable[[], None] = lambda: None,
    ) -> list[str]:  # fmt: skip
        """Fix the moment of what is due, and release what was fixed a while ago.

        Args:
            coverage: visits of sources.
            through: last day that is complete and that stream and loader have consumed.
            now: the present.
            keep_lead: called before each release.

        Returns:
            Ids in the order of publishing.

        Raises:
            alerts.store.LostLeadershipError: by `keep_lead`; what was published stays published.
            clickhouse_connect.driver.exceptions.Error: the rest is published next time.
        """
        first = coverage.first_day
        if first is not None:
            begins = date.fromordinal(first + 1)
            known = {row.release_id.rpartition(".")[0] for row in releases(self._client)}
            known |= {planned.name for planned in self._planned()}
            for period in due(now, begins, through, known, self._schedule.releases):
                self._fix(period, now)
        ripe = in_turn(each for each in self._planned() if now - each.cutoff >= SETTLING)
        made = []
        for (cutoff, _), same in groupby(ripe, key=lambda p: (p.cutoff, period_named(p.name).kind)):
            planned = list(same)
            evidence = self._evidence([period_named(each.name) for each in planned], cutoff)
            for each in planned:
                keep_lead()
                made.append(self._carry_out(each, evidence, is_newest=each == planned[-1]))
        return made

    def _evidence(self, periods: list[Period], cutoff: datetime) -> Evidence:
        """The register once for all periods of a kind: catching up reads it once."""
        since = min(look_back(period) for period in periods)
        until = max(period.last for period in periods)
        return Evidence(self._client, cutoff=cutoff, since=since, until=until)

    def _fix(self, period: Period, now: datetime) -> None:
        """The release's moment, kept before anything of it is written."""
        cutoff = now.replace(microsecond=now.microsecond // 1000 * 1000)
        self._redis.hset(PLAN, period.name, json.dumps({"cutoff": cutoff.isoformat()}))

    def _planned(self) -> list[Planned]:
        """Releases that were begun and not finished."""
        held = cast(dict[bytes, bytes], self._redis.hgetall(PLAN))
        return [
            Planned(name=name.decode(), cutoff=datetime.fromisoformat(json.loads(data)["cutoff"]))
            for name, data in sorted(held.items())
        ]

    def _carry_out(self, planned: Planned, evidence: Evidence, *, is_newest: bool) -> str:
        period = period_named(planned.name)
        timing = self._schedule.releases[period.kind]
        row, _ = make(
            self._client, period, timing, cutoff=planned.cutoff, issue=planned.cutoff,
            evidence=evidence,
        )  # fmt: skip
        if period.kind is not Kind.DAILY:
            accompany(self._client, row.release_id, computed_at=row.issue)
        if period.kind is Kind.WEEKLY and is_newest:
            self._forecast(period, row.release_id, evidence, planned.cutoff)
        self._redis.hdel(PLAN, planned.name)
        _log.info("released", release=row.release_id, figures=row.figures, digest=row.digest)
        return row.release_id

    def _forecast(
        self, period: Period, release_id: str, evidence: Evidence, made_at: datetime
    ) -> None:
        """With the newest week alone: when a history is caught up, older ones are past already."""
        rows = week_forecasts(evidence, period.first, Made(release_id=release_id, made_at=made_at))
        write_forecasts(self._client, rows, release_id=release_id)
        _log.info("forecast", release=release_id, rows=len(rows))
