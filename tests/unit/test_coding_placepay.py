"""Places, pay and demands on the hand-made expressions, and that the sets stay what they are."""

from __future__ import annotations

from collections import Counter

import pytest

from benchmarks.coding_placepay import (
    Judged,
    judge_demands,
    judge_pay,
    judge_places,
    measure,
)


@pytest.fixture(scope="module")
def places() -> list[Judged]:
    return list(judge_places())


@pytest.fixture(scope="module")
def pay() -> list[Judged]:
    return list(judge_pay())


def share(judged: list[Judged]) -> float:
    return sum(each.right for each in judged) / len(judged)


def test_places_reach_the_goal_in_every_language_and_in_the_half_nobody_looked_at(
    places: list[Judged],
) -> None:
    assert share(places) >= 0.98
    assert share([each for each in places if each.half == "check"]) >= 0.98
    for language in ("lo", "en", "th", "vi", "zh"):
        assert share([each for each in places if each.row["language"] == language]) >= 0.95


def test_pay_reaches_the_goal_in_every_language_and_in_the_half_nobody_looked_at(
    pay: list[Judged],
) -> None:
    assert share(pay) >= 0.97
    assert share([each for each in pay if each.half == "check"]) >= 0.97
    for language in ("lo", "en", "th", "vi", "zh"):
        assert share([each for each in pay if each.row["language"] == language]) >= 0.95


def test_demands_are_read() -> None:
    assert share(list(judge_demands())) >= 0.95


def test_the_sets_are_large_mixed_and_hold_what_is_nothing(
    places: list[Judged], pay: list[Judged]
) -> None:
    for judged, nothing in ((places, "expected"), (pay, "lower")):
        languages = Counter(each.row["language"] for each in judged)
        assert len(judged) >= 300
        assert min(languages["lo"], languages["en"]) >= 100
        assert sum(languages[code] for code in ("th", "vi", "zh")) >= 100
        assert sum(not each.row[nothing] for each in judged) >= 25
        halves = Counter(each.half for each in judged)
        assert min(halves.values()) > 0.4 * len(judged)


def test_the_benchmark_gives_the_figures_that_are_asked_for() -> None:
    figures, more = measure(1, True)
    values = {figure.key: figure.value for figure in figures}
    assert values["place_accuracy"] >= 0.98
    assert values["pay_accuracy"] >= 0.97
    assert values["pay_round_trip"] >= 0.99
    assert values["place_round_trip"] >= 0.99
    assert {"Places by kind", "Pay by language"} <= more["tables"].keys()
