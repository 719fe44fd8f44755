"""Vacancies with known lifetimes on boards that are crawled: the truth behind the lifetimes.

Every vacancy has a true time advertised, from posting until it is taken down or its stated closing
date is over. What the crawler sees of it goes through the service's own crawl run, frontier and
register; only the pages themselves and the broker are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

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

FIRST: Final = datetime(2026, 1, 5, tzinfo=UTC)
LOCAL: Final = ZoneInfo("Asia/Vientiane")
MEDIAN_DAYS: Final = 21.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board and how it is crawled."""

    name: str
    every_days: float
    dates: str
    """`true`: states the posting date; `renewed`: states today at every crawl; `none`."""
    share: float


BOARDS: Final = (
    Board(name="dated", every_days=1, dates="true", share=0.4),
    Board(name="renewing", every_days=1, dates="renewed", share=0.35),
    Board(name="slow", every_days=3, dates="none", share=0.25),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One simulated observation. Days count from its beginning."""

    vacancies: int
    days: int = 150
    lead_days: int = 120
    """How long before the observation vacancies already appear: the first crawl finds them."""
    law: str = "lognormal"
    """`lognormal` (σ = 0.65) or `weibull` (shape 1.3), both with a median of 21 days."""
    outage: tuple[float, float] | None = None
    """Days in which the boards named by `out` do not answer."""
    out: tuple[str, ...] = ("dated",)
    frozen: bool = True
    """Whether a failed crawl leaves everything as it was; else it counts as an empty listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advert:
    """One posting in truth; days since the observation's beginning."""

    board: str
    posting_id: str
    employer: str
    appears: float
    removed: float
    """It is no longer listed from then on."""
    closes: int | None
    """Stated closing date, as a day number."""


def lifetimes(rng: np.random.Generator, law: str, size: int) -> NDArray[np.float64]:
    """Days until the vacancy is taken down, whatever closing date it states."""
    if law == "weibull":
        return np.asarray(rng.weibull(1.3, size) * MEDIAN_DAYS / np.log(2) ** (1 / 1.3))
    return np.asarray(rng.lognormal(np.log(MEDIAN_DAYS), 0.65, size))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """True spells: when they begin, when they are taken down, and the closing date if stated."""

    start: NDArray[np.float64]
    taken_down: NDArray[np.float64]
    closes: NDArray[np.int64]
    """Last day by the advert's own statement; a far day where none is stated."""

    @property
    def advertised(self) -> NDArray[np.float64]:
        """True time advertised, in days."""
        return np.asarray(np.minimum(self.taken_down, self.closes + 1.0) - self.start)


def draw(rng: np.random.Generator, law: str, start: NDArray[np.float64]) -> Drawn:
    """Spells that begin at `start`: four in ten state a closing date, 10 to 60 days ahead."""
    lasting = lifetimes(rng, law, len(start))
    ahead = rng.integers(10, 61, len(start))
    stated = rng.random(len(start)) < 0.4
    closes = np.where(stated, np.floor(start).astype(int) + ahead, 100_000)
    return Drawn(start=start, taken_down=start + lasting, closes=closes)


@lru_cache
def true_median(law: str, seed: int) -> float:
    """Median of the true time advertised, from 400,000 draws."""
    rng = np.random.default_rng([seed, 7])
    return float(np.median(draw(rng, law, rng.uniform(0, 1000, 400_000)).advertised))


@lru_cache
def true_mean_60(law: str, seed: int) -> float:
    """Mean of the first 60 days of the true time advertised."""
    rng = np.random.default_rng([seed, 7])
    lasting = draw(rng, law, rng.uniform(0, 1000, 400_000)).advertised
    return float(np.minimum(lasting, 60).mean())


def adverts(rng: np.random.Generator, plan: Plan) -> Iterator[Advert]:
    """Originals, copies on another board (a fifth) and re-posts (six in a hundred)."""
    first = draw(rng, plan.law, rng.uniform(-plan.lead_days, plan.days, plan.vacancies))
    gap = rng.uniform(3, 60, plan.vacancies)
    over = first.start + first.advertised
    again = draw(rng, plan.law, over + gap)
    homes = rng.choice(len(BOARDS), size=plan.vacancies, p=[b.share for b in BOARDS])
    for number in range(plan.vacancies):
        yield from _advert(rng, number, "", int(homes[number]), first)
        if rng.random() < 0.06:
            yield from _advert(rng, number, "r", int(homes[number]), again)


def _advert(
    rng: np.random.Generator, number: int, suffix: str, home: int, drawn: Drawn
) -> Iterator[Advert]:
    start, closes = float(drawn.start[number]), int(drawn.closes[number])
    removed = float(drawn.taken_down[number])
    if removed > closes + 1 and rng.random() < 0.5:
        removed = closes + 1.0  # half of the boards' customers take it down in time
    over = start + float(drawn.advertised[number])
    stated = closes if closes < 100_000 else None
    employer = f"Company {number} Co., Ltd"
    original = Advert(
        board=BOARDS[home].name, posting_id=f"{number}{suffix}", employer=employer,
        appears=start, removed=removed, closes=stated,
    )  # fmt: skip
    yield original
    if rng.random() < 0.2:
        other = BOARDS[(home + 1 + int(rng.random() < 0.5)) % len(BOARDS)].name
        appears = start + float(rng.uniform(0, 3))
        if appears < over:
            yield Advert(
                board=other, posting_id=f"{number}{suffix}c", employer=employer,
                appears=appears, removed=over, closes=stated,
            )  # fmt: skip


class _Collected:
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
        outbox = _Collected()
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


def moment(day: float) -> datetime:
    """The moment (UTC) of a day number; days begin at midnight in Laos."""
    return FIRST.replace(tzinfo=LOCAL).astimezone(UTC) + timedelta(days=day)


def _fields(advert: Advert, board: Board, now: datetime) -> dict[str, str]:
    day = {"true": moment(advert.appears), "renewed": now}.get(board.dates)
    closes = None if advert.closes is None else moment(advert.closes + 0.5)
    return {
        "title": "Sales assistant",
        "hiring_organization": advert.employer,
        "date_posted": day.astimezone(LOCAL).date().isoformat() if day else "",
        "valid_through": closes.astimezone(LOCAL).date().isoformat() if closes else "",
    }


def settled(records: Sequence[JobPosting | PostingWithdrawn]) -> Iterator[VacancyUpdate]:
    """What the register tells of `records`, in order."""
    settling = Settling(_OneCode(), lambda _: "LA-VT")  # type: ignore[arg-type]
    blocks: dict[str, Block] = defaultdict(Block)
    for record in records:
        arrival = read(encode(record))
        if not isinstance(arrival, Arrival):
            raise TypeError(f"a simulated record was refused: {arrival}")
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
