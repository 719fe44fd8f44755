"""Notices of a source's volume: how soon for a price change, how many by chance, by threshold.

Only the judgement of volumes runs here, on the same quiet markets; each source in turn loses two
thirds of its adverts on one day. Beside it stands what no test can exceed: the power of the most
powerful one (Neyman and Pearson 1933), which knows both distributions of the day's count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from alerts.cells import NATION
from alerts.coverage import Coverage
from alerts.panel import Panel
from alerts.volumes import WHOLE, Volumes
from benchmarks.fault_worlds import (
    BREAK,
    BUNCHED,
    DAYS,
    FIRST,
    GOAL,
    SOURCES,
    WEEK,
    Rows,
    without,
)
from benchmarks.report import Figure

THRESHOLDS: Final = (2.5, WHOLE)
_JUDGED_FROM: Final = FIRST + 60
_LOST: Final = 0.65
_MOST: Final = 1024
"""Above any count of a day."""
_DRAWS: Final = 10
"""Of a price change of each source in each market: one draw alone leaves much to chance."""
_RARE: Final = 0.25
"""False notices a year that are allowed at least, where none was seen."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one threshold gave."""

    by_chance: int = 0
    parts_by_chance: int = 0
    source_days: int = 0
    tried: dict[str, int]
    found: dict[str, int]

    @property
    def false_per_year(self) -> float:
        """Notices of a whole source by chance, per source and year."""
        return self.by_chance / self.source_days * 365.25

    def share(self, source: str) -> float:
        """Of price changes of a source, those that are told on their first day."""
        return self.found.get(source, 0) / max(self.tried.get(source, 0), 1)

    def row(self, threshold: float) -> dict[str, Any]:
        """A line of the table."""
        shares = {f"told of {source}": self.share(source) for source in SOURCES}
        return {
            "threshold": threshold,
            "false a source and year": round(self.false_per_year, 2),
            "of parts": round(self.parts_by_chance / self.source_days * 365.25, 2),
            **{name: round(share, 2) for name, share in shares.items()},
        }


def tallies(markets: Sequence[Rows], coverage: Coverage, seed: int) -> dict[float, Tally]:
    """What each threshold gives on quiet markets, and on the first day of a price change."""
    found = {}
    for threshold in THRESHOLDS:
        tally = Tally(tried=dict.fromkeys(SOURCES, 0), found=dict.fromkeys(SOURCES, 0))
        for number, rows in enumerate(markets):
            _judge(tally, Volumes(threshold=threshold), rows, coverage, [seed, number])
        found[threshold] = tally
    return found


def _judge(tally: Tally, volumes: Volumes, rows: Rows, coverage: Coverage, seed: list[int]) -> None:
    panel = Panel(rows, coverage)
    known: dict[Any, int] = {}
    for day in range(FIRST + 1, FIRST + DAYS - 3):
        if day == BREAK:
            _try(tally, volumes, rows, coverage, np.random.default_rng(seed))
        volumes.follow(day, panel, weight)
        if day < _JUDGED_FROM:
            continue
        tally.source_days += len(SOURCES)
        for key, stream in volumes.streams.items():
            period = stream.period
            if period is not None and known.get(key) != period.onset:
                known[key] = period.onset
                tally.by_chance += key[1] == NATION
                tally.parts_by_chance += key[1] != NATION


def _try(
    tally: Tally, volumes: Volumes, rows: Rows, coverage: Coverage, rng: np.random.Generator
) -> None:
    """Each source in turn loses adverts on this day."""
    state = volumes.export()
    today = [row for row in rows if row.day == BREAK]
    for source in SOURCES:
        if volumes.streams[source, NATION].is_open:
            continue
        for _ in range(_DRAWS):
            hit = [without(r, source) if _hit(r, source, rng) else r for r in today]
            broken = Panel([row for row in hit if row is not None], coverage)
            again = Volumes.restore(state)
            again.threshold = volumes.threshold
            again.follow(BREAK, broken, weight)
            tally.tried[source] += 1
            tally.found[source] += again.streams[source, NATION].is_open


def _hit(row: Any, source: str, rng: np.random.Generator) -> bool:
    return source in row.sources and bool(rng.random() < _LOST)


def weight(day: int) -> float:
    """The market's week."""
    return WEEK[(day - 1) % 7]


def figures(found: dict[float, Tally], markets: Sequence[Rows]) -> list[Figure]:
    """Notices by chance; shares of faults told at the first crawl: expected, and at best."""
    tally = found[WHOLE]
    false, planted = tally.false_per_year, len(markets) * len(GOAL)
    powers = [_power(rows, source, max(false, _RARE)) for rows, source in _planted(markets)]
    missed = sum(1.0 - power for power in powers) / planted
    ours = sum(1.0 - tally.share(source) for _, source in _planted(markets)) / planted
    return [
        Figure(key="source_notices_false_per_year", value=false, goal="",
               about="notices to operators, per source and year, that a source shows fewer or "
               "more than usual, in markets in which nothing happens"),
        Figure(key="faults_reported_expected", value=1.0 - ours, goal="",
               about="what faults_reported_share is expected to be if all but price changes are "
               f"told: these drawn {_DRAWS} times for each source and market, instead of once"),
        Figure(key="faults_reported_ceiling", value=1.0 - missed, goal="",
               about="what faults_reported_share is expected to be if all but price changes are "
               "told, and these by the most powerful test of the first day's count with as many "
               "false notices as ours"),
    ]  # fmt: skip


def _planted(markets: Sequence[Rows]) -> list[tuple[Rows, str]]:
    names = list(SOURCES)
    return [(rows, names[number % len(names)]) for number, rows in enumerate(markets)]


def _power(rows: Rows, source: str, false_per_year: float) -> float:
    """Chance that the most powerful test tells a price change on its first day.

    Half of the false notices are left for sources that show more. Randomised where the count is
    whole, so that the false notices are exactly as many.
    """
    weights = sum(weight(day) for day in range(FIRST, FIRST + DAYS))
    mean = sum(source in row.sources for row in rows) / weights * weight(BREAK)
    usual, fewer = day_counts(mean, 1.0), day_counts(mean, 1.0 - _LOST)
    allowed = false_per_year / 365.25 / 2.0
    below = np.cumsum(usual)
    bound = int(np.searchsorted(below, allowed))
    under = float(below[bound - 1]) if bound else 0.0
    part = (allowed - under) / float(usual[bound])
    return float(fewer[:bound].sum() + part * fewer[bound])


def day_counts(mean: float, kept: float) -> np.ndarray:
    """Probabilities of a day's count: bunches by Poisson, each advert `kept` by that chance.

    By the probability generating function on the unit circle (shape: `_MOST` counts).
    """
    points = np.exp(-2j * np.pi * np.arange(_MOST) / _MOST)
    advert = 1.0 - kept + kept * points
    bunch = (1.0 - BUNCHED) * advert + BUNCHED * advert**2
    found = np.fft.ifft(np.exp(mean / (1.0 + BUNCHED) * (bunch - 1.0))).real
    return np.clip(found, 0.0, None)
