"""What a view is told of one figure by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import log
from typing import Any

import pytest

from warehouse.disclosure.guard import departmental
from warehouse.disclosure.intervals import count_interval
from warehouse.disclosure.records import (
    SEAL,
    Cell,
    Hidden,
    Measure,
    NotClearedError,
    PublicCount,
    Released,
    View,
)
from warehouse.disclosure.release import count_key, in_lattice, log_shift, period_end, release
from warehouse.disclosure.rules import RULES, band, kinds, nearest, primary, span, step_of
from warehouse.series import Frequency, Observation, SeriesKey, Standing

ISSUE = datetime(2026, 11, 30, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 16)
SINCE = date(2026, 1, 5)


def observation(indicator: str = "growth", **given: Any) -> Observation:
    key = {name: given.pop(name) for name in list(given) if name in SeriesKey.__dataclass_fields__}
    figure: dict[str, Any] = {
        "time_value": MONDAY, "issue": ISSUE, "value": 0.7312, "n": 212, "employers": 31,
        "lower": 0.5123, "upper": 0.9111, "top_share": 0.2, "sources": ("alpha",),
    }  # fmt: skip
    return Observation(series=SeriesKey(indicator=indicator, **key), **(figure | given))


def public(one: Observation) -> Released:
    (told,) = release([one], View.PUBLIC, history_since=SINCE)
    return told


def test_departments_get_the_figure_as_computed() -> None:
    one = observation(n=3, employers=1, top_share=1.0, occupation="2512")
    (told,) = release([one], View.DEPARTMENT)
    assert (told.value, told.n, told.top_share, told.hidden) == (0.7312, 3, 1.0, None)


def test_public_figures_are_no_finer_than_five_vacancies() -> None:
    told = public(observation())
    assert (told.value, told.step, told.lower, told.upper) == (0.75, 0.05, 0.5, 0.95)
    assert (told.n, told.n_at_least, told.employers, told.top_share) == (200, True, 3, None)


@pytest.mark.parametrize(
    ("given", "hidden"),
    [
        ({"n": 9}, Hidden.CONFIDENTIAL),
        ({"n": 0, "employers": 0, "value": None, "standing": Standing.TOO_FEW},
         Hidden.CONFIDENTIAL),
        ({"employers": 2}, Hidden.CONFIDENTIAL),
        ({"top_share": 0.61}, Hidden.CONFIDENTIAL),
        ({"top_share": None}, Hidden.CONFIDENTIAL),
        ({"occupation": "25"}, Hidden.OUTSIDE),
        ({"occupation": "2", "industry": "C"}, Hidden.OUTSIDE),
        ({"frequency": Frequency.DAILY}, Hidden.OUTSIDE),
        ({"indicator": "unheard_of"}, Hidden.OUTSIDE),
        ({"indicator": "duration_median", "n": 19}, Hidden.CONFIDENTIAL),
        ({"indicator": "wage_median", "n": 29}, Hidden.CONFIDENTIAL),
        ({"indicator": "skill_share", "n": 49, "skill": "x"}, Hidden.CONFIDENTIAL),
        ({"indicator": "skill_share", "value": 0.04, "skill": "x"}, Hidden.CONFIDENTIAL),
        ({"indicator": "skill_share", "employers": 4, "skill": "x"}, Hidden.CONFIDENTIAL),
        ({"indicator": "growth", "time_value": date(2026, 6, 29)}, Hidden.TOO_SHORT),
        ({"issue": datetime(2026, 11, 22, 12, tzinfo=UTC)}, Hidden.NOT_FINAL),
        ({"indicator": "flow"}, Hidden.NOT_DECIDED),
    ],
)  # fmt: skip
def test_what_the_public_is_not_told(given: dict[str, Any], hidden: Hidden) -> None:
    told = public(observation(**given))
    figures = (told.value, told.n, told.employers, told.lower, told.upper, told.top_share)
    assert told.hidden is hidden
    assert figures == (None,) * 6


@pytest.mark.parametrize("indicator", sorted(kinds()))
def test_every_indicator_has_a_rule_whose_limits_hold(indicator: str) -> None:
    rule = RULES[kinds()[indicator].rule]
    assert primary(rule, n=rule.n, employers=rule.employers, top_share=rule.top_share) is None
    assert primary(rule, n=rule.n - 1, employers=9, top_share=0.1) is Hidden.TOO_FEW
    assert primary(rule, n=999, employers=rule.employers - 1, top_share=0.1) is Hidden.FEW_EMPLOYERS


def test_thin_cells_look_alike_whatever_made_them_thin() -> None:
    """A method's minimum is a bound of the count, and so is an answer of the coarser cell."""
    thin = [
        observation(n=n, value=None, lower=None, upper=None, standing=standing)
        for n, standing in [
            (0, Standing.TOO_FEW),
            (7, Standing.TOO_FEW),
            (90, Standing.TOO_FEW),
            (90, Standing.DOES_NOT_CONVERGE),
        ]
    ]
    rolled = observation(standing=Standing.ROLLED_UP, answered_province="LA-VT", province="LA-XA")
    told = {
        (each.value, each.n, each.hidden, each.standing, each.answered_province, each.grade)
        for each in map(public, [*thin, rolled])
    }
    assert told == {(None, None, Hidden.CONFIDENTIAL, Standing.TOO_FEW, "", "")}


