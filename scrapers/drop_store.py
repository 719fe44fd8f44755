"""What is remembered of dropped files, in Redis: each is read once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
import redis.asyncio as redis_async

_PREFIX = "lw:drop"


class FileRead(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was read or refused."""

    mark: str
    """Size and time of change."""
    digest: str
    """Of its bytes."""
    declared: str
    """Digest of the declaration under which it was read: refused files are tried under another."""
    refused: bool
    read_at: datetime


class DropMemory:
    """Files of one source: by name while they lie there, by content for ever."""

    def __init__(self, redis: redis_async.Redis, source_id: str) -> None:
        self._redis: Any = redis  # redis-py types async results as unions with sync ones
        self._files = f"{_PREFIX}:{source_id}:files"
        self._contents = f"{_PREFIX}:{source_id}:contents"

    async def files(self) -> dict[str, FileRead]:
        """What is known of the files by name."""
        decoder = msgspec.json.Decoder(FileRead)
        stored = await self._redis.hgetall(self._files)
        return {name.decode(): decoder.decode(value) for name, value in stored.items()}

    async def was_read(self, digest: str) -> bool:
        """Whether a file of this content has been read and taken."""
        return bool(await self._redis.hexists(self._contents, digest))

    async def remember(self, name: str, read: FileRead) -> None:
        """Keep that a file was read. Call only after its records were delivered."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(self._files, name, msgspec.json.encode(read))
            if not read.refused:
                pipe.hset(self._contents, read.digest, name)
            await pipe.execute()

    async def forget(self, names: Collection[str]) -> None:
        """Drop names that no longer lie there; their contents stay known."""
        if names:
            await self._redis.hdel(self._files, *names)
