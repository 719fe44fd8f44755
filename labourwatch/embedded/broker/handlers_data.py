"""Requests that move records: produce, fetch, list offsets, init producer id."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from labourwatch.embedded.broker.protocol import ErrorCode, RefusedError
from labourwatch.embedded.broker.state import NO_THROTTLE, Broker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from labourwatch.embedded.broker.log import PartitionLog

logger = logging.getLogger(__name__)

_MAX_FETCH_BYTES: Final = 16 << 20
_MAX_FETCH_WAIT_S: Final = 60.0
_LATEST, _EARLIEST = -1, -2
_NO_TIMESTAMP: Final = -1
_NO_OFFSET: Final = -1


async def produce(broker: Broker, request: Any, client_id: str) -> tuple[Any, ...] | None:
    """Append each partition's batch; answered when it is in the log (and flushed, if asked)."""
    answers = []
    for topic, partitions in request.topics:
        results = [_append(broker, topic, number, data, client_id) for number, data in partitions]
        answers.append((topic, results))
    if broker.options.flush_interval == 0:
        for log in broker.topics.logs():
            await log.flush()
    return None if request.required_acks == 0 else (answers, NO_THROTTLE)


def _append(
    broker: Broker, topic: str, number: int, data: bytes, client_id: str
) -> tuple[int, int, int, int, int]:
    try:
        log = broker.topics.log(topic, number)
        return number, ErrorCode.NONE, log.append(data), _NO_TIMESTAMP, log.start_offset
    except RefusedError as refusal:
        logger.warning("%s: nothing stored in %s-%d: %s", client_id, topic, number, refusal)
        return number, refusal.code, _NO_OFFSET, _NO_TIMESTAMP, _NO_OFFSET


async def fetch(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """Read from the asked offsets; waits up to `max_wait_time` ms for `min_bytes`."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + min(request.max_wait_time / 1000, _MAX_FETCH_WAIT_S)
    news = asyncio.Event()
    while True:
        reading = _Reading(broker, request.max_bytes)
        answers = [
            (topic, [reading.partition(topic, *asked) for asked in partitions])
            for topic, partitions in request.topics
        ]
        left = deadline - loop.time()
        if reading.refused or reading.size >= request.min_bytes or left <= 0:
            return NO_THROTTLE, answers
        news.clear()
        with _watched(reading.logs, news), suppress(TimeoutError):
            await asyncio.wait_for(news.wait(), left)


class _Reading:
    """One pass over the partitions of a fetch request, within its budget of bytes."""

    def __init__(self, broker: Broker, max_bytes: int) -> None:
        self._broker = broker
        self._budget = min(max_bytes, _MAX_FETCH_BYTES)
        self.size = 0
        self.refused = False
        self.logs: list[PartitionLog] = []

    def partition(
        self, topic: str, number: int, offset: int, _start: int, max_bytes: int
    ) -> tuple[Any, ...]:
        """The answer for one partition, in the order of the response's fields."""
        try:
            log = self._broker.topics.log(topic, number)
            allowed = min(max_bytes, self._budget - self.size)
            data = log.read(offset, max(allowed, 0)) if allowed > 0 or self.size == 0 else b""
        except RefusedError as refusal:
            self.refused = True
            return number, refusal.code, _NO_OFFSET, _NO_OFFSET, _NO_OFFSET, None, b""
        self.size += len(data)
        self.logs.append(log)
        end = log.end_offset
        return number, ErrorCode.NONE, end, end, log.start_offset, None, data


@contextmanager
def _watched(logs: list[PartitionLog], news: asyncio.Event) -> Iterator[None]:
    for log in logs:
        log.waiting.add(news)
    try:
        yield
    finally:
        for log in logs:
            log.waiting.discard(news)


async def list_offsets(broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """The first, the next, or the first offset since a time, of each asked partition."""
    answers = [
        (topic, [_find_offset(broker, topic, *asked) for asked in partitions])
        for topic, partitions in request.topics
    ]
    return NO_THROTTLE, answers


def _find_offset(
    broker: Broker, topic: str, number: int, timestamp: int
) -> tuple[int, int, int, int]:
    try:
        log = broker.topics.log(topic, number)
    except RefusedError as refusal:
        return number, refusal.code, _NO_TIMESTAMP, _NO_OFFSET
    if timestamp == _LATEST:
        found: tuple[int, int] | None = (_NO_TIMESTAMP, log.end_offset)
    elif timestamp == _EARLIEST:
        found = (_NO_TIMESTAMP, log.start_offset)
    else:
        found = log.first_since(timestamp)
    return number, ErrorCode.NONE, *(found or (_NO_TIMESTAMP, _NO_OFFSET))


async def init_producer_id(_broker: Broker, request: Any, _client_id: str) -> tuple[Any, ...]:
    """Give an idempotent producer its id; random, so that a restart never gives one again."""
    if request.transactional_id is not None:
        return NO_THROTTLE, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, -1, -1
    return NO_THROTTLE, ErrorCode.NONE, secrets.randbits(62), 0
