"""Files through the real broker: real postings, broken rows, every format, and repetition."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from redis.asyncio import Redis

from config.feeds import FeedUnknownError
from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS, SUPPLY
from scrapers.formats.rows import TableError
from scrapers.ingest import SourceTakenError, ingest
from scrapers.parsing.columns import ColumnError, TableKind
from scrapers.push.lease import SourceLease
from scrapers.push.providers import ProviderStore
from tests.crawl_stack import crawl_settings
from tests.push_stack import provider
from tests.topic_reader import records

pytestmark = pytest.mark.integration
HAHU = Path(__file__).parents[1] / "pages" / "hahu_jobs_esco_development.csv.gz"
ROWS = [{"Job Title": "Driver", "Company": "Mekong"}, {"Job Title": "", "Company": "Mekong"}]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


async def test_real_postings_are_published_once(settings: Settings) -> None:
    first = await ingest(settings, HAHU)
    again = await ingest(settings, HAHU)
    assert (first.rows, first.accepted, first.refused) == (253, 253, 0)
    assert (again.accepted, again.unchanged) == (0, 253)
    posted = await records(settings.bootstrap_servers, POSTINGS)
    mine = [r for r in posted if r.source_id == "hahu-jobs-esco-development"]
    assert len(mine) == len({r.posting_id for r in mine}) == 253
    assert all(r.title and r.description for r in mine)
    assert mine[0].occupational_category_raw


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl", "jsonl.gz", "xlsx", "parquet"])
async def test_every_format_gives_the_same(settings: Settings, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"drop-{ending.replace('.', '-')}.{ending}"
    _write(path, ending)
    done = await ingest(settings, path)
    assert (done.accepted, done.refused) == (1, 1)
    assert done.mapping == {"Job Title": "title", "Company": "hiring_organization"}
    letters = await records(settings.bootstrap_servers, DEAD_LETTERS)
    mine = [x for x in letters if x.source_id == done.source_id]
    assert [x.reason for x in mine] == ["title_missing"]
    assert mine[0].detail.startswith(f"{path.name} row ")


async def test_rows_that_cannot_be_read_are_named(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_bytes(b'{"title": "Cook"}\n{"title": \n[1]\n' + b"[" * 5000 + b"\n\xff\xfe\n")
    done = await ingest(settings, path)
    assert (done.rows, done.accepted, done.refused) == (5, 1, 4)
    letters = await records(settings.bootstrap_servers, DEAD_LETTERS)
    details = [x.detail for x in letters if x.source_id == "broken"]
    assert [detail.split(":")[0] for detail in details] == [
        f"broken.jsonl row {n}" for n in (2, 3, 4, 5)
    ]


async def test_supply_takes_aggregates_and_refuses_persons(
    settings: Settings, tmp_path: Path
) -> None:
    good = tmp_path / "registrations.csv"
    good.write_text(
        "Province,Measure,Count,From,To\n"
        "LA-VT,jobseekers_registered,120,01/01/2026,31/01/2026\n"
        "LA-XX9,jobseekers_registered,120,01/01/2026,31/01/2026\n"
        ",jobseekers_registered,-4,01/01/2026,31/01/2026\n"
    )
    done = await ingest(settings, good, kind=TableKind.SUPPLY)
    assert (done.accepted, done.refused) == (1, 2)
    taken = await records(settings.bootstrap_servers, SUPPLY)
    assert [(r.province, r.count) for r in taken] == [("LA-VT", 120.0)]
    persons = tmp_path / "persons.csv"
    persons.write_text("Full Name,Measure,Count,From,To\nA,b,1,2026-01-01,2026-01-31\n")
    with pytest.raises(ColumnError, match="persons"):
        await ingest(settings, persons, kind=TableKind.SUPPLY)


async def test_files_that_are_no_tables_are_refused(settings: Settings, tmp_path: Path) -> None:
    for name, content in {"a.xlsx": b"not zip", "a.parquet": b"PAR", "a.csv.gz": b"x"}.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(TableError, match="cannot be read"):
            await ingest(settings, path)
    unknown = tmp_path / "a.doc"
    unknown.write_bytes(b"")
    with pytest.raises(TableError, match="expected"):
        await ingest(settings, unknown)


def _write(path: Path, ending: str) -> None:
    lines = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
    table = b"Job Title,Company\nDriver,Mekong\n,Mekong\n"
    if ending == "parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif ending == "xlsx":
        book = Workbook()
        for row in (list(ROWS[0]), *(list(row.values()) for row in ROWS)):
            book.worksheets[0].append(row)
        book.save(path)
    else:
        data = lines if ending.startswith("jsonl") else table
        path.write_bytes(gzip.compress(data) if ending.endswith("gz") else data)


async def test_the_table_of_a_feed_is_taken_and_only_its_news_again(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "ess.csv"

    async def send(september: str, province: str = "ແຂວງຈຳປາສັກ") -> list[int]:
        path.write_text(
            "ແຂວງ,ເດືອນ,ຕົວຊີ້ວັດ,ຈຳນວນ\n"
            f"{province},2026-09,placements,{september}\n"
            "Savannakhet,2026-09,placements,44\n"
            "LA-XX,2026-09,placements,2\n"
            "Sekong,2026-09\n"
        )
        done = await ingest(settings, path, kind=TableKind.SUPPLY)
        assert done.rows == done.accepted + done.unchanged + done.refused
        return [done.accepted, done.unchanged, done.refused]

    assert await send("120") == [2, 0, 2]
    assert await send("120") == [0, 2, 2]
    assert await send("90") == [1, 1, 2]
    assert await send("120") == [1, 1, 2]
    found = [r for r in await records(settings.bootstrap_servers, SUPPLY) if r.system == "ess"]
    assert [(r.province, r.count) for r in found] == [
        ("LA-CH", 120), ("LA-SV", 44), ("LA-CH", 90), ("LA-CH", 120),
    ]  # fmt: skip
    assert len({r.record_id for r in found}) == 4
    letters = await records(settings.bootstrap_servers, DEAD_LETTERS)
    details = {x.detail for x in letters if x.source_id == "ess"}
    assert any(detail.startswith("ess.csv row 4, province: expected") for detail in details)


async def test_a_list_of_persons_leaves_nothing_behind(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(
        "province,period,measure,value,note\n"
        "LA-VT,2026-09,placements,1,020 5551 2345\n"
        "LA-XX,2026-09,placements,1,020 5551 2346\n"
    )
    with pytest.raises(ColumnError, match="note: telephone numbers"):
        await ingest(settings, path, kind=TableKind.SUPPLY, feed="ess")
    letters = await records(settings.bootstrap_servers, DEAD_LETTERS)
    assert not [x for x in letters if x.source_id == "people"]
    path.write_text(
        "note,measure,count,from,to\n020 5551 2345,placements,4,2026-01-01,2026-01-31\n"
        "020 5551 2346,placements,-4,2026-01-01,2026-01-31\n"
    )
    with pytest.raises(ColumnError, match="note: telephone numbers"):
        await ingest(settings, path, source_id="other", kind=TableKind.SUPPLY)
    with pytest.raises(FeedUnknownError, match="there are"):
        await ingest(settings, path, kind=TableKind.SUPPLY, feed="nothing")


async def test_a_declared_file_source_says_how_its_rows_are_read(
    settings: Settings, tmp_path: Path
) -> None:
    declared = settings.model_copy(update={"sources_dir": tmp_path})
    (tmp_path / "american.yaml").write_text("name: A\nkind: file\ndate_order: mdy\nlanguage: en\n")
    path = tmp_path / "rows.csv"
    path.write_text("title,date posted\nCook,11/05/2026\n")
    await ingest(declared, path, source_id="american")
    posted = await records(settings.bootstrap_servers, POSTINGS)
    (mine,) = [r for r in posted if r.source_id == "american"]
    assert (mine.date_posted, mine.language_hint) == (date(2026, 11, 5), "en")


async def test_sources_of_others_take_no_files(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrapers.ingest.SourceLease", partial(SourceLease, patience_s=0.1))
    declared = settings.model_copy(update={"sources_dir": tmp_path})
    (tmp_path / "board.yaml").write_text(
        "name: B\nkind: rss\nbase_url: https://b.example\nlist: {url: /feed}\n"
    )
    path = tmp_path / "rows.csv"
    path.write_text("title\nCook\n")
    async with Redis.from_url(settings.redis_url) as client:
        await ProviderStore(client).add(provider("pusher"))
        async with SourceLease(client, "busy"):
            with pytest.raises(SourceTakenError, match="at work"):
                await ingest(declared, path, source_id="busy")
    for source_id, why in (("board", "crawler"), ("pusher", "provider"), ("No Id", "expected")):
        with pytest.raises(SourceTakenError, match=why):
            await ingest(declared, path, source_id=source_id)
    posted = await records(settings.bootstrap_servers, POSTINGS)
    assert not {r.source_id for r in posted} & {"board", "pusher", "busy", "No Id"}
