"""Every kind of crawled source in one crawl against served boards: coverage and accuracy.

The boards run on loopback with the traps of real ones; the crawler, the broker and Redis are the
real ones. Each board is declared by YAML alone. Boards of `unseen` were written after the readers
were finished, and are reported apart.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import redis.asyncio as redis_async

from benchmarks.boards import (
    apis,
    feeds,
    pages,
    refusing,
    structured,
    unseen,
    unseen_last,
    unseen_later,
)
from benchmarks.boards.accuracy import FIELDS, Scored, row, score, share
from benchmarks.boards.board import Board, serve
from benchmarks.boards.truth import SEEN_ON, Truth, make_truths
from benchmarks.report import Figure
from config.settings import Settings
from config.topics import DEAD_LETTERS, POSTINGS
from scrapers.context import CrawlContext
from scrapers.items import DeadLetter, JobPosting, RunOutcome
from scrapers.live import crawl_once
from scrapers.publish import Publisher
from scrapers.sources import Source
from scrapers.topics_admin import ensure_topics
from tests.fixtures_broker import start_broker
from tests.fixtures_redis import start_redis
from tests.topic_reader import records

BOARDS: Final = (*structured.BOARDS, *pages.BOARDS, *apis.BOARDS, *feeds.BOARDS)
APART: Final = (*unseen.BOARDS, *unseen_later.BOARDS, *unseen_last.BOARDS)
"""Boards written after the readers."""
_ADVERTS: Final = 120
_ADVERTS_QUICK: Final = 12
_FIRST_KEY: Final = 100_000
_NOW: Final = datetime(SEEN_ON.year, SEEN_ON.month, SEEN_ON.day, 5, tzinfo=UTC)


async def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures of the kinds, and the table kind × fields × coverage and accuracy."""
    number = _ADVERTS_QUICK if quick else _ADVERTS
    together = (*BOARDS, *APART, *(board for board, _ in refusing.BOARDS))
    truths = {
        board.name: make_truths(seed, number, first=_FIRST_KEY * (1 + n % 8) + 1000 * n)
        for n, board in enumerate(together)
    }
    postings, outcomes = await crawl(together, truths)
    scored = {b.name: score(b, truths[b.name], postings.get(b.name, ())) for b in together}
    known = [scored[board.name] for board in BOARDS]
    apart = [scored[board.name] for board in APART]
    return _figures(known, apart, outcomes), {
        "tables": {
            "Kinds of source: coverage and accuracy": [row(board) for board in known],
            "Boards written after the readers": [row(board) for board in apart],
            "Boards that cannot be read": [
                {"layout": board.layout, "expected": expected.value, "told": outcomes[board.name]}
                for board, expected in refusing.BOARDS
            ],
        },
        "mistakes": [line for board in (*known, *apart) for line in board.wrong],
        "outcomes": outcomes,
    }


def _figures(
    known: Sequence[Scored], apart: Sequence[Scored], outcomes: dict[str, str]
) -> list[Figure]:
    whole = [b for b in (*known, *apart) if outcomes[b.board.name] == RunOutcome.OK]
    kinds = {row(board)["kind"] for board in whole if board.read == board.expected}
    by_field = ", ".join(f"{name} {share(known, (name,)):.3f}" for name in FIELDS)
    return [
        Figure(key="source_kinds", value=len(kinds), goal="≥ 12",
               about="kinds read whole in one crawl against served boards, by YAML alone"),
        Figure(key="source_layouts", value=len(whole),
               about="boards of different mark-up and traps read in that crawl"),
        Figure(key="field_accuracy", value=round(share(known), 4), goal="≥ 0.95",
               about=f"right fields of all: {by_field}"),
        Figure(key="field_accuracy_unseen", value=round(share(apart), 4), goal="≥ 0.95",
               about=f"the same on {len(apart)} boards written after the readers; 0.92 at their "
                     "first reading (docs/sources)"),
    ]  # fmt: skip


async def crawl(
    boards: Sequence[Board], truths: dict[str, list[Truth]]
) -> tuple[dict[str, list[JobPosting]], dict[str, str]]:
    """Serve the boards and crawl each once, side by side; what was published, and the outcomes."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "redis").mkdir()
        with start_broker(place) as bootstrap, start_redis(place / "redis") as redis_url:
            async with AsyncExitStack() as stack:
                sources = [
                    board.source(await stack.enter_async_context(serve(board, truths[board.name])))
                    for board in boards
                ]
                outcomes = await _crawl_all(sources, place, bootstrap, redis_url)
            found: dict[str, list[JobPosting]] = defaultdict(list)
            for record in await records(bootstrap, POSTINGS, DEAD_LETTERS):
                if isinstance(record, JobPosting):
                    found[record.source_id].append(record)
                elif isinstance(record, DeadLetter):
                    outcomes[record.source_id] += f"; {record.reason}: {record.detail}"[:200]
    return found, outcomes


async def _crawl_all(
    sources: Sequence[Source], place: Path, bootstrap: str, redis_url: str
) -> dict[str, str]:
    await ensure_topics(bootstrap)
    settings = Settings(var_dir=place, broker_url=f"kafka://{bootstrap}", redis_url=redis_url)
    redis: Any = redis_async.Redis.from_url(redis_url)
    try:
        async with Publisher(bootstrap) as publisher:
            context = CrawlContext(
                settings=settings, publisher=publisher, redis=redis, clock=lambda: _NOW
            )
            crawled = await asyncio.gather(
                *(crawl_once(source, context, full=True) for source in sources)
            )
    finally:
        await redis.aclose()
    return {
        one.record.source_id: f"{one.record.outcome}{one.record.detail and ': '}{one.record.detail}"
        for one in crawled
    }
