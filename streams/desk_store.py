"""The desk and its learner in Redis: stored together, read where another worker stored them."""

from __future__ import annotations

from typing import Final

from redis.asyncio import Redis

from streams.classify.learner import Learner
from streams.desk_state import DeskState, decode_desk, encode_desk
from streams.identity import identify

DESK_KEY: Final = "lw:learner:desk"
LEARNER_KEY: Final = "lw:learner:state"
VERSION_KEY: Final = "lw:learner:version"
"""Digest of both: tells whether what a worker holds is what is stored."""


class DeskStore:
    """Where the desk of one installation is kept; one worker writes, all read."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._version = b""

    async def newer(self) -> tuple[DeskState, Learner] | None:
        """What is stored, if it is not what this process last read or stored.

        Raises:
            redis.RedisError: Redis cannot be reached.
            msgspec.MsgspecError: another release stored it.
        """
        version = await self._redis.get(VERSION_KEY)
        if version is None or version == self._version:
            return None
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.get(VERSION_KEY)
            pipe.get(DESK_KEY)
            pipe.get(LEARNER_KEY)
            version, desk, learner = await pipe.execute()
        self._version = version
        return decode_desk(desk), Learner.restore(learner) if learner else Learner()

    async def save(self, state: DeskState, learner: Learner) -> None:
        """Store both, together.

        Raises:
            redis.RedisError: whether they were stored is unknown; storing again is safe.
        """
        desk, taught = encode_desk(state), learner.snapshot()
        version = identify(desk.hex(), learner.state).encode()
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(DESK_KEY, desk)
            pipe.set(LEARNER_KEY, taught)
            pipe.set(VERSION_KEY, version)
            await pipe.execute()
        self._version = version