def test_reasons_that_do_not_depend_on_counts_are_told() -> None:
    told = public(observation(n=0, employers=0, value=None, standing=Standing.NO_SUPPLY))
    assert (told.hidden, told.standing, told.value) == (None, Standing.NO_SUPPLY, None)


def test_a_count_is_told_from_the_public_table_alone() -> None:
    one = observation("flow", value=73.0, n=73, lower=58.1, upper=91.2, grade="B", province="LA-VT")
    count = PublicCount(
        measure=Measure.FLOW, frequency=Frequency.WEEKLY, time_value=MONDAY,
        cell=Cell(province="LA-VT"), value=40, step=20, lower=20, upper=67, hidden=None,
        issue=ISSUE, release_id="W2026-W47.0", seal=SEAL,
    )  # fmt: skip
    key = (Measure.FLOW, Frequency.WEEKLY, MONDAY, Cell(province="LA-VT"))
    (told,) = release([one], View.PUBLIC, counts={key: count})
    assert (told.value, told.n, told.step, told.lower, told.upper) == (40.0, 40, 20.0, 20, 67)
    assert (told.grade, told.release_id) == ("C", "W2026-W47.0")


def test_a_period_that_was_not_seen_is_told_to_nobody() -> None:
    """Where table and release differ on what was seen, the stricter one holds."""
    key = (Measure.FLOW, Frequency.WEEKLY, MONDAY, Cell(province="LA-VT"))
    told = PublicCount(
        measure=Measure.FLOW, frequency=Frequency.WEEKLY, time_value=MONDAY,
        cell=Cell(province="LA-VT"), value=40, step=5, lower=20, upper=67, hidden=None,
        issue=ISSUE, release_id="", seal=SEAL,
    )  # fmt: skip
    unseen = replace(told, value=None, step=0, hidden=Hidden.NOT_OBSERVED, seal=SEAL)
    seen = observation("flow", value=41.0, n=41, province="LA-VT")
    blind = observation("flow", value=None, n=41, province="LA-VT", standing=Standing.NOT_OBSERVED)
    for one, table in ((blind, {}), (blind, {key: told}), (seen, {key: unseen})):
        (found,) = release([one], View.PUBLIC, counts=table)
        assert (found.value, found.n, found.hidden, found.standing) == (
            None, None, Hidden.NOT_OBSERVED, Standing.NOT_OBSERVED,
        )  # fmt: skip
    (inside,) = release([blind], View.DEPARTMENT)
    assert (inside.value, inside.standing) == (None, Standing.NOT_OBSERVED)


