"""The count detector: is a cell seeing more, or fewer, new vacancies than it should?

Per day: holiday mask → zero-run quarantine → Gamma-Poisson expectation → two-sided
quasi-negative-binomial likelihood-ratio CUSUM. An alarm opens an *episode* and re-bases the
expectation on the evidence; the episode is over when the level of before is back, or when the new
level has lasted so long that it is normal. Strictly online: predict, score, then learn.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from math import exp, log
from typing import Any, Final, NamedTuple

from river.base import DriftDetector

from alerts.course import SeasonalExpectation
from alerts.cusum import Excursion, log_ratio, pack, push
from alerts.episode import Episode
from alerts.parameters import ClassParameters, Density, DetectorParameters, density_of

_NEAR: Final = log(1.2)
"""A level within this log ratio of the old one is the old one."""
_SETTLED: Final = 100.0
"""Vacancies' worth of certainty kept from the old level when an episode starts."""


class Treatment(StrEnum):
    """What was done with a day."""

    SCORED = "scored"
    LEARNING = "learning"
    MASKED = "masked"
    """A holiday, or too few sources observed: neither scored nor learned."""
    QUARANTINED = "quarantined"
    """Part of a run of zeros that no plausible fall in demand explains."""


class Change(StrEnum):
    """What a day's count made of the episode."""

    NONE = "none"
    RISE = "rise"
    FALL = "fall"
    WORSENED = "worsened"
    RETURNED = "returned"
    ABSORBED = "absorbed"
    SILENCE = "silence"
    """A zero-run was just quarantined: a data-quality matter."""
    SPOKE = "spoke"
    """The quarantined run is over."""


class Step(NamedTuple):
    """Result of one day."""

    treatment: Treatment
    change: Change
    expected: float
    """Expected count of the day at the running level."""


