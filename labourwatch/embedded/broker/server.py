"""The embedded broker as a server: one process, one data directory, loopback only.

It stands in for Apache Kafka on a single machine. No transactions, no compaction, no cluster;
any `broker_url` in the settings replaces it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from typing import TYPE_CHECKING, Final

from labourwatch.durable import locked
from labourwatch.embedded.broker.apis import answer
from labourwatch.embedded.broker.offsets import OffsetStore
from labourwatch.embedded.broker.protocol import MalformedRequestError
from labourwatch.embedded.broker.state import Broker, BrokerOptions
from labourwatch.embedded.broker.topics import TopicStore
from labourwatch.embedded.stopping import until_stopped

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from pathlib import Path

logger = logging.getLogger(__name__)

_SIZE_FIELD: Final = 4
_MIN_REQUEST, _MAX_REQUEST = 8, 32 << 20
_READ_BUFFER: Final = 1 << 20
_GROUP_INTERVAL_S: Final = 0.1


async def serve(
    data_dir: Path,
    host: str,
    port: int,
    *,
    ready: Callable[[], None] | None = None,
    options: BrokerOptions | None = None,
) -> None:
    """Run the broker until cancelled or told to stop by SIGTERM or SIGINT.

    Args:
        data_dir: owned by this broker alone while it runs; created if missing.
        host: a loopback address, also the one clients are told.
        port: free TCP port.
        ready: called once clients can connect.

    Raises:
        ValueError: `host` is not a loopback address.
        DirectoryInUseError: another broker owns `data_dir`.
        OSError: the port is taken, or the disk fails.
    """
    _require_loopback(host)
    with locked(data_dir, by="broker"):
        started = time.monotonic()
        broker = Broker(
            host=host,
            port=port,
            options=options or BrokerOptions(),
            topics=TopicStore(data_dir),
            offsets=OffsetStore(data_dir / "offsets.jsonl"),
        )
        logger.info("broker at %s:%d, opened in %.2f s", host, port, time.monotonic() - started)
        try:
            await _listen(broker, ready)
        finally:
            broker.topics.close()
            broker.offsets.close()


def _require_loopback(host: str) -> None:
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError(f"the embedded broker listens on loopback only, not on {host}")


async def _listen(broker: Broker, ready: Callable[[], None] | None) -> None:
    conversations: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_converse(broker, reader, writer))
        conversations.add(task)
        task.add_done_callback(conversations.discard)
        task.add_done_callback(_report_failure)

    server = await asyncio.start_server(accept, broker.host, broker.port, limit=_READ_BUFFER)
    try:
        async with asyncio.TaskGroup() as tasks:
            chores = [tasks.create_task(chore) for chore in _chores(broker)]
            if ready is not None:
                ready()
            await until_stopped()
            for chore in chores:
                chore.cancel()
    finally:
        server.close()
        for task in conversations:
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


def _report_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (failure := task.exception()) is not None:
        logger.error("a connection failed", exc_info=failure)


async def _converse(
    broker: Broker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one client's requests in their order; a malformed one ends this connection only."""
    try:
        while (data := await _read_frame(reader)) is not None:
            response = await answer(broker, data)
            if response is not None:
                writer.write(response)
                await writer.drain()
    except MalformedRequestError as error:
        peer = writer.get_extra_info("peername")
        logger.warning("malformed request from %s: %s; connection closed", peer, error)
    except ConnectionError as error:
        logger.debug("connection lost: %s", error)
    finally:
        writer.close()


async def _read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """The next request without its length, or None when the client has gone."""
    try:
        size = int.from_bytes(await reader.readexactly(_SIZE_FIELD), "big", signed=True)
        if not _MIN_REQUEST <= size <= _MAX_REQUEST:
            raise MalformedRequestError(f"a request of {size} bytes")
        return await reader.readexactly(size)
    except asyncio.IncompleteReadError:
        return None


def _chores(broker: Broker) -> list[Coroutine[None, None, None]]:
    async def advance_groups() -> None:
        now = asyncio.get_running_loop().time()
        for group in tuple(broker.groups.values()):
            group.advance(now)

    async def flush() -> None:
        for log in broker.topics.logs():
            await log.flush()
        await broker.offsets.flush()

    async def expire() -> None:
        for log in broker.topics.logs():
            log.expire()

    chores = [
        _every(_GROUP_INTERVAL_S, advance_groups),
        _every(broker.options.retention_interval, expire),
    ]
    if broker.options.flush_interval > 0:
        chores.append(_every(broker.options.flush_interval, flush))
    return chores


async def _every(interval: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(interval)
        await chore()
