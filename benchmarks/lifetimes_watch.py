"""What the service sees of the simulated boards: its own crawl run, frontier and register at work.

Only the pages themselves, the broker and the stores are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from benchmarks.lifetimes_market import BOARDS, FIRST, LOCAL, Advert, Board, Plan, adverts, moment
from scrapers.codec import encode
from scrapers.frontier_store import SourceFrontier
from scrapers.items import JobPosting, PostingsWithdrawn, PostingWithdrawn, RunOutcome, SourceRun
from scrapers.reading import Entry
from scrapers.runs import Run
from scrapers.sources import Source
from streams.codes import Codes
from streams.intake import Arrival, read
from streams.records import NormalisedPosting, VacancyUpdate
from streams.settle import Settling
from streams.state import Block, millis
from warehouse.spells import Change, End, History, Sight, Watch


class Collected:
    """Stands where the broker would: keeps what a run sends, in order."""

    def __init__(self) -> None:
        self.records: list[Any] = []

    def send(self, _topic: Any, _key: bytes, record: Any) -> None:
        """Keep `record`; several withdrawals together are taken apart."""
        if isinstance(record, PostingsWithdrawn):
            self.records += record.withdrawals
        else:
            self.records.append(record)


class _OneCode:
    """Codes every posting alike: occupation has no part in lifetimes."""

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        """One occupation and place for all."""
        return [
            Codes(
                isco08="5223", isco08_probability=1.0, isco08_reason="", isic="", province="LA-VT",
                district="", place_reason="", pay=None, skills=(), coder_version="one",
            )
            for _ in batch
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What the stream and the crawler told of the observation."""

    updates: list[VacancyUpdate]
    runs: list[SourceRun]

    def histories(self) -> list[History]:
        """What the warehouse reads back of the updates."""
        return list(histories_of(self.updates))

    def watches(self) -> dict[str, Watch]:
        """How the sources were watched, as the warehouse reads it from the runs."""
        return watches_of(self.runs)


async def observe(seed: Sequence[int], plan: Plan) -> Observed:
    """Crawl the boards by schedule and settle what the crawls publish."""
    rng = np.random.default_rng(list(seed))
    boards = {board.name: [] for board in BOARDS}  # type: dict[str, list[Advert]]
    for advert in adverts(rng, plan):
        boards[advert.board].append(advert)
    records: list[tuple[datetime, int, Any]] = []
    runs: list[SourceRun] = []
    for board in BOARDS:
        offset = float(rng.uniform(0, min(board.every_days, 1)))
        found = await _crawl(board, boards[board.name], offset, plan)
        records += [(when, len(records) + place, r) for place, (when, r) in enumerate(found[0])]
        runs += found[1]
    records.sort(key=lambda item: item[:2])
    return Observed(updates=list(settled([record for _, _, record in records])), runs=runs)


async def _crawl(
    board: Board, listed: Sequence[Advert], offset: float, plan: Plan
) -> tuple[list[tuple[datetime, Any]], list[SourceRun]]:
    source = Source.model_validate(
        {
            "id": board.name, "name": board.name, "kind": "json_api",
            "base_url": "https://board.example", "list": {"url": "/", "items": "jobs"},
        }
    )  # fmt: skip
    frontier = SourceFrontier(None, board.name)  # type: ignore[arg-type]  # never stored
    sent: list[tuple[datetime, Any]] = []
    runs: list[SourceRun] = []
    for day in np.arange(offset, plan.days, board.every_days):
        now = moment(float(day))
        fails = _is_out(board, float(day), plan)
        outbox = Collected()
        run = Run(source, frontier, outbox, now=now, clock=lambda: FIRST)  # type: ignore[arg-type]
        if fails and plan.frozen:
            runs.append(run.conclude(RunOutcome.FAILED).record)
            continue
        present = [] if fails else [a for a in listed if a.appears <= day < a.removed]
        for advert in present:
            entry = Entry(posting_id=advert.posting_id, url="", digest="", modified_at=None,
                          fields={})  # fmt: skip
            if run.visit(entry) == "new":
                await run.accept(entry, _fields(advert, board, now))
        await run.reconcile(())
        runs.append(run.conclude(RunOutcome.OK).record)
        sent += [(now, record) for record in outbox.records]
    return sent, runs


def _is_out(board: Board, day: float, plan: Plan) -> bool:
    return (
        plan.outage is not None
        and board.name in plan.out
        and plan.outage[0] <= day < plan.outage[1]
    )


def _fields(advert: Advert, board: Board, now: datetime) -> dict[str, str]:
    day = {"true": moment(advert.appears), "renewed": now}.get(board.dates)
    closes = None if advert.closes is None else moment(advert.closes + 0.5)
    return {
        "title": "Sales assistant",
        "hiring_organization": advert.employer,
        "date_posted": day.astimezone(LOCAL).date().isoformat() if day else "",
        "valid_through": closes.astimezone(LOCAL).date().isoformat() if closes else "",
    }


def settled(
    records: Sequence[JobPosting | PostingWithdrawn],
    province_of: Callable[[str], str] = lambda _: "LA-VT",
) -> Iterator[VacancyUpdate]:
    """What the register tells of `records`, in order."""
    settling = Settling(_OneCode(), province_of)  # type: ignore[arg-type]
    blocks: dict[str, Block] = defaultdict(Block)
    for record in records:
        arrival = read(encode(record))
        if not isinstance(arrival, Arrival):
            continue  # the demonstration plants adverts that are refused
        found = settling.settle([arrival], [arrival.block], blocks, processed_at=FIRST)
        yield from (a.update for a in found.answers if a.update is not None)


def histories_of(updates: Iterable[VacancyUpdate]) -> Iterator[History]:
    """What the warehouse reads back of `updates`."""
    parts: dict[str, tuple[list[Change], list[Sight], list[End]]] = {}
    for update in updates:
        changes, sights, ends = parts.setdefault(update.vacancy_id, ([], [], []))
        for event in update.events:
            changes.append(
                Change(millis(event.event_time), event.stock, event.posting_key, event.source_id)
            )
        if (posting := update.posting) is not None:
            stated = posting.date_posted.toordinal() if posting.date_posted else None
            sights.append(Sight(posting.posting_key, millis(posting.fetched_at), stated))
        if (end := update.ended) is not None:
            ends.append(
                End(end.posting_key, millis(end.withdrawn_at), millis(end.ended_after),
                    millis(end.ended_before), end.cause.value)
            )  # fmt: skip
    for vacancy_id, (changes, sights, ends) in parts.items():
        yield History(
            vacancy_id=vacancy_id, province="LA-VT", isco08="5223",
            changes=changes, sights=sights, ends=ends,
        )  # fmt: skip


def watches_of(runs: Sequence[SourceRun]) -> dict[str, Watch]:
    """How the sources were watched, as the warehouse reads it from `source_runs`."""
    watches = {}
    for source in {run.source_id for run in runs}:
        own = sorted((r for r in runs if r.source_id == source), key=lambda r: r.finished_at)
        whole = [run for run in own if run.unseen_runs]
        watches[source] = Watch(
            looks=[millis(run.finished_at) for run in whole],
            unseen_runs=whole[-1].unseen_runs if whole else 0,
            failing=own[-1].outcome is RunOutcome.FAILED,
        )
    return watches
