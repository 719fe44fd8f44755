"""Indicators of the strategy: where they come from, how they stand, and what is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from config.strategy import IMPACT, strategy_indicators
from dashboard.accounts.records import NOBODY
from dashboard.accounts.seeing import seen_by
from dashboard.catalogue import scene_at
from dashboard.frame import frame
from dashboard.markup import to_html
from dashboard.standing import Origin, Progress, Standing, standings
from dashboard.views import Snapshot
from labourwatch.entering import COMPUTED, EntryError, checked
from tests.factories_dashboard import snapshot
from warehouse.quality.records import Dimension, Reason, Result, Severity, Unit, Verdict
from warehouse.quality.strategy import MeasuredFigure, ValueOrigin
from warehouse.strategy import FORMULAS
from warehouse.strategy_entries import StrategyEntry

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FULL = snapshot(days=70, mean=60)


def entry(number: str, value: float, day: date = date(2026, 11, 1)) -> StrategyEntry:
    return StrategyEntry(
        number=number, on_day=day, value=value, source="Decree 214", account="officer-7",
        entered_at=NOW,
    )  # fmt: skip


def result(**changes: object) -> Result:
    facts: dict[str, object] = {
        "check_id": "occupation_right", "subject": "4 digits", "dimension": Dimension.ACCURACY,
        "severity": Severity.MINOR, "unit": Unit.SHARE, "as_of": NOW,
        "period_start": date(2026, 10, 1), "period_end": date(2026, 11, 21), "value": 0.71,
        "lower": 0.66, "upper": 0.76, "n": 347, "verdict": Verdict.PASS, "reason": Reason.MEETS,
        "mark": 0.6, "limit": 0.5, "detail": "an example", "method": "occupation_right-1",
        "release_id": "", "computed_at": NOW,
    }  # fmt: skip
    return Result(**(facts | changes))  # type: ignore[arg-type]


def drawn(held: Snapshot, path: str = "/en/strategy", *, demonstration: bool = False) -> str:
    seen = seen_by(held, NOBODY)
    return to_html(frame(*scene_at(path, seen, demonstration=demonstration)))


def of(number: str, entries: list[StrategyEntry]) -> Standing:
    found = standings([], [], entries, demonstration=False)
    return next(one for one in found if one.indicator.number == number)


def test_the_strategy_is_whole_and_keeps_both_numberings() -> None:
    held = strategy_indicators()
    assert len(held) == 29
    assert sum(one.plan == IMPACT for one in held.values()) == 5
    assert [held[number].annex for number in ("4.3", "4.4", "4.5")] == ["", "4.3", "4.4"]
    assert {*FORMULAS, "1.2", "1.3", "3.4"} == set(COMPUTED) <= set(held)


def test_every_indicator_is_on_the_page_in_both_languages() -> None:
    for path, lang in (("/en/strategy", "en"), ("/strategy", "lo")):
        text = drawn(FULL, path)
        for one in strategy_indicators().values():
            assert one.name(lang).split("(")[0].replace("'", "&#x27;") in text, one.number
    assert "nothing has been entered yet" in drawn(FULL)


@pytest.mark.parametrize(
    ("number", "value", "progress"),
    [
        ("2.3", 4, Progress.BELOW), ("2.3", 10, Progress.ON_WAY), ("2.3", 120, Progress.REACHED),
        ("I1", 0.86, Progress.BELOW), ("I1", 0.69, Progress.ON_WAY), ("I1", 0.6, Progress.REACHED),
        ("4.2", 0.5, Progress.BELOW),
    ],
)  # fmt: skip
def test_values_stand_against_targets_in_the_right_direction(
    number: str, value: float, progress: Progress
) -> None:
    assert of(number, [entry(number, value)]).progress is progress


def test_nothing_entered_is_not_known_and_a_baseline_is_no_measurement() -> None:
    assert of("2.3", []).origin is Origin.NONE
    assert of("I2", []).origin is Origin.BASELINE
    newest = of("I2", [entry("I2", 0.4, date(2026, 1, 1)), entry("I2", 0.37)])
    assert (newest.value, newest.origin, len(newest.before)) == (0.37, Origin.ENTERED, 2)


def test_what_a_demonstration_measures_counts_for_nothing() -> None:
    figure = MeasuredFigure(
        number="3.4", value=0.7, lower=0.6, upper=0.8, n=200, unit="share", target_2_years=0.6,
        target_10_years=0.95, formula="", as_of=NOW, method="m",
        origin=ValueOrigin.MEASURED, source="checks",
    )  # fmt: skip
    for demonstration in (False, True):
        found = standings([], [figure], [], demonstration=demonstration)
        one = next(each for each in found if each.indicator.number == "3.4")
        assert one.value == (None if demonstration else 0.7)
        assert one.invented == (0.7 if demonstration else None)
    few = standings([], [replace(figure, value=None)], [], demonstration=False)
    assert next(o for o in few if o.indicator.number == "3.4").origin is Origin.UNMEASURED


def test_entries_are_shown_with_day_and_source() -> None:
    text = drawn(replace(FULL, entries=(entry("2.1", 1, date(2026, 9, 1)), entry("2.1", 2))))
    assert "Entered by an officer for 1 Nov 2026. Source: Decree 214." in text
    assert "Earlier values" in text
    assert "officer-7" not in text


@pytest.mark.parametrize(
    ("number", "value", "day", "source", "expected"),
    [
        ("9.9", 1.0, NOW.date(), "x", "expected one of"),
        ("1.4", 5.0, NOW.date(), "x", "computed"),
        ("1.1", 40.0, NOW.date(), "x", "share from 0 to 1"),
        ("2.3", 2.5, NOW.date(), "x", "whole number"),
        ("2.3", -1.0, NOW.date(), "x", "from 0"),
        ("2.3", float("nan"), NOW.date(), "x", "from 0"),
        ("2.3", 2.0, date(2026, 11, 23), "x", "a day that is over"),
        ("2.3", 2.0, NOW.date(), "  ", "--source"),
    ],
)
def test_entries_that_cannot_be_believed_are_refused(
    number: str, value: float, day: date, source: str, expected: str
) -> None:
    with pytest.raises(EntryError, match=expected):
        checked(number, value, day, source, "officer-7", now=NOW)


def test_a_good_entry_is_taken_as_it_is() -> None:
    held = checked("2.3", 4.0, NOW.date(), " reports ", "officer-7", now=NOW)
    assert (held.value, held.source, held.entered_at) == (4.0, "reports", NOW)


def test_checks_are_shown_by_dimension_without_examples_and_exact_counts() -> None:
    failed = result(check_id="employer_named", subject="", verdict=Verdict.FAIL, value=0.2)
    text = drawn(replace(FULL, quality=(result(), failed)), "/en/sources")
    assert "Checks of data quality" in text
    assert "Accuracy" in text
    assert "71.0%" in text
    assert "66.0% to 76.0%" in text
    assert "an example" not in text
    assert ">347<" not in text
    assert "≥ 200" in text
    assert "no check has been made yet" in drawn(FULL, "/en/sources")
