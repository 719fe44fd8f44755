"""Notices of a source's volume: how soon for a price change, how many by chance, by threshold.

Only the judgement of volumes runs here, on the same quiet markets; each source in turn loses two
thirds of its adverts on one day.
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
from benchmarks.fault_worlds import BREAK, DAYS, FIRST, SOURCES, WEEK, Rows, without

THRESHOLDS: Final = (2.5, WHOLE)
_JUDGED_FROM: Final = FIRST + 60
_LOST: Final = 0.65


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

    def row(self, threshold: float) -> dict[str, Any]:
        """A line of the table."""
        shares = {f"told of {s}": self.found[s] / max(self.tried[s], 1) for s in SOURCES}
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
