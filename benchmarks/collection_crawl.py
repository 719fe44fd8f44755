"""A crawl of many pages, seen from the site: speed, memory, manners, and kill -9.

The crawler is a process of its own, as `labourwatch crawl` starts it; the site runs in this
process and its log is the proof. One crawl is undisturbed, one is killed again and again, and one
reads sites that state a Crawl-delay and answer 429.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Final

import psutil
import redis.asyncio as redis_async
import yaml

from benchmarks.crawl_site import CrawlSite, served
from benchmarks.report import Figure
from config.topics import POSTINGS
from scrapers.items import JobPosting
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.topic_reader import records

_CONCURRENCY: Final = 16
_RATE: Final = 1000.0
_BATCH: Final = 100
"""What a kill may repeat, besides requests on their way (scrapers.runs)."""
_PATIENCE_S: Final = 600.0
_CRAWL: Final = (
    "from config.settings import load_settings; from scrapers.crawl import main;"
    " main(load_settings())"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    adverts: int
    killed_adverts: int
    kills: int
    delayed_adverts: int
    delay_s: float
    retry_after_s: int


_FULL: Final = _Size(
    adverts=10_000,
    killed_adverts=10_000,
    kills=5,
    delayed_adverts=60,
    delay_s=0.25,
    retry_after_s=5,
)
_QUICK: Final = _Size(
    adverts=180, killed_adverts=110, kills=1, delayed_adverts=5, delay_s=0.2, retry_after_s=1
)


class NotFinishedError(RuntimeError):
    """A crawl ended or stood still before it had what it was to show."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """All figures. At full size the crawls follow one another; with `quick` they run together."""
    return asyncio.run(_measure(seed, _QUICK if quick else _FULL, together=quick))


async def _measure(
    seed: int, size: _Size, *, together: bool
) -> tuple[list[Figure], dict[str, Any]]:
    with (
        tempfile.TemporaryDirectory(prefix="labourwatch-crawl-") as name,
        start_broker(Path(name)) as bootstrap,
        start_redis(Path(name) / "redis") as redis_url,
    ):
        stage = _Stage(Path(name), bootstrap, redis_url)
        crawls = (
            _watched(stage, seed, size, together=together),
            _killed(stage, seed, size),
        )
        if together:
            parts = list(await asyncio.gather(*crawls))
        else:
            parts = [await crawl for crawl in crawls]
    figures = [figure for found, _ in parts for figure in found]
    return figures, {key: value for _, more in parts for key, value in more.items()}


class _Stage:
    """Broker and Redis, and crawlers started over them."""

    def __init__(self, place: Path, bootstrap: str, redis_url: str) -> None:
        self._place, self.bootstrap, self._redis_url = place, bootstrap, redis_url

    @asynccontextmanager
    async def crawler(self, name: str, sources: Mapping[str, Any]) -> AsyncIterator[Process]:
        """The crawler's process over these sources, killed with signal 9 at the end."""
        folder = self._place / name / "sources"
        folder.mkdir(parents=True, exist_ok=True)
        for source_id, declared in sources.items():
            (folder / f"{source_id}.yaml").write_text(yaml.safe_dump(declared))
        environment = {
            **os.environ,
            "LABOURWATCH_VAR_DIR": str(folder.parent),
            "LABOURWATCH_SOURCES_DIR": str(folder),
            "LABOURWATCH_BROKER_URL": f"kafka://{self.bootstrap}",
            "LABOURWATCH_REDIS_URL": self._redis_url,
        }
        with (folder.parent / "crawl.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _CRAWL, env=environment, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def known(self, source_id: str) -> int:
        """Postings that the crawler has committed."""
        client: Any = redis_async.Redis.from_url(self._redis_url)
        async with client:
            return int(await client.hlen(f"lw:frontier:{source_id}:known"))


async def _watched(
    stage: _Stage, seed: int, size: _Size, *, together: bool
) -> tuple[list[Figure], dict[str, Any]]:
    """The undisturbed crawl, and the sites that ask for patience."""
    calm = CrawlSite(size.adverts, seed)
    slow = CrawlSite(size.delayed_adverts, seed, crawl_delay_s=size.delay_s)
    busy = CrawlSite(
        size.delayed_adverts * 4,
        seed,
        busy_at=size.delayed_adverts,
        retry_after_s=size.retry_after_s,
    )
    sites = {"calm": calm, "slow": slow, "busy": busy}
    memory, spent = 0, 0.0
    async with AsyncExitStack() as stack:
        for site in sites.values():
            await stack.enter_async_context(served(site))
        for names in [tuple(sites)] if together else [("calm",), ("slow", "busy")]:
            declared = {name: _declared(name, sites[name]) for name in names}
            async with stage.crawler("-".join(names), declared) as process:
                for name in names:
                    await _committed(stage, name, sites[name].adverts, process)
                if "calm" in names:
                    memory, spent = _peak_mib(process.pid), _cpu_s(process.pid)
                    await _until(lambda: len(calm.conditional) >= 2, process)
    patience = _patience(slow, busy, size)
    more = {"pages": size.adverts, "fetched_twice_undisturbed": _repeated(calm.fetched)}
    return _speed(calm, memory, spent) + patience, more


def _declared(name: str, site: CrawlSite) -> dict[str, object]:
    if name == "calm":
        return site.declaration(name, rate=_RATE, concurrency=_CONCURRENCY)
    # One at a time: what is on its way when the 429 comes could not be held back.
    return site.declaration(name, rate=100, concurrency=1 if site.busy_at else 4)


def _speed(site: CrawlSite, memory: int, spent: float) -> list[Figure]:
    times = [asked.at for asked in site.log if asked.path.startswith("/jobs")]
    answered = Counter(asked.status for asked in site.conditional)
    return [
        Figure(key="pages_per_s", value=round(len(times) / (times[-1] - times[0]), 1),
               about="adverts fetched a second, site and crawler on one machine"),
        Figure(key="crawl_cpu_ms", value=round(1000 * spent / len(times), 2),
               about="CPU time of the crawler's process for one advert, its start included"),
        Figure(key="crawl_memory_mib", value=memory,
               about=f"peak memory of the crawler's process over {site.adverts:,} adverts"),
        Figure(key="crawl_disallowed_fetched", value=site.disallowed_fetched, goal="0",
               about="listed adverts that robots.txt disallows and that were asked for"),
        Figure(key="crawl_most_at_once", value=site.most_at_once, goal=f"≤ {_CONCURRENCY}",
               about="requests under way at one moment, at most"),
        Figure(key="crawl_unchanged_304", value=answered[304] / sum(answered.values()), goal="1",
               about="share of conditional requests answered 304 on the next visit"),
    ]  # fmt: skip


def _patience(slow: CrawlSite, busy: CrawlSite, size: _Size) -> list[Figure]:
    return [
        Figure(key="crawl_shortest_gap_s", value=round(slow.shortest_gap_s, 3),
               goal=f"≥ {size.delay_s}",
               about=f"between two requests where robots.txt states {size.delay_s} s"),
        Figure(key="crawl_asked_while_busy", value=busy.asked_while_busy(), goal="0",
               about=f"requests in the {size.retry_after_s} s after a 429 that asks for as long"),
    ]  # fmt: skip


async def _killed(stage: _Stage, seed: int, size: _Size) -> tuple[list[Figure], dict[str, Any]]:
    chance = random.Random(seed)
    spacing = size.killed_adverts / (size.kills + 1)
    marks = [int(spacing * (i + chance.uniform(0.6, 1.0))) for i in range(size.kills)]
    repeated: list[int] = []
    seen: Counter[str] = Counter()
    async with served(CrawlSite(size.killed_adverts, seed)) as site:
        sources = {"killed": site.declaration("killed", rate=_RATE, concurrency=_CONCURRENCY)}
        for mark in marks:
            async with stage.crawler("killed", sources) as process:
                await _until(lambda mark=mark: len(site.fetched) >= mark, process)  # type: ignore[misc]
            repeated.append(_repeated(site.fetched) - _repeated(seen))
            seen = site.fetched.copy()
        async with stage.crawler("killed", sources) as process:
            await _committed(stage, "killed", size.killed_adverts, process)
        repeated.append(_repeated(site.fetched) - _repeated(seen))
    published = {
        record.posting_id
        for record in await records(stage.bootstrap, POSTINGS)
        if isinstance(record, JobPosting) and record.source_id == "killed"
    }
    figures = [
        Figure(key="crawl_kills", value=len(marks), about="kill -9 of the crawler in one crawl"),
        Figure(key="crawl_pages_lost", value=size.killed_adverts - len(published), goal="0",
               about="adverts that never reached the topic"),
        Figure(key="crawl_repeated_most", value=max(repeated[1:]),
               goal=f"≤ {_BATCH} + {_CONCURRENCY} on their way",
               about="adverts fetched again after one kill, at most"),
    ]  # fmt: skip
    return figures, {"killed_at": marks, "repeated_after_each_kill": repeated[1:]}


def _repeated(fetched: Counter[str]) -> int:
    return sum(fetched.values()) - len(fetched)


async def _until(condition: Callable[[], bool], process: Process) -> None:
    deadline = monotonic() + _PATIENCE_S
    while not condition():
        if process.returncode is not None or monotonic() > deadline:
            raise NotFinishedError(f"the crawler did not get there; exit code {process.returncode}")
        await asyncio.sleep(0.01)


async def _committed(stage: _Stage, source_id: str, adverts: int, process: Process) -> None:
    deadline = monotonic() + _PATIENCE_S
    while await stage.known(source_id) < adverts:
        if process.returncode is not None or monotonic() > deadline:
            raise NotFinishedError(
                f"{source_id}: {await stage.known(source_id)} of {adverts} known"
            )
        await asyncio.sleep(0.1)


def _cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used so far."""
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def _peak_mib(pid: int) -> int:
    """Largest resident memory of a process so far, from the kernel's account."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return round(int(line.split()[1]) / 1024)
    raise NotFinishedError("the kernel tells no peak of memory")
