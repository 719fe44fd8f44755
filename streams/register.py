"""The vacancy register in Redis: blocks read, changed and stored as one transaction per batch.

Three kinds of key: `lw:dedup:block:<name>` holds all that is known of one employer,
`lw:dedup:at:<posting>` the name of the block in which a posting is kept, and
`lw:dedup:near:<generation>:<shard>` buckets by which vacancies of other blocks are found. A posting
stays where it was first seen, so that a corrected employer name does not make it a second vacancy.

Blocks are watched while they are decided. If another worker stored one meanwhile (it has just taken
over our partition, or we have its), nothing of ours is stored and the batch is decided afresh.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from streams.identity import identify
from streams.intake import Arrival
from streams.lost import BEGUN, RegisterLostError
from streams.nearby import MOST_BLOCKS, NAME_BYTES, Address, Nearby, Probe
from streams.settle import Settlement
from streams.state import Block, decode_block, encode_block

BLOCK_PREFIX: Final = "lw:dedup:block:"
PLACE_PREFIX: Final = "lw:dedup:at:"
NEARBY_PREFIX: Final = "lw:dedup:near:"
FORGOTTEN_AFTER: Final = 3
"""Generations of buckets, by event time."""
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

# Bucket by bucket: the block's name goes in where it is not yet, the oldest goes where they become
# too many, and the generation that nobody looks into any more is dropped. Commutes with itself.
_ADD: Final = """
local size, most = tonumber(ARGV[2]), tonumber(ARGV[3])
for place, key in ipairs(KEYS) do
  local field, name = ARGV[3 * place + 1], ARGV[3 * place + 2]
  local names = redis.call('HGET', key, field) or ''
  local known = false
  for start = 1, #names, size do
    known = known or string.sub(names, start, start + size - 1) == name
  end
  if not known then
    names = string.sub(names .. name, -size * most)
    redis.call('HSET', key, field, names)
    redis.call('EXPIRE', key, ARGV[1])
    redis.call('UNLINK', ARGV[3 * place + 3])
  end
end
"""
_LOOK: Final = """
local found = {}
for place, key in ipairs(KEYS) do
  found[place] = redis.call('HGET', key, ARGV[place])
