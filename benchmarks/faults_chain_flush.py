"""Redis loses everything while vacancies appear: register, frontiers, alerts, heartbeats."""

from __future__ import annotations

import time

import redis

from benchmarks.faults_chain_load import Feed
from benchmarks.faults_chain_rounds import PATIENCE_S, Wait, stored
from benchmarks.faults_chain_stack import Chain
from labourwatch.health import is_healthy
from labourwatch.parts import part_named
from streams.lost import BEGUN
from warehouse.client import connect, fetch

FLUSHED = "Redis flushed: register, frontiers, alerts and all"
_LOOK_S = 0.2
# A posting that is fetched again after the loss and opens its vacancy a second time.
_REOPENED = """SELECT count() FROM (
  SELECT posting_key FROM vacancy_events GROUP BY posting_key HAVING sum(flow) > 1)"""


def flush(made: Chain, feed: Feed) -> Wait:
    """Flush once, and wait until a posting is stored that was decided with the rebuilt register."""
    under_load = feed.flows
    with redis.Redis.from_url(made.stack.settings.redis_url) as client:
        client.flushall()
        since = time.monotonic()
        before: int | None = None
        while time.monotonic() - since < PATIENCE_S:
            is_there = bool(client.exists(BEGUN)) and _decides(made)
            count = stored(made) if is_there else None
            before = count if before is None else before
            if count is not None and before is not None and (count > before or not feed.flows):
                seconds = round(time.monotonic() - since, 2)
                return Wait(part="redis", under_load=under_load, seconds=seconds)
            time.sleep(_LOOK_S)
    return Wait(part="redis", under_load=under_load, seconds=None)


def reopened(made: Chain) -> int:
    """Postings that opened a vacancy more than once."""
    with connect(made.stack.settings, readonly=True) as client:
        return int(fetch(client, _REOPENED)[0][0])


def _decides(made: Chain) -> bool:
    return "stream" in made.stack.pids() and is_healthy(made.stack.settings, part_named("stream"))
