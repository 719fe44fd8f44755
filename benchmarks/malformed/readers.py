"""Each reader as the running service uses it, ending in what was accepted and what was refused."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import redis.asyncio as redis_async
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from benchmarks.malformed.declared import source_of
from config.feeds import feeds
from config.topics import Topic
from dashboard.push.bodies import posting_batch
from dashboard.push.problems import ProblemError
from scrapers.backfill import accept_archived
from scrapers.formats.rows import RowError, TableError
from scrapers.frontier_store import SourceFrontier
from scrapers.items import DeadLetter, JobPosting, Stage
from scrapers.parsing.columns import ColumnError
from scrapers.parsing.posting import Refused, make_posting
from scrapers.parsing.pushed import Pushed, Unusable
from scrapers.parsing.supply_table import make_supply_records
from scrapers.politeness import find_obstacle
from scrapers.publish import Outbox
from scrapers.push.postings import read_records
from scrapers.reading import UnreadableListing, read_advert, read_listing
from scrapers.robots import RobotsMemory
from scrapers.runs import Run
from scrapers.source_files import SourceError, load_source
from scrapers.sources import Source
from scrapers.spiders.archive import _read_day
from scrapers.spiders.source import headers_of, text_of
from scrapers.table_files import TableFile
from scrapers.table_run import take_table
from scrapers.tables import read_rows

NOW: Final = datetime(2026, 9, 15, 3, tzinfo=UTC)
URL: Final = "https://board.example/jobs/1"


@dataclass(slots=True, kw_only=True)
class Ended:
    """How an input ended: postings or rows taken, and refusals by reason."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    @property
    def reason(self) -> str:
        """The usual reason of a refusal; `accepted`, or `nothing_listed` where a listing is one
        but holds no entry, which the run tells by its count."""
        if self.refused:
            return self.refused.most_common(1)[0][0]
        return "accepted" if self.accepted else "nothing_listed"


def end_of(reader: str, content: bytes) -> Ended:
    """Give an input to a reader, as the service would. Raises what the service does not handle."""
    return _READERS[reader](content)


def _listing(kind: str, content_type: str, content: bytes) -> Ended:
    source, response = source_of(kind), _response(content, content_type)
    obstacle = _obstacle(response)
    if obstacle:
        return _refusal(obstacle)
    try:
        listing = read_listing(source, response.body, text_of(response), URL)
    except UnreadableListing as error:
        return _refusal(type(error).__name__)
    if kind == "sitemap":  # its entries are addresses, each of which is then asked for
        return Ended(accepted=len(listing.entries) + len(listing.further))
    ended = Ended()
    for entry in listing.entries:
        _take(ended, source, entry.posting_id, entry.fields)
    return ended


def _advert(kind: str, content_type: str, content: bytes) -> Ended:
    source, response = source_of(kind), _response(content, content_type)
    obstacle = _obstacle(response)
    if obstacle:
        return _refusal(obstacle)
    fields = read_advert(source, response.body, text_of(response), URL, {})
    ended = Ended()
    if isinstance(fields, Refused):
        return _refusal(str(fields.reason))
    _take(ended, source, "1", fields)
    return ended


def _take(ended: Ended, source: Source, posting_id: str, fields: dict[str, str]) -> None:
    """The border, and the wire behind it."""
    run, kept = _run(source)
    entry = _entry(posting_id, fields)
    posting = make_posting(fields, source=source, posting_id=posting_id, fetched_at=NOW)
    if isinstance(posting, Refused):
        asyncio.run(run.accept(entry, fields))
        assert len(kept.letters) == 1, "a refusal without its letter"
        ended.refused[str(posting.reason)] += 1
        return
    asyncio.run(run.publish(posting, "digest"))
    ended.accepted += 1


def _table(name: str, content: bytes, *, supply: bool = False) -> Ended:
    source = Source.model_validate({"id": "drop", "name": "drop", "kind": "file"})
    run, kept = _run(source)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        if supply:
            return _supply(path)
        try:
            taken = asyncio.run(take_table(run, TableFile(path=path, name=name)))
        except (TableError, ColumnError) as error:
            return _refusal("file_unreadable" if isinstance(error, TableError) else "columns_unfit")
    assert taken.rows == taken.accepted + taken.unchanged + taken.refused, "a row vanished"
    assert len(kept.letters) == taken.refused, "a refusal without its letter"
    reasons = Counter(str(letter.reason) for letter in kept.letters)
    return Ended(accepted=taken.accepted + taken.unchanged, refused=reasons)


def _supply(path: Path) -> Ended:
    try:
        rows = list(read_rows(path))
    except TableError:
        return _refusal("file_unreadable")
    good = [row for row in rows if not isinstance(row, RowError)]
    refused = Counter({"row_unreadable": len(rows) - len(good)}) if len(rows) > len(good) else {}
    table = make_supply_records(good, feeds()["ess"], source_id="ess", received_at=NOW)
    reasons = Counter(str(one.reason) for one in table.refusals)
    return Ended(accepted=len(table.records), refused=reasons + Counter(refused))


