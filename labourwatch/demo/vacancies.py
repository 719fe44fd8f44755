"""The vacancies born on one day: which cell, occupation, employer and language, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labourwatch.demo.counts import PORTAL_SHARE, draw_counts, expected_counts
from labourwatch.demo.draws import generator
from labourwatch.demo.employers import Employers, make_employers
from labourwatch.demo.events import STANDARD_MEAN, EventKind, PlantedEvent, plan
from labourwatch.demo.labour import Labour, load_labour

LANGUAGES: Final = ("lo", "en", "mixed")
# Share of English postings by major group; of the rest a fifth mixes both languages.
_ENGLISH: Final = (0.65, 0.60, 0.45, 0.35, 0.22, 0.12, 0.15, 0.15, 0.10)
MAX_BIRTHS: Final = 3000
"""Vacancies of one day that are drawn; higher numbers are left for vacancies added by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One vacancy: indices of its province, occupation, employer and language."""

    province: int
    occupation: int
    employer: int
    language: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Births:
    """Vacancies of one day in order of appearance; equally long columns."""

    day: int
    province: NDArray[np.int8]
    occupation: NDArray[np.int16]
    employer: NDArray[np.int16]
    language: NDArray[np.int8]
    portal_only: NDArray[np.bool_]
    """Carried by the new portal alone: seen only since that portal exists."""

    def __len__(self) -> int:
        return len(self.province)

    def at(self, index: int) -> Opening:
        """One vacancy's cell, employer and language."""
        return Opening(
            province=int(self.province[index]),
            occupation=int(self.occupation[index]),
            employer=int(self.employer[index]),
            language=int(self.language[index]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Everything that fixes a market: from it any day can be generated on its own."""

    seed: int
    first_day: date
    history_days: int
    mean_per_day: float
    labour: Labour
    employers: Employers
    events: tuple[PlantedEvent, ...]

    def date_of(self, day: int) -> date:
        """Civil day of a market day."""
        return self.first_day + timedelta(days=day)

    def day_of(self, civil: date) -> int:
        """Market day of a civil day; negative before the first."""
        return (civil - self.first_day).days

    @property
    def portal_day(self) -> int:
        """Market day on which the new portal opens; a far day where none is planted."""
        days = [e.start for e in self.events if e.kind is EventKind.NEW_PORTAL]
        return days[0] if days else 4000


def make_scenario(
    *, seed: int, anchor: date, history_days: int = 420, mean_per_day: float = STANDARD_MEAN
) -> Scenario:
    """A market whose history of `history_days` ends on `anchor` (its last, unfinished day)."""
    labour = load_labour()
    return Scenario(
        seed=seed,
        first_day=anchor - timedelta(days=history_days - 1),
        history_days=history_days,
        mean_per_day=mean_per_day,
        labour=labour,
        employers=make_employers(seed, labour),
        events=tuple(
            plan(seed, history_days=history_days, mean_per_day=mean_per_day, labour=labour)
        ),
    )


def births(scenario: Scenario, day: int) -> Births:
    """The vacancies born on `day`; the same for every call, whichever days were asked before."""
    expected = expected_counts(
        day,
        first_day=scenario.first_day,
        mean_per_day=scenario.mean_per_day,
        labour=scenario.labour,
        events=scenario.events,
    )
    counts = draw_counts(expected, scenario.seed, day)
    rng = generator(scenario.seed, day, "births")
    extra = np.zeros_like(counts)
    if day >= scenario.portal_day - 14:
        extra = rng.poisson(expected * PORTAL_SHARE)
    province, major = _cells(counts + extra)
    portal_only = np.concatenate(
        [np.arange(n + e) >= n for n, e in zip(counts.ravel(), extra.ravel(), strict=True)]
    )
    order = rng.permutation(len(province))[:MAX_BIRTHS]
    province, major, portal_only = province[order], major[order], portal_only[order]
    occupation = _occupations(rng, scenario.labour, province, major)
    return Births(
        day=day,
        province=province.astype(np.int8),
        occupation=occupation.astype(np.int16),
        employer=_employers(rng, scenario, province, occupation),
        language=_languages(rng, major),
        portal_only=portal_only,
    )


def _cells(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Province row and major group (1–9) of each vacancy, from the table of counts."""
    flat = np.repeat(np.arange(counts.size), counts.ravel())
    return flat // counts.shape[1], flat % counts.shape[1] + 1


def _occupations(
    rng: np.random.Generator,
    labour: Labour,
    province: NDArray[np.int64],
    major: NDArray[np.int64],
) -> NDArray[np.int64]:
    units = rng.random(len(province))
    chosen = np.empty(len(province), dtype=np.int64)
    for group in range(1, 10):
        members = np.flatnonzero(labour.majors == group)
        rows = np.flatnonzero(major == group)
        if not len(rows):
            continue
        sums = labour.mix[:, members].cumsum(axis=1)[province[rows]]
        place = (units[rows, None] * sums[:, -1:] >= sums).sum(axis=1)
        chosen[rows] = members[np.minimum(place, len(members) - 1)]
    return chosen


def _employers(
    rng: np.random.Generator,
    scenario: Scenario,
    province: NDArray[np.int64],
    occupation: NDArray[np.int64],
) -> NDArray[np.int16]:
    units = rng.random((len(province), 2))
    numbers = []
    for place, code, (which, quantile) in zip(province, occupation, units, strict=True):
        sections = scenario.labour.occupations[code].sections
        section = sections[int(which * len(sections))]
        numbers.append(scenario.employers.choose(section, int(place), float(quantile)))
    return np.array(numbers, dtype=np.int16)


def _languages(rng: np.random.Generator, major: NDArray[np.int64]) -> NDArray[np.int8]:
    english = np.array(_ENGLISH)[major - 1]
    unit = rng.random(len(major))
    mixed = unit >= english + (1 - english) * 0.8
    return np.where(unit < english, 1, np.where(mixed, 2, 0)).astype(np.int8)
