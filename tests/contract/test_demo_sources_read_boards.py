"""The shipped source files read the demonstration's boards: pages and archive say the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer, unused_port

from labourwatch.demo.adverts import write_advert
from labourwatch.demo.market import Market
from labourwatch.demo.postings import Defect
from labourwatch.demo.serve import SITES, addresses
from labourwatch.demo.site import Site
from labourwatch.demo.source_files import write_sources
from scrapers.items import JobPosting
from scrapers.parsing.posting import Refused, make_posting
from scrapers.reading import archived_entry, listing_of, read_detail, read_listing
from scrapers.source_files import load_sources
from scrapers.sources import Source
from tests.factories_demo import ANCHOR, SetClock, market_in


@dataclass(frozen=True)
class Board:
    site: Site
    source: Source
    session: ClientSession


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with market_in(tmp_path_factory.mktemp("market"), SetClock(), days=80, mean=40) as market:
        yield market


@pytest.fixture(params=range(len(SITES)), ids=[kind.source_id for kind in SITES])
async def board(
    request: pytest.FixtureRequest, market: Market, tmp_path: Path
) -> AsyncIterator[Board]:
    port = unused_port()
    ports = [port if number == request.param else number + 1 for number in range(len(SITES) + 2)]
    write_sources(tmp_path / "sources", addresses(ports))
    kind = SITES[request.param]
    source = next(s for s in load_sources(tmp_path / "sources") if s.id == kind.source_id)
    site = kind(market, source.base_url)
    async with TestServer(site.application(), port=port), ClientSession() as session:
        yield Board(site, source, session)


async def test_every_open_posting_is_listed_once(board: Board) -> None:
    entries = await listed(board)
    expected = [
        board.site.posting_id(int(key)) for key in board.site.store.table.key[board.site.open_now()]
    ]
    assert len(expected) > 20
    assert sorted(entries) == sorted(expected)


async def test_pages_and_archive_give_the_same_posting(board: Board) -> None:
    entries = await listed(board)
    compared = 0
    for day in reversed(board.site.store.archive_days(board.site.number)):
        if compared >= 30:
            break
        answer = await archive_day(board, day)
        for raw in answer["postings"]:
            if str(native_id(board, raw)) not in entries:
                continue
            archived, live = await both(board, raw, entries[native_id(board, raw)])
            assert type(archived) is type(live), (archived, live)
            if isinstance(archived, JobPosting) and isinstance(live, JobPosting):
                assert essence(archived) == essence(live)
                compared += 1
    assert compared >= 10


@pytest.mark.parametrize("defect", [d for d in Defect if d])
async def test_malformed_postings_are_refused_or_read_without_their_dates(
    board: Board, defect: Defect
) -> None:
    index = int(board.site.open_now()[0])
    row = replace(board.site.store.row(index), defect=int(defect))
    advert = write_advert(board.site.market.scenario, board.site.market.opening(row.key), row)
    native = msgspec.json.encode(board.site.native(advert))
    entry = archived_entry(board.source, msgspec.json.decode(native), native)
    assert entry is not None
    found = make_posting(
        entry.fields, source=board.source, posting_id=entry.posting_id, fetched_at=ANCHOR
    )
    if defect in (Defect.NO_TITLE, Defect.BROKEN_MARKUP):
        assert isinstance(found, Refused)
    else:
        assert isinstance(found, JobPosting)
        assert (found.date_posted is None) == (defect is Defect.ABSURD_DATES)


async def test_outage_days_are_unavailable_and_others_are_not(board: Board) -> None:
    store, number = board.site.store, board.site.number
    days = store.archive_days(number)
    out = [day for day in days if store.is_out(number, day)]
    for day in [*out, days[0], days[-1]]:
        url = f"{board.source.base_url}/archive/{board.site.market.scenario.date_of(day)}.json"
        async with board.session.get(url) as answer:
            assert answer.status == (503 if day in out else 200)


async def test_an_unchanged_listing_is_not_sent_again(board: Board) -> None:
    url, body = next(pages(board))
    if body is not None:  # answers to POST carry no validators: they must at least be the same
        async with board.session.post(url, json=body) as one:
            first_answer = await one.read()
        async with board.session.post(url, json=body) as two:
            assert await two.read() == first_answer
        return
    async with board.session.get(url) as first:
        tag = first.headers["ETag"]
    async with board.session.get(url, headers={"If-None-Match": tag}) as second:
        assert second.status == 304


def essence(posting: JobPosting) -> JobPosting:
    """What must agree; a microdata page states pay in words and leaves structured parts out."""
    return replace(
        posting,
        base_salary_raw="",
        occupational_category_raw="",
        education_raw="",
        experience_raw="",
        total_job_openings_raw="",
        date_posted_raw="",
        description="".join(posting.description.split()),
    )


def native_id(board: Board, raw: dict[str, Any]) -> str:
    native = msgspec.json.encode(raw)
    entry = archived_entry(board.source, raw, native)
    assert entry is not None
    return entry.posting_id


async def archive_day(board: Board, day: int) -> dict[str, Any]:
    url = f"{board.source.base_url}/archive/{board.site.market.scenario.date_of(day)}.json"
    async with board.session.get(url) as answer:
        if answer.status == 503:
            return {"postings": []}
        return dict(await answer.json())


async def listed(board: Board) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for url, body in pages(board):
        call = board.session.post(url, json=body) if body else board.session.get(url)
        async with call as answer:
            content = await answer.read()
            found = read_listing(board.source, content, content.decode()).entries
        fresh = {e.posting_id: e for e in found if e.posting_id not in entries}
        if not fresh:
            break
        entries |= fresh
    return entries


def pages(board: Board) -> Iterator[tuple[str, dict[str, Any] | None]]:
    spec = listing_of(board.source)
    url = board.source.absolute(spec.url)
    if spec.page is None:
        yield url, None
        return
    for number in range(spec.page.start, spec.page.start + spec.page.max_pages):
        if spec.page.where == "body":
            yield url, {**(spec.body or {}), spec.page.name: number}
        else:
            yield f"{url}{'&' if '?' in url else '?'}{spec.page.name}={number}", None


async def both(
    board: Board, raw: dict[str, Any], entry: Any
) -> tuple[JobPosting | Refused, JobPosting | Refused]:
    archived = archived_entry(board.source, raw, msgspec.json.encode(raw))
    assert archived is not None
    fields: Any = entry.fields
    detail = board.source.detail
    if detail is not None:
        url = board.source.absolute(detail.url.replace("{url}", entry.url))
        body = msgspec.json.decode(
            msgspec.json.encode(detail.body or {}).replace(b"{id}", entry.posting_id.encode())
        )
        call = (
            board.session.post(url, json=body)
            if detail.method == "POST"
            else board.session.get(url)
        )
        async with call as answer:
            assert answer.status == 200, url
            content = await answer.read()
        read = read_detail(board.source, content, content.decode(), url)
        fields = {**entry.fields, **read} if isinstance(read, dict) else read
    made = [
        one
        if isinstance(one, Refused)
        else make_posting(
            one, source=board.source, posting_id=archived.posting_id, fetched_at=ANCHOR
        )
        for one in (archived.fields, fields)
    ]
    return made[0], made[1]
