"""Vacancies with known lifetimes on boards: the truth behind the lifetimes.

Every vacancy has a true time advertised, from posting until it is taken down or its stated closing
date is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

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
    employer = f"{_name(number)} Co., Ltd"
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


def _name(number: int) -> str:
    """A company's name that sounds like no other's: duplicates are not what is measured here."""
    drawn = np.random.default_rng([number, 3]).integers(0, 7, 10)
    syllables = [("ba", "da", "fo", "gu", "la", "mi", "so")[place] for place in drawn]
    return "".join(syllables[:5]).title() + " " + "".join(syllables[5:]).title()


def moment(day: float) -> datetime:
    """The moment (UTC) of a day number; days begin at midnight in Laos."""
    return FIRST.replace(tzinfo=LOCAL).astimezone(UTC) + timedelta(days=day)
