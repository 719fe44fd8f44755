"""The queue puts first what a wrong code would distort most, and says why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.coding.influence import ALERT_WEIGHT, Ground, Queued, alternatives, queue
from tests.factories_coding import a_row

CELLS = {("LA-VT", "2"): 20, ("LA-VT", "3"): 39, ("LA-XA", "2"): 2}


def one(alerting: frozenset[tuple[str, str]] = frozenset(), **changes: object) -> Queued:
    return queue([a_row(**changes)], CELLS, alerting)[0]


def test_influence_is_the_expected_relative_change_of_both_cells() -> None:
    # 0.4 to group 3, 0.1 nobody knows where; 20 in the own cell, 39 in the other.
    assert one().influence == pytest.approx(0.4 * (1 / 20 + 1 / 40) + 0.1 / 20)
    assert one().doubt == pytest.approx(0.5)
    assert one().in_cell == 20


def test_more_doubt_thinner_cells_alerts_and_openings_come_first() -> None:
    base = one().influence
    assert one(probability=0.9, candidates=(("2411", 0.9), ("3313", 0.1))).influence < base
    assert one(province="LA-XA").influence > base
    assert one(openings=4).influence == pytest.approx(4 * base)
    assert one(openings=5_000).influence == pytest.approx(10 * base)
    for cell in (("LA-VT", "2"), ("LA-VT", "3"), ("LA-VT", "all"), ("all", "3")):
        raised = one(frozenset({cell}))
        assert base < raised.influence <= ALERT_WEIGHT * base + 1e-12
        assert Ground.ALERTING_CELL in raised.grounds


def test_candidates_of_the_same_group_move_no_cell() -> None:
    near = one(candidates=(("2411", 0.5), ("2412", 0.5)))
    assert near.doubt == 0
    assert 0 < near.influence < one().influence


def test_what_is_not_coded_may_belong_to_any_candidate() -> None:
    bare = one(isco08="", probability=0.0, candidates=())
    assert bare.doubt == 0.5
    assert Ground.NOT_CODED in bare.grounds
    guess = one(isco08="", probability=0.0, candidates=(("3313", 0.3),))
    assert guess.influence == pytest.approx(0.3 / 40)


def test_grounds_are_said() -> None:
    assert one().grounds == (Ground.CLOSE_CALL,)
    thin = one(province="LA-XA", probability=0.3, openings=12)
    assert set(thin.grounds) == {
        Ground.UNSURE, Ground.CLOSE_CALL, Ground.THIN_CELL, Ground.MANY_OPENINGS,
    }  # fmt: skip


@given(
    st.lists(st.tuples(st.sampled_from(["2411", "2412", "3313", "5223"]), st.floats(0, 0.25))),
    st.sampled_from(["", "2411"]),
    st.integers(0, 99),
)
def test_doubt_is_a_probability_and_influence_finite(
    candidates: list[tuple[str, float]], isco08: str, openings: int
) -> None:
    few = tuple(dict(candidates[:4]).items())
    row = a_row(candidates=few, isco08=isco08, openings=openings)
    assert all(share >= 0 for share in alternatives(row).values())
    found = queue([row], {}, frozenset())[0]
    assert 0 <= found.doubt <= 1
    assert 0 <= found.influence < 100
