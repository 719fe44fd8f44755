"""One batch of messages from bytes to outgoing messages; a culprit is found by halving.

The order is: read (decode, normalise, redact), decide and classify in one register transaction,
and only then tell. What was stored but not told is told when the messages come again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from config.topics import DEAD_LETTERS, POSTINGS, VACANCIES, Topic
from scrapers.items import DeadLetter, Stage
from scrapers.tracing import trace_of
from streams.answers import Answer
from streams.codec import encode
from streams.deadletters import make_letter
from streams.decisions import Outcome
from streams.intake import Arrival, Unusable, read
from streams.register import Register
from streams.settle import Settling, StageError, faults_of
from streams.unpack import Incoming, singles

_log = structlog.get_logger(__name__)
_WITHOUT_EFFECT: Final = {
    Outcome.UNKNOWN_POSTING: (
        "withdrawal_without_posting",
        "the posting withdrawn was not known to the register at that time",
    ),
    Outcome.NOTHING_TO_CORRECT: (
        "correction_without_effect",
        "a posting named is not known to the register, or the link is already as asked for",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A message to be published."""

    topic: str
    key: bytes
    payload: bytes


@dataclass(slots=True, kw_only=True)
class Result:
    """What a batch leads to: messages to publish, and counts by outcome or reason."""

    outgoing: list[Outgoing] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    """Records refused for what they are; withdrawals of unknown postings are not among them."""


class BatchProcess:
    """Processes batches in order; the clock is given and used for latency and letters only."""

    def __init__(
        self,
        register: Register,
        settling: Settling,
        clock: Callable[[], datetime],
        topic: Topic = POSTINGS,
    ) -> None:
        """`topic` is the one from which the messages come, and to which letters go back."""
        self._register = register
        self._settling = settling
        self._clock = clock
        self._topic = topic

    async def process(self, messages: Sequence[Incoming]) -> Result:
        """Decide all of `messages` and store the decisions.

        Bad messages become dead letters; one never takes others with it.

        Raises:
            redis.RedisError, RegisterContendedError: nothing may be acknowledged.
        """
        now = self._clock()
        result = Result()
        usable: list[tuple[Incoming, Arrival]] = []
        for message in (single for packed in messages for single in singles(packed)):
            arrival = _read_safely(message)
            if isinstance(arrival, Arrival):
                usable.append((message, arrival))
            else:
                _refuse(result, message, arrival, now, self._topic)
        await self._decide(usable, result, now)
        return result

    async def told(self) -> None:
        """What the last batch led to is published; the register has it already."""

    async def _decide(
        self, usable: Sequence[tuple[Incoming, Arrival]], result: Result, now: datetime
    ) -> None:
        if not usable:
            return
        arrivals = [arrival for _, arrival in usable]
        settle = partial(self._settling.settle, processed_at=now)
        try:
            settlement = await self._register.transact(arrivals, settle)
        except StageError as error:
            if len(usable) == 1:
                culprit = _unforeseen(error, arrivals[0])
                _refuse(result, usable[0][0], culprit, now, self._topic)
                return
            middle = len(usable) // 2
            await self._decide(usable[:middle], result, now)
            await self._decide(usable[middle:], result, now)
            return
        _tell(result, usable, settlement.answers, now, self._topic)


def _read_safely(message: Incoming) -> Arrival | Unusable:
    try:
        with faults_of(Stage.NORMALISE):
            return read(message.payload)
    except StageError as error:
        return _unforeseen(error, None)


def _tell(
    result: Result,
    usable: Iterable[tuple[Incoming, Arrival]],
    answers: Iterable[Answer],
    now: datetime,
    topic: Topic,
) -> None:
    for (message, arrival), answer in zip(usable, answers, strict=True):
        result.counts[answer.outcome.value] += 1
        if answer.update is not None:
            result.outgoing.append(
                Outgoing(
                    topic=VACANCIES.name,
                    key=answer.update.vacancy_id.encode(),
                    payload=encode(answer.update),
                )
            )
        elif answer.outcome in _WITHOUT_EFFECT:
            reason, detail = _WITHOUT_EFFECT[answer.outcome]
            _add(result, _unmatched(message, arrival, reason, detail, now, topic))


def _refuse(
    result: Result, message: Incoming, unusable: Unusable, now: datetime, topic: Topic
) -> None:
    result.refused += 1
    result.counts[unusable.reason] += 1
    known = unusable.posting_id
    trace = trace_of(f"{unusable.source_id}:{known}") if known else ""
    _log.info("record_refused", trace=trace, stage=unusable.stage.value, reason=unusable.reason)
    _add(
        result,
        make_letter(
            unusable.stage,
            unusable.reason,
            unusable.detail,
            topic=topic.name,
            key=message.key,
            payload=message.payload,
            failed_at=now,
            event_time=unusable.event_time,
            source_id=unusable.source_id,
            posting_id=unusable.posting_id,
        ),
    )


def _unmatched(
    message: Incoming,
    arrival: Arrival,
    reason: str,
    detail: str,
    now: datetime,
    topic: Topic,
) -> DeadLetter:
    """A record about a posting that never came, was itself refused, or is not as it says."""
    record = arrival.record
    return make_letter(
        Stage.DEDUPLICATE,
        reason,
        detail,
        topic=topic.name,
        key=message.key,
        payload=message.payload,
        failed_at=now,
        event_time=arrival.event_time,
        source_id=record.source_id,
        posting_id=record.posting_id,
    )


def _unforeseen(error: StageError, arrival: Arrival | None) -> Unusable:
    """The culprit of a fault. The error's text is left out: it can quote the record."""
    detail = f"{type(error.cause).__name__} that no rule foresees; report it as a defect"
    if arrival is None:
        return Unusable(stage=error.stage, reason="unforeseen", detail=detail)
    return Unusable(
        stage=error.stage,
        reason="unforeseen",
        detail=detail,
        source_id=arrival.record.source_id,
        posting_id=arrival.record.posting_id,
        event_time=arrival.event_time,
    )


def _add(result: Result, letter: DeadLetter) -> None:
    result.outgoing.append(
        Outgoing(topic=DEAD_LETTERS.name, key=letter.letter_id.encode(), payload=encode(letter))
    )
