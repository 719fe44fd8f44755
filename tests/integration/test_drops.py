"""Files dropped in a folder, through the real broker: read once, when whole, with honest ends."""

from __future__ import annotations

import asyncio
import gzip
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS, SOURCE_RUNS, SUPPLY
from scrapers.context import CrawlContext
from scrapers.drop_live import collect_drops
from scrapers.items import JobPosting, PostingWithdrawn, RunOutcome, SourceRun, WithdrawalReason
from scrapers.live import follow
from scrapers.sources import Source
from tests.crawl_stack import crawl_context, crawl_settings
from tests.topic_reader import records

pytestmark = pytest.mark.integration
HEADING = "Ref,Job Title,Company,Contact Phone\n"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


@pytest.fixture
async def context(settings: Settings) -> AsyncIterator[CrawlContext]:
    async with crawl_context(settings) as context:
        yield context


def source(name: str, folder: Path, *, unseen_runs: int = 2, **drop: object) -> Source:
    declared = {"where": "folder", "path": str(folder), "settle_s": 0.05, **drop}
    return Source.model_validate(
        {
            "id": name,
            "name": name,
            "kind": "drop",
            "drop": declared,
            "unseen_runs": unseen_runs,
            "schedule_s": 0.1,
        }
    )


def names_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


async def postings(context: CrawlContext, name: str) -> list[JobPosting]:
    found = await records(context.settings.bootstrap_servers, POSTINGS)
    return [r for r in found if isinstance(r, JobPosting) and r.source_id == name]


async def test_a_file_is_read_once_and_changes_only_where_it_changed(
    context: CrawlContext, tmp_path: Path
) -> None:
    one = source("once", tmp_path)
    drop = tmp_path / "jobs.csv"
    drop.write_text(f"{HEADING}1,Driver,Mekong,020 5555\n2,Cook,Mekong,020 5556\n")
    first = await collect_drops(one, context)
    again = await collect_drops(one, context)
    assert (first.record.published, again.record.published, again.record.detail) == (
        2, 0, "no new file",
    )  # fmt: skip
    shutil.copy(drop, tmp_path / "the same again.csv")
    assert (await collect_drops(one, context)).record.listed == 0
    drop.write_text(f"{HEADING}1,Driver,Mekong,020 5555\n2,Head cook,Mekong,020 5556\n")
    assert (await collect_drops(one, context)).record.published == 1
    found = await postings(context, "once")
    assert [r.title for r in found] == ["Driver", "Cook", "Head cook"]
    assert not any("020 555" in repr(r) for r in found)


async def test_a_file_is_read_only_when_it_is_whole(context: CrawlContext, tmp_path: Path) -> None:
    one = source("whole", tmp_path, settle_s=0.3)
    drop = tmp_path / "jobs.csv"
    drop.write_text(f"{HEADING}1,Driver,Mekong,\n")
    (tmp_path / "other.csv.part").write_text(f"{HEADING}3,Never,Mekong,\n")
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    looking = asyncio.create_task(collect_drops(one, context))
    await asyncio.sleep(0.15)
    with drop.open("a") as more:
        more.write("2,Cook,Mekong,\n")
    assert (await looking).record.published == 0
    assert (await collect_drops(one, context)).record.published == 2
    marked = source("marked", tmp_path, whole_when="marked", pattern="jobs*")
    assert (await collect_drops(marked, context)).record.published == 0
    (tmp_path / "jobs.csv.done").touch()
    assert (await collect_drops(marked, context)).record.published == 2


async def test_refused_rows_and_files_are_letters_that_name_them(
    context: CrawlContext, tmp_path: Path
) -> None:
    one = source("letters", tmp_path, after="archive")
    good, bad = tmp_path / "a.csv", tmp_path / "b.xlsx"
    good.write_text(f"{HEADING}1,,Mekong,020 777\n2,Cook,Mekong,020 777,x,y\n3,Driver,Mekong,\n")
    bad.write_bytes(b"no workbook")
    first = await collect_drops(one, context)
    assert (first.record.published, first.record.outcome) == (1, RunOutcome.OK)
    assert {"archive/a.csv", "refused/b.xlsx"} == names_below(tmp_path)
    letters = await records(context.settings.bootstrap_servers, DEAD_LETTERS)
    mine = [x for x in letters if x.source_id == "letters"]
    assert [x.reason for x in mine] == ["title_missing", "row_unreadable", "file_unreadable"]
    assert mine[0].detail.startswith("a.csv row 2: ")
    assert mine[1].detail.startswith("a.csv row 3: ")
    assert mine[2].detail.startswith("b.xlsx: ")
    assert not any(b"020 777" in x.payload for x in mine)
    runs = [r for r in await records(context.settings.bootstrap_servers, SOURCE_RUNS)
            if r.source_id == "letters"]  # fmt: skip
    assert [r.outcome for r in runs] == [RunOutcome.OK, RunOutcome.FAILED]


