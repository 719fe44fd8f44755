"""Which of many cells' changes are told."""

from __future__ import annotations

from math import exp, lgamma, log

import pytest

from alerts.discovery import (
    Candidate,
    Telling,
    discoveries,
    judge_cell,
    log_evidence,
)
from alerts.episode import Episode
from alerts.evaluation.cells import Place, Told, country, watch_country
from alerts.evaluation.cells_scoring import score_country
from alerts.parameters import load_parameters

RISE = Candidate(up=True, ratio=2.0, evidence=12.0, sparse=False)


@pytest.mark.parametrize("expected", [0.7, 3.0, 20.0, 150.0])
def test_the_evidence_is_an_e_value_when_nothing_changed(expected: float) -> None:
    def log_chance(y: int) -> float:
        return y * log(expected) - expected - lgamma(y + 1)

    mean = sum(exp(log_chance(y) + log_evidence(float(y), expected, 1.0)) for y in range(4000))
    assert mean == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(("certainty", "expected"), [(50.0, 50.0), (100.0, 100.0), (300.0, 200.0)])
def test_evidence_stays_honest_where_the_level_of_before_is_itself_an_estimate(
    certainty: float, expected: float
) -> None:
    """Counts are then negative binomial, of a size that is the level's certainty in vacancies."""

    def chance(y: int) -> float:
        coming = lgamma(y + certainty) - lgamma(certainty) - lgamma(y + 1)
        both = certainty + expected
        return exp(coming + certainty * log(certainty / both) + y * log(expected / both))

    def reached(e_value: float, spread: float) -> float:
        return sum(
            chance(y) for y in range(3000) if log_evidence(y, expected, spread) >= log(e_value)
        )

    episode = Episode(
        up=True, onset=1, detected=9, reference=2.0, weight=certainty, score=9.0,
        observed=2.0 * expected, expected=expected,
    )  # fmt: skip
    for e_value in (100.0, 1000.0, 7200.0):
        assert reached(e_value, episode.spread(1.0)) <= 1.0 / e_value
    assert reached(7200.0, 1.0) > 1.0 / 7200.0, "an error of the level passes for a change"


def test_evidence_grows_with_the_change_and_falls_with_the_spread() -> None:
    assert log_evidence(40.0, 20.0, 1.0) > log_evidence(30.0, 20.0, 1.0)
    assert log_evidence(40.0, 20.0, 2.0) < log_evidence(40.0, 20.0, 1.0)
    assert log_evidence(20.0, 20.0, 1.0) < 0.0
    assert log_evidence(0.0, 20.0, 1.0) > 0.0


def test_many_discoveries_lower_the_bar_for_each() -> None:
    bar = log(100 / 0.1)
    assert discoveries({"a": bar + 0.01}, 100) == {"a"}
    assert discoveries({"a": bar - 0.1}, 100) == set()
    assert discoveries({"a": bar - 0.1, "b": bar - 0.2}, 100) == {"a", "b"}
    assert discoveries({}, 100) == set()


@pytest.mark.parametrize(
    ("parents", "discovered", "telling"),
    [
        ([], True, Telling.TOLD),
        ([], False, Telling.HELD),
        ([Candidate(up=True, ratio=1.9, evidence=50.0, sparse=False)], True, Telling.EXPLAINED),
        ([Candidate(up=False, ratio=0.5, evidence=50.0, sparse=False)], True, Telling.TOLD),
        ([Candidate(up=True, ratio=1.2, evidence=50.0, sparse=False)], True, Telling.TOLD),
    ],
)
def test_a_parent_that_changes_alike_explains_its_child(
    parents: list[Candidate], discovered: bool, telling: Telling
) -> None:
    assert judge_cell(RISE, parents, discovered) is telling


def test_a_sparse_cell_never_speaks() -> None:
    sparse = Candidate(up=True, ratio=9.0, evidence=99.0, sparse=True)
    assert judge_cell(sparse, [], discovered=True) is Telling.TOO_FEW


def test_parents_of_a_place() -> None:
    assert Place(3, 5).parents == (Place(3, -1), Place(-1, 5), Place(-1, -1))
    assert Place(3, -1).parents == (Place(-1, -1),)
    assert Place(-1, -1).parents == ()
    assert len(Place(3, -1).children) == 40


def test_together_cells_say_less_that_is_false_than_alone() -> None:
    made = country(5, 260, wide=2, local=6)
    parameters = load_parameters()
    together = score_country(made, watch_country(made, parameters, joined=True))
    alone = score_country(made, watch_country(made, parameters, joined=False))
    assert together.false < alone.false
    assert together.redundant <= alone.redundant
    assert together.found >= 1


def test_a_wide_shock_makes_a_cells_own_alarm_redundant() -> None:
    made = country(5, 280, wide=1, local=0)
    shock = made.shocks[0]
    cell = Place(shock.place.province, 7)
    score = score_country(made, [Told(shock.start + 9, cell, shock.factor > 1)])
    assert (score.redundant, score.false, score.found) == (1, 0, 0)
    score = score_country(made, [Told(shock.start + 9, shock.place, shock.factor > 1)])
    assert (score.redundant, score.false, score.found) == (0, 0, 1)
