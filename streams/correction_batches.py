"""One batch of corrections: judged and learned at the desk, carried out in the register, told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from config.topics import CORRECTION_DECISIONS
from streams.batches import BatchProcess, Outgoing, Result
from streams.classify.learning_coder import LearningCoder
from streams.codec import encode
from streams.desk import Desk
from streams.desk_store import DeskStore
from streams.intake import Arrival, read
from streams.opinions import Correction, CorrectionDecision, Standing
from streams.unpack import Incoming

_ALARMING = frozenset((Standing.BLOCKED, Standing.QUARANTINED))
_log = structlog.get_logger(__name__)


class CorrectionProcess:
    """Processes batches of the topic `corrections` in order.

    The desk is stored only after its decisions are told (`told`): a crash before that judges the
    same records again from the same state, with the same decisions.
    """

    def __init__(
        self, batches: BatchProcess, desk: Desk, store: DeskStore, coder: LearningCoder
    ) -> None:
        self._batches = batches
        self._desk = desk
        self._store = store
        self._coder = coder
        self._at_work = False

    async def keep_up(self) -> None:
        """Serve what another worker has stored; nothing while a batch of ours is under way.

        Raises:
            redis.RedisError: Redis cannot be reached.
        """
        if not self._at_work:
            await self._refresh()

    async def _refresh(self) -> None:
        found = await self._store.newer()
        if found is not None:
            self._desk.state, self._desk.learner = found
            self._coder.serve(self._desk.learner)
            _log.info("learner_restored", state=self._desk.learner.state)

    async def process(self, messages: Sequence[Incoming]) -> Result:
        """Judge, carry out and tell; bad messages become dead letters.

        Raises:
            redis.RedisError, RegisterContendedError: nothing may be acknowledged.
        """
        self._at_work = True
        await self._refresh()
        read_of = [(message, _correction_in(message)) for message in messages]
        said = [correction for _, correction in read_of if correction is not None]
        session = await asyncio.to_thread(self._desk.sit, said)
        self._coder.serve(self._desk.learner)
        acting = [
            message
            for message, correction in read_of
            if correction is None or correction.correction_id not in session.blocked
        ]
        result = await self._batches.process(acting)
        for decision in session.decisions:
            result.counts[decision.standing.value] += 1
            result.outgoing.append(_outgoing(decision))
            if decision.standing in _ALARMING:
                _log.warning(
                    "corrections_need_an_operator",
                    officer=decision.officer,
                    standing=decision.standing.value,
                    reason=decision.reason,
                    detail=decision.detail,
                )
        return result

    async def told(self) -> None:
        """All of the last batch is published: remember it.

        Raises:
            redis.RedisError: nothing may be acknowledged.
        """
        await self._store.save(self._desk.state, self._desk.learner)
        self._at_work = False


def _correction_in(message: Incoming) -> Correction | None:
    """The usable correction in `message`; what is none is refused further on."""
    arrival = read(message.payload)
    if isinstance(arrival, Arrival) and isinstance(arrival.record, Correction):
        return arrival.record
    return None


def _outgoing(decision: CorrectionDecision) -> Outgoing:
    return Outgoing(
        topic=CORRECTION_DECISIONS.name,
        key=decision.correction_id.encode(),
        payload=encode(decision),
    )
