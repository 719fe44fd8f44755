"""A register and frontiers that Redis has lost, rebuilt from the warehouse without hands.

The stream worker calls it where it starts, before it decides anything; the crawler waits meanwhile.
What the warehouse holds is whole once the loader has read all that the stream told. Accounts
and tokens are only in Redis: they come back from a backup.
"""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError

from alerts.progress import BrokerPositions, has_reached
from config.settings import Settings
from config.topics import CORRECTIONS, LOADER_GROUP, VACANCIES
from labourwatch.rebuilt_frontiers import Runs, hand_over_frontiers
from streams.beginning import begin, ensure_register
from streams.lost import BEGUN, REBUILDER, RegisterLostError
from streams.rebuilding import store_rebuilt
from streams.rebuilt import Rebuilt
from streams.worker import connect_register
from warehouse.client import connect
from warehouse.decided import (
    Horizon,
    StoredPosting,
    horizon,
    last_runs,
    remembered_postings,
    remembered_vacancies,
)

_LOCK_S: Final = 120.0
"""A worker that dies over it holds up the next one no longer."""
_LOADED_S: Final = 3.0
"""For which the loader must have read everything: another worker may just be publishing."""
_PATIENCE_S: Final = 600.0
_AGAIN_S: Final = 1.0

_log = structlog.get_logger(__name__)


class NotRebuiltError(RuntimeError):
    """The register could not be rebuilt now; the message says why. A restart tries again."""


async def rebuild_if_lost(settings: Settings) -> bool:
    """See to it that the register is there; whether it had to be rebuilt.

    Raises:
        RegisterLostError: it is lost, and the warehouse holds nothing of it.
        NotRebuiltError: the loader is behind, or another worker is at it, for ten minutes.
        redis.RedisError, aiokafka.errors.KafkaError, clickhouse_connect.driver.exceptions.Error: a
            server does not answer.
    """
    redis = connect_register(settings.redis_url)
    try:
        await ensure_register(redis, settings.bootstrap_servers, datetime.now(UTC))
    except RegisterLostError as lost:
        _log.warning("register_lost", why=str(lost))
        return await _rebuild_alone(settings, redis, lost)
    finally:
        await redis.aclose()
    return False


async def wait_for_register(settings: Settings) -> None:
    """Return once the register is there: what is crawled before would be read from its beginning.

    Raises:
        redis.RedisError, aiokafka.errors.KafkaError: a server does not answer.
    """
    redis = connect_register(settings.redis_url)
    told = False
    try:
        while True:
            try:
                await ensure_register(redis, settings.bootstrap_servers, datetime.now(UTC))
            except RegisterLostError:
                if not told:
                    _log.warning("crawl_waits", why="the register is lost and being rebuilt")
                    told = True
                await asyncio.sleep(_AGAIN_S)
            else:
                return
    finally:
        await redis.aclose()


async def _rebuild_alone(settings: Settings, redis: Redis, lost: RegisterLostError) -> bool:
    lock = redis.lock(REBUILDER, timeout=_LOCK_S, blocking_timeout=_PATIENCE_S)
    if not await lock.acquire():
        raise NotRebuiltError(f"another worker has been rebuilding for {_PATIENCE_S:.0f} s")
    renewing = asyncio.create_task(_renew(lock))
    try:
        if await redis.exists(BEGUN):
            return False
        await _rebuild(settings, redis, lost)
        if not await lock.owned():
            raise NotRebuiltError("the lock was lost meanwhile: Redis was flushed again, or slow")
        await begin(redis, datetime.now(UTC))
        return True
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)
        with suppress(LockError):  # lost: nothing to release
            await lock.release()


async def _renew(lock: Lock) -> None:
    while True:
        await asyncio.sleep(_LOCK_S / 4)
        await lock.extend(_LOCK_S, replace_ttl=True)


async def _rebuild(settings: Settings, redis: Redis, lost: RegisterLostError) -> None:
    await _until_loaded(settings.bootstrap_servers)
    found = await asyncio.to_thread(_read, settings)
    if found is None:
        raise lost
    known, rebuilt, open_postings, runs = found
    if (now_open := rebuilt.open_vacancies()) != known.open:
        _log.warning("register_differs", open_by_events=known.open, open_by_postings=now_open)
    await store_rebuilt(redis, rebuilt, known.newest, datetime.now(UTC))
    handed = await hand_over_frontiers(redis, settings.sources_dir, open_postings, runs)
    _log.info(
        "register_rebuilt",
        vacancies=known.vacancies,
        open=now_open,
        postings=len(rebuilt.placed),
        handed_to_the_crawler=handed,
        newest=known.newest.isoformat(),
    )


async def _until_loaded(bootstrap: str) -> None:
    """Return once the loader has read all that the stream told, for a few seconds on end."""
    positions = BrokerPositions(bootstrap=bootstrap)
    clock = asyncio.get_running_loop().time
    deadline, since = clock() + _PATIENCE_S, None
    while clock() < deadline:
        loaded = [await _is_loaded(positions, topic.name) for topic in (VACANCIES, CORRECTIONS)]
        since = (since if since is not None else clock()) if all(loaded) else None
        if since is not None and clock() - since >= _LOADED_S:
            return
        await asyncio.sleep(_AGAIN_S)
    raise NotRebuiltError(f"the loader has been behind for {_PATIENCE_S:.0f} s: see `load-lag`")


async def _is_loaded(positions: BrokerPositions, topic: str) -> bool:
    ends = await positions.ends(topic)
    return has_reached(await positions.consumed(LOADER_GROUP, topic), ends)


Found = tuple[Horizon, Rebuilt, list[StoredPosting], Runs]


def _read(settings: Settings) -> Found | None:
    """What the warehouse holds of the register; `None` where it holds nothing."""
    from streams.classify.place import Gazetteer

    with closing(connect(settings)) as client:
        known = horizon(client)
        if known is None:
            return None
        rebuilt = Rebuilt(place_of=Gazetteer().code)
        for vacancy in remembered_vacancies(client, known):
            rebuilt.add_vacancy(vacancy)
        is_open = [
            posting
            for posting in remembered_postings(client, known)
            if rebuilt.add_posting(posting.posting_key, posting.sights, posting.ended_at)
        ]
        return known, rebuilt, is_open, last_runs(client)
