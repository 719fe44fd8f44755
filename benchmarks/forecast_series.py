"""Series that forecasts are judged on: real ones (see NOTICE) and simulated counts."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from zlib import crc32

from alerts.evaluation.simulator import days_of, simulate
from alerts.parameters import Density

_DATA: Final = Path(__file__).parent / "data"
HORIZONS: Final = {"weekly": (4, 12), "monthly": (1, 3)}
"""Periods that are 4 and 12 weeks, near enough for monthly figures."""
PERIOD: Final = {"weekly": 52, "monthly": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One series with a value for every period."""

    name: str
    frequency: str
    """`weekly` or `monthly`."""
    phases: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def family(self) -> str:
        """Where it comes from."""
        return self.name.partition(":")[0]

    @property
    def is_tuning(self) -> bool:
        """Whether parameters may be set on it: a third of all, by name. Figures are of the rest."""
        return crc32(self.name.encode()) % 3 == 0


def phase_of(day: date, frequency: str) -> int:
    """Number of a period within its year."""
    if frequency == "monthly":
        return day.month - 1
    return min((day.timetuple().tm_yday - 1) // 7, 51)


def real() -> list[Judged]:
    """Vacancy indices of Indeed by week; vacancies of Finland and of the United States by month."""
    return [*_read("weekly"), *_read("monthly")]


def _read(frequency: str) -> list[Judged]:
    held: dict[str, list[tuple[date, float]]] = {}
    path = _DATA / f"forecast_{frequency}.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            point = (date.fromisoformat(row["date"]), float(row["value"]))
            held.setdefault(row["series"], []).append(point)
    return [
        Judged(
            name=name, frequency=frequency,
            phases=tuple(phase_of(day, frequency) for day, _ in points),
            values=tuple(value for _, value in points),
        )
        for name, points in held.items()
    ]  # fmt: skip


def simulated(seed: int, each: int) -> list[Judged]:
    """Weekly sums of simulated daily counts with events, of three densities."""
    found = []
    for density in (Density.AGGREGATE, Density.DENSE, Density.MEDIUM):
        for i, one in enumerate(simulate(density, each, seed)):
            weeks = len(one.counts) // 7
            days = days_of(7 * weeks)[::7]
            sums = tuple(float(sum(one.counts[7 * w : 7 * w + 7])) for w in range(weeks))
            phases = tuple(phase_of(day, "weekly") for day in days)
            name = f"simulated_{density.value}:{seed}/{i}"
            found.append(Judged(name=name, frequency="weekly", phases=phases, values=sums))
    return found
