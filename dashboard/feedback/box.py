"""Where feedback waits until the warehouse has it: nothing is lost while the warehouse is away.

It is taken once Redis holds it. Whoever stores it first takes it out after the warehouse has
acknowledged; stored twice it counts once, since each has an identity.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, cast

import msgspec
import redis
import structlog
from clickhouse_connect.driver.exceptions import Error

from warehouse.client import connect
from warehouse.feedback import Feedback, write_feedback

if TYPE_CHECKING:
    from config.settings import Settings

OUTBOX: Final = "lw:feedback:outbox"
UNREADABLE: Final = "lw:feedback:unreadable"
MOST_WAITING: Final = 5_000
"""What waits while the warehouse is away for long; more is refused, and the sender told so."""
EVERY_S: Final = 5.0
_BATCH: Final = 200
_LOG: Final = structlog.get_logger("feedback")


class BoxFullError(RuntimeError):
    """More waits to be stored than is kept."""


class FeedbackBox:
    """The box in Redis. Blocking; nothing is connected before the first use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis = redis.Redis.from_url(settings.redis_url, socket_timeout=5)

    def put(self, one: Feedback) -> None:
        """Keep feedback; the same again changes nothing.

        Raises:
            BoxFullError: too much waits.
            redis.RedisError: it is not kept.
        """
        if self._redis.hlen(OUTBOX) >= MOST_WAITING:
            raise BoxFullError(f"{MOST_WAITING} wait to be stored")
        self._redis.hsetnx(OUTBOX, one.feedback_id, msgspec.json.encode(one).decode())

    def holds(self, feedback_id: str) -> bool:
        """Whether it still waits.

        Raises:
            redis.RedisError: not known.
        """
        return bool(self._redis.hexists(OUTBOX, feedback_id))

    def store(self) -> int:
        """Store what waits; how many.

        Raises:
            redis.RedisError: nothing was stored.
            clickhouse_connect.driver.exceptions.Error: it goes on waiting.
        """
        held = self._readable()
        if not held:
            return 0
        names = sorted(held)
        with connect(self._settings) as client:
            for batch in (names[at : at + _BATCH] for at in range(0, len(names), _BATCH)):
                write_feedback(client, [held[name] for name in batch])
                self._redis.hdel(OUTBOX, *batch)
        return len(names)

    async def run(self) -> None:
        """Store every few seconds until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await asyncio.to_thread(self.store)
            except (redis.RedisError, Error, OSError) as error:
                _LOG.warning("feedback_waits", why=repr(error))

    def _readable(self) -> dict[str, Feedback]:
        """What waits by its identity; what cannot be read is set aside."""
        held = cast("dict[bytes, bytes]", self._redis.hgetall(OUTBOX))
        found: dict[str, Feedback] = {}
        for name, content in held.items():
            try:
                found[name.decode()] = msgspec.json.decode(content, type=Feedback)
            except msgspec.DecodeError as error:
                self._set_aside(name, content, str(error))
        return found

    def _set_aside(self, name: bytes, content: bytes, why: str) -> None:
        """What an older version wrote otherwise is kept apart, not lost and not in the way."""
        with self._redis.pipeline() as pipe:
            pipe.hset(UNREADABLE, name.decode(), content.decode("utf-8", "replace"))
            pipe.hdel(OUTBOX, name.decode())
            pipe.execute()
        _LOG.error("feedback_unreadable", feedback=name.decode(), why=why)
