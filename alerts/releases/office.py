"""Publishing on schedule: what is due is released once, also when the process dies in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final, cast

import structlog

from alerts.coverage import Coverage
from alerts.releases.compute import look_back
from alerts.releases.evidence import Evidence
from alerts.releases.issuing import make
from alerts.releases.plan import Period, Schedule, due, period_named
from warehouse.published import releases

if TYPE_CHECKING:
    import redis
    from clickhouse_connect.driver.client import Client

PLAN: Final = "lw:release:plan"
SETTLING: Final = timedelta(seconds=60)
"""A day is published so long after it was first seen complete: rows under way are stored by then,
and a crawl that ends just now changes nothing of it."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One release whose moment is fixed. Kept in Redis until it is published."""

    name: str
    cutoff: datetime


class ReleaseOffice:
    """Makes due releases. Blocking; for the process that leads."""

    def __init__(self, client: Client, redis_client: redis.Redis, plan: Schedule) -> None:
        self._client = client
        self._redis = redis_client
        self._schedule = plan
        self._complete_since: dict[date, datetime] = {}

    def publish(
        self, coverage: Coverage, through: date, now: datetime,
        keep_lead: Callable[[], None] = lambda: None,
    ) -> list[str]:  # fmt: skip
        """Release what is due; ids in the order of publishing.

        Args:
            coverage: visits of sources.
            through: last day that stream and loader have settled.
            now: the present.
            keep_lead: called before each release.

        Raises:
            alerts.store.LostLeadershipError: by `keep_lead`; what was published stays published.
            clickhouse_connect.driver.exceptions.Error: the rest is published next time.
        """
        made = [self._carry_out(planned) for planned in self._planned()]
        first = coverage.first_day
        settled = self._settled(through, now)
        if first is None or settled is None:
            return made
        begins = date.fromordinal(first + 1)
        done = {row.release_id.rpartition(".")[0] for row in releases(self._client)}
        ready = due(now, begins, settled, done, self._schedule.releases)
        for _, same in groupby(ready, key=lambda period: period.kind):
            periods = list(same)
            evidence = self._evidence(periods, now)
            for period in periods:
                keep_lead()
                planned = self._fix(period, now)
                made.append(self._carry_out(planned, evidence))
        return made

    def _settled(self, through: date, now: datetime) -> date | None:
        """Last day that has been complete for a while."""
        self._complete_since.setdefault(through, now)
        ripe = [day for day, since in self._complete_since.items() if now - since >= SETTLING]
        newest = max(ripe, default=None)
        if newest is not None:
            kept = {d: at for d, at in self._complete_since.items() if d >= newest}
            self._complete_since = kept
        return newest

    def _evidence(self, periods: list[Period], now: datetime) -> Evidence:
        """The register once for all periods of a kind: catching up reads it once."""
        since = min(look_back(period) for period in periods)
        until = max(period.last for period in periods)
        return Evidence(self._client, cutoff=now, since=since, until=until)

    def _fix(self, period: Period, now: datetime) -> Planned:
        """The release's moment, kept before anything of it is written."""
        self._redis.hset(PLAN, period.name, json.dumps({"cutoff": now.isoformat()}))
        return Planned(name=period.name, cutoff=now)

    def _planned(self) -> list[Planned]:
        """Releases that were begun and not finished."""
        held = cast(dict[bytes, bytes], self._redis.hgetall(PLAN))
        return [
            Planned(name=name.decode(), cutoff=datetime.fromisoformat(json.loads(data)["cutoff"]))
            for name, data in sorted(held.items())
        ]

    def _carry_out(self, planned: Planned, evidence: Evidence | None = None) -> str:
        period = period_named(planned.name)
        timing = self._schedule.releases[period.kind]
        row, _ = make(
            self._client, period, timing, cutoff=planned.cutoff, issue=planned.cutoff,
            evidence=evidence,
        )  # fmt: skip
        self._redis.hdel(PLAN, planned.name)
        _log.info("released", release=row.release_id, figures=row.figures, digest=row.digest)
        return row.release_id
