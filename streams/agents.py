"""Agents on topics: take batches, have them processed, publish, and only then ack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final, Protocol

import faust
import structlog

from config.topics import POSTINGS, Topic
from streams.app import raw_topic
from streams.batches import Outgoing, Result
from streams.guard import RefusalGuard
from streams.metrics import BATCH, RECORDS, REFUSED
from streams.unpack import Incoming

LARGEST_BATCH: Final = 1000
LONGEST_WAIT_S: Final = 0.2

_log = structlog.get_logger(__name__)


class Process(Protocol):
    """What becomes of batches."""

    async def process(self, messages: Sequence[Incoming]) -> Result:
        """Decide a batch and store the decisions."""
        ...

    async def told(self) -> None:
        """What the last batch led to is published."""
        ...


def attach_agent(
    app: faust.App, process: Process, guard: RefusalGuard, topic: Topic = POSTINGS
) -> None:
    """Make `app` consume `topic` with `process`.

    An exception leaves the agent only when the process must stop: it crashes the application with
    the batch unacknowledged (or, from `guard`, acknowledged and told), and what restarts the
    process makes the broker deliver again.
    """

    async def settle(stream: Any) -> AsyncIterator[None]:
        producer = await app.maybe_start_producer()
        async for events in stream.noack_take(LARGEST_BATCH, within=LONGEST_WAIT_S):
            began = time.perf_counter()
            result = await process.process(
                [Incoming(key=event.key, payload=event.value) for event in events]
            )
            await _publish(producer, result.outgoing)
            await process.told()
            for event in events:
                await stream.ack(event)
            _count(topic, result, time.perf_counter() - began)
            _log.debug("batch_settled", records=len(events), **result.counts)
            guard.count(len(events), result.refused)
            yield None

    app.agent(raw_topic(app, topic), name=f"settle-{topic.name}")(settle)


def _count(topic: Topic, result: Result, seconds: float) -> None:
    """Tell metrics of one batch: a few additions a batch, none a record."""
    for outcome, count in result.counts.items():
        RECORDS.labels(topic.name, outcome).inc(count)
    REFUSED.labels(topic.name).inc(result.refused)
    BATCH.labels(topic.name).observe(seconds)


async def _publish(producer: Any, messages: Sequence[Outgoing]) -> None:
    """Hand all of `messages` to the broker and return when it has stored every one."""
    sent = [
        await producer.send(message.topic, message.key, message.payload, None, None, None)
        for message in messages
    ]
    if sent:
        await asyncio.gather(*sent)
