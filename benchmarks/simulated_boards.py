"""Job boards as a crawl's notes show them: sizes, employers, seasons, and faults. Seeded."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Final

from scrapers.health.history import Facts, History
from scrapers.health.notes import Notes, Seen, Sentinel, name_mark
from scrapers.health.periods import Assessment, assess
from scrapers.health.sentinels import PER_RUN, due_sentinels

START: Final = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
_WEEK: Final = (1.3, 1.2, 1.1, 1.1, 1.0, 0.3, 0.2)
_HOLIDAYS: Final = (date(2026, 1, 1), date(2026, 4, 14), date(2026, 4, 15), date(2026, 4, 16),
                    date(2026, 12, 2))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """Who advertises, and what is usual for its adverts."""

    name: str
    language: str
    states_pay: float
    states_end: float
    weight: float


@dataclass(slots=True, kw_only=True)
class Advert:
    """One posting on a board."""

    key: str
    seen: Seen
    ends_on: date
    stated_end: bool


@dataclass(slots=True, kw_only=True)
class Board:
    """A board's state; `advance` moves it a day on, `crawl` shows what a crawl of it notes."""

    name: str
    size: int
    rng: random.Random
    coverage: dict[str, float]
    employers: list[Employer]
    latency_s: float
    adverts: dict[str, Advert] = field(default_factory=dict)
    known: dict[str, date] = field(default_factory=dict)
    """Listed before, with the closing day where one is stated."""
    refused: set[str] = field(default_factory=set)
    """Read and refused: not read again until the source is healthy."""
    day: int = 0
    growth: float = 1.0
    weights: list[float] = field(default_factory=list)
    """Of the employers, accumulated."""
    arrived: int = 0

    @property
    def today(self) -> date:
        """The day of the next crawl."""
        return (START + timedelta(days=self.day)).date()

    def advance(self) -> None:
        """A day passes: adverts end, employers leave, new adverts come."""
        self.day += 1
        today = self.today
        gone = {key for key, advert in self.adverts.items() if advert.ends_on < today}
        if self.rng.random() < 0.01:
            leaver = self.rng.choice(self.employers).name
            mark = name_mark(leaver)
            gone |= {key for key, advert in self.adverts.items() if advert.seen.employer == mark}
        self.adverts = {k: a for k, a in self.adverts.items() if k not in gone}
        for _ in range(_poisson(self.rng, self.expected_new())):
            self.add(self.pick())

    def expected_new(self) -> float:
        """Adverts of the day: by weekday, season and growth; none but few on holidays."""
        season = 1 + 0.35 * math.sin(2 * math.pi * self.day / 365)
        quiet = 0.1 if self.today in _HOLIDAYS else 1.0
        return self.size / 30 * _WEEK[self.today.weekday()] * season * quiet * self.growth

    def pick(self) -> Employer:
        """An employer, large ones more often."""
        if len(self.weights) != len(self.employers):
            self.weights = list(accumulate(employer.weight for employer in self.employers))
        return self.rng.choices(self.employers, cum_weights=self.weights)[0]

    def add(self, employer: Employer, title: str = "") -> None:
        """A new advert of an employer."""
        self.arrived += 1
        stated = self.rng.random() < employer.states_end
        ends_on = self.today + timedelta(days=1 + round(self.rng.expovariate(1 / 29)))
        seen = self.draw(employer, stated, title)
        key = f"{self.name}-{self.arrived}"
        self.adverts[key] = Advert(key=key, seen=seen, ends_on=ends_on, stated_end=stated)

    def draw(self, employer: Employer, stated_end: bool, title: str = "") -> Seen:
        """What is read of an advert."""
        there = {name for name, share in self.coverage.items() if self.rng.random() < share}
        there |= {"title"}
        if self.rng.random() < employer.states_pay:
            there.add("pay")
        if stated_end:
            there.add("valid_through")
        return Seen(
            filled=frozenset(there),
            title=name_mark(title or f"title {int(self.rng.paretovariate(0.6)) % 3000}"),
            employer=name_mark(employer.name) if "employer" in there else "",
            place=name_mark(f"place {self.rng.randrange(18)}") if "place" in there else "",
            language=employer.language,
            length=int(self.rng.lognormvariate(7, 0.6)) if "description" in there else 0,
            company_title=False,
        )


Reader = Callable[[Seen], Seen | str]
"""What a fault makes of one advert: as it is read, or the reason of refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """How a source's answers are distorted."""

    name: str
    read: Reader = lambda seen: seen
    listing: Callable[[list[Advert], random.Random], list[Advert]] = lambda adverts, _: adverts
    answers: bool = True
    slower: float = 1.0
    repeats: float = 0.0
    """Repeated entries for each listed one."""
    in_adverts: bool = False
    """Shows only in adverts that are read."""


