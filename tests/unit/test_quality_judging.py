"""Verdicts, intervals and the declaration of checks of data quality."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from streams.classify.accuracy import wilson
from warehouse.migrate import parse, read_files
from warehouse.quality.declared import Catalogue, Check, catalogue
from warehouse.quality.functions import FUNCTIONS
from warehouse.quality.measuring import reading_of
from warehouse.quality.records import (
    Better,
    Dimension,
    Marks,
    Reading,
    Reason,
    Result,
    Unit,
    Verdict,
    judge,
    wilson_share,
)
from warehouse.quality.rollups import measure_of
from warehouse.quality.strategy import measured_figures

HIGH = Marks(better=Better.HIGH, mark=0.8, limit=0.5, least=10)
ZERO = Marks(better=Better.LOW, mark=0, limit=0, least=1)


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_shares_have_wilsons_interval(of: tuple[int, int]) -> None:
    value, lower, upper = wilson_share(*of)
    share = wilson(*of)
    assert value == share.value
    assert (lower, upper) == pytest.approx((share.lower, share.upper), abs=1e-9)
    assert 0 <= lower <= value <= upper <= 1


@pytest.mark.parametrize(
    ("value", "lower", "upper", "n", "expected"),
    [
        (0.9, 0.85, 0.95, 40, (Verdict.PASS, Reason.MEETS)),
        (0.7, 0.60, 0.80, 40, (Verdict.WARN, Reason.SHORT)),
        (0.4, 0.30, 0.55, 40, (Verdict.WARN, Reason.SHORT)),  # chance could explain it
        (0.4, 0.30, 0.49, 40, (Verdict.FAIL, Reason.BEYOND)),
        (0.4, None, None, 40, (Verdict.FAIL, Reason.BEYOND)),
        (0.1, 0.00, 0.30, 9, (Verdict.NOT_ASSESSABLE, Reason.TOO_FEW)),
        (None, None, None, 0, (Verdict.NOT_ASSESSABLE, Reason.NOTHING)),
    ],
)
def test_a_check_fails_only_beyond_chance(
    value: float | None,
    lower: float | None,
    upper: float | None,
    n: int,
    expected: tuple[Verdict, Reason],
) -> None:
    assert judge(Reading(value=value, lower=lower, upper=upper, n=n), HIGH) == expected


def test_one_thing_that_must_not_be_fails() -> None:
    assert judge(Reading(value=0, n=5), ZERO)[0] is Verdict.PASS
    assert judge(Reading(value=1, n=5), ZERO)[0] is Verdict.FAIL


def test_a_figure_without_mark_is_told_and_not_judged() -> None:
    open_ = Marks(better=Better.LOW, mark=None, limit=None, least=1)
    assert judge(Reading(value=7, n=5), open_) == (Verdict.PASS, Reason.UNMARKED)


def test_effective_sizes_widen_the_interval() -> None:
    plain = reading_of({"subject": "", "hits": 80, "n": 100}, Unit.SHARE)
    drawn = reading_of({"subject": "", "value": 0.8, "n": 100, "n_effective": 40}, Unit.SHARE)
    assert plain.value == pytest.approx(drawn.value)
    assert plain.lower is not None
    assert drawn.lower is not None
    assert drawn.lower < plain.lower
    assert reading_of({"subject": "a", "hits": 0, "n": 0}, Unit.SHARE).value is None


def test_the_catalogue_asks_of_every_dimension_in_both_languages() -> None:
    checks = catalogue().checks
    assert {check.dimension for check in checks.values()} == set(Dimension)
    assert {c.function for c in checks.values() if c.function} == FUNCTIONS.keys()
    for name, check in checks.items():
        assert check.question.en.endswith("?"), name
        assert re.search("[\u0e80-\u0eff]", check.question.lo), name


def test_sources_of_checks_are_tables() -> None:
    told = " ".join(part.statement for part in parse(read_files()))
    tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", told))
    named = {source for check in catalogue().checks.values() for source in check.sources}
    assert named <= tables


def test_a_statement_takes_only_the_frames_it_reads() -> None:
    held = catalogue()
    told = held.statement(held.checks["published_to_read"])
    assert told.index("postings_then AS (") < told.index("first_sights AS (")
    assert "vacancies_then" not in told
    assert held.statement(held.checks["days_observed"]).count(" AS (SELECT") == 1


def test_a_changed_check_has_another_method() -> None:
    held = catalogue()
    changed = held.checks["pay_stated"].model_copy(update={"mark": 0.31})
    other = held.model_copy(update={"checks": {"pay_stated": changed}})
    assert other.method("pay_stated") != held.method("pay_stated")


@pytest.mark.parametrize(
    "change",
    [
        {"sql": ""},
        {"function": "stored_once"},
        {"mark": None},
        {"limit": 0.95},
        {"heading": "thirteen"},
        {"colour": "red"},
    ],
)
def test_a_wrong_declaration_is_refused(change: dict[str, object]) -> None:
    right = catalogue().checks["province_known"].model_dump(mode="json")
    Check.model_validate(right)
    with pytest.raises(ValidationError):
        Check.model_validate({**right, **change})
    with pytest.raises(ValidationError):
        Catalogue.model_validate({"frames": {}, "checks": {"x": right}})


def test_indicators_of_the_strategy_are_results_of_checks() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    check = catalogue().checks["occupation_right"]

    def result(verdict: Verdict, n: int) -> Result:
        return Result(
            check_id="occupation_right", subject="4 digits", dimension=check.dimension,
            severity=check.severity, unit=check.unit, as_of=at, period_start=at.date(),
            period_end=at.date(), value=0.7, lower=0.6, upper=0.8, n=n, verdict=verdict,
            reason=Reason.MEETS, mark=check.mark, limit=check.limit, detail="", method="m",
            release_id="", computed_at=at,
        )  # fmt: skip

    (right,) = measured_figures([result(Verdict.PASS, 90)])
    assert (right.number, right.value, right.lower, right.n) == ("3.4", 0.7, 0.6, 90)
    (nothing,) = measured_figures([])
    assert (nothing.value, nothing.n, nothing.as_of) == (None, 0, None)
    assert measured_figures([result(Verdict.NOT_ASSESSABLE, 3)])[0].value is None
    assert right.target_2_years == check.mark


@pytest.mark.parametrize(
    ("kind", "sql"),
    [
        ("Int64", "sum(`x`)"),
        ("SimpleAggregateFunction(max, UInt32)", "max(`x`)"),
        ("AggregateFunction(count)", "countMerge(`x`)"),
        ("AggregateFunction(uniqExact, String)", "uniqExactMerge(`x`)"),
        ("AggregateFunction(quantiles(0.5, 0.9), Float64)", "quantilesMerge(0.5, 0.9)(`x`)"),
    ],
)
def test_columns_of_rollups_are_summed_as_their_type_asks(kind: str, sql: str) -> None:
    assert measure_of("x", kind) == sql
