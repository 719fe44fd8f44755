"""Kinds of source through the real crawler: sitemaps told by robots.txt, links, cursors, forms."""

from __future__ import annotations

import pytest

from benchmarks.boards import apis, refusing, structured, unseen_later
from benchmarks.boards.accuracy import score
from benchmarks.boards.truth import make_truths
from benchmarks.collection_kinds import crawl

pytestmark = pytest.mark.integration
CHOSEN = ("graph", "carried", "cursor", "workable", "smart", "reliefweb", "ajax", "graphql", "ages")


async def test_boards_are_crawled_whole_by_their_yaml() -> None:
    every = (*structured.BOARDS, *apis.BOARDS, *unseen_later.BOARDS)
    boards = [board for board in every if board.name in CHOSEN]
    truths = {
        board.name: make_truths(4, 13, first=100_000 * (n + 1)) for n, board in enumerate(boards)
    }
    postings, outcomes = await crawl(boards, truths)
    assert outcomes == dict.fromkeys(CHOSEN, "ok")
    for board in boards:
        found = score(board, truths[board.name], postings[board.name])
        assert found.wrong == ()
        assert (found.read, len(postings[board.name])) == (13, 13)


async def test_boards_that_cannot_be_read_say_why() -> None:
    boards = [board for board, _ in refusing.BOARDS]
    postings, outcomes = await crawl(boards, {board.name: [] for board in boards})
    assert postings == {}
    for board, expected in refusing.BOARDS:
        outcome, _, detail = outcomes[board.name].partition(": ")
        assert (outcome, bool(detail)) == (expected, True), outcomes[board.name]
