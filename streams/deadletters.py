"""What was refused, with its original bytes: making, publishing, reading and replaying letters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from config.topics import DEAD_LETTERS, LARGEST_MESSAGE
from scrapers.codec import CodecError, decode, encode
from scrapers.items import DeadLetter, Stage
from streams.identity import identify

_POLL_MS: Final = 500
_log = structlog.get_logger(__name__)


def make_letter(
    stage: Stage,
    reason: str,
    detail: str,
    *,
    topic: str,
    key: bytes | None,
    payload: bytes | None,
    failed_at: datetime,
    event_time: datetime | None = None,
    source_id: str = "",
    posting_id: str = "",
) -> DeadLetter:
    """A letter whose id depends on stage, topic and payload only.

    `detail` must not quote the payload: it may hold personal data.
    """
    body = payload or b""
    return DeadLetter(
        letter_id=identify(stage.value, topic, body.decode("latin-1")),
        stage=stage,
        reason=reason,
        detail=detail,
        source_id=source_id,
        posting_id=posting_id,
        topic=topic,
        key=key or b"",
        payload=body,
        event_time=event_time or failed_at,
        failed_at=failed_at,
    )


async def publish_letters(producer: AIOKafkaProducer, letters: Collection[DeadLetter]) -> None:
    """Publish `letters`; returns when the broker has them all."""
    sent = [
        await producer.send(DEAD_LETTERS.name, encode(letter), key=letter.letter_id.encode())
        for letter in letters
    ]
    for future in sent:
        await future


async def list_letters(
    bootstrap: str, limit: int, stage: Stage | None = None, source: str | None = None
) -> list[DeadLetter]:
    """The newest `limit` letters of a stage and a source, newest first, each id once.

    Raises:
        aiokafka.errors.KafkaError: the broker cannot be read.
    """
    found = {
        letter.letter_id: letter
        async for letter in _read_letters(bootstrap)
        if (stage is None or letter.stage is stage) and (source in {None, letter.source_id})
    }
    return sorted(found.values(), key=_newest_first, reverse=True)[:limit]


async def show(bootstrap: str, letter_id: str) -> DeadLetter | None:
    """The newest letter of this id, or `None`."""
    found = None
    async for letter in _read_letters(bootstrap):
        if letter.letter_id == letter_id:
            found = letter
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay did, by letter id."""

    sent: tuple[str, ...]
    without_topic: tuple[DeadLetter, ...]
    """Letters of what never was in a topic: it is for the collection to read it again."""
    not_found: tuple[str, ...]


async def replay(
    bootstrap: str,
    ids: Collection[str] | None = None,
    *,
    stage: Stage | None = None,
    source: str | None = None,
) -> Replayed:
    """Send the payloads of letters to their topics again, with their keys, oldest first.

    Args:
        bootstrap: `host:port` of the broker.
        ids: letters to replay; `None` for all of `stage` and `source`.
        stage: only letters of this stage.
        source: only letters of this source.

    Raises:
        ValueError: neither ids nor a stage nor a source is given: that would replay everything.
        aiokafka.errors.KafkaError: the broker failed; what was sent before stays sent.
    """
    if ids is None and stage is None and source is None:
        raise ValueError("name the letters to replay, or their stage or source")
    letters = {
        letter.letter_id: letter
        async for letter in _read_letters(bootstrap)
        if (ids is None or letter.letter_id in ids)
        and (stage is None or letter.stage is stage)
        and (source in {None, letter.source_id})
    }
    sendable = [letter for letter in letters.values() if letter.topic]
    await _send_again(bootstrap, sendable)
    return Replayed(
        sent=tuple(letter.letter_id for letter in sendable),
        without_topic=tuple(letter for letter in letters.values() if not letter.topic),
        not_found=tuple(key for key in ids or () if key not in letters),
    )


async def _send_again(bootstrap: str, letters: Collection[DeadLetter]) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", max_request_size=LARGEST_MESSAGE
    )
    await producer.start()
    try:
        sent = [
            await producer.send(letter.topic, letter.payload, key=letter.key or None)
            for letter in letters
        ]
        for future in sent:
            await future
    finally:
        await producer.stop()


async def _read_letters(bootstrap: str) -> AsyncIterator[DeadLetter]:
    """All letters in the topic at the moment of the call, oldest first; others are logged."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        await consumer.start()
        numbers = range(DEAD_LETTERS.partitions)
        partitions = [TopicPartition(DEAD_LETTERS.name, number) for number in numbers]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            batches = await consumer.getmany(*partitions, timeout_ms=_POLL_MS)
            for messages in batches.values():
                for message in messages:
                    try:
                        yield decode(message.value, {"DeadLetter": DeadLetter})
                    except CodecError as error:
                        _log.warning("letter_unreadable", offset=message.offset, why=str(error))
    finally:
        await consumer.stop()


def _newest_first(letter: DeadLetter) -> tuple[datetime, str]:
    return letter.failed_at, letter.letter_id
