"""The count detector on made series: what it must find, and what must not disturb it."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import msgspec
import pytest

from alerts.cusum import log_ratio
from alerts.detectors import Change, CountDetector, Step, Treatment
from alerts.parameters import Density, density_of, load_parameters
from tests.factories_alerts import poisson

FIRST = date(2025, 6, 2)
PARAMETERS = load_parameters()


def feed(detector: CountDetector, counts: list[float], start: int = 0) -> list[Step]:
    """Steps of daily counts from day `start`."""
    return [
        detector.observe(FIRST + timedelta(days=start + i), count) for i, count in enumerate(counts)
    ]


def noisy(mean: float, days: int, seed: int) -> list[float]:
    """Poisson counts."""
    rng = random.Random(seed)
    return [float(poisson(rng, mean)) for _ in range(days)]


def changes(steps: list[Step]) -> list[Change]:
    """All changes said."""
    return [step.change for step in steps if step.change is not Change.NONE]


def test_a_count_that_meets_its_expectation_never_alarms() -> None:
    detector = CountDetector(PARAMETERS)
    assert changes(feed(detector, [8.0] * 700)) == []
    assert detector.density is Density.DENSE


@pytest.mark.parametrize("mean", [2.0, 8.0, 40.0])
@pytest.mark.parametrize(("factor", "wanted"), [(2.5, Change.RISE), (0.3, Change.FALL)])
def test_a_big_change_is_found_and_its_end_too(mean: float, factor: float, wanted: Change) -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(mean, 150, 1))
    shifted = feed(detector, noisy(mean * factor, 60, 2), 150)
    back = feed(detector, noisy(mean, 60, 3), 210)
    assert changes(shifted)[0] is wanted
    assert set(changes(back)) == {Change.RETURNED}
    assert detector.episode is None


def test_the_onset_is_estimated_near_the_true_day() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(10.0, 150, 1))
    feed(detector, noisy(25.0, 15, 2), 150)
    assert detector.episode is not None
    true = (FIRST + timedelta(days=150)).toordinal()
    assert abs(detector.episode.onset - true) <= 3


def test_a_run_of_zeros_is_quarantined_and_teaches_nothing() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(12.0, 150, 1))
    rate = detector.expectation.rate
    silent = feed(detector, [0.0] * 10, 150)
    assert changes(silent) == [Change.SILENCE]
    assert silent[-1].treatment is Treatment.QUARANTINED
    after = feed(detector, noisy(12.0, 30, 2), 160)
    assert changes(after) == [Change.SPOKE]
    assert detector.expectation.rate == pytest.approx(rate, rel=0.15)


def test_a_masked_day_is_neither_scored_nor_learned() -> None:
    masked, plain = CountDetector(PARAMETERS), CountDetector(PARAMETERS)
    for detector in (masked, plain):
        feed(detector, noisy(12.0, 150, 1))
    step = masked.observe(FIRST + timedelta(days=150), 500.0, exposure=0.0)
    assert step.treatment is Treatment.MASKED
    before, after = plain.export(), masked.export()
    assert before.pop("last_day") + 1 == after.pop("last_day")
    assert before == after


def test_a_single_freak_day_is_no_change() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(12.0, 150, 1))
    steps = feed(detector, [200.0, *noisy(12.0, 30, 2)], 150)
    assert changes(steps) == []


def test_a_level_that_lasts_becomes_normal() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(10.0, 150, 1))
    steps = feed(detector, noisy(25.0, 280, 2), 150)
    said = changes(steps)
    assert said[0] is Change.RISE
    assert said[-1] is Change.ABSORBED


def test_the_end_of_half_a_year_is_a_return_and_no_fall() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(10.0, 150, 1))
    feed(detector, noisy(20.0, 190, 2), 150)
    said = changes(feed(detector, noisy(10.0, 60, 3), 340))
    assert Change.RETURNED in said
    assert Change.FALL not in said


def test_partial_exposure_is_no_fall() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(20.0, 150, 1))
    half = [
        detector.observe(FIRST + timedelta(days=150 + i), count, exposure=0.5)
        for i, count in enumerate(noisy(10.0, 40, 2))
    ]
    assert changes(half) == []


def test_rescaling_moves_the_expectation_at_once() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(20.0, 150, 1))
    detector.rescale(1.5)
    assert changes(feed(detector, noisy(30.0, 60, 2), 150)) == []


def test_restored_state_continues_bit_for_bit() -> None:
    series = noisy(6.0, 150, 4) + noisy(18.0, 30, 5) + [0.0] * 4 + noisy(6.0, 60, 6)
    whole = CountDetector(PARAMETERS)
    expected = feed(whole, series)
    for cut in (1, 70, 157, 182, 200):
        first = CountDetector(PARAMETERS)
        steps = feed(first, series[:cut])
        stored = msgspec.msgpack.decode(msgspec.msgpack.encode(first.export()))
        second = CountDetector.restore(PARAMETERS, stored)
        assert steps + feed(second, series[cut:], cut) == expected
        assert second.export() == whole.export()


def test_rivers_own_interface_feeds_the_next_day() -> None:
    dated, plain = CountDetector(PARAMETERS), CountDetector(PARAMETERS)
    plain.last_day = FIRST.toordinal() - 1
    alarms = 0
    for i, count in enumerate(noisy(10.0, 120, 1) + noisy(30.0, 20, 2)):
        dated.observe(FIRST + timedelta(days=i), count)
        plain.update(count)
        alarms += plain.drift_detected
    assert dated.export() == plain.export()
    assert alarms >= 1


def test_days_must_follow_each_other() -> None:
    detector = CountDetector(PARAMETERS)
    detector.observe(FIRST, 3.0)
    with pytest.raises(ValueError, match="must follow"):
        detector.observe(FIRST, 3.0)
    with pytest.raises(ValueError, match="at least 0"):
        detector.observe(FIRST + timedelta(days=1), -1.0)


def test_the_likelihood_ratio_is_that_of_the_negative_binomial() -> None:
    def log_pmf(y: int, mean: float, size: float) -> float:
        return (
            math.lgamma(y + size) - math.lgamma(size) - math.lgamma(y + 1)
            + size * math.log(size / (size + mean)) + y * math.log(mean / (size + mean))
        )  # fmt: skip

    for y in (0, 3, 11):
        wanted = log_pmf(y, 8.0, 5.0) - log_pmf(y, 4.0, 5.0)
        assert log_ratio(float(y), 4.0, 5.0, 2.0) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("rate", "density"),
    [
        (20.0, Density.AGGREGATE),
        (19.9, Density.DENSE),
        (0.5, Density.MEDIUM),
        (0.4, Density.SPARSE),
    ],
)
def test_density_bounds(rate: float, density: Density) -> None:
    assert density_of(rate) is density


def test_the_threshold_of_a_medium_cell_grows_with_the_log_of_its_rate() -> None:
    chosen = PARAMETERS.classes[Density.MEDIUM]
    assert chosen.threshold_at(1.0) == chosen.threshold
    assert chosen.threshold_at(math.exp(1.0)) == pytest.approx(
        chosen.threshold + chosen.threshold_slope
    )
    assert chosen.threshold_at(0.0) > 0.0


@pytest.mark.parametrize(("first", "then"), [(24.0, 64.0), (64.0, 25.0)])
def test_a_change_beyond_the_old_level_is_told_though_another_is_under_way(
    first: float, then: float
) -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, [40.0] * 200)
    feed(detector, [first] * 45, 200)
    assert detector.episode is not None
    up = detector.episode.up
    steps = feed(detector, [then] * 21, 245)
    assert changes(steps) == [Change.RETURNED, Change.FALL if up else Change.RISE]


def test_a_level_begun_anew_is_doubted_and_each_half_life_half_as_much() -> None:
    chosen, wanted = PARAMETERS.classes[Density.MEDIUM], PARAMETERS.doubt_half_life

    def doubt() -> float:
        return detector.threshold - chosen.threshold_at(detector.expectation.rate)

    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(2.0, PARAMETERS.minimum_history + PARAMETERS.guard_days + 1, 1))
    detector.last_day = detector.anew
    assert doubt() == pytest.approx(chosen.doubt)
    detector.last_day += int(wanted)
    assert doubt() == pytest.approx(chosen.doubt / 2.0)


def test_the_end_of_a_change_begins_the_doubt_again() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(2.0, 300, 1) + noisy(8.0, 60, 2))
    assert detector.episode is not None
    began = detector.anew
    steps = feed(detector, noisy(2.0, 60, 3), 360)
    returned = next(i for i, step in enumerate(steps) if step.change is Change.RETURNED)
    assert detector.anew == (FIRST + timedelta(days=360 + returned)).toordinal() > began


def test_a_state_from_before_there_was_doubt_is_taken_up_without() -> None:
    detector = CountDetector(PARAMETERS)
    feed(detector, noisy(2.0, 150, 1))
    state = detector.export()
    del state["anew"]
    old = CountDetector.restore(PARAMETERS, state)
    plain = PARAMETERS.classes[Density.MEDIUM].threshold_at(old.expectation.rate)
    assert old.threshold == pytest.approx(plain)
