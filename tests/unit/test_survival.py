"""The product-limit estimator against published, hand-worked and other libraries' results."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from alerts.survival import greenwood, kaplan_meier, median, restricted_mean

# Remission of 21 leukaemia patients on 6-mercaptopurine, in weeks (Freireich et al. 1963), the
# textbook example of the estimator; 0 marks a censored time.
WEEKS = (6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35)
ENDED = (1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0)
# Of 39 subjects with delayed entry, as lifelines 0.30.3 gives it.
ENTRY = (
    0.5, 1.4, 4.8, 3.5, 0.6, 2.6, 2.9, 1.0, 4.4, 0.7, 2.3, 3.1, 2.6, 3.5, 4.4, 5.7, 1.7, 3.9, 4.2,
    1.8, 0.0, 5.8, 1.8, 1.9, 5.4, 3.5, 2.8, 0.2, 4.2, 2.2, 0.5, 4.0, 5.6, 1.2, 3.8, 1.8, 4.5, 4.3,
    1.3,
)  # fmt: skip
LEAVE = (
    25.45, 22.82, 17.64, 32.05, 9.88, 14.7, 40.1, 6.0, 38.0, 15.61, 12.69, 6.83, 34.8, 5.15, 28.12,
    15.41, 30.9, 23.57, 45.2, 6.44, 5.5, 33.24, 11.14, 41.6, 23.32, 13.65, 49.2, 21.46, 18.16, 3.46,
    4.85, 5.3, 10.18, 8.46, 9.94, 13.44, 7.05, 40.89, 20.89,
)  # fmt: skip
OVER = (
    1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1,
)  # fmt: skip
LIFELINES = (
    0.954545, 0.926471, 0.898396, 0.870321, 0.843123, 0.818326, 0.793528, 0.76873, 0.743932,
    0.719135, 0.694337, 0.669539, 0.644741, 0.619944, 0.595146, 0.570348, 0.54555, 0.519572,
    0.493593, 0.467615, 0.441636, 0.415657, 0.389679, 0.3637, 0.337722, 0.311743, 0.285764,
    0.259786, 0.230921, 0.202056, 0.151542,
)  # fmt: skip


def test_the_textbook_curve_and_its_standard_errors() -> None:
    curve = kaplan_meier(np.zeros(21), WEEKS, ENDED)
    assert curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival.round(3).tolist() == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    errors = curve.survival * np.sqrt(greenwood(curve))
    assert errors.round(3).tolist() == [0.076, 0.087, 0.096, 0.107, 0.114, 0.128, 0.135]
    told = median(curve)
    assert (told.value, told.lower, told.upper) == (23, 13, None)


def test_delayed_entry_agrees_with_lifelines() -> None:
    curve = kaplan_meier(ENTRY, LEAVE, OVER)
    assert curve.survival == pytest.approx(LIFELINES, abs=1e-6)
    told = median(curve)
    assert (told.value, told.lower, told.upper) == (15.61, 9.94, 23.32)


def test_the_restricted_mean_agrees_with_lifelines() -> None:
    told = restricted_mean(kaplan_meier(np.zeros(39), LEAVE, OVER), 25)
    assert told.value == pytest.approx(16.452405, abs=1e-6)


def test_those_not_yet_entered_are_not_at_risk() -> None:
    curve = kaplan_meier([0, 0, 2, 5], [1, 3, 4, 6], [True, True, True, True])
    assert curve.at_risk.tolist() == [2, 2, 1, 1]
    assert curve.survival.tolist() == [0.5, 0.25, 0.0, 0.0]


def test_a_mean_is_not_told_beyond_what_was_followed() -> None:
    assert restricted_mean(kaplan_meier([0, 0], [10, 20], [True, False]), 60).value is None
    assert restricted_mean(kaplan_meier([0, 0], [10, 20], [True, True]), 60).value == 15.0
    assert restricted_mean(kaplan_meier([0, 0], [10, 80], [True, False]), 60).value == 35.0


def test_half_is_never_reached_where_most_stay() -> None:
    curve = kaplan_meier([0.0] * 4, [1, 9, 9, 9], [True, False, False, False])
    assert median(curve).value is None


TIMES = st.lists(st.integers(1, 40), min_size=1, max_size=60)
SUBJECTS = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=2, max_size=60)


@given(TIMES)
def test_without_censoring_it_is_the_share_still_there(times: list[int]) -> None:
    curve = kaplan_meier(np.zeros(len(times)), times, np.ones(len(times)))
    shares = [np.mean(np.array(times) > time) for time in curve.times]
    assert curve.survival == pytest.approx(shares, abs=1e-12)
    told = restricted_mean(curve, 100)
    assert told.value == pytest.approx(np.mean(times))


@given(SUBJECTS)
def test_scipy_gives_the_same(subjects: list[tuple[int, bool]]) -> None:
    gone = [time for time, over in subjects if over]
    if not gone:
        return
    curve = kaplan_meier(np.zeros(len(subjects)), *np.array(subjects).T)
    data = CensoredData(uncensored=gone, right=[time for time, over in subjects if not over])
    theirs = ecdf(data).sf
    assert curve.survival == pytest.approx(theirs.evaluate(curve.times), abs=1e-9)


@given(SUBJECTS, st.randoms(use_true_random=False))
def test_order_and_the_never_seen_change_nothing(subjects: list, dice: object) -> None:  # type: ignore[type-arg]
    curve = kaplan_meier(np.zeros(len(subjects)), *np.array(subjects).T)
    mixed = [*subjects, (0, False), (0, True)]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    again = kaplan_meier(np.zeros(len(mixed)), *np.array(mixed).T)
    assert again.times.tolist() == curve.times.tolist()
    assert again.survival == pytest.approx(curve.survival, abs=1e-12)
    assert (np.diff(curve.survival) <= 0).all()
    assert ((curve.survival >= 0) & (curve.survival <= 1)).all()


@given(SUBJECTS, st.integers(2, 5))
def test_an_event_in_pieces_is_an_event(subjects: list, pieces: int) -> None:  # type: ignore[type-arg]
    whole = kaplan_meier(np.zeros(len(subjects)), *np.array(subjects).T)
    many = np.repeat(np.array(subjects), pieces, axis=0)
    weight = np.full(len(many), 1 / pieces)
    split = kaplan_meier(np.zeros(len(many)), many[:, 0], many[:, 1], weight)
    assert split.survival == pytest.approx(whole.survival, abs=1e-9)
    assert greenwood(split)[:-1] == pytest.approx(greenwood(whole)[:-1], rel=1e-6)