def _push(content: bytes) -> Ended:
    try:
        batch = posting_batch("application/json", content, {})
    except ProblemError as error:
        return _refusal(error.code)
    source, ended = source_of("rss"), Ended()
    for one in read_records(batch.records):
        match one.content:
            case Unusable():
                ended.refused[str(one.reason)] += 1
            case Pushed(posting_id=posting_id, fields=fields):
                _take(ended, source, posting_id, fields)
    return ended


def _yaml(content: bytes) -> Ended:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "board.yaml"
        path.write_bytes(content)
        try:
            load_source(path)
        except SourceError as error:
            told = str(error)
            assert told.startswith(str(path)), "a mistake without its file"
            return _refusal("source_wrong")
    return Ended(accepted=1)


def _robots(content: bytes) -> Ended:
    """Any text is a robots.txt; lines without meaning are passed over, as RFC 9309 says."""
    rules = RobotsMemory().put("https://board.example", content.decode("utf-8", "replace"))
    rules.can_fetch(URL, "labourwatch")
    return Ended(accepted=1)


def _archived(content: bytes) -> Ended:
    source, ended = source_of("json_list"), Ended()
    day = _read_day(NOW.date(), NOW, content, 0)
    if day.answer is None:
        return _refusal("day_unreadable")
    for raw in day.answer.postings:
        run, kept = _run(source)
        asyncio.run(accept_archived(run, source, bytes(raw)))
        assert run.published + len(kept.letters) == 1, "a posting vanished"
        ended.accepted += run.published
        ended.refused.update(str(letter.reason) for letter in kept.letters)
    return ended


def _refusal(reason: str) -> Ended:
    return Ended(refused=Counter({reason: 1}))


def _response(content: bytes, content_type: str) -> Response:
    """The answer as Scrapy would give it to the spider."""
    made = responsetypes.from_args(headers={b"Content-Type": content_type.encode()}, url=URL)
    return made(URL, body=content, headers={"Content-Type": content_type})


def _obstacle(response: Response) -> str:
    """What the spider asks first of every answer."""
    headers = headers_of(response)
    found = find_obstacle(200, headers, response.body, now=NOW, url=response.url, asked=URL)
    return "" if found is None else f"answer_{found.outcome}"


def _entry(posting_id: str, fields: dict[str, str]) -> Any:
    from scrapers.reading import Entry

    return Entry(posting_id=posting_id, url="", digest="", modified_at=None, fields=fields)


class _Kept:
    """An outbox that encodes what it is sent, as the real one does, and keeps the letters."""

    def __init__(self) -> None:
        self.letters: list[DeadLetter] = []
        self._outbox = Outbox(cast(Any, None))

    def send(self, topic: Topic, key: bytes, record: Any) -> None:
        """Encoded; nothing goes anywhere."""
        Outbox(cast(Any, None)).send(topic, key, record)
        if isinstance(record, DeadLetter):
            self.letters.append(record)
        else:
            assert isinstance(record, JobPosting) or record is not None


def _run(source: Source) -> tuple[Run, _Kept]:
    kept = _Kept()
    frontier = SourceFrontier(redis_async.Redis(host="invalid.", port=1), source.id)
    outbox = cast(Outbox, kept)
    run = Run(source, frontier, outbox, now=NOW, clock=lambda: NOW, stage=Stage.INGEST)
    return run, kept


_HTML: Final = "text/html; charset=utf-8"
_JSON: Final = "application/json"
_XML: Final = "application/xml"
_READERS: Final[Mapping[str, Callable[[bytes], Ended]]] = {
    "jsonld": partial(_advert, "sitemap", _HTML),
    "structured_list": partial(_listing, "structured_list", _HTML),
    "microdata": partial(_advert, "sitemap", "text/html"),
    "rdfa": partial(_advert, "sitemap", _HTML),
    "html_page": partial(_advert, "html_page", "text/html"),
    "html_list": partial(_listing, "html_list", _HTML),
    "sitemap": partial(_listing, "sitemap", _XML),
    "rss": partial(_listing, "rss", "application/rss+xml"),
    "atom": partial(_listing, "rss", "application/atom+xml"),
    "xml_feed": partial(_listing, "xml_feed", _XML),
    "json_list": partial(_listing, "json_list", _JSON),
    "json_detail": partial(_advert, "json_detail", _JSON),
    **{
        kind: partial(_listing, kind, _JSON)
        for kind in (
            "ats_greenhouse",
            "ats_lever",
            "ats_workable",
            "ats_smartrecruiters",
            "ats_ashby",
            "ats_recruitee",
            "reliefweb",
        )
    },
    "archived_day": _archived,
    "robots": _robots,
    "csv": partial(_table, "jobs.csv"),
    "xlsx": partial(_table, "jobs.xlsx"),
    "json": partial(_table, "jobs.json"),
    "jsonl": partial(_table, "jobs.jsonl"),
    "parquet": partial(_table, "jobs.parquet"),
    "csv_gz": partial(_table, "jobs.csv.gz"),
    "zip": partial(_table, "jobs.zip"),
    "supply": partial(_table, "ess.csv", supply=True),
    "push": _push,
    "source_yaml": _yaml,
}