end
return found
"""

Settle = Callable[..., Settlement]
"""`settle(arrivals, block names, blocks)`, with `Nearby` as a fourth where there is a probe."""


class RegisterContendedError(RuntimeError):
    """Other workers kept changing the same blocks: two workers own one partition."""


class Register:
    """The register behind one Redis connection pool."""

    def __init__(
        self,
        redis: Redis,
        probe: Callable[[Arrival], Probe | None] | None = None,
        *,
        begun: bool = False,
    ) -> None:
        """`probe` tells what to look for in other blocks; without it nothing is.

        Args:
            begun: the mark `BEGUN` was left; nothing is decided any more when it is gone.
        """
        self._redis = redis
        self._marks = [BEGUN] if begun else []
        self._probe = probe
        # Blocks as this process last stored them, with their bytes: what is read back unchanged
        # need not be decoded. Large employers stand in every batch.
        self._decoded: OrderedDict[str, tuple[bytes, Block]] = OrderedDict()

    async def transact(self, arrivals: Sequence[Arrival], settle: Settle) -> Settlement:
        """Let `settle` decide `arrivals` on their blocks, and store what it changed.

        On return the decisions are stored. If `settle` raises, nothing is stored.

        Raises:
            RegisterContendedError: the blocks changed under us again and again.
            RegisterLostError: Redis was flushed, or another one answers.
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
            also = [_place_key(arrival.also) for arrival in arrivals if arrival.also]
            await pipe.watch(*places, *also, *self._marks)
            found = _raw(await pipe.mget([*places, *also, *self._marks]))
            if None in found[len(places) + len(also) :]:
                raise RegisterLostError
            known = found[: len(places)]
            names = [
                place.hex() if place else arrival.block
                for place, arrival in zip(known, arrivals, strict=True)
            ]
            moved = found[len(places) : len(places) + len(also)]
            others = [place.hex() for place in moved if place]
            blocks = await self._watched(pipe, [*names, *others])
            nearby = await self._nearby(pipe, arrivals, known)
            if nearby is None:
                settlement = settle(arrivals, names, blocks)
            else:
                seen = await self._others(pipe, nearby, names, blocks)
                settlement = settle(arrivals, names, blocks, nearby)
                await _verify(pipe, seen, settlement)
                self._keep(seen, blocks, settlement)
            already = {key for key, place in zip(places, known, strict=True) if place}
            pipe.multi()  # type: ignore[no-untyped-call]
            encoded = queue_storing(pipe, settlement, already)
            await pipe.execute()
        for name, data in encoded.items():
            self._remember(name, data, settlement.changed[name])
        return settlement

    async def _watched(self, pipe: Pipeline, names: Sequence[str]) -> dict[str, Block]:
        wanted = list(dict.fromkeys(names))
        await pipe.watch(*(BLOCK_PREFIX + name for name in wanted))
        stored = _raw(await pipe.mget([BLOCK_PREFIX + name for name in wanted]))
        return {name: self._block(name, data) for name, data in zip(wanted, stored, strict=True)}

    async def _nearby(
        self, pipe: Pipeline, arrivals: Sequence[Arrival], known: Sequence[bytes | None]
    ) -> Nearby | None:
        """Probes of the postings that are new, and what their buckets hold."""
        if self._probe is None:
            return None
        probes = {
            number: probe
            for number, (arrival, place) in enumerate(zip(arrivals, known, strict=True))
            if place is None and (probe := self._probe(arrival)) is not None
        }
        wanted = list(
            dict.fromkeys(
                address for probe in probes.values() for address in (*probe.present, *probe.past)
            )
        )
        if not wanted:
            return Nearby(probes=probes, found={})
        keys = [_shard_key(generation, shard) for generation, shard, _ in wanted]
        held = await pipe.eval(_LOOK, len(keys), *keys, *(field for _, _, field in wanted))
        found = {address: data for address, data in zip(wanted, held, strict=True) if data}
        return Nearby(probes=probes, found=found)

    async def _others(
        self, pipe: Pipeline, nearby: Nearby, homes: Sequence[str], blocks: dict[str, Block]
    ) -> dict[str, bytes | None]:
        """Read the blocks that probes found into `blocks`; returns them as stored.

        They are not watched: of many that are looked at few are joined, and only those must not
        have changed (`_verify`).
        """
        near = (name for n in nearby.probes for name in nearby.around(n, homes[n]))
        wanted = [name for name in dict.fromkeys(near) if name not in blocks]
        if not wanted:
            return {}
        stored = _raw(await pipe.mget([BLOCK_PREFIX + name for name in wanted]))
        for name, data in zip(wanted, stored, strict=True):
            blocks[name] = self._block(name, data)
        return dict(zip(wanted, stored, strict=True))

    def _block(self, name: str, data: bytes | None) -> Block:
        """The block in `data`. What is kept is given out once: `settle` changes it in place."""
        kept = self._decoded.pop(name, None)
        return kept[1] if kept is not None and kept[0] == data else decode_block(data)

    def _keep(
        self,
        seen: Mapping[str, bytes | None],
        blocks: Mapping[str, Block],
        settlement: Settlement,
    ) -> None:
        """Blocks that were looked at and left as they were need not be decoded again."""
        for name, data in seen.items():
            if data is not None and name not in settlement.changed:
                self._remember(name, data, blocks[name])

    def _remember(self, name: str, data: bytes, block: Block) -> None:
        if len(data) < _WORTH_KEEPING:
            return
        self._decoded[name] = (data, block)
        if len(self._decoded) > _MOST_KEPT:
            self._decoded.popitem(last=False)


async def _verify(pipe: Pipeline, seen: Mapping[str, bytes | None], settlement: Settlement) -> None:
    """Watch the blocks of others that are joined; begin again if one has changed meanwhile."""
    joined = [name for name in settlement.changed if name in seen]
    if not joined:
        return
    keys = [BLOCK_PREFIX + name for name in joined]
    await pipe.watch(*keys)
    if _raw(await pipe.mget(keys)) != [seen[name] for name in joined]:
        raise WatchError("a block read without a watch has changed")


def _raw(values: Sequence[bytes | str | None]) -> list[bytes | None]:
    """Values as stored; the client must not be one that decodes them to text."""
    return [None if value is None else _as_bytes(value) for value in values]


def _as_bytes(value: bytes | str) -> bytes:
    if isinstance(value, str):
        raise TypeError("the register needs a Redis client with decode_responses=False")
    return value


def queue_storing(
    pipe: Pipeline, settlement: Settlement, already: Collection[str] = ()
) -> dict[str, bytes]:
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
        if key not in already or posting_key in settlement.moved:
            stored[key] = bytes.fromhex(name)
    if dropped:
        pipe.delete(*dropped)
    if stored:
        lifetime = str(int(ABANDONED.total_seconds()))
        pipe.eval(_STORE, len(stored), *stored, lifetime, *stored.values())
    if settlement.added:
        _leave(pipe, settlement.added)
    return encoded


def _leave(pipe: Pipeline, added: Sequence[tuple[Address, bytes]]) -> None:
    keys = [_shard_key(generation, shard) for (generation, shard, _), _ in added]
    entries = [
        part
        for (generation, shard, field), name in added
        for part in (field, name, _shard_key(generation - FORGOTTEN_AFTER, shard))
    ]
    lifetime = int(ABANDONED.total_seconds())
    pipe.eval(_ADD, len(keys), *keys, lifetime, NAME_BYTES, MOST_BLOCKS, *entries)


def _shard_key(generation: int, shard: int) -> str:
    return f"{NEARBY_PREFIX}{generation}:{shard}"


def _place_key(posting_key: str) -> str:
    return PLACE_PREFIX + identify(posting_key)[:16]
