"""Storing a rebuilt register in Redis, so that a half of it is never taken for the whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final, TypeVar

from redis.asyncio import Redis

from streams.lost import REBUILDER, REBUILDING
from streams.nearby import Address
from streams.rebuilt import Rebuilt
from streams.register import queue_storing
from streams.settle import Settlement
from streams.state import Block, millis

_PREFIX: Final = "lw:dedup:"
_TOGETHER: Final = 500
"""Blocks, buckets or keys in one command."""
_KEPT: Final = frozenset((REBUILDING.encode(), REBUILDER.encode()))
_Item = TypeVar("_Item")


async def store_rebuilt(redis: Redis, rebuilt: Rebuilt, newest: datetime, now: datetime) -> None:
    """Put `rebuilt` in the place of whatever is left of the register; `begin` leaves the mark.

    Until then it is known to be a part, whoever dies meanwhile.

    Args:
        newest: event time of what was decided last: what was old then has been left out.
        now: when the rebuilding began.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    await redis.set(REBUILDING, now.isoformat())
    async for keys in _leftovers(redis):
        await redis.unlink(*keys)
    at_home: dict[str, list[str]] = {}
    for posting_key, name in rebuilt.placed.items():
        at_home.setdefault(name, []).append(posting_key)
    for names in _in_parts(list(at_home)):
        changed = {name: rebuilt.blocks[name] for name in names}
        for block in changed.values():
            block.swept = millis(newest)
        placed = {posting_key: name for name in names for posting_key in at_home[name]}
        await _store(redis, changed=changed, placed=placed)
    for added in _in_parts(rebuilt.added()):
        await _store(redis, added=added)


async def _store(
    redis: Redis,
    *,
    changed: Mapping[str, Block] = MappingProxyType({}),
    placed: Mapping[str, str] = MappingProxyType({}),
    added: Sequence[tuple[Address, bytes]] = (),
) -> None:
    settlement = Settlement(
        answers=(), changed=changed, placed=placed, dropped=frozenset(), added=added
    )
    async with redis.pipeline(transaction=True) as pipe:
        queue_storing(pipe, settlement)
        await pipe.execute()


async def _leftovers(redis: Redis) -> AsyncIterator[list[bytes]]:
    """Keys of a register, some at a time; not those that tell of its rebuilding."""
    found: list[bytes] = []
    async for key in redis.scan_iter(match=f"{_PREFIX}*", count=_TOGETHER):
        if key not in _KEPT:
            found.append(key)
        if len(found) == _TOGETHER:
            yield found
            found = []
    if found:
        yield found


def _in_parts(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    return (items[first : first + _TOGETHER] for first in range(0, len(items), _TOGETHER))
