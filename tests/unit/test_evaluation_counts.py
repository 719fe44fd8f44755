"""Simulated series with their truth, and how alarms are judged against it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from alerts.evaluation.counts import finds
from alerts.evaluation.scoring import Alarm, interval, judge, paired, summarise
from alerts.evaluation.simulator import RANGES, TUNING_SEED, Event, Simulated, simulate
from alerts.parameters import Density, load_parameters

PARAMETERS = load_parameters()
RISE = Event(start=200, end=300, factor=2.0, shape="step")


def made(*events: Event, days: int = 700) -> Simulated:
    return Simulated(
        name="a", density=Density.DENSE, rate=8.0, counts=(8,) * days, events=events, faults=()
    )


def test_a_seed_gives_the_same_series_and_another_seed_others() -> None:
    first, again, other = (simulate(Density.DENSE, 3, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("density", list(RANGES))
def test_levels_span_their_class_and_events_do_not_overlap(density: Density) -> None:
    low, high = RANGES[density]
    for series in simulate(density, 12, TUNING_SEED + 1):
        assert low <= series.rate <= high
        assert min(series.counts) >= 0
        ends = [event.end for event in series.events]
        assert all(e.start > end for e, end in zip(series.events[1:], ends, strict=False))


def test_counts_have_more_spread_than_poisson() -> None:
    quiet = simulate(Density.DENSE, 20, 5, events=False)
    spreads = []
    for series in quiet:
        week = np.array(series.counts[: 7 * 150]).reshape(-1, 7)[:, 2]
        spreads.append(week.var() / week.mean())
    assert 1.2 < float(np.median(spreads)) < 4.0


def test_an_event_is_found_in_its_direction_while_it_lasts() -> None:
    series = made(RISE)
    assert judge(series, [Alarm(210, up=True)]).delays == (10,)
    assert judge(series, [Alarm(210, up=False)]).delays == (None,)
    assert judge(series, [Alarm(295, up=True)]).delays == (None,)
    assert judge(made(replace(RISE, end=230)), [Alarm(243, up=True)]).delays == (43,)


@pytest.mark.parametrize(
    ("alarm", "false"),
    [
        (Alarm(100, up=True), 1),
        (Alarm(250, up=False), 1),
        (Alarm(295, up=True), 0),
        (Alarm(320, up=False), 0),
        (Alarm(400, up=False), 1),
        (Alarm(30, up=True), 0),
    ],
)
def test_what_no_event_explains_is_false(alarm: Alarm, false: int) -> None:
    assert judge(made(RISE), [alarm]).false == false


def test_summary_counts_events_and_years() -> None:
    half = replace(RISE, factor=0.7)
    outcomes = [judge(made(RISE), [Alarm(208, up=True)]), judge(made(half), [Alarm(9, up=True)])]
    summary = summarise(outcomes)
    assert summary.recall == 0.5
    assert summary.big_recall == 1.0
    assert summary.false_per_year == 0.0
    assert summary.median_delay == 8.0


def test_a_method_against_itself_differs_by_nothing() -> None:
    series = simulate(Density.AGGREGATE, 6, 3)
    outcomes = [judge(s, finds(PARAMETERS, s)) for s in series]

    def recall(chosen: object) -> float:
        return summarise(chosen).recall  # type: ignore[arg-type]

    assert paired(outcomes, outcomes, recall, seed=1, draws=50) == (0.0, 0.0, 0.0)
    whole = interval(outcomes, recall, seed=1, draws=50)
    assert whole.lower <= whole.value <= whole.upper


def test_the_detector_meets_aggregates_it_was_not_set_on() -> None:
    series = simulate(Density.AGGREGATE, 20, 20_261_127)
    summary = summarise([judge(s, finds(PARAMETERS, s)) for s in series])
    assert summary.big_recall >= 0.95
    assert summary.median_delay <= 8
    assert summary.false_per_year <= 0.2
