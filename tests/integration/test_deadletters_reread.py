"""What the border refused is read again after mending, published once, and later withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis.asyncio as redis_async
import yaml

from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS, SUPPLY, Topic
from labourwatch.letters import send_again, whole
from scrapers.backfill import backfill
from scrapers.context import CrawlContext
from scrapers.ingest import ingest
from scrapers.items import DeadLetter, JobPosting, PostingWithdrawn
from scrapers.live import crawl_once
from scrapers.parsing import posting as border
from scrapers.parsing.columns import TableKind
from scrapers.publish import Publisher
from scrapers.topics_admin import ensure_topics
from tests.crawl_stack import broker_and_redis
from tests.tiny_site import SOURCE, TinySite, node, tiny_site
from tests.topic_reader import records

pytestmark = pytest.mark.integration

START = datetime(2026, 1, 6, 3, 0, tzinfo=UTC)
MENDED = {
    "detail": {
        "url": "{url}",
        "fields": {"title": {"paths": ["script::text"], "pattern": r'"title": "(\w+)'}},
    }
}
ARCHIVE = {"index": "/archive/index.json", "day": "/archive/{date}.json"}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with broker_and_redis(tmp_path_factory) as parts:
        yield parts


@pytest.fixture
def settings(parts: tuple[str, str], tmp_path: Path) -> Settings:
    bootstrap, redis_url = parts
    sources = tmp_path / "sources"
    sources.mkdir()
    return Settings(
        var_dir=tmp_path,
        sources_dir=sources,
        broker_url=f"kafka://{bootstrap}",
        redis_url=redis_url,
    )


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def crawling(settings: Settings, clock: Clock) -> AsyncIterator[CrawlContext]:
    await ensure_topics(settings.bootstrap_servers)
    redis: Any = redis_async.Redis.from_url(settings.redis_url)
    async with Publisher(settings.bootstrap_servers) as publisher:
        yield CrawlContext(settings=settings, publisher=publisher, redis=redis, clock=clock)
    await redis.aclose()


def declare(settings: Settings, site: TinySite, **changes: object) -> None:
    """Write the board's source file, as it is now."""
    declared = {**SOURCE, "base_url": site.base_url, **changes}
    (settings.sources_dir / f"{declared['id']}.yaml").write_text(yaml.safe_dump(declared))


async def of_source(settings: Settings, topic: Topic, source_id: str) -> list[Any]:
    """Everything that the topic holds of one source."""
    found = await records(settings.bootstrap_servers, topic)
    return [record for record in found if record.source_id == source_id]


async def letters_of(settings: Settings, source_id: str) -> list[DeadLetter]:
    return await of_source(settings, DEAD_LETTERS, source_id)


async def test_a_page_is_read_again_with_the_mended_rules(settings: Settings) -> None:
    clock = Clock()
    async with tiny_site() as site, crawling(settings, clock) as context:
        source = site.source(id="mended")
        declare(settings, site, id="mended")
        site.jobs = {"1": "", "2": "Cook"}
        await crawl_once(source, context, full=True)
        (letter,) = await letters_of(settings, "mended")
        shown = await whole(settings, letter.letter_id)
        before = await send_again(settings, [letter.letter_id], stage=None, source=None)
        asked = site.asked["/jobs/1"]

        declare(settings, site, id="mended", **MENDED)
        mended = await send_again(settings, [], stage="crawl", source="mended")
        again = await send_again(settings, [letter.letter_id[:16]], stage=None, source=None)

        clock.now += timedelta(hours=1)
        known = await crawl_once(source, context, full=True)
        del site.jobs["1"]
        for _ in range(3):
            clock.now += timedelta(hours=1)
            await crawl_once(source, context, full=True)

    assert shown is not None
    assert "read again as answer" in shown
    assert f"{letter.letter_id}: still refused, jsonld_invalid" in before[0]
    assert mended == [
        f"{letter.letter_id}: read again and published",
        "0 sent again, 1 read again and published",
    ]
    assert "already published" in again[0]
    assert site.asked["/jobs/1"] == asked == 1, "nothing is fetched"
    assert (known.record.listed, known.record.published) == (2, 0)
    found = await of_source(settings, POSTINGS, "mended")
    posted = [p for p in found if isinstance(p, JobPosting) and p.posting_id == "1"]
    assert [(p.title, p.fetched_at) for p in posted] == [("Cut", START)]
    assert posted[0].url == f"{site.base_url}/jobs/1"
    gone = [w.posting_id for w in found if isinstance(w, PostingWithdrawn)]
    assert gone == ["1"], "the crawler knows that it was published"


async def test_a_crawler_that_forgot_the_posting_still_withdraws_it(settings: Settings) -> None:
    clock = Clock()
    async with tiny_site() as site, crawling(settings, clock) as context:
        source = site.source(id="gone")
        site.jobs = {"1": "", "2": "Cook"}
        await crawl_once(source, context, full=True)
        del site.jobs["1"]
        for _ in range(2):
            clock.now += timedelta(hours=1)
            await crawl_once(source, context, full=True)
        declare(settings, site, id="gone", **MENDED)
        told = await send_again(settings, [], stage=None, source="gone")
        clock.now += timedelta(hours=1)
        last = await crawl_once(source, context, full=True)
    assert told[-1] == "0 sent again, 1 read again and published"
    assert last.record.withdrawn == 1
    found = await of_source(settings, POSTINGS, "gone")
    (withdrawn,) = [w for w in found if isinstance(w, PostingWithdrawn)]
    assert (withdrawn.posting_id, withdrawn.last_seen_at) == ("1", START)


