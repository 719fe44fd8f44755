"""The frontier in Redis: one hash of known postings and one of marks for each source."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

import msgspec
import redis.asyncio as redis_async

from scrapers.frontier import Known, Standing, take_reread
from scrapers.parsing.dates import local_day

_PREFIX = "lw:frontier"
_SOURCES = f"{_PREFIX}:sources"


class Fence(Protocol):
    """What a commit depends on; see `scrapers.push.lease`."""

    async def check(self, pipe: Any) -> None:
        """Watch the right to write, and raise where it has been lost."""


class SourceFrontier:
    """One source's frontier, held in memory and written through to Redis by `commit`.

    Only one process may hold a source's frontier; changes of one run are written atomically.
    Where several may want it, each holds a lease meanwhile, and gives it as the `fence`.
    Another process that publishes a posting hands it over, and the holder adopts it.
    """

    def __init__(
        self, redis: redis_async.Redis, source_id: str, *, fence: Fence | None = None
    ) -> None:
        self._redis: Any = redis  # redis-py types async results as unions with sync ones
        self._fence = fence
        self.source_id = source_id
        self.known: dict[str, Known] = {}
        self.last_run_at: datetime | None = None
        """Event time of the latest successful run."""
        self.listed_at: datetime | None = None
        """Event time of the latest successful run that read the whole listing."""
        self.archive_day = ""
        """The last archived day that was completed (ISO), or ""."""
        self.figures: dict[str, str] = {}
        """Figure last published of each cell, where the source sends tables of a feed."""
        self._figures_changed: dict[str, str] = {}
        self._changed: dict[str, Known] = {}
        self._forgotten: set[str] = set()
        self._adopted: set[str] = set()
        self._whole = False
        """Whether all that was committed is held here."""
        self._missing: set[str] = set()
        self._closing: dict[date, set[str]] = {}

    def suspects(self, now: datetime) -> set[str]:
        """Postings that a listing's presence does not settle: missing before, or past their day."""
        today = local_day(now)
        over = [ids for day, ids in self._closing.items() if day < today]
        return self._missing.union(*over)

    async def load(self) -> None:
        """Read what earlier processes committed, dropping anything held here."""
        decoder = msgspec.json.Decoder(Known)
        stored = await self._redis.hgetall(self._key("known"))
        self.known = {key.decode(): decoder.decode(value) for key, value in stored.items()}
        await self._take_up()
        self._whole = True

    async def load_some(self, posting_ids: Collection[str]) -> None:
        """Read these postings only, and those handed over; enough unless absence is to count."""
        handed = await self._redis.hkeys(self._key("reread"))
        wanted = sorted({*posting_ids, *(field.decode().rpartition("\0")[0] for field in handed)})
        decoder = msgspec.json.Decoder(Known)
        found = await self._redis.hmget(self._key("known"), wanted) if wanted else []
        pairs = zip(wanted, found, strict=True)
        self.known = {key: decoder.decode(value) for key, value in pairs if value is not None}
        self._whole = False
        await self._take_up()

    async def _take_up(self) -> None:
        """Marks and what was handed over, once the known postings have been read."""
        marks = await self._redis.hgetall(self._key("marks"))
        last_run = marks.get(b"last_run_at", b"").decode()
        self.last_run_at = datetime.fromisoformat(last_run) if last_run else None
        listed = marks.get(b"listed_at", b"").decode()
        self.listed_at = datetime.fromisoformat(listed) if listed else None
        self.archive_day = marks.get(b"archive_day", b"").decode()
        self._changed, self._forgotten = {}, set()
        self._missing, self._closing = set(), {}
        self._index(self.known)
        await self.adopt()

    async def load_figures(self, cells: Sequence[str]) -> None:
        """Read which figures were published of some cells."""
        held = await self._redis.hmget(self._key("figures"), cells) if cells else []
        self.figures.update(
            (cell, figure.decode()) for cell, figure in zip(cells, held, strict=True) if figure
        )

    def remember_figure(self, cell: str, figure: str) -> None:
        """Take a published figure into memory; it reaches Redis with the next `commit`."""
        self.figures[cell] = self._figures_changed[cell] = figure

    async def hand_over(self, published: Collection[tuple[str, Known]]) -> None:
        """Tell the holder of postings that this process published from dead letters."""
        encoder = msgspec.json.Encoder()
        fields = {_handed(key, known): encoder.encode(known) for key, known in published}
        if fields:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(self._key("reread"), mapping=fields)
                pipe.sadd(_SOURCES, self.source_id)
                await pipe.execute()

    async def restore_marks(self, last_run_at: datetime, listed_at: datetime | None) -> None:
        """Say when a source was last read, where Redis has lost it and nobody has said it since."""
        listed = listed_at.isoformat() if listed_at else ""
        async with self._redis.pipeline(transaction=True) as pipe:
            for name, value in (("last_run_at", last_run_at.isoformat()), ("listed_at", listed)):
                pipe.hsetnx(self._key("marks"), name, value)
            pipe.sadd(_SOURCES, self.source_id)
            await pipe.execute()

    async def adopt(self) -> None:
        """Take over what was handed over; it is forgotten with the commit that holds it."""
        handed = await self._redis.hgetall(self._key("reread"))
        decoder = msgspec.json.Decoder(Known)
        self._adopted = {field.decode() for field in handed}
        for field in sorted(self._adopted):
            posting_id = field.rpartition("\0")[0]
            reread = decoder.decode(handed[field.encode()])
            known = take_reread(self.known.get(posting_id), reread, self.listed_at)
            if known is not None:
                self.remember({posting_id: known})

    def remember(self, changed: Mapping[str, Known], forgotten: Collection[str] = ()) -> None:
        """Take changes into memory; they reach Redis with the next `commit`."""
        self.known.update(changed)
        self._index(changed)
        self._changed.update(changed)
        self._forgotten.difference_update(changed)
        for posting_id in forgotten:
            known = self.known.pop(posting_id, None)
            self._missing.discard(posting_id)
            if known is not None and known.closes_on in self._closing:
                self._closing[known.closes_on].discard(posting_id)
            self._changed.pop(posting_id, None)
            self._forgotten.add(posting_id)

    def take_changes(self) -> Changes:
        """What has been remembered since the last call, to be committed after its delivery."""
        changes = Changes(
            changed=self._changed,
            forgotten=self._forgotten,
            adopted=self._adopted,
            last_run_at=self.last_run_at,
            listed_at=self.listed_at,
            archive_day=self.archive_day,
            figures=self._figures_changed,
        )
        self._changed, self._forgotten, self._adopted = {}, set(), set()
        self._figures_changed = {}
        return changes

    async def commit(self, changes: Changes) -> None:
        """Write one run's changes atomically. Call only after its records were delivered.

        Where Redis has lost what was committed before, all that is held here is written.

        Raises:
            LeaseLostError, redis.WatchError: another process holds the source now; nothing is
                written.
        """
        encoder = msgspec.json.Encoder()
        lost = self._whole and not await self._redis.exists(self._key("marks"))
        written = self._settled() | changes.changed if lost else changes.changed
        async with self._redis.pipeline(transaction=True) as pipe:
            if self._fence is not None:
                await self._fence.check(pipe)
            if written:
                pipe.hset(
                    self._key("known"),
                    mapping={key: encoder.encode(known) for key, known in written.items()},
                )
            if changes.forgotten:
                pipe.hdel(self._key("known"), *changes.forgotten)
            if changes.adopted:
                pipe.hdel(self._key("reread"), *changes.adopted)
            if changes.figures:
                pipe.hset(self._key("figures"), mapping=dict(changes.figures))
            last_run = changes.last_run_at.isoformat() if changes.last_run_at else ""
            listed = changes.listed_at.isoformat() if changes.listed_at else ""
            marks = {
                "last_run_at": last_run,
                "listed_at": listed,
                "archive_day": changes.archive_day,
            }
            pipe.hset(self._key("marks"), mapping=marks)
            pipe.sadd(_SOURCES, self.source_id)
            await pipe.execute()

    def _settled(self) -> dict[str, Known]:
        """What is held here and does not wait for a delivery."""
        return {key: known for key, known in self.known.items() if key not in self._changed}

    def _index(self, changed: Mapping[str, Known]) -> None:
        for posting_id, known in changed.items():
            if known.misses:
                self._missing.add(posting_id)
            else:
                self._missing.discard(posting_id)
            if known.closes_on is None:
                continue
            if known.standing is Standing.OPEN:
                self._closing.setdefault(known.closes_on, set()).add(posting_id)
            elif known.closes_on in self._closing:
                self._closing[known.closes_on].discard(posting_id)

    def _key(self, part: str) -> str:
        return f"{_PREFIX}:{self.source_id}:{part}"


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """One run's changes of a frontier."""

    changed: dict[str, Known]
    forgotten: set[str]
    adopted: set[str]
    """Fields handed over by other processes that these changes include."""
    last_run_at: datetime | None
    listed_at: datetime | None
    archive_day: str
    figures: Mapping[str, str] = {}


def _handed(posting_id: str, known: Known) -> str:
    """Each reading again has a field of its own, sorted by time, so that none hides another."""
    return f"{posting_id}\0{known.last_seen_at.isoformat()}"


async def sources_with_frontier(redis: redis_async.Redis) -> list[str]:
    """Sources that have ever committed a frontier, sorted."""
    client: Any = redis
    return sorted(member.decode() for member in await client.smembers(_SOURCES))