def count(value: int | None, step: int) -> PublicCount:
    """The public's stock of the week of the figures here."""
    return PublicCount(
        measure=Measure.STOCK, frequency=Frequency.WEEKLY, time_value=date(2026, 11, 22),
        cell=Cell(province="LA-VT"), value=value, step=step, lower=None, upper=None,
        hidden=None if value else Hidden.CONFIDENTIAL, issue=ISSUE, release_id="", seal=SEAL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("held", "told"),
    [
        (None, (None, None, Hidden.NOT_DECIDED)),
        (count(None, 0), (None, None, Hidden.CONFIDENTIAL)),
        (count(210, 5), (0.7, 0.05, None)),
        (count(220, 20), (0.8, 0.1, None)),
    ],
)
def test_a_ratio_is_told_only_with_the_count_it_is_made_of_and_no_finer(
    held: PublicCount | None, told: tuple[float | None, float | None, Hidden | None]
) -> None:
    one = observation("tightness", value=0.7312, n=212, province="LA-VT")
    key = count_key(one.series, one.time_value)
    assert key is not None
    (found,) = release([one], View.PUBLIC, counts={key: held} if held else {})
    assert (found.value, found.step, found.hidden) == told


def test_a_log_ratio_is_that_of_the_rounded_count() -> None:
    for n in (211, 212, 213, 214, 215, 216):
        rounded = log((nearest(n, 5) + 0.5) / 80.5)
        assert log((n + 0.5) / 80.5) + log_shift(n, 5) == pytest.approx(rounded)


def test_weeks_are_counted_in_one_dimension_and_months_in_two() -> None:
    def key(**given: Any) -> SeriesKey:
        return SeriesKey(indicator="flow", **given)

    assert in_lattice(key(province="LA-VT"))
    assert not in_lattice(key(province="LA-VT", occupation="2"))
    assert in_lattice(key(province="LA-VT", occupation="2", frequency=Frequency.MONTHLY))
    tight = SeriesKey(indicator="tightness", province="LA-VT", occupation="2")
    assert not in_lattice(tight)  # made of a weekly stock
    assert in_lattice(SeriesKey(indicator="growth", province="LA-VT", occupation="2"))


def test_ends_of_periods() -> None:
    monthly = SeriesKey(indicator="growth", frequency=Frequency.MONTHLY)
    assert period_end(monthly, date(2028, 2, 1)) == date(2028, 2, 29)
    assert period_end(SeriesKey(indicator="flow"), MONDAY) == date(2026, 11, 22)
    assert period_end(SeriesKey(indicator="stock"), MONDAY) == MONDAY


def test_rounding_leaves_at_least_three_counts_open() -> None:
    for n in range(10, 400):
        for step in (5, 10, 20, 50):
            if n >= step:
                least, most = span(nearest(n, step), step)
                assert least <= n <= most
                assert most - least >= 2
    assert [nearest(n, 5) for n in (12, 13, 17, 18)] == [10, 15, 15, 20]


@pytest.mark.parametrize(("n", "lower"), [(9, 0), (10, 10), (49, 20), (50, 50), (999, 500)])
def test_bands(n: int, lower: int) -> None:
    assert band(n) == lower


def test_steps() -> None:
    assert step_of("ln ratio", 0.3, 10) == 0.5
    assert step_of("share", 0.3, 120) == 0.05
    assert step_of("index", 0.3, 5000) == 0.001
    assert step_of("kip a month", 3_456_789, 40) == 100_000
    assert step_of("days", 21.3, 40) == 0.5


def test_interval_of_a_count_holds_what_rounding_leaves_open() -> None:
    assert count_interval(100, 5, revised=False, drawn=False) == (98, 102)
    assert count_interval(100, 5, revised=True, drawn=False) == (96, 104)
    lower, upper = count_interval(100, 5, revised=False, drawn=True)
    assert (lower, upper) == (79, 124)  # exact Poisson: 79.6 of 98, 123.8 of 102


def test_nothing_leaves_without_the_seal() -> None:
    told = public(observation())
    with pytest.raises(ValueError, match="seal"):
        replace(told, value=1.0)  # type: ignore[call-arg]
    with pytest.raises(NotClearedError):
        replace(told, value=1.0, seal=object())
    with pytest.raises(NotClearedError):
        departmental([1], View.PUBLIC)
    assert departmental([1], View.DEPARTMENT) == [1]
