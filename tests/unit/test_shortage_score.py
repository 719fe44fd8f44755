"""The score, its probability, and which level answers."""

from __future__ import annotations

from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.indicators.duration import mean_duration, median_duration, relative_duration
from alerts.indicators.estimate import Estimated, untold
from alerts.indicators.shortage import (
    Component,
    Cuts,
    Shortage,
    Verdict,
    cuts_of,
    points,
    shortage,
    verdict_of,
)
from warehouse.series import Standing
from warehouse.spells import DAY_MS, Spell, SpellStatus

CUTS = {name: Cuts(p20=-1.0, p50=0.0, p80=1.0, year=2026) for name in Component}
VALUES = st.dictionaries(st.sampled_from(Component), st.floats(-4, 4), max_size=6)


def told(value: float, error: float = 0.2) -> Estimated:
    return Estimated(
        value=value, lower=value - 1.96 * error, upper=value + 1.96 * error, n=20, method="x/1"
    )


def scored(values: dict[Component, float], error: float = 0.2) -> Shortage:
    parts = {name: told(value, error) for name, value in values.items()}
    return shortage(parts, CUTS, n=20, seed=1)


@given(VALUES, st.floats(0, 2))
@settings(max_examples=60)
def test_a_score_is_told_exactly_where_its_parts_suffice(
    values: dict[Component, float], error: float
) -> None:
    found = scored(values, error)
    enough = len(values) >= 3 and bool({Component.TIGHTNESS, Component.DURATION} & values.keys())
    assert (found.score.value is not None) == enough
    supply = bool({Component.TIGHTNESS, Component.FILLING} & values.keys())
    assert (found.probability.value is not None) == (enough and supply)
    if found.probability.value is not None:
        assert found.probability.lower is not None
        assert found.probability.upper is not None
        assert 0 <= found.probability.lower <= found.probability.value <= 1
    if found.score.value is not None:
        assert found.score.lower is not None
        assert found.score.upper is not None
        assert 0 <= found.score.lower <= found.score.value <= found.score.upper <= 3


def test_the_word_shortage_needs_a_supply_side() -> None:
    high = {Component.DURATION: 3.0, Component.REPOSTS: 3.0, Component.GROWTH: 3.0}
    assert scored(high).verdict is Verdict.PRESSURE
    assert scored(high).probability.standing is Standing.NO_SUPPLY
    assert scored({**high, Component.TIGHTNESS: 3.0}).verdict is Verdict.SHORTAGE
    assert scored({Component.GROWTH: 3.0}).verdict is Verdict.NOT_ASSESSABLE
    missing = {
        Component.TIGHTNESS: untold(Standing.TOO_FEW, n=2, method="x/1"),
        Component.GROWTH: told(2.0),
    }
    found = shortage(missing, CUTS, n=2, seed=1)
    assert found.score.standing is Standing.TOO_FEW


@pytest.mark.parametrize(
    ("value", "word"),
    [(2.0, Verdict.SHORTAGE), (1.99, Verdict.WATCH), (1.5, Verdict.WATCH), (1.49, Verdict.NONE)],
)
def test_verdicts_begin_at_their_cuts(value: float, word: Verdict) -> None:
    assert verdict_of(value) is word


def test_points_rise_with_scarcity_whichever_way_it_is_measured() -> None:
    values = (-2.0, -1.0, 0.0, 1.0)
    assert [points(Component.GROWTH, v, CUTS[Component.GROWTH]) for v in values] == [0, 1, 2, 3]
    assert [points(Component.FILLING, v, CUTS[Component.FILLING]) for v in values] == [3, 2, 1, 0]
    assert cuts_of([1.0] * 9, 2026) is None
    assert cuts_of([*range(101)], 2026) == Cuts(p20=20, p50=50, p80=80, year=2026)
    with pytest.raises(ValueError, match="fall"):
        Cuts(p20=1, p50=0, p80=2, year=2026)


def test_the_probability_is_that_of_a_simulation() -> None:
    values = {Component.TIGHTNESS: 0.9, Component.GROWTH: 0.8, Component.FILLING: 0.1}
    found = scored(values, 0.5)
    drawn = np.random.default_rng(2).normal(list(values.values()), 0.5, size=(40_000, 3))
    cuts = CUTS[Component.GROWTH]
    total = [sum(points(name, v, cuts) for name, v in zip(values, row, strict=True))
             for row in drawn]  # fmt: skip
    assert found.probability.value == pytest.approx(np.mean(np.array(total) >= 6), abs=0.01)


def test_the_probability_rises_with_each_part_and_is_certain_without_errors() -> None:
    low = {Component.TIGHTNESS: 0.5, Component.GROWTH: 0.5, Component.REPOSTS: 0.5}
    high = {**low, Component.GROWTH: 1.5}
    assert (scored(high).probability.value or 0) > (scored(low).probability.value or 0)
    assert scored(dict.fromkeys(low, 0.5), 0.0).probability.value == 1.0
    assert scored(dict.fromkeys(low, -0.5), 0.0).probability.value == 0.0


def test_the_order_of_components_does_not_matter() -> None:
    values = [(Component.TIGHTNESS, 0.9), (Component.GROWTH, -0.3), (Component.WAGES, 1.2)]
    assert len({scored(dict(each)).probability.value for each in permutations(values)}) == 1


def spell(days: float, ended: bool = True, place: int = 0) -> Spell:
    start, end = place * DAY_MS, place * DAY_MS + int(days * DAY_MS)
    return Spell(
        vacancy_id=str(place), number=0, province="LA-VT", isco08="2512", source_id="a",
        started_after=start, started_before=start, entered_at=start, ended_after=end,
        ended_before=end if ended else None,
        status=SpellStatus.CLOSED if ended else SpellStatus.OPEN,
    )  # fmt: skip


@given(st.lists(st.tuples(st.floats(0.5, 90), st.booleans()), max_size=50), st.randoms())
@settings(max_examples=40)
def test_durations_are_finite_whatever_the_spells_and_their_order(
    rows: list[tuple[float, bool]], random: Random
) -> None:
    spells = [spell(days, ended, place) for place, (days, ended) in enumerate(rows)]
    mixed = list(spells)
    random.shuffle(mixed)
    for function in (median_duration, mean_duration):
        found, again = function(spells), function(mixed)
        assert found.standing is again.standing
        assert found.value is None or found.value == pytest.approx(again.value)
        assert found.value is not None or found.standing is not Standing.ASSESSABLE
    assert relative_duration(spells, [*spells, *mixed]).n == sum(ended for _, ended in rows)


def test_a_cell_of_longer_spells_than_the_nation_has_a_positive_ratio() -> None:
    rng = np.random.default_rng(1)
    slow = [spell(days, place=place) for place, days in enumerate(rng.exponential(30, 60))]
    fast = [spell(days, place=place) for place, days in enumerate(rng.exponential(10, 200))]
    found = relative_duration(slow, [*slow, *fast])
    assert (found.lower or 0) > 0
    assert (found.lower or 0) < (found.value or 0) < (found.upper or 0)
    assert relative_duration(slow[:5], [*slow, *fast]).standing is Standing.TOO_FEW
