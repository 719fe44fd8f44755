"""kill -9 of the crawler, in the backfill and in live crawling: nothing is lost or forgotten."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
import yaml

from config.topics import POSTINGS
from scrapers.items import JobPosting, PostingWithdrawn
from tests.crawl_stack import broker_and_redis
from tests.processes import PATIENCE_SECONDS
from tests.tiny_site import SOURCE, TinySite, node, tiny_site
from tests.topic_reader import records

pytestmark = pytest.mark.integration

DAYS = 28
LIVE = 40
LONG = 400
CRAWL = (
    "from config.settings import load_settings; from scrapers.crawl import main;"
    " main(load_settings())"
)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with broker_and_redis(tmp_path_factory) as parts:
        yield parts


class Crawler:
    """The crawler's process and what it has committed."""

    def __init__(
        self, parts: tuple[str, str], place: Path, site: TinySite, *, rate: float = 40
    ) -> None:
        self.redis: redis.Redis = redis.Redis.from_url(parts[1])
        sources = place / "sources"
        sources.mkdir()
        archive = {"index": "/archive/index.json", "day": "/archive/{date}.json"}
        declared = {**SOURCE, "base_url": site.base_url, "archive": archive, "rate": rate}
        (sources / "tiny.yaml").write_text(yaml.safe_dump(declared))
        self._log = place / "crawl.log"
        self._environment = {
            **os.environ,
            "LABOURWATCH_VAR_DIR": str(place),
            "LABOURWATCH_SOURCES_DIR": str(sources),
            "LABOURWATCH_BROKER_URL": f"kafka://{parts[0]}",
            "LABOURWATCH_REDIS_URL": parts[1],
        }

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The process, killed with signal 9 at the end of the block."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", CRAWL], env=self._environment, stdout=log, stderr=log
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    async def run_until(self, condition: Callable[[], bool]) -> None:
        """Start the crawler, and kill it as soon as `condition` holds."""
        with self.running() as process:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not condition():
                    assert process.poll() is None, self._log.read_text()
                    await asyncio.sleep(0.005)

    def known(self) -> dict[str, bytes]:
        """Committed postings by id."""
        return {key.decode(): value for key, value in self._hash("known").items()}

    def archive_day(self) -> str:
        return self._hash("marks").get(b"archive_day", b"").decode()

    def _hash(self, part: str) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = self.redis.hgetall(f"lw:frontier:tiny:{part}")  # type: ignore[assignment]
        return found


def fill_archive(site: TinySite) -> None:
    """Three new postings a day; each is listed for four days."""
    for day in range(1, DAYS + 1):
        new = [f"{day}{number}" for number in (1, 2, 3)]
        since = max(1, day - 3)
        site.archive[f"2026-01-{day:02}"] = {
            "date": f"2026-01-{day:02}",
            "observed_at": f"2026-01-{day:02}T20:00:00+07:00",
            "postings": [node(f"Job {key}", f"{site.base_url}/jobs/{key}") for key in new],
            "listed_ids": [f"{d}{n}" for d in range(since, day + 1) for n in (1, 2, 3)],
        }


async def test_kills_lose_no_posting(parts: tuple[str, str], tmp_path: Path) -> None:
    async with tiny_site() as site:
        fill_archive(site)
        crawler = Crawler(parts, tmp_path, site)
        for day in ("2026-01-05", "2026-01-17"):
            await crawler.run_until(lambda day=day: crawler.archive_day() >= day)  # type: ignore[misc]
        site.jobs = {str(9000 + number): f"Live {number}" for number in range(LIVE)}
        site.pause_s = 0.3
        await crawler.run_until(lambda: sum(site.asked[f"/jobs/{key}"] for key in site.jobs) >= 15)
        site.pause_s = 0.0
        assert not site.jobs.keys() <= crawler.known().keys(), "killed before it was finished"
        await crawler.run_until(lambda: crawler.known().keys() == site.jobs.keys())
        standings = Counter(b'"standing":"open"' in value for value in crawler.known().values())
        crawler.redis.close()

    found = await records(parts[0], POSTINGS)
    posted = {record.posting_id for record in found if isinstance(record, JobPosting)}
    archived = {f"{day}{number}" for day in range(1, DAYS + 1) for number in (1, 2, 3)}
    assert posted == archived | site.jobs.keys()
    assert standings == {True: LIVE}
    gone = {record.posting_id for record in found if isinstance(record, PostingWithdrawn)}
    assert gone == archived, "what the listings no longer showed was withdrawn"
    seen: dict[str, set[object]] = {}
    for record in found:
        if isinstance(record, JobPosting) and record.posting_id in archived:
            seen.setdefault(record.posting_id, set()).add(record.fetched_at)
    assert all(len(times) == 1 for times in seen.values()), "repeated at the same event time"


async def test_a_kill_in_a_long_run_repeats_one_batch_at_most(
    parts: tuple[str, str], tmp_path: Path
) -> None:
    async with tiny_site() as site:
        crawler = Crawler(parts, tmp_path, site, rate=400)
        crawler.redis.delete(*[f"lw:frontier:tiny:{part}" for part in ("known", "marks")])
        site.jobs = {str(20_000 + number): f"Long {number}" for number in range(LONG)}

        def fetched() -> int:
            return sum(site.asked[f"/jobs/{key}"] > 0 for key in site.jobs)

        for mark in (LONG // 3, 2 * LONG // 3):
            await crawler.run_until(lambda mark=mark: fetched() >= mark)  # type: ignore[misc]
        await crawler.run_until(lambda: crawler.known().keys() >= site.jobs.keys())
        crawler.redis.close()
        again = sum(site.asked[f"/jobs/{key}"] - 1 for key in site.jobs)

    found = await records(parts[0], POSTINGS)
    posted = {record.posting_id for record in found if isinstance(record, JobPosting)}
    assert site.jobs.keys() <= posted
    assert again <= 2 * (100 + 4), "a batch and what was on its way, for each kill"
