"""Counts corrected for the coder's errors, on markets whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.corrected_counts import Corrected, Standing, correct_counts, together
from streams.classify.confusion import NOT_CODABLE, Confusion, Pair, confusions_of

Counts = dict[tuple[str, str], int]


def confusion(counts: Mapping[tuple[str, str], int]) -> Confusion:
    return Confusion(coder_version="x", scheme="isco08", digits=1, language="", counts=counts)


def drawn(
    chance: np.random.Generator, rates: np.ndarray, truths: np.ndarray, sampled: np.ndarray
) -> Corrected:
    """One market coded once, corrected by one sample."""
    size = range(len(rates))
    said = np.sum([chance.multinomial(truths[i], rates[i]) for i in size], axis=0)
    cells = {
        (str(i), str(j)): int(count)
        for i in size
        for j, count in enumerate(chance.multinomial(sampled[i], rates[i]))
        if count
    }
    return correct_counts({str(j): int(said[j]) for j in size}, confusion(cells))


@pytest.mark.parametrize(("size", "right", "postings"), [(2, 0.85, 400), (6, 0.7, 900)])
def test_corrected_counts_are_unbiased_and_their_intervals_hold_the_truth(
    size: int, right: float, postings: int
) -> None:
    chance = np.random.default_rng(20261125)
    errors, raw, held = [], [], []
    for _ in range(6):
        rates = np.full((size, size), (1 - right) / (size - 1))
        np.fill_diagonal(rates, right)
        rates = 0.9 * rates + 0.1 * chance.dirichlet(np.full(size, 1.0), size)
        truths = chance.multinomial(postings, chance.dirichlet(np.full(size, 8.0)))
        sampled = np.full(size, 80)
        for _ in range(60):
            found = drawn(chance, rates, truths, sampled)
            assert found.standing is Standing.CORRECTED
            told = [found.counts[str(i)] for i in range(size)]
            errors.append([each.value - t for each, t in zip(told, truths, strict=True)])
            held += [e.lower <= t <= e.upper for e, t in zip(told, truths, strict=True)]
        raw.append(np.abs(rates.T @ truths - truths).max() / postings)
    bias = np.abs(np.mean(np.reshape(errors, (6, 60, size)), axis=1)) / postings
    assert np.mean(bias) < 0.01
    assert np.mean(bias) < np.mean(raw) / 2
    assert 0.93 <= np.mean(held) <= 0.97


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("12345"), st.sampled_from("12345")), st.integers(0, 99)
    ),
    st.dictionaries(st.sampled_from("123456"), st.integers(0, 10_000)),
)
@settings(max_examples=150, deadline=None)
def test_any_counts_give_a_reason_or_counts_that_add_up(
    cells: Counts, observed: dict[str, int]
) -> None:
    found = correct_counts(observed, confusion(cells))
    if found.standing is not Standing.CORRECTED:
        assert not found.counts
        assert found.rest is None
        return
    told = [*found.counts.values(), *([found.rest] if found.rest else [])]
    assert sum(each.value for each in told) == pytest.approx(sum(observed.values()), abs=0.1)
    assert all(0 <= each.lower <= each.value + 1e-6 for each in told)
    assert all(each.value <= each.upper + 1e-6 for each in told)


def test_two_categories_give_the_estimator_of_rogan_and_gladen() -> None:
    cells = {("y", "y"): 90_000, ("y", "n"): 10_000, ("n", "y"): 5_000, ("n", "n"): 95_000}
    found = correct_counts({"y": 300, "n": 700}, confusion(cells))
    assert found.counts["y"].value == pytest.approx(
        1000 * (0.3 + 0.95 - 1) / (0.9 + 0.95 - 1), rel=1e-3
    )


def test_a_larger_sample_narrows_the_interval() -> None:
    widths = []
    for times in (1, 10, 100):
        cells = {("1", "1"): 40, ("1", "2"): 10, ("2", "2"): 45, ("2", "1"): 5}
        found = correct_counts(
            {"1": 50, "2": 50}, confusion({k: v * times for k, v in cells.items()})
        )
        widths.append(found.counts["1"].upper - found.counts["1"].lower)
    assert widths == sorted(widths, reverse=True)


def test_a_negative_count_is_never_told() -> None:
    cells = {("1", "1"): 80, ("1", "2"): 20, ("2", "2"): 80, ("2", "1"): 20}
    found = correct_counts({"1": 100, "2": 5}, confusion(cells))
    assert found.counts["2"].value == pytest.approx(0, abs=0.5)
    assert found.counts["2"].upper > 1


def test_why_counts_are_not_corrected() -> None:
    assert correct_counts({"1": 5}, None).standing is Standing.NOT_MEASURED
    few = {("1", "1"): 100, ("2", "2"): 3}
    assert correct_counts({"1": 5}, confusion(few)).standing is Standing.TOO_FEW_CODED
    blind = {("1", "1"): 50, ("1", "2"): 50, ("2", "1"): 50, ("2", "2"): 51}
    assert correct_counts({"1": 5}, confusion(blind)).standing is Standing.NOT_SEPARABLE


def test_rare_categories_are_told_together() -> None:
    cells = {("1", "1"): 50, ("2", "2"): 50, ("3", "3"): 15, ("4", "4"): 8, ("3", "1"): 2}
    found = correct_counts({"1": 10, "2": 10, "3": 10, "9": 5}, confusion(cells))
    assert found.pooled == ("3", "4", "9")
    assert set(found.counts) == {"1", "2"}
    assert found.rest is not None


def test_matrices_are_made_by_language_and_level() -> None:
    pairs = [
        Pair(truth="2411", said="2412", language="lo"),
        Pair(truth="24", said="2411", language="en"),
        Pair(truth=NOT_CODABLE, said=NOT_CODABLE, language="lo"),
    ]
    found = confusions_of(pairs, coder_version="x", scheme="isco08", levels=(1, 4))
    by_place = {(each.digits, each.language): each.counts for each in found}
    assert by_place[1, ""] == {("", ""): 1, ("2", "2"): 2}
    assert by_place[4, "lo"] == {("", ""): 1, ("2411", "2412"): 1}
    assert (4, "en") not in by_place


def test_languages_are_corrected_apart_and_added() -> None:
    cells = {("1", "1"): 80, ("1", "2"): 20, ("2", "2"): 90, ("2", "1"): 10}
    lao = correct_counts({"1": 60, "2": 40}, confusion(cells))
    more = {**cells, ("3", "3"): 50}
    english = correct_counts({"1": 10, "2": 20, "3": 30}, confusion(more))
    both = together([lao, english])
    assert set(both.counts) == {"1", "2"}
    assert both.counts["1"].value == pytest.approx(
        lao.counts["1"].value + english.counts["1"].value
    )
    assert both.counts["1"].error < lao.counts["1"].error + english.counts["1"].error
    assert both.pooled == ("3",)
    assert both.rest is not None
    assert both.rest.value == pytest.approx(english.counts["3"].value)
    with pytest.raises(ValueError, match="only corrected"):
        together([correct_counts({"1": 1}, None)])
