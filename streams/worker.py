"""The stream as a process: puts its parts together and runs until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from config.settings import Settings
from config.topics import CORRECTIONS, POSTINGS
from scrapers.topics_admin import ensure_topics
from streams.agents import attach_agent
from streams.app import build_app
from streams.batches import BatchProcess
from streams.beginning import ensure_register
from streams.classify.coder import Coder
from streams.classify.learning_coder import LearningCoder
from streams.correction_batches import CorrectionProcess
from streams.deduplicate import no_code
from streams.desk import Desk
from streams.desk_store import DeskStore
from streams.guard import RefusalGuard
from streams.register import Register
from streams.settle import Settling
from streams.shadow import Anchors, shipped_anchors

# A batch makes tens of thousands of records that die by themselves; looking for cycles among them
# every 700 allocations, as Python does by default, finds none.
_GARBAGE = (50_000, 20, 20)
_KEEP_UP_S = 1.0
_REDIS_RETRIES = 6  # with the back-off below: about six seconds, a restart of Redis

_log = structlog.get_logger(__name__)


def main(settings: Settings) -> None:
    """Run the stream until SIGTERM or SIGINT.

    Raises:
        Exception: what made the stream crash; the supervisor restarts it.
    """
    asyncio.run(serve(settings))


async def serve(settings: Settings) -> None:
    """Consume `postings` with the shipped coder until SIGTERM or SIGINT."""
    from streams.classify.pipeline import load_coder
    from streams.classify.place import Gazetteer

    coder = load_coder()
    await run(settings, coder, Gazetteer().code, coder.occupation_of, shipped_anchors())


async def run(
    settings: Settings,
    coder: Coder,
    place_of: Callable[[str], str],
    code_of: Callable[[str], str] = no_code,
    anchors: Anchors | None = None,
) -> None:
    """Consume `postings` and `corrections` with `coder` until SIGTERM or SIGINT.

    `anchors` are titles known without any officer, by which what is learned is tried.

    Raises:
        Exception: the reason of a crash, once the application has stopped.
    """
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await ensure_topics(settings.bootstrap_servers)
    redis = connect_register(settings.redis_url)
    learning = LearningCoder(coder)
    settling = Settling(learning, place_of, code_of)
    await ensure_register(redis, settings.bootstrap_servers, datetime.now(UTC))
    register = Register(redis, settling.probe, begun=True)
    postings, said = (
        BatchProcess(register, settling, lambda: datetime.now(UTC), topic)
        for topic in (POSTINGS, CORRECTIONS)
    )
    desk = Desk(lambda one: coder.code([one.posting])[0], anchors or Anchors(()))
    corrections = CorrectionProcess(said, desk, DeskStore(redis), learning)
    await corrections.keep_up()
    app = build_app(settings)
    attach_agent(app, postings, RefusalGuard())
    attach_agent(app, corrections, RefusalGuard(), CORRECTIONS)
    keeping_up = asyncio.create_task(keep_up(corrections))
    # Lexicon and models stay for good: there is no garbage to be looked for among them.
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    try:
        await app.start()
        _log.info("stream_started", coder=coder.version)
        await app.wait(stopped.wait())
    finally:
        keeping_up.cancel()
        await app.stop()
        await redis.aclose()
    if app.crash_reason is not None:
        raise app.crash_reason


async def keep_up(corrections: CorrectionProcess) -> None:
    """Serve what another worker has learned, a second after it was stored."""
    while True:
        await asyncio.sleep(_KEEP_UP_S)
        try:
            await corrections.keep_up()
        except RedisError as error:
            # The agents crash on a Redis that stays away; what is served until then is older.
            _log.warning("learner_not_refreshed", why=repr(error))


def connect_register(url: str) -> Redis:
    """A client for the register: bytes in and out, patient over a restart of Redis."""
    retry = Retry(ExponentialBackoff(cap=2, base=0.1), _REDIS_RETRIES)
    return Redis.from_url(url, decode_responses=False, retry=retry)
