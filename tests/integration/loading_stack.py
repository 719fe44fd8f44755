"""Broker, warehouse and Redis as processes, and a loader between them that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from aiokafka import AIOKafkaProducer
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error
from pydantic import SecretStr

from config.settings import Settings
from scrapers.topics_admin import ensure_topics
from tests.fixtures_broker import running_broker
from tests.fixtures_kafka import KafkaCluster, running_kafka
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import HOST, SECRET, launch_warehouse
from tests.processes import Part
from warehouse.client import connect
from warehouse.loader import prepare

PATIENCE_S = 120
_LOADER = """
import asyncio, logging
from config.settings import load_settings
from warehouse.loader import serve
logging.basicConfig(level=logging.INFO)
asyncio.run(serve(load_settings(), session_timeout_s={seconds}))
"""


class KillableBroker(Protocol):
    """A broker, or a cluster of which one is killed, that comes back where it was."""

    @property
    def bootstrap(self) -> str: ...
    def kill(self) -> None: ...
    def start(self) -> None: ...
    def send_signal(self, how: signal.Signals) -> None: ...
    def revive(self) -> int: ...


@dataclass(slots=True, kw_only=True)
class LoadingStack:
    """The parts around the loader. `loader` is the running one, if any.

    `session_timeout_s`: after so long without a sign of life the broker gives a loader's
    partitions away. Short, so that the next of two takes over soon; the service waits longer.
    """

    directory: Path
    settings: Settings
    warehouse: Part
    broker: KillableBroker
    loader: subprocess.Popen[bytes] | None = None
    clients: list[Client] = field(default_factory=list)
    session_timeout_s: float = 1.5

    def start_loader(self) -> None:
        """Start a loader; it works as soon as it may."""
        names = ("broker_url", "redis_url", "clickhouse_host", "clickhouse_port")
        given = {f"LABOURWATCH_{n.upper()}": str(getattr(self.settings, n)) for n in names}
        with (self.directory / "loader.log").open("ab") as log:
            self.loader = subprocess.Popen(
                [sys.executable, "-c", _LOADER.format(seconds=self.session_timeout_s)],
                stdout=log,
                stderr=log,
                env={**os.environ, **given, "LABOURWATCH_CLICKHOUSE_PASSWORD": SECRET},
            )

    def kill_loader(self) -> None:
        """kill -9."""
        assert self.loader is not None
        self.loader.kill()
        self.loader.wait()

    def suspend_loader(self, seconds: float) -> None:
        """Give the loader no processor time for a while, as a machine under load may."""
        assert self.loader is not None
        self.loader.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self.loader.send_signal(signal.SIGCONT)

    def stop_loader(self) -> int:
        """SIGTERM; the exit code."""
        assert self.loader is not None
        self.loader.terminate()
        return self.loader.wait(30)

    def kill_warehouse(self) -> None:
        """kill -9, then start it again over the same data."""
        self.warehouse.kill()
        self.start_warehouse()

    def start_warehouse(self) -> None:
        """Start it again over the same data."""
        self.warehouse = launch_warehouse(
            self.directory / "warehouse",
            self.settings.clickhouse_port,
            host=self.settings.clickhouse_host,
        )

    def revive(self) -> list[str]:
        """Start what ended by itself, as the supervisor of `labourwatch run` does; its names."""
        ended = ["broker"] * self.broker.revive()
        if self.warehouse.process.poll() is not None:
            self.start_warehouse()
            ended.append("warehouse")
        if self.loader is not None and self.loader.poll() is not None:
            self.start_loader()
            ended.append("loader")
        return ended

    def kill_broker(self) -> None:
        """kill -9, then start it again over the same data."""
        self.broker.kill()
        self.broker.start()

    def publish(self, topic: str, records: Iterable[tuple[bytes, bytes]]) -> None:
        """Publish (key, value) pairs and wait until the broker has them."""
        asyncio.run(self._publish(topic, records))

    async def _publish(self, topic: str, records: Iterable[tuple[bytes, bytes]]) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=self.settings.bootstrap_servers, acks="all", linger_ms=5
        )
        async with producer:
            sent = [await producer.send(topic, value, key=key) for key, value in records]
            await asyncio.gather(*sent)

    def client(self) -> Client:
        """A client of the warehouse, closed with the stack."""
        self.clients.append(connect(self.settings))
        return self.clients[-1]

    def wait_for(self, sql: str, at_least: int) -> int:
        """The number that `sql` gives, once it is large enough.

        Raises:
            TimeoutError: it did not grow for `PATIENCE_S`; the message carries the loader's log.
        """
        grown, seen, most = time.monotonic(), -1, -1
        client = self.client()
        while time.monotonic() < grown + PATIENCE_S:
            try:
                seen = int(client.query(sql).result_rows[0][0])
            except Error:  # the warehouse is being killed
                seen = -1
            if seen >= at_least:
                return seen
            if seen > most:
                grown, most = time.monotonic(), seen
            time.sleep(0.02)
        log = (self.directory / "loader.log").read_text()[-3000:]
        raise TimeoutError(f"{sql} gave {seen}, not {at_least}:\n{log}")


@contextmanager
def _some_broker(directory: Path, kafka: int) -> Iterator[KillableBroker]:
    if kafka:
        with running_kafka(directory, kafka) as brokers:
            yield KafkaCluster(brokers)
    else:
        with running_broker(directory) as broker:
            yield broker


@contextmanager
def loading_stack(
    directory: Path,
    *,
    kafka: int = 0,
    early: Callable[[str, str], None] | None = None,
    broker: KillableBroker | None = None,
    warehouse_host: str = HOST,
) -> Iterator[LoadingStack]:
    """Everything but the loader, running, with schema and topics made.

    Args:
        directory: where the parts keep their state.
        kafka: brokers of Apache Kafka; 0: the embedded broker.
        early: called with the broker's address and Redis' URL once both answer, before the
            warehouse starts and before topics are made.
        broker: running; else one is started on 127.0.0.1.
        warehouse_host: loopback address at which the warehouse listens.
    """
    with (
        nullcontext(broker) if broker else _some_broker(directory, kafka) as chosen,
        start_redis(directory / "redis") as redis_url,
    ):
        if early is not None:
            early(chosen.bootstrap, redis_url)
        warehouse = launch_warehouse(directory / "warehouse", host=warehouse_host)
        settings = Settings(
            broker_url=f"kafka://{chosen.bootstrap}",
            redis_url=redis_url,
            clickhouse_host=warehouse_host,
            clickhouse_port=warehouse.port,
            clickhouse_password=SecretStr(SECRET),
        )
        stack = LoadingStack(
            directory=directory, settings=settings, warehouse=warehouse, broker=chosen
        )
        asyncio.run(ensure_topics(chosen.bootstrap))
        prepare(settings).close()
        try:
            yield stack
        finally:
            for client in stack.clients:
                client.close()
            if stack.loader is not None and stack.loader.poll() is None:
                stack.kill_loader()
            stack.warehouse.stop()
