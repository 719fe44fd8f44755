"""A simulated country of province × sub-major group, watched at every level at once.

Wide shocks move a province or a group of occupations everywhere, local ones a single cell. The
watch is the service's: detectors at all levels, children measured against a common index of their
parents while those change, false discoveries controlled, and parents told in place of children.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

import numpy as np

from alerts.calendar import holiday
from alerts.detectors import Change, CountDetector
from alerts.discovery import Candidate, Telling, discoveries, evidence_of, judge_cell
from alerts.evaluation.simulator import days_of
from alerts.parameters import Density, DetectorParameters, density_of

PROVINCES: Final = 18
GROUPS: Final = 40
_WAIT_DAYS: Final = 5
"""Days that a child waits for its parents to speak first."""


class Place(NamedTuple):
    """A cell; -1 means all."""

    province: int
    group: int

    @property
    def parents(self) -> tuple[Place, ...]:
        """Coarser cells."""
        if self.province >= 0 and self.group >= 0:
            return (Place(self.province, -1), Place(-1, self.group), Place(-1, -1))
        return () if self.province < 0 and self.group < 0 else (Place(-1, -1),)

    @property
    def children(self) -> tuple[Place, ...]:
        """Cells of a province or a group; none of a cell, and not the nation's."""
        if self.province >= 0 and self.group < 0:
            return tuple(Place(self.province, g) for g in range(GROUPS))
        if self.province < 0 and self.group >= 0:
            return tuple(Place(p, self.group) for p in range(PROVINCES))
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shock:
    """A true change in one place and all that it contains."""

    place: Place
    start: int
    end: int
    factor: float

    def covers(self, place: Place) -> bool:
        """Whether the place is within the shock's."""
        return self.place.province in (-1, place.province) and self.place.group in (-1, place.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """Counts by day, province and group, and what was planted."""

    counts: np.ndarray[Any, np.dtype[np.int64]]
    rates: np.ndarray[Any, np.dtype[np.float64]]
    shocks: tuple[Shock, ...]


class Told(NamedTuple):
    """One alarm of the hierarchy."""

    day: int
    place: Place
    up: bool


def country(
    seed: int, days: int, *, wide: int = 4, local: int = 24, size: float = 900.0
) -> Country:
    """A country with `wide` and `local` shocks of 90 to 160 days; `size` vacancies a day."""
    rng = np.random.default_rng(seed)
    province = np.sort(rng.lognormal(0.0, 0.9, PROVINCES))[::-1]
    rates = np.outer(province, rng.lognormal(0.0, 0.8, GROUPS))
    rates *= rng.lognormal(0.0, 0.4, rates.shape)
    rates *= size / rates.sum()
    t = np.arange(days)
    week = np.array([1.25, 1.2, 1.15, 1.1, 1.1, 0.7, 0.5])[t % 7]
    common = week * np.exp(0.1 * np.cos(2 * np.pi * (t - rng.uniform(0, 365)) / 365.25))
    common *= np.where([holiday(d) is None for d in days_of(days)], 1.0, 0.3)
    mean = common[:, None, None] * rates[None]
    shocks = _shocks(rng, rates, days, wide, local)
    for shock in shocks:
        p, g = shock.place
        mean[
            shock.start : shock.end,
            slice(None) if p < 0 else slice(p, p + 1),
            slice(None) if g < 0 else slice(g, g + 1),
        ] *= shock.factor
    counts = rng.poisson(rng.gamma(np.maximum(mean, 1e-9) / 0.5, 0.5))
    return Country(counts=counts, rates=rates, shocks=shocks)


def _shocks(
    rng: np.random.Generator, rates: np.ndarray[Any, Any], days: int, wide: int, local: int
) -> tuple[Shock, ...]:
    answerable = np.argwhere(rates >= 0.5)
    chosen = answerable[rng.choice(len(answerable), min(local, len(answerable)), replace=False)]
    places = [Place(int(p), int(g)) for p, g in chosen]
    for i in range(wide):
        by_province = i % 2 == 0
        whole = int(rng.integers(8 if by_province else GROUPS))
        places.append(Place(whole, -1) if by_province else Place(-1, whole))
    shocks = []
    for place in places:
        start = int(rng.uniform(150, days - 100))
        end = min(days, start + int(rng.uniform(90, 160)))
        factors = (2.0, 0.5, 2.5, 0.4) if min(place) >= 0 else (1.6, 0.6, 2.0, 0.5)
        factor = float(rng.choice(factors))
        shocks.append(Shock(place=place, start=start, end=end, factor=factor))
    return tuple(shocks)


@dataclass(slots=True)
class Watch:
    """All detectors of the hierarchy and who has been told of what."""

    parameters: DetectorParameters
    joined: bool = True
    """False watches every cell on its own: the baseline."""
    detectors: dict[Place, CountDetector] = field(default_factory=dict)
    told: set[tuple[Place, int]] = field(default_factory=set)
    """Place and day of detection of episodes already told."""

    def feed(self, day: int, on: date, counts: Mapping[Place, float]) -> list[Told]:
        """One complete day; `counts` hold the parents first."""
        open_day = 0.0 if holiday(on) is not None else 1.0
        for place, count in counts.items():
            detector = self.detectors.setdefault(place, CountDetector(self.parameters))
            moved = self._moved(place)
            step = detector.observe(on, count, open_day * self._index(place))
            self._settle(place, moved, step.change)
        return self._tell(day, on.toordinal())

    def _index(self, place: Place) -> float:
        """Common index: what its parents' episodes say the child should see."""
        if not self.joined or min(place) < 0:
            return 1.0
        province, group, nation = (self._moved(parent) for parent in place.parents)
        return min(max(province * group / nation, 0.2), 5.0)

    def _moved(self, place: Place) -> float:
        """Level of an open episode over the level of before; 1 without one."""
        detector = self.detectors[place]
        episode = detector.episode
        return 1.0 if episode is None else detector.expectation.rate / episode.reference

    def _settle(self, place: Place, before: float, change: Change) -> None:
        """A parent's change began or became normal: its children take it over."""
        if not self.joined or not place.children or change is Change.NONE:
            return
        for child in place.children:
            detector = self.detectors.get(child)
            if detector is None:
                continue
            if change is Change.ABSORBED:
                detector.rescale(before)
            elif change in (Change.RISE, Change.FALL) and detector.episode is None:
                detector.restart()

    def _tell(self, day: int, ordinal: int) -> list[Told]:
        candidates = {
            place: _candidate(detector)
            for place, detector in self.detectors.items()
            if detector.episode is not None
        }
        children = {p: c.evidence for p, c in candidates.items() if min(p) >= 0 and not c.sparse}
        found = discoveries(children, PROVINCES * GROUPS)
        fresh = []
        for place, candidate in candidates.items():
            episode = self.detectors[place].episode
            if episode is None or (place, episode.detected) in self.told:
                continue
            if self._may_tell(place, candidate, candidates, place in found, ordinal):
                self.told.add((place, episode.detected))
                fresh.append(Told(day, place, candidate.up))
        return fresh

    def _may_tell(
        self, place: Place, candidate: Candidate, known: Mapping[Place, Candidate],
        discovered: bool, ordinal: int,
    ) -> bool:  # fmt: skip
        if not self.joined:
            return not candidate.sparse
        if min(place) < 0:
            return True
        episode = self.detectors[place].episode
        waited = episode is not None and ordinal - episode.detected >= _WAIT_DAYS
        parents = [known[parent] for parent in place.parents if parent in known]
        return waited and judge_cell(candidate, parents, discovered) is Telling.TOLD


def _candidate(detector: CountDetector) -> Candidate:
    episode = detector.episode
    if episode is None:
        raise ValueError("no episode is open")
    return Candidate(
        up=episode.up,
        ratio=(episode.observed + 0.5) / (episode.expected + 0.5),
        evidence=evidence_of(episode, detector.expectation.dispersion),
        sparse=density_of(episode.reference) is Density.SPARSE,
    )


def watch_country(made: Country, parameters: DetectorParameters, *, joined: bool) -> list[Told]:
    """Feed a whole country day by day; alarms in order."""
    watch, told = Watch(parameters, joined), []
    for day, on in enumerate(days_of(made.counts.shape[0])):
        told += watch.feed(day, on, _levels(made.counts[day]))
    return told


def _levels(counts: np.ndarray[Any, Any]) -> dict[Place, float]:
    levels = {Place(-1, -1): float(counts.sum())}
    levels |= {Place(p, -1): float(n) for p, n in enumerate(counts.sum(axis=1))}
    levels |= {Place(-1, g): float(n) for g, n in enumerate(counts.sum(axis=0))}
    rows = counts.tolist()
    levels |= {Place(p, g): float(n) for p, row in enumerate(rows) for g, n in enumerate(row)}
    return levels