async def test_a_refused_change_leaves_the_earlier_version_open(settings: Settings) -> None:
    clock = Clock()
    async with tiny_site() as site, crawling(settings, clock) as context:
        source = site.source(id="changing")
        declare(settings, site, id="changing", **MENDED)
        site.jobs = {"1": "Driver", "2": "Cook"}
        await crawl_once(source, context, full=True)
        site.jobs["1"], site.lastmod = "", "2026-01-06T11:00:00+07:00"
        clock.now += timedelta(hours=1)
        changed = await crawl_once(source, context, full=True)
        told = await send_again(settings, [], stage=None, source="changing")
        del site.jobs["2"]
        for _ in range(2):
            clock.now += timedelta(hours=1)
            await crawl_once(source, context, full=True)
        site.jobs = {"9": "Nurse"}
        for _ in range(2):
            clock.now += timedelta(hours=1)
            await crawl_once(source, context, full=True)
    assert changed.record.refused == 1
    assert told[-1] == "0 sent again, 1 read again and published"
    found = await of_source(settings, POSTINGS, "changing")
    versions = [p.title for p in found if isinstance(p, JobPosting) and p.posting_id == "1"]
    assert versions == ["Driver", "Cut"]
    gone = [(w.posting_id, w.hiring_organization) for w in found if isinstance(w, PostingWithdrawn)]
    assert sorted(gone) == [("1", ""), ("2", "Mekong Trading")]


async def test_an_archived_posting_is_read_again(settings: Settings) -> None:
    clock = Clock()
    async with tiny_site() as site, crawling(settings, clock) as context:
        broken = {**node(""), "url": f"{site.base_url}/jobs/1", "headline": "Weaver"}
        site.archive = {
            "2026-01-01": {
                "date": "2026-01-01",
                "observed_at": "2026-01-01T20:00:00+07:00",
                "postings": [broken, node("Cook", f"{site.base_url}/jobs/2")],
                "listed_ids": ["1", "2"],
            }
        }
        done = await backfill([site.source(id="old", archive=ARCHIVE)], context, asyncio.Event())
        fields = {"title": {"paths": ["title", "headline"], "pick": "first"}}
        declare(settings, site, id="old", archive={**ARCHIVE, "fields": fields})
        told = await send_again(settings, [], stage="crawl", source="old")
    assert (done.postings, done.refused) == (1, 1)
    assert told[-1] == "0 sent again, 1 read again and published"
    found = {p.title: p for p in await of_source(settings, POSTINGS, "old")}
    assert sorted(found) == ["Cook", "Weaver"]
    assert found["Weaver"].fetched_at == datetime(2026, 1, 1, 13, tzinfo=UTC)
    assert found["Weaver"].hiring_organization == "Mekong Trading"


async def test_rows_of_a_file_are_read_again_with_the_mended_code(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "drop.jsonl"
    path.write_bytes(
        b'{"title": "Cook"}\n{"title": "' + b"x" * 40 + b'", "company": "Mekong"}\n[1]\n'
    )
    with monkeypatch.context() as before_mending:
        before_mending.setattr(border, "_LONGEST_TITLE", 30)
        first = await ingest(settings, path)
    told = await send_again(settings, [], stage="ingest", source="drop")
    again = await ingest(settings, path)
    assert (first.accepted, first.refused) == (1, 2)
    assert told[-1] == "0 sent again, 1 read again and published"
    assert any("a row without cells" in line for line in told)
    assert (again.accepted, again.unchanged, again.refused) == (0, 2, 1)
    posted = await of_source(settings, POSTINGS, "drop")
    assert sorted(p.title for p in posted) == ["Cook", "x" * 40]


async def test_rows_of_supply_are_read_again(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "registered.csv"
    path.write_text(
        "Province,Measure,Count,From,To\n"
        "LA-VT,jobseekers_registered,120,01/01/2026,31/01/2026\n"
        "LA-XA,jobseekers_registered,-4,01/01/2026,31/01/2026\n"
    )
    with monkeypatch.context() as before_mending:
        before_mending.setattr("scrapers.parsing.supply.read_count", lambda _text: None)
        with_fault = await ingest(settings, path, kind=TableKind.SUPPLY)
    told = await send_again(settings, [], stage=None, source="registered")
    assert with_fault.refused == 2
    assert told[-1] == "0 sent again, 1 read again and published"
    assert any("still refused, count_invalid" in line for line in told)
    (taken,) = await of_source(settings, SUPPLY, "registered")
    letters = await letters_of(settings, "registered")
    assert (taken.province, taken.count) == ("LA-VT", 120.0)
    assert taken.published_at in {letter.event_time for letter in letters}


async def test_what_cannot_be_read_again_is_told_with_its_reason(settings: Settings) -> None:
    clock = Clock()
    async with tiny_site() as site, crawling(settings, clock) as context:
        site.jobs = {"1": ""}
        await crawl_once(site.source(id="removed"), context, full=True)
    (letter,) = await letters_of(settings, "removed")
    told = await send_again(settings, [letter.letter_id, "nothing"], stage=None, source=None)
    assert told == [
        f"{letter.letter_id}: not possible: there is no such source any more",
        "nothing: not found",
        "0 sent again, 0 read again and published",
    ]
