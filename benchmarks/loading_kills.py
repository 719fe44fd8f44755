"""kill -9 of loader, warehouse and broker at random instants under load; what is then stored."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from clickhouse_connect.driver.client import Client

from benchmarks.loading_records import Sent, expected_rows, mixed_records
from tests.integration.loading_stack import LoadingStack
from warehouse.client import fetch
from warehouse.quality.rollups import rollup_differences
from warehouse.tables import FED_TABLES

_LOOK_S: Final = 0.02
_LONGEST_S: Final = 1.5
"""Between a batch's gathering and its storing: any moment of a batch can be hit."""
_STEP: Final = 40
ROWS: Final = "SELECT sum(n) FROM ({})".format(
    " UNION ALL ".join(f"SELECT count() AS n FROM {table.name}" for table in FED_TABLES)
)
"""Rows of all tables that the loader feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was killed, and what the warehouse holds afterwards."""

    kills: Mapping[str, int]
    under_load: int
    """Kills while records were still being published."""
    interrupted: int
    """Batches that a kill cut off and that a plan repeated."""
    records: int
    rows: int
    """Rows that must be there, over all tables."""
    lost: int
    """Identities that must be there and are not."""
    doubled: int
    """Rows beyond one for each identity, and identities that nothing caused."""
    rollups: int
    rollup_cells: int
    rollup_differences: int
    """Cells of all roll-ups that differ from the sums of the raw rows."""
    seconds: float


class Stream:
    """Publishes records in a thread of its own, whatever is being killed: at a steady rate until
    told to hurry."""

    def __init__(self, stack: LoadingStack, sent: Sequence[Sent], per_second: int) -> None:
        self._bootstrap = stack.settings.bootstrap_servers
        self._sent, self._per_second = sent, per_second
        self._thread = threading.Thread(target=lambda: asyncio.run(self._publish()))
        self._hurry, self._enough = threading.Event(), threading.Event()
        self._published = 0

    def __enter__(self) -> Stream:
        self._thread.start()
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if failure is not None:
            self._enough.set()
        self._hurry.set()
        self._thread.join()

    @property
    def flows(self) -> bool:
        """Whether there is more to come."""
        return self._thread.is_alive()

    def cut_off(self) -> Sequence[Sent]:
        """Publish no more; what was published, every record of it acknowledged."""
        self._enough.set()
        self._thread.join()
        return self._sent[: self._published]

    async def _publish(self) -> None:
        """A record is sent again until the broker has acknowledged it, as the crawler does."""
        left = [self._sent[n : n + _STEP] for n in range(0, len(self._sent), _STEP)][::-1]
        while left:
            try:
                await self._publish_some(left)
            except (KafkaError, OSError):  # the broker is being killed
                await asyncio.sleep(0.2)

    async def _publish_some(self, left: list[Sequence[Sent]]) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self._bootstrap, acks="all", linger_ms=5, request_timeout_ms=3_000
        )
        async with producer:
            while left:
                waiting = [await producer.send(r.topic, r.value, key=r.key) for r in left[-1]]
                await asyncio.gather(*waiting)
                self._published += len(left.pop())
                if self._enough.is_set():
                    left.clear()
                if not self._hurry.is_set():
                    await asyncio.sleep(_STEP / self._per_second)


def kill_under_load(
    stack: LoadingStack,
    seed: int,
    *,
    kills: int,
    broker_kills: int,
    vacancies: int,
    per_second: int,
) -> Outcome:
    """Load into empty tables, kill as often as asked, wait until all is stored, count by identity.

    Each kill waits until a further row is stored, then a random time.
    """
    sent = mixed_records(seed, vacancies)
    must = expected_rows(sent)
    dice = random.Random(seed)
    turns = ["loader" if number % 2 == 0 else "warehouse" for number in range(kills)]
    for number in range(broker_kills):
        turns.insert((number + 1) * len(turns) // (broker_kills + 1), "broker")
    begun, under_load = time.monotonic(), 0
    stack.start_loader()
    with Stream(stack, sent, per_second) as stream:
        for turn in turns:
            _wait_for_progress(stack, stream)
            time.sleep(dice.uniform(0, _LONGEST_S))
            under_load += stream.flows
            _kill(stack, turn)
    wait_for_all(stack, must)
    stack.stop_loader()
    log = (stack.directory / "loader.log").read_text()
    return Outcome(
        kills={part: turns.count(part) for part in ("loader", "warehouse", "broker")},
        under_load=under_load,
        interrupted=log.count("repeating batch"),
        records=len(sent),
        rows=sum(map(len, must.values())),
        seconds=time.monotonic() - begun,
        **count_against(stack.client(), must),
    )


def _kill(stack: LoadingStack, part: str) -> None:
    if part == "loader":
        stack.kill_loader()
        stack.start_loader()
    elif part == "warehouse":
        stack.kill_warehouse()
    else:
        stack.kill_broker()


def _wait_for_progress(stack: LoadingStack, stream: Stream) -> None:
    """Return once a row more is stored: all parts work again."""
    before = stack.wait_for(ROWS, 0)
    while stream.flows and stack.wait_for(ROWS, 0) == before:
        time.sleep(_LOOK_S)


def wait_for_all(stack: LoadingStack, must: Mapping[str, frozenset[str]]) -> None:
    """Return once every identity is stored; raises `TimeoutError` where that never happens."""
    for table in FED_TABLES:
        if table.name in must:
            sql = f"SELECT uniqExact({table.identity}) FROM {table.name}"
            stack.wait_for(sql, len(must[table.name]))


def count_against(client: Client, must: Mapping[str, frozenset[str]]) -> dict[str, int]:
    """Rows lost and doubled by the identities that must be stored, and roll-ups that differ."""
    lost = doubled = 0
    for table in FED_TABLES:
        rows = fetch(client, f"SELECT {table.identity} FROM {table.name}")
        held = [row[0] for row in rows]
        kept, wanted = set(held), must.get(table.name, frozenset())
        lost += len(wanted - kept)
        doubled += len(held) - len(kept) + len(kept - wanted)
    rollups = list(rollup_differences(client))
    return {
        "lost": lost,
        "doubled": doubled,
        "rollups": len(rollups),
        "rollup_cells": sum(found.cells for found in rollups),
        "rollup_differences": sum(found.differing for found in rollups),
    }
