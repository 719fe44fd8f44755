"""`labourwatch durations`: what it accepts, and how it says what it found."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from alerts.durations import Assessment, Deadlines, Duration
from alerts.survival import Estimate
from labourwatch.cli import app
from labourwatch.durations import Question, QuestionError, as_json, as_lines, day_asked, today

NONE = Estimate(value=None, lower=None, upper=None)


def a_question(**changes: object) -> Question:
    values = {
        "province": None, "occupation": "", "since": None, "as_of": date(2026, 11, 25),
        "deadlines": Deadlines.END, **changes,
    }  # fmt: skip
    return Question(**values)  # type: ignore[arg-type]


def a_duration(**changes: object) -> Duration:
    values = {
        "assessment": Assessment.ASSESSABLE, "mean_60": Estimate(value=23.0, lower=21, upper=25),
        "median": Estimate(value=19.64, lower=18.0, upper=None), "n": 300, "ends": 250,
        "censored": 50, "left_truncated": 20, "age_unknown": 9, "unseen": 1, **changes,
    }  # fmt: skip
    return Duration(**values)  # type: ignore[arg-type]


def test_a_year_is_asked_about_by_default() -> None:
    assert a_question().first_day == date(2025, 11, 25)
    assert a_question(since=date(2026, 1, 1)).first_day == date(2026, 1, 1)
    assert today(datetime(2026, 11, 24, 18, tzinfo=UTC)) == date(2026, 11, 25)


@pytest.mark.parametrize(
    "changes", [{"province": "LA-ZZ"}, {"occupation": "72345"}, {"occupation": "x"}]
)
def test_a_part_of_the_market_that_does_not_exist(changes: dict[str, str]) -> None:
    with pytest.raises(QuestionError, match="expected"):
        a_question(**changes)


def test_a_day_that_is_none() -> None:
    assert day_asked("2026-01-31", "--as-of") == date(2026, 1, 31)
    with pytest.raises(QuestionError, match="--as-of: expected a day"):
        day_asked("31.1.2026", "--as-of")
    result = CliRunner().invoke(app, ["durations", "--as-of", "soon"])
    assert result.exit_code == 1
    assert "expected a day" in result.output


def test_words_and_data() -> None:
    question = a_question(province="LA-VT", occupation="52")
    text = "\n".join(as_lines(question, a_duration()))
    assert "ISCO-08 52" in text
    assert "19.6 days (95 % interval 18.0 to ?)" in text
    record = json.loads(as_json(question, a_duration()))
    assert (record["median"]["value"], record["ends"], record["as_of"]) == (
        19.64, 250, "2026-11-25",
    )  # fmt: skip


def test_too_few_is_said_and_no_figure_told() -> None:
    told = a_duration(assessment=Assessment.TOO_FEW_ENDS, median=NONE, mean_60=NONE)
    text = "\n".join(as_lines(a_question(), told))
    assert "not assessable: too few ends" in text
    assert "half are over" not in text
    beyond = as_lines(a_question(), a_duration(median=NONE))
    assert "more days than were watched" in "\n".join(beyond)
