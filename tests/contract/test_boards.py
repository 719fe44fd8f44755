"""Every synthetic board of the benchmark, read by its YAML without a network: all fields right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
from scrapy.http import Request

from benchmarks.boards import apis, feeds, pages, structured, unseen, unseen_last, unseen_later
from benchmarks.boards.accuracy import score, share
from benchmarks.boards.board import Ask, Board
from benchmarks.boards.truth import SEEN_ON, Truth, make_truths
from scrapers.api_shapes import detail_of, paging_of
from scrapers.items import JobPosting
from scrapers.parsing.posting import Refused, make_posting
from scrapers.reading import Entry, read_advert, read_listing
from scrapers.sources import Source
from scrapers.spiders.requests import detail_request, list_request

BASE = "http://127.0.0.1:1"
KNOWN = (*structured.BOARDS, *pages.BOARDS, *apis.BOARDS, *feeds.BOARDS)
NOW = datetime(SEEN_ON.year, SEEN_ON.month, SEEN_ON.day, 5, tzinfo=UTC)


class Reader:
    """What the crawler does with a board, with the board's answers at hand."""

    def __init__(self, board: Board, truths: list[Truth]) -> None:
        self.board, self.truths = board, truths
        self.source: Source = board.source(BASE)
        self.refused: list[Refused] = []

    def answer(self, request: Request) -> bytes | None:
        parts = urlsplit(request.url)
        body: Any = None
        if request.body.startswith(b"{"):
            body = msgspec.json.decode(request.body)
        elif request.body:
            body = dict(parse_qsl(request.body.decode()))
        ask = Ask(
            method=request.method,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            body=body,
            base=BASE,
        )
        found = self.board.respond(self.truths, ask)
        if found is None or isinstance(found, int):
            return None
        return found[1].encode() if isinstance(found[1], str) else found[1]

    def entries(self) -> Iterator[Entry]:
        """Entries of all pages, as long as a page carries something new."""
        waiting, seen, number = [list_request(self.source, 0)], set[str](), 0
        while waiting:
            request = waiting.pop()
            body = self.answer(request)
            if body is None:
                continue
            text = body.decode("utf-8", "replace")
            listing = read_listing(self.source, body, text, request.url)
            fresh = [entry for entry in listing.entries if entry.posting_id not in seen]
            seen.update(entry.posting_id for entry in fresh)
            yield from fresh
            waiting += [Request(self.source.absolute(url)) for url in listing.further]
            page = paging_of(self.source)
            by_link = page is not None and bool(page.next or page.cursor)
            if fresh and page is not None and (listing.following or not by_link):
                number += 1
                waiting.append(list_request(self.source, number, listing.following))

    def postings(self) -> Iterator[JobPosting]:
        detail = detail_of(self.source)
        for entry in self.entries():
            fields: Any = entry.fields
            if detail is not None:
                request = detail_request(self.source, detail, entry)
                body = self.answer(request)
                assert body is not None, request.url
                text = body.decode("utf-8", "replace")
                fields = read_advert(self.source, body, text, request.url, entry.fields)
            made = fields
            if not isinstance(fields, Refused):
                made = make_posting(
                    fields, source=self.source, posting_id=entry.posting_id, fetched_at=NOW
                )
            if isinstance(made, Refused):
                self.refused.append(made)
            else:
                yield made


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("board", KNOWN, ids=lambda board: board.name)
def test_a_board_is_read_whole_and_right_by_its_yaml(board: Board, seed: int) -> None:
    truths = make_truths(seed, 17, first=100_000)
    reader = Reader(board, truths)
    postings = list(reader.postings())
    found = score(board, truths, postings)
    assert reader.refused == []
    assert found.wrong == ()
    assert (found.read, len(postings)) == (17, 17), "every advert, and nothing else"
    assert all(posting.description for posting in postings) or board.name in LIST_ONLY


LIST_ONLY = {"cards", "rows", "state", "cursor"}
"""Boards that show no text of the advert."""


@pytest.mark.parametrize(
    "board",
    [*unseen.BOARDS, *unseen_later.BOARDS, *unseen_last.BOARDS],
    ids=lambda board: board.name,
)
def test_unseen_boards_need_only_their_yaml(board: Board) -> None:
    truths = make_truths(3, 17, first=100_000)
    found = score(board, truths, Reader(board, truths).postings())
    assert share([found]) >= 0.95, found.wrong
