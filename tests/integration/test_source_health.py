"""A real board whose layout changes between two crawls: noticed at once, nothing closed, marked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from config.topics import POSTINGS, SOURCE_RUNS
from labourwatch.accepting import accepted
from scrapers.context import CrawlContext
from scrapers.frontier import Standing
from scrapers.health.store import accept
from scrapers.health_records import HealthReason, Verdict
from scrapers.items import JobPosting, RunOutcome, SourceRun
from scrapers.live import crawl_once
from scrapers.report import Crawled
from tests.crawl_stack import broker_and_redis
from tests.encoded import as_cp1252
from tests.integration.test_crawl import Clock, crawling
from tests.tiny_site import TinySite, tiny_site
from tests.topic_reader import records

pytestmark = pytest.mark.integration
HOURS = timedelta(hours=21)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with broker_and_redis(tmp_path_factory) as parts:
        yield parts


@pytest.fixture
async def site() -> AsyncIterator[TinySite]:
    async with tiny_site() as board:
        yield board


async def crawl(site: TinySite, context: CrawlContext, clock: Clock) -> Crawled:
    clock.now += HOURS
    return await crawl_once(site.source(), context, full=True)


def open_postings(context: CrawlContext) -> int:
    known = context.frontiers["tiny"].known.values()
    return sum(entry.standing is Standing.OPEN for entry in known)


def health(crawled: Crawled) -> tuple[Verdict, set[HealthReason]]:
    found = crawled.record.health
    assert found is not None
    return found.verdict, {finding.reason for finding in found.findings}


async def settled(site: TinySite, context: CrawlContext, clock: Clock) -> None:
    """Four healthy crawls of a board with fourteen adverts."""
    for number in range(14):
        site.jobs[str(number)] = f"Driver {number}"
    for _ in range(4):
        assert health(await crawl(site, context, clock)) == (Verdict.HEALTHY, set())


async def test_a_layout_change_is_noticed_marked_and_mended(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    async with crawling(parts, tmp_path, clock) as context:
        await settled(site, context, clock)
        healthy_at = clock.now
        site.lost = ("hiringOrganization", "datePosted")
        site.jobs = {key: title for key, title in site.jobs.items() if int(key) > 2}
        site.jobs["20"] = "Cook"
        changed = await crawl(site, context, clock)
        verdict, found = health(changed)
        assert verdict is Verdict.CHANGED
        assert found >= {HealthReason.EMPLOYER_COVERAGE_FELL, HealthReason.POSTED_COVERAGE_FELL}
        (mark,) = changed.record.marks
        assert (mark.kind, mark.from_at, mark.to_at) == (Verdict.CHANGED, healthy_at, None)
        for _ in range(3):
            assert (await crawl(site, context, clock)).record.withdrawn == 0
        assert open_postings(context) == 15
        site.lost = ()
        mended = await crawl(site, context, clock)
        assert health(mended)[0] is Verdict.HEALTHY
        assert [(m.reason, m.to_at) for m in mended.record.marks] == [("recovered", clock.now)]
        again = await crawl(site, context, clock)
        assert again.record.published == 1, "what was read in the meantime is read again"
        assert again.record.withdrawn == 3, "now absences count"
    told = await records(parts[0], SOURCE_RUNS, since={})
    assert sum(len(run.marks) for run in told if isinstance(run, SourceRun)) == 2


async def test_pages_encoded_twice_are_restored_told_and_hold_nothing(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    async with crawling(parts, tmp_path, clock) as context:
        await settled(site, context, clock)
        site.written = as_cp1252
        site.jobs = {key: title for key, title in site.jobs.items() if key != "13"}
        site.jobs.update({str(number): f"ຊ່າງ ກໍ່ສ້າງ {number}" for number in range(20, 24)})
        twice = await crawl(site, context, clock)
        assert health(twice) == (Verdict.SUSPICIOUS, {HealthReason.ENCODED_TWICE})
        assert twice.record.marks == ()
        for _ in range(2):
            await crawl(site, context, clock)
        assert open_postings(context) == 17, "absences count meanwhile"
        site.written = str
        site.jobs["24"] = "ຄົນຂັບລົດ"
        sound = await crawl(site, context, clock)
        assert health(sound) == (Verdict.HEALTHY, set())
        assert sound.record.published == 1, "what was restored is not read again"
    told = await records(parts[0], POSTINGS, since={})
    titles = {one.title for one in told if isinstance(one, JobPosting)}
    assert titles >= {"ຊ່າງ ກໍ່ສ້າງ 20", "ຄົນຂັບລົດ"}
    assert not any("à" in title for title in titles)


async def test_adverts_refused_for_a_broken_layout_are_read_again_when_it_is_mended(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    async with crawling(parts, tmp_path, clock) as context:
        await settled(site, context, clock)
        site.lost = ("title",)
        site.jobs.update({str(number): f"Cook {number}" for number in range(20, 24)})
        broken = await crawl(site, context, clock)
        assert (broken.record.refused, health(broken)[0]) == (4, Verdict.CHANGED)
        site.lost = ()
        assert (await crawl(site, context, clock)).record.refused == 0
        assert (await crawl(site, context, clock)).record.published == 4


async def test_the_history_survives_a_restart_and_an_outage_is_marked_at_once(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    async with crawling(parts, tmp_path, clock) as context:
        await settled(site, context, clock)
        before = context.watched["tiny"].history
    async with crawling(parts, tmp_path, clock, fresh=False) as context:
        site.status = 503
        out = await crawl(site, context, clock)
        assert (out.record.outcome, health(out)[0]) == (RunOutcome.FAILED, Verdict.OUTAGE)
        assert [m.from_at for m in out.record.marks] == [clock.now - HOURS]
        assert context.watched["tiny"].history.shares == before.shares
        site.status = 200
        back = await crawl(site, context, clock)
        assert [m.reason for m in back.record.marks] == ["recovered"]


async def test_an_operator_accepts_a_smaller_board(
    parts: tuple[str, str], site: TinySite, tmp_path: Path
) -> None:
    clock = Clock()
    async with crawling(parts, tmp_path, clock) as context:
        await settled(site, context, clock)
        site.jobs = {"0": "Driver 0", "1": "Driver 1"}
        verdicts = [health(await crawl(site, context, clock)) for _ in range(3)]
        assert set(map(str, verdicts)) == {str((Verdict.CHANGED, {HealthReason.LISTING_SHRANK}))}
        assert open_postings(context) == 14
        told = await asyncio.to_thread(accepted, context.settings, "tiny")
        assert told is not None
        assert "listing_shrank" in told
        agreed = await crawl(site, context, clock)
        assert [m.reason for m in agreed.record.marks] == ["accepted"]
        last = await crawl(site, context, clock)
        assert (health(last)[0], last.record.withdrawn) == (Verdict.HEALTHY, 12)
        assert await accept(context.redis, "unheard-of", clock.now) is None
