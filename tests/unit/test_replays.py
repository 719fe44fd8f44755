"""The recorded past with planted events: seeded, away from what is known, judged by its cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from alerts.cells import Cell
from alerts.evaluate import Planted
from alerts.evaluation.comparison import OURS
from alerts.evaluation.scoring import Alarm, judge
from alerts.evaluation.simulator import Simulated
from alerts.panel import Panel
from alerts.parameters import Density, load_parameters
from alerts.replays.injected import Plan, into_openings, into_series, planted_among
from alerts.replays.methods import side_by_side
from alerts.replays.report import louder
from alerts.replays.series import seen_days, series_of
from alerts.replays.service import Lived, Span, judge_service
from alerts.signal import Direction
from tests.factories_alerts import FIRST, market, visited
from tests.factories_scorecard import row

DAYS = 260
VT5 = Cell("LA-VT", "5")


def drawn(name: str, rate: float, seed: int, days: int = 400) -> Simulated:
    counts = np.random.default_rng(seed).poisson(rate, days).astype(float)
    return Simulated(
        name=name, density=Density.MEDIUM, rate=rate, counts=tuple(counts.tolist()), events=(),
        first=FIRST,
    )  # fmt: skip


def planted(start: int, end: int, factor: float, cell: Cell = VT5) -> Planted:
    return Planted(
        event_id="e", cell=cell, direction=Direction.UP if factor > 1 else Direction.DOWN,
        start=FIRST + timedelta(days=start), end=FIRST + timedelta(days=end), factor=factor,
    )  # fmt: skip


def test_an_event_in_a_series_is_of_its_size_and_seed() -> None:
    series = drawn("LA-VT/5", 20.0, seed=3)
    ratios = []
    for turn in range(12):
        made = into_series(series, (5, turn))
        assert made == into_series(series, (5, turn))
        (event,) = made.events
        assert event.start >= 120
        inside = slice(event.start + 28, event.end)
        outside = np.delete(np.array(made.counts), np.r_[event.start : event.end])
        assert outside.mean() == pytest.approx(20.0, rel=0.05)
        ratios.append(np.mean(made.counts[inside]) / 20.0 / event.factor)
    assert np.mean(ratios) == pytest.approx(1.0, rel=0.08)


def test_an_event_stays_away_from_what_is_excused() -> None:
    series = replace(drawn("LA-VT/5", 4.0, seed=3), excused=((150, 300),))
    for turn in range(20):
        for event in into_series(series, (1, turn)).events:
            assert event.end <= 150 or event.start >= 300
    everywhere = replace(series, excused=((0, 400),))
    assert into_series(everywhere, (1, 1)) == everywhere


def test_alarms_on_excused_days_count_neither_way() -> None:
    series = replace(drawn("LA-VT/5", 4.0, seed=3), excused=((100, 200),))
    outcome = judge(series, [Alarm(120, True), Alarm(250, True)])
    assert (outcome.false, outcome.true) == (1, 0)
    assert outcome.years == pytest.approx(240 / 365.25)


def test_planted_events_touch_neither_each_other_nor_known_ones() -> None:
    known = planted(130, 170, 2.0)
    plan = Plan(
        cells=[VT5, Cell("LA-VT", ""), Cell("LA-SV", "9")], first=FIRST,
        last=FIRST + timedelta(days=399), known=(known,),
    )  # fmt: skip
    events = planted_among(plan, 3, (7,))
    assert events == planted_among(plan, 3, (7,))
    assert events
    for event in events:
        if event.cell.province == "LA-VT":
            assert event.start > known.end + timedelta(days=44)
    short = Plan(cells=[VT5], first=FIRST, last=FIRST + timedelta(days=99), known=())
    assert planted_among(short, 3, (7,)) == []


@pytest.mark.parametrize("factor", [2.5, 1.5, 0.4])
def test_vacancies_are_put_in_or_taken_out_of_the_cell_only(factor: float) -> None:
    rows = market(DAYS)
    event = planted(150, 240, factor)
    made = into_openings(rows, [event], (3,))
    assert made == into_openings(rows, [event], (3,))

    def count(found: list, inside: bool) -> int:  # type: ignore[type-arg]
        return sum(
            ((r.province, r.isco1) == VT5)
            and (event.start.toordinal() <= r.day <= event.end.toordinal()) is inside
            for r in found
        )

    assert count(made, inside=True) / count(rows, inside=True) == pytest.approx(factor, rel=0.15)
    assert count(made, inside=False) == count(rows, inside=False)
    others = sorted(r for r in made if (r.province, r.isco1) != VT5)
    assert others == sorted(r for r in rows if (r.province, r.isco1) != VT5)


def test_series_are_what_the_sources_showed() -> None:
    out = [("north", day) for day in range(100, 104)]
    panel = Panel(market(DAYS), visited(DAYS, out=out))
    start = FIRST.toordinal()
    days = seen_days(panel, start + 1, start + DAYS - 2)
    series = {s.name: s for s in series_of(days, FIRST + timedelta(days=1), [planted(30, 40, 2.0)])}
    nation = series["*/*"]
    assert nation.density is Density.DENSE
    assert nation.rate == pytest.approx(15.0, rel=0.1)
    whole = np.mean(nation.counts[99:103])
    assert 8.0 < whole < 25.0  # scaled up for the source that was out
    assert nation.excused == ((29, 100),)
    assert series["LA-SV/9"].excused == ()


def test_methods_are_compared_on_halves_that_set_no_threshold_for_themselves() -> None:
    series = [drawn(f"LA-VT/{i}", 2.0 + i, seed=i, days=320) for i in range(4)]
    found = side_by_side(series, load_parameters(), rounds=1, seed=2)
    assert list(found) == [Density.MEDIUM]
    ours, *others = found[Density.MEDIUM]
    assert ours.method == OURS
    assert len(others) == 11
    loud = louder(found[Density.MEDIUM])
    limit = 1.5 * max(ours.summary.false_per_year, 0.05)
    for one in others:
        assert (one.method in loud) == (one.summary.false_per_year > limit)
    assert side_by_side(series[:3], load_parameters(), rounds=1, seed=2) == {}


def test_the_service_is_judged_by_what_it_told() -> None:
    span = Span(first=date(2026, 1, 1), last=date(2026, 12, 31), cells=10, provinces=2)
    start = date(2026, 3, 2)
    event = Planted(
        event_id="e", cell=VT5, direction=Direction.UP, start=start,
        end=start + timedelta(days=60), factor=2.0,
    )  # fmt: skip
    late = replace(event, event_id="late", start=date(2026, 12, 20), end=date(2027, 2, 1))
    history = [row("a", start + timedelta(days=9)), row("b", start, province="LA-SV")]
    judged = judge_service("injected", [Lived(history=history, asked=[event, late],
                                              known=[event, late])] * 5, span)  # fmt: skip
    assert (judged.events, judged.recall.value, judged.told) == (5, 1.0, 10)
    assert [share.hits for share in judged.within] == [0, 5, 5, 5]
    assert (judged.delay_days.value, judged.slow_delay_days) == (9.0, 9.0)
    assert judged.precision.value == 0.5
    assert judged.false_per_cell_year == pytest.approx(0.1, rel=0.01)
    assert judged.false_per_province_year == pytest.approx(0.5, rel=0.01)
