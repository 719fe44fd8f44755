"""A warehouse with the real schema, and the shortest way of putting updates into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from config import topics
from config.settings import Settings
from streams.codec import encode
from streams.records import VacancyUpdate
from tests.fixtures_warehouse import SECRET, start_warehouse
from warehouse.batch import Batch, build_batch
from warehouse.client import connect
from warehouse.migrate import migrate
from warehouse.plan import Plan

LOADED_AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Message:
    """A record as the broker would deliver it."""

    value: bytes
    key: bytes = b""
    timestamp: int = 0


@contextmanager
def running_warehouse(directory: Path) -> Iterator[Settings]:
    """Settings of a running, still empty warehouse."""
    with start_warehouse(directory / "warehouse") as (host, port, _):
        yield Settings(
            clickhouse_host=host, clickhouse_port=port, clickhouse_password=SecretStr(SECRET)
        )


@contextmanager
def fresh_schema(settings: Settings) -> Iterator[tuple[Client, str]]:
    """A client and the database of an empty schema of its own, dropped afterwards."""
    database = f"test_{uuid4().hex}"
    client = connect(settings, database="default")
    migrate(client, database=database, now=LOADED_AT)
    try:
        yield client, database
    finally:
        client.command(f"DROP DATABASE {database}")
        client.close()


def batch_of(
    items: Iterable[VacancyUpdate], *, start: int = 0, loaded_at: datetime = LOADED_AT
) -> Batch:
    """The batch of these updates at offsets from `start` of partition 0."""
    messages = [Message(encode(item)) for item in items]
    plan = Plan(
        topic=topics.VACANCIES.name,
        partition=0,
        start=start,
        end=start + len(messages),
        loaded_at=loaded_at,
    )
    return build_batch(plan, messages)