async def test_a_refused_file_is_tried_again_when_its_declaration_changes(
    context: CrawlContext, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("Qui,Quoi\nMekong,Driver\n")
    first = source("again", tmp_path)
    assert (await collect_drops(first, context)).record.published == 0
    assert (await collect_drops(first, context)).record.detail == "no new file"
    mended = source("again", tmp_path, columns={"Quoi": "title", "Qui": "hiring_organization"})
    assert (await collect_drops(mended, context)).record.published == 1


async def test_complete_files_end_what_they_no_longer_list(
    context: CrawlContext, tmp_path: Path
) -> None:
    one = source("ends", tmp_path, complete=True)
    for day, rows in enumerate(["1,A,X,\n2,B,X,\n", "1,A,X,\n", "1,A,X,\n", "1,A,X,\n2,B,X,\n"]):
        (tmp_path / f"{day}.csv").write_text(HEADING + rows)
        record = (await collect_drops(one, context)).record
        assert record.withdrawn == (1 if day == 2 else 0)
    gone = [
        r
        for r in await records(context.settings.bootstrap_servers, POSTINGS)
        if isinstance(r, PostingWithdrawn) and r.source_id == "ends"
    ]
    assert [(w.posting_id, w.reason) for w in gone] == [("2", WithdrawalReason.UNSEEN)]
    # A row that cannot be told apart may be any posting: nothing is closed by such a file.
    for day in (5, 6, 7):
        (tmp_path / f"{day}.csv").write_text(f"{HEADING}1,A,X,\n,B,X,\n{day},C,X,\n")
        assert (await collect_drops(one, context)).record.withdrawn == 0


async def test_a_file_that_lost_a_column_is_marked_and_closes_nothing(
    context: CrawlContext, tmp_path: Path
) -> None:
    one = source("lost", tmp_path, complete=True)
    rows = [f"{n},Driver {n},Firm {n}," for n in range(30)]
    for day in range(3):
        (tmp_path / f"{day}.csv").write_text(HEADING + "\n".join(rows))
        assert (await collect_drops(one, context)).record.withdrawn == 0
    changed = [f"{n},Driver {n},," for n in range(30, 40)]
    for day in range(3, 6):
        (tmp_path / f"{day}.csv").write_text(HEADING + "\n".join([*rows[:9], *changed]))
        assert (await collect_drops(one, context)).record.withdrawn == 0
    told = await records(context.settings.bootstrap_servers, SOURCE_RUNS)
    marks = [m for r in told if isinstance(r, SourceRun) and r.source_id == "lost" for m in r.marks]
    assert [m.kind for m in marks] == ["changed"]
    assert "coverage_of_employer_fell" in marks[0].evidence


async def test_supply_tables_come_the_same_way_and_persons_are_refused(
    context: CrawlContext, tmp_path: Path
) -> None:
    one = source("supply-drop", tmp_path, table="supply")
    heading = "Monthly report\n\nProvince,Measure,Count,From,To"
    row = "LA-VT,jobseekers_registered,120,2026-01-01,2026-01-31"
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(f"{heading}\n{row}\n".encode()))
    (tmp_path / "b.csv").write_text(f"{heading},Passport\n{row},P123\n")
    assert (await collect_drops(one, context)).record.published == 1
    taken = await records(context.settings.bootstrap_servers, SUPPLY)
    assert [r.count for r in taken if r.source_id == "supply-drop"] == [120.0]
    letters = await records(context.settings.bootstrap_servers, DEAD_LETTERS)
    mine = [x for x in letters if x.source_id == "supply-drop"]
    assert [x.reason for x in mine] == ["columns_unfit"]
    assert b"P123" not in mine[0].payload


async def test_a_missing_folder_is_a_failed_run_and_following_goes_on(
    context: CrawlContext, tmp_path: Path
) -> None:
    folder, stop = tmp_path / "later", asyncio.Event()
    one = source("later", folder)
    following = asyncio.create_task(follow(one, context, stop))
    for _ in range(100):
        await asyncio.sleep(0.1)
        if await records(context.settings.bootstrap_servers, SOURCE_RUNS):
            break
    folder.mkdir()
    (folder / "jobs.json").write_text('{"jobs": [{"title": "Nurse", "employer": "Clinic"}]}')
    for _ in range(100):
        await asyncio.sleep(0.1)
        if context.published:
            break
    stop.set()
    await following
    assert [r.title for r in await postings(context, "later")] == ["Nurse"]
    runs = await records(context.settings.bootstrap_servers, SOURCE_RUNS)
    mine = [r for r in runs if r.source_id == "later"]
    assert mine[0].outcome is RunOutcome.FAILED
    assert "No such file" in mine[0].detail
    assert mine[-1].outcome is RunOutcome.OK
