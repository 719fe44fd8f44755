"""Reading what an operator looks at from Redis, the warehouse, the broker and the disk."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import redis
from aiokafka.errors import KafkaError
from clickhouse_connect.driver.exceptions import Error

from alerts.backlog import backlog
from alerts.signs_of_life import beats, crawl_status
from alerts.store import AlertStore, read_fed_through
from config.topics import BEATING
from dashboard.feedback.box import OUTBOX
from dashboard.language import VIENTIANE
from dashboard.operating.facts import Facts, Store, Warehouse
from warehouse import bulletins, health, marks, published, register, usage
from warehouse.client import fetch
from warehouse.disclosure.records import View
from warehouse.feedback import read_feedback
from warehouse.usage_figures import read_use

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings
    from dashboard.v1.reading import Reading

RELEASES: Final = 12
BULLETINS: Final = 12
FEEDBACK: Final = 50
_WEEK: Final = timedelta(days=6)
_PATIENCE_S: Final = 6.0
T = TypeVar("T")


async def read_facts(reading: Reading, trouble: str | None) -> Facts:
    """All facts; what does not answer within seconds is told in `faults` instead of raised."""
    settings, now = reading.settings, reading.clock()
    faults: list[str] = []
    store, warehouse, waiting, free = await asyncio.gather(
        asyncio.to_thread(_tried, faults, lambda: read_store(settings)),
        asyncio.to_thread(_tried, faults, lambda: _warehouse(reading, now)),
        _waiting(settings, faults),
        asyncio.to_thread(_tried, faults, lambda: shutil.disk_usage(settings.var_dir).free),
    )
    return Facts(
        at=now, store=store, warehouse=warehouse, waiting=waiting, trouble=trouble,
        free_bytes=free, faults=tuple(faults),
    )  # fmt: skip


def _tried(faults: list[str], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except (redis.RedisError, Error, OSError) as error:
        faults.append(_said(error))
        return None


def _said(error: BaseException) -> str:
    lines = str(error).splitlines()
    return f"{type(error).__name__}: {lines[0][:200] if lines else ''}"


async def _waiting(settings: Settings, faults: list[str]) -> dict[str, int] | None:
    try:
        return await asyncio.wait_for(backlog(settings), _PATIENCE_S)
    except (KafkaError, OSError) as error:  # of a wait that is over, too
        faults.append(_said(error))
        return None


def read_store(settings: Settings) -> Store:
    """What Redis says.

    Raises:
        redis.RedisError: it does not answer.
    """
    with redis.Redis.from_url(settings.redis_url, socket_timeout=_PATIENCE_S) as client:
        alerts = AlertStore(client)
        info: Any = client.info("memory")
        return Store(
            beating={name: beats(client, name) for name in BEATING},
            phase=crawl_status(client).get("phase", ""),
            fed_through=read_fed_through(client),
            letters=alerts.dead_letters(),
            attempts=alerts.attempts(),
            memory=int(info["used_memory"]),
            feedback_waiting=client.hlen(OUTBOX),
        )


def _warehouse(reading: Reading, now: datetime) -> Warehouse:
    try:
        return read_warehouse(reading.client(), now)
    except (Error, OSError):
        reading.forget()
        raise


def read_warehouse(client: Client, now: datetime) -> Warehouse:
    """What the warehouse says.

    Raises:
        clickhouse_connect.driver.exceptions.Error: it does not answer.
    """
    loaded = register.progress(client)
    today = now.astimezone(VIENTIANE).date()
    return Warehouse(
        loaded_at=loaded.loaded_at if loaded else None,
        sources=health.source_health(client),
        measured=marks.last_health(client),
        refused=register.refusal_counts(client),
        releases=published.releases(client)[:RELEASES],
        bulletins=bulletins.heads(client, views=list(View), limit=BULLETINS),
        tables=_tables(client),
        usage=usage.read_usage(client, since=today - _WEEK, until=today),
        use=read_use(client, today=today, as_of=now),
        feedback=read_feedback(client, open_only=True, limit=FEEDBACK),
    )


def _tables(client: Client) -> list[tuple[str, int]] | None:
    """Bytes on disk by table; `None` where this account may not ask, or the store does not know."""
    try:
        rows = fetch(
            client,
            """SELECT table, sum(bytes_on_disk) AS held FROM system.parts
            WHERE active AND database = currentDatabase() GROUP BY table ORDER BY held DESC""",
        )
    except Error:
        return None
    return [(row[0], row[1]) for row in rows]