HEALTHY: Final = Fault(name="healthy")


def crawl(board: Board, history: History, fault: Fault = HEALTHY) -> tuple[Notes, list[Advert]]:
    """A daily crawl: its notes, and what was listed."""
    notes, rng = Notes(), board.rng
    shown = fault.listing(list(board.adverts.values()), rng) if fault.answers else []
    again = due_sentinels(history, START + timedelta(days=board.day))
    for advert in shown:
        if advert.key not in board.known and advert.key not in board.refused:
            notes.new += 1
            _read(notes, advert, fault)
        elif advert.key in again and len(notes.read_again) < PER_RUN:
            now_read = fault.read(advert.seen)
            notes.read_again[advert.key] = None if isinstance(now_read, str) else now_read
    for _ in range(1 + min(notes.new, 50) if fault.answers else 0):
        notes.answer(200, rng.lognormvariate(math.log(board.latency_s * fault.slower), 0.4), 1)
    notes.listed = len(shown)
    notes.repeats = round(len(shown) * fault.repeats)
    return notes, shown


def _facts(board: Board, history: History, listed: set[str], fault: Fault) -> Facts:
    doubted, today = set(history.doubtful), board.today
    open_ones = [k for k, ends_on in board.known.items() if k not in doubted and ends_on >= today]
    return Facts(
        now=START + timedelta(days=board.day), answered=fault.answers, complete=fault.answers,
        full=True, settles=True, listed=len(listed), shown=len(open_ones),
        gone=sum(key not in listed for key in open_ones), seen_before=None,
        present=frozenset(s.posting_id for s in history.sentinels) & listed,
    )  # fmt: skip


def _read(notes: Notes, advert: Advert, fault: Fault) -> None:
    seen = fault.read(advert.seen)
    if isinstance(seen, str):
        notes.failures[seen] += 1
        notes.refused.append(advert.key)
    else:
        notes.read.append(Sentinel(posting_id=advert.key, seen=seen))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One crawl, judged."""

    assessed: Assessment
    notes: Notes
    listed: frozenset[str]


def step(board: Board, history: History, fault: Fault = HEALTHY) -> Step:
    """Crawl and judge; the board then knows what was listed, and forgets what counts as gone."""
    notes, shown = crawl(board, history, fault)
    listed = {advert.key for advert in shown}
    facts = _facts(board, history, listed, fault)
    assessed = assess(history, notes, facts, source_id=board.name, run_id=str(board.day))
    held = dict(board.known) if assessed.holds_closing else {}
    board.refused = (board.refused | set(notes.refused)) - set(assessed.read_again)
    known = {
        advert.key: advert.ends_on if advert.stated_end else date.max
        for advert in shown
        if advert.key not in board.refused
    }
    board.known = {**held, **known}
    return Step(assessed=assessed, notes=notes, listed=frozenset(listed))


def copied(board: Board, seed: str) -> Board:
    """A board that goes on by itself from here."""
    return replace(
        board, rng=random.Random(seed), adverts=dict(board.adverts), known=dict(board.known),
        refused=set(board.refused),
        employers=list(board.employers), weights=[],
    )  # fmt: skip


def make_board(number: int, rng: random.Random, largest: int) -> Board:
    """A board of a size between 2 and `largest`, filled with adverts."""
    size = round(math.exp(rng.uniform(math.log(2), math.log(largest))))
    main = rng.choice(["lo", "lo", "latin"])
    mixed = rng.choice([0.0, 0.0, 0.2, 0.5])
    other = "latin" if main == "lo" else "lo"
    pay, ends = rng.choice([0.0, 0.1, 0.4, 0.8]), rng.choice([0.0, 0.5, 0.9, 1.0])
    employers = [
        Employer(
            name=f"employer {number}-{i}",
            language=other if rng.random() < mixed else main,
            states_pay=min(1.0, max(0.0, rng.betavariate(2 * pay + 0.05, 2 * (1 - pay) + 0.05))),
            states_end=ends,
            weight=rng.paretovariate(1.1),
        )
        for i in range(max(1, round(size * rng.uniform(0.2, 0.8))))
    ]
    coverage = {
        "employer": rng.choice([1.0, 1.0, 0.97, 0.9]),
        "place": rng.choice([1.0, 0.98, 0.9]),
        "description": rng.choice([1.0, 0.99]),
        "date_posted": rng.choice([1.0, 1.0, 0.98]),
    }
    board = Board(
        name=f"board{number}", size=size, rng=rng, coverage=coverage, employers=employers,
        latency_s=rng.choice([0.1, 0.4, 1.0]),
    )  # fmt: skip
    for _ in range(size):
        board.add(board.pick())
    return board


def _poisson(rng: random.Random, mean: float) -> int:
    limit, product, count = math.exp(-min(mean, 500.0)), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
