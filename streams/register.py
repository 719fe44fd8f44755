"""The vacancy register in Redis: blocks read, changed and stored as one transaction per batch.

Two kinds of key: `lw:dedup:block:<name>` holds all that is known of one employer, and
`lw:dedup:at:<posting>` the name of the block in which a posting is kept. A posting stays where it
was first seen, so that a corrected employer name does not make it a second vacancy.

Blocks are watched while they are decided. If another worker stored one meanwhile (it has just taken
over our partition, or we have its), nothing of ours is stored and the batch is decided afresh.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from streams.identity import identify
from streams.intake import Arrival
from streams.settle import Settlement
from streams.state import Block, decode_block, encode_block

BLOCK_PREFIX: Final = "lw:dedup:block:"
PLACE_PREFIX: Final = "lw:dedup:at:"
ABANDONED: Final = timedelta(days=400)
"""An employer of whom nothing was heard for so long is forgotten. What is old within a block goes
by event time, earlier; this only clears away blocks that nobody touches any more."""
_MOST_ATTEMPTS: Final = 20
_WORTH_KEEPING: Final = 2_000  # bytes; a smaller block is decoded sooner than looked up
_MOST_KEPT: Final = 500
# Hundreds of keys in one command, each with its time to live, which MSET cannot set.
_STORE: Final = """
for place, key in ipairs(KEYS) do
  redis.call('SET', key, ARGV[place + 1], 'EX', ARGV[1])
end
"""

Settle = Callable[[Sequence[Arrival], Sequence[str], Mapping[str, Block]], Settlement]


class RegisterContendedError(RuntimeError):
    """Other workers kept changing the same blocks: two workers own one partition."""


class Register:
    """The register behind one Redis connection pool."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        # Blocks as this process last stored them, with their bytes: what is read back unchanged
        # need not be decoded. Large employers stand in every batch.
        self._decoded: OrderedDict[str, tuple[bytes, Block]] = OrderedDict()

    async def transact(self, arrivals: Sequence[Arrival], settle: Settle) -> Settlement:
        """Let `settle` decide `arrivals` on their blocks, and store what it changed.

        On return the decisions are stored. If `settle` raises, nothing is stored.

        Raises:
            RegisterContendedError: the blocks changed under us again and again.
            redis.RedisError: Redis cannot be reached; whether the decisions were stored is unknown,
                and deciding the same records again is safe.
        """
        for _ in range(_MOST_ATTEMPTS):
            try:
                return await self._attempt(arrivals, settle)
            except WatchError:
                continue
        raise RegisterContendedError(
            f"{_MOST_ATTEMPTS} attempts at a batch of {len(arrivals)} records"
        )

    async def _attempt(self, arrivals: Sequence[Arrival], settle: Settle) -> Settlement:
        places = [_place_key(arrival.record.posting_key) for arrival in arrivals]
        async with self._redis.pipeline(transaction=True) as pipe:
            await pipe.watch(*set(places))
            known = _raw(await pipe.mget(places))
            names = [
                place.hex() if place else arrival.block
                for place, arrival in zip(known, arrivals, strict=True)
            ]
            wanted = list(dict.fromkeys(names))
            keys = [BLOCK_PREFIX + name for name in wanted]
            await pipe.watch(*keys)
            stored = _raw(await pipe.mget(keys))
            blocks = {
                name: self._block(name, data) for name, data in zip(wanted, stored, strict=True)
            }
            settlement = settle(arrivals, names, blocks)
            already = {key for key, place in zip(places, known, strict=True) if place}
            pipe.multi()  # type: ignore[no-untyped-call]
            encoded = _store(pipe, settlement, already)
            await pipe.execute()
        for name, data in encoded.items():
            self._remember(name, data, settlement.changed[name])
        return settlement

    def _block(self, name: str, data: bytes | None) -> Block:
        """The block in `data`. What is kept is given out once: `settle` changes it in place."""
        kept = self._decoded.pop(name, None)
        return kept[1] if kept is not None and kept[0] == data else decode_block(data)

    def _remember(self, name: str, data: bytes, block: Block) -> None:
        if len(data) < _WORTH_KEEPING:
            return
        self._decoded[name] = (data, block)
        if len(self._decoded) > _MOST_KEPT:
            self._decoded.popitem(last=False)


def _raw(values: Sequence[bytes | str | None]) -> list[bytes | None]:
    """Values as stored; the client must not be one that decodes them to text."""
    return [None if value is None else _as_bytes(value) for value in values]


def _as_bytes(value: bytes | str) -> bytes:
    if isinstance(value, str):
        raise TypeError("the register needs a Redis client with decode_responses=False")
    return value


def _store(pipe: Pipeline, settlement: Settlement, already: set[str]) -> dict[str, bytes]:
    """Queue the commands that store `settlement`; `pipe` is in its transaction.

    Returns:
        The blocks stored, by name.
    """
    dropped = [_place_key(posting_key) for posting_key in settlement.dropped]
    stored: dict[str, bytes] = {}
    encoded: dict[str, bytes] = {}
    for name, block in settlement.changed.items():
        if block.postings:
            encoded[name] = stored[BLOCK_PREFIX + name] = encode_block(block)
        else:
            dropped.append(BLOCK_PREFIX + name)
    for posting_key, name in settlement.placed.items():
        key = _place_key(posting_key)
        if key not in already:
            stored[key] = bytes.fromhex(name)
    if dropped:
        pipe.delete(*dropped)
    if stored:
        lifetime = str(int(ABANDONED.total_seconds()))
        pipe.eval(_STORE, len(stored), *stored, lifetime, *stored.values())
    return encoded


def _place_key(posting_key: str) -> str:
    return PLACE_PREFIX + identify(posting_key)[:16]