class CountDetector(DriftDetector):
    """One cell's detector. `observe` takes dated counts; `update` is River's undated form."""

    def __init__(self, parameters: DetectorParameters) -> None:
        super().__init__()
        self.parameters = parameters
        self.expectation = SeasonalExpectation(parameters.guard_days)
        self.episode: Episode | None = None
        self.last_day = 0
        self.anew = 0
        """Ordinal of the day since which the level stands: scoring began, or a change ended."""
        self.silent_since = 0
        self.quarantined = False
        self._silence = 0.0
        self._before: tuple[tuple[float, int, int], tuple[float, int, int]] | None = None
        self._rise = Excursion()
        self._fall = Excursion()

    @property
    def threshold(self) -> float:
        """Log-likelihood ratio at which a change is declared at the running level."""
        rate = self.expectation.rate
        return self._enough(self.parameters.classes[density_of(rate)])

    @property
    def density(self) -> Density:
        """Class of the cell by its expectation."""
        return density_of(self.expectation.rate)

    def update(self, x: float) -> None:
        """Feed the next day at exposure 1."""
        self.observe(date.fromordinal(self.last_day + 1), x)

    def observe(self, day: date, count: float, exposure: float = 1.0) -> Step:
        """Predict, score and learn one day; days come in order, each once.

        Args:
            day: the local day.
            count: new vacancies seen.
            exposure: 1 for an ordinary day with every source observed; 0 masks the day.

        Raises:
            ValueError: the day is not after the last, or the count is negative.
        """
        ordinal = day.toordinal()
        if ordinal <= self.last_day or count < 0.0:
            raise ValueError(f"{day}: days must follow each other and counts be at least 0")
        self.last_day = ordinal
        self._drift_detected = False
        rate = self.expectation.rate
        if exposure <= 0.0:
            return Step(Treatment.MASKED, Change.NONE, 0.0)
        mean = self.expectation.predict(ordinal, exposure)
        chosen = self.parameters.classes[density_of(rate)]
        if self.expectation.days < self.parameters.minimum_history:
            self.expectation.observe(ordinal, count, exposure, chosen.half_life)
            self.anew = ordinal + 1
            return Step(Treatment.LEARNING, Change.NONE, mean)
        silent = self._listen(ordinal, count, mean)
        if silent is not None and count == 0.0:
            return Step(Treatment.QUARANTINED, silent, mean)
        change = self._score(ordinal, count, exposure, mean, chosen)
        self.expectation.observe(ordinal, count, exposure, chosen.half_life)
        if change is Change.NONE and silent is not None:
            change = silent
        return Step(Treatment.SCORED, change, mean)

    # -- silence ---------------------------------------------------------------------------------

    def _listen(self, ordinal: int, count: float, mean: float) -> Change | None:
        """Follow runs of zeros; a change of silence, or None while nothing is odd."""
        if count > 0.0:
            was, self.quarantined = self.quarantined, False
            self._silence, self._before = 0.0, None
            return Change.SPOKE if was else None
        if self._before is None:
            self.silent_since = ordinal
            self._before = (pack(self._rise), pack(self._fall))
        fallen = mean * self.parameters.zero_run_share
        size = self.expectation.precision(mean)
        self._silence -= size * log(1.0 + fallen / size)
        if self.quarantined:
            return Change.NONE
        if self._silence > log(self.parameters.zero_run_probability):
            return None
        self.quarantined = True
        self._rise, self._fall = Excursion(*self._before[0]), Excursion(*self._before[1])
        self.expectation.forget_since(self.silent_since)
        return Change.SILENCE

    # -- change ----------------------------------------------------------------------------------

    def _score(
        self, ordinal: int, count: float, exposure: float, mean: float, chosen: ClassParameters
    ) -> Change:
        self._push(self._rise, chosen.ratio, (ordinal, count, mean), chosen)
        self._push(self._fall, 1.0 / chosen.ratio, (ordinal, count, mean), chosen)
        if self.episode is not None:
            return self._follow(self.episode, ordinal, count, mean, chosen)
        for side, is_up in ((self._rise, True), (self._fall, False)):
            if self._speaks(side, chosen):
                return self._open(side, is_up, ordinal, count, exposure)
        return Change.NONE

    def _push(
        self, side: Excursion, ratio: float, seen: tuple[int, float, float], chosen: ClassParameters
    ) -> None:
        ordinal, count, mean = seen
        gain = log_ratio(count, mean, self.expectation.precision(mean), ratio)
        push(side, gain, ordinal, chosen)

    def _speaks(self, side: Excursion, chosen: ClassParameters) -> bool:
        return side.score >= self._enough(chosen) and side.support >= chosen.supporting_days

    def _enough(self, chosen: ClassParameters) -> float:
        """The threshold of the rate, higher while the level is young."""
        age = self.last_day - self.anew
        doubt: float = chosen.doubt * 0.5 ** (age / self.parameters.doubt_half_life)
        return chosen.threshold_at(self.expectation.rate) + doubt

    def _open(
        self, side: Excursion, is_up: bool, ordinal: int, count: float, exposure: float
    ) -> Change:
        reference, weight = self.expectation.rate, self.expectation.a
        shape = self.expectation.predict(ordinal, exposure) / reference
        y, e = self.expectation.forget_since(side.start)
        y, e = y + count, e + shape
        self.episode = Episode(
            up=is_up, onset=side.start, detected=ordinal, reference=reference, weight=weight,
            score=side.score, observed=y, expected=e * reference,
        )  # fmt: skip
        self._rebase(y, e, reference)
        return Change.RISE if is_up else Change.FALL

    def _rebase(self, observed: float, exposure: float, prior: float) -> None:
        """Level of the evidence, held back a little by the level of before."""
        rate = (observed + 2.0 * prior) / (exposure + 2.0)
        self.expectation.settle(rate, observed + 2.0)
        self._rise, self._fall = Excursion(), Excursion()
        self._drift_detected = True

    def _follow(
        self, episode: Episode, ordinal: int, count: float, mean: float, chosen: ClassParameters
    ) -> Change:
        rate = self.expectation.rate
        old_mean = mean * episode.reference / rate
        episode.observed += count
        episode.expected += old_mean
        toward = log_ratio(count, mean, self.expectation.precision(mean), episode.reference / rate)
        if episode.back <= 0.0:
            episode.turned = ordinal
        episode.back = max(0.0, episode.back + toward)
        shift = log(rate / episode.reference) * (1.0 if episode.up else -1.0)
        ahead, against = (self._rise, self._fall) if episode.up else (self._fall, self._rise)
        over = shift < _NEAR and ordinal - episode.detected > self.parameters.guard_days
        if over or episode.back >= chosen.clear or self._speaks(against, chosen):
            return self._close(episode, (ordinal, count, mean / rate), chosen)
        if ordinal - episode.detected >= self.parameters.absorb_days:
            self.episode = None
            return Change.ABSORBED
        if self._speaks(ahead, chosen):
            y, e = self.expectation.forget_since(ahead.start)
            self._rebase(y, e, rate)
            episode.score += ahead.score
            return Change.WORSENED
        return Change.NONE

    def _close(
        self, episode: Episode, today: tuple[int, float, float], chosen: ClassParameters
    ) -> Change:
        """The old level is back: expect it, as the days of the return show it, but none beyond it.

        What passes it is no return; of a further change in that direction those days are the first.
        """
        since = episode.turned or episode.detected
        days = [*self.expectation.days_since(since), today]
        y, e = self.expectation.forget_since(since)
        self.expectation.forget_since(episode.detected)
        weight = min(episode.weight, _SETTLED)
        reference = max(episode.reference, 1e-3)
        rate = (y + weight) / (e + weight / reference)
        low, high = sorted((reference, reference * exp(_NEAR if episode.up else -_NEAR)))
        near = min(max(rate, low), high)
        self.expectation.settle(near, y + weight)
        self._rise, self._fall = Excursion(), Excursion()
        beyond = self._fall if episode.up else self._rise
        ratio = 1.0 / chosen.ratio if episode.up else chosen.ratio
        for day, count, exposure in days:
            self._push(beyond, ratio, (day, count, near * exposure), chosen)
        self.episode = None
        self.anew = self.last_day
        return Change.RETURNED

    # -- state -----------------------------------------------------------------------------------

    def restart(self) -> None:
        """Forget running excursions: what they saw is explained by a wider change."""
        self._rise, self._fall = Excursion(), Excursion()

    def rescale(self, factor: float) -> None:
        """Sources joined or left the comparison: the cell now sees `factor` times as much."""
        self.expectation.rescale(factor)
        if self.episode is not None:
            self.episode.reference *= factor

    def export(self) -> dict[str, Any]:
        """State as plain values; `restore` continues bit for bit."""
        e = self.episode
        return {
            "expectation": self.expectation.export(),
            "episode": None if e is None else [getattr(e, n) for n in Episode.__slots__],
            "last_day": self.last_day,
            "anew": self.anew,
            "silence": [self.silent_since, self.quarantined, self._silence],
            "before": None if self._before is None else [list(x) for x in self._before],
            "sides": [pack(self._rise), pack(self._fall)],
        }

    @classmethod
    def restore(cls, parameters: DetectorParameters, state: dict[str, Any]) -> CountDetector:
        """The detector whose `export()` is `state`."""
        made = cls(parameters)
        made.expectation = SeasonalExpectation.restore(state["expectation"])
        if state["episode"] is not None:
            made.episode = Episode(**dict(zip(Episode.__slots__, state["episode"], strict=False)))
        made.last_day = state["last_day"]
        made.anew = state.get("anew", 0)  # new in 0.4
        made.silent_since, made.quarantined, made._silence = state["silence"]
        if state["before"] is not None:
            rise, fall = (tuple(x) for x in state["before"])
            made._before = (rise, fall)
        made._rise, made._fall = (Excursion(*x) for x in state["sides"])
        return made
