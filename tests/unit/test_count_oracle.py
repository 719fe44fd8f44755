"""The detector that is told the truth: what it is told is true, and told nothing it is itself."""

from __future__ import annotations

import numpy as np
import pytest

from alerts.detectors import CountDetector
from alerts.evaluation.counts import finds
from alerts.evaluation.simulator import FIRST_DAY, TUNING_SEED, Simulated, simulate
from alerts.parameters import Density, load_parameters
from benchmarks.count_oracle import AS_IT_IS, LADDER, ORACLE, ToldExpectation, moved, told_finds

PARAMETERS = load_parameters()


@pytest.fixture(scope="module")
def series() -> list[Simulated]:
    return simulate(Density.MEDIUM, 3, TUNING_SEED + 2)


def test_true_means_are_the_counts_outside_of_events_and_faults() -> None:
    for one in simulate(Density.AGGREGATE, 4, TUNING_SEED + 2, events=False):
        total = sum(one.means)
        assert abs(sum(one.counts) / total - 1.0) < 0.05
        squares = [(y - m) ** 2 / m for y, m in zip(one.counts, one.means, strict=True)]
        assert float(np.median(squares)) < one.fano < 2.3
    eventful = simulate(Density.DENSE, 4, TUNING_SEED + 2)
    quiet = simulate(Density.DENSE, 4, TUNING_SEED + 2, events=False)
    assert eventful[0].means == quiet[0].means


def test_told_nothing_it_finds_what_the_detector_finds(series: list[Simulated]) -> None:
    for one in series:
        assert told_finds(PARAMETERS, one, AS_IT_IS) == finds(PARAMETERS, one)


def test_told_everything_it_expects_the_true_mean_while_nothing_happens() -> None:
    one = simulate(Density.MEDIUM, 1, TUNING_SEED + 2, events=False)[0]
    told = ToldExpectation(CountDetector(PARAMETERS), one, ORACLE)
    for day in range(200):
        ordinal = FIRST_DAY.toordinal() + day
        assert told.predict(ordinal, 1.0) == pytest.approx(one.means[day])
        told.observe(ordinal, one.counts[day], 1.0, 180.0)
    assert told.dispersion == one.fano


def test_a_profile_that_is_told_is_what_the_level_is_learned_by() -> None:
    one = simulate(Density.DENSE, 1, TUNING_SEED + 3, events=False)[0]
    known = next(each for each in LADDER if each.profile and not each.level)
    told = ToldExpectation(CountDetector(PARAMETERS), one, known)
    for day in range(400):
        told.observe(FIRST_DAY.toordinal() + day, one.means[day], 1.0, 180.0)
    ordinal = FIRST_DAY.toordinal() + 400
    assert told.predict(ordinal, 1.0) == pytest.approx(one.means[400], rel=0.1)


def test_moved_thresholds_are_all_moved_alike() -> None:
    later = moved(PARAMETERS, 1.5)
    for density, chosen in PARAMETERS.classes.items():
        assert later.classes[density].threshold == chosen.threshold + 1.5
