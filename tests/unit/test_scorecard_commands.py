"""The words of scorecard, events, what-if and replay: mistakes are told before anything runs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer import Exit
from typer.testing import CliRunner

from alerts.calendar import end_of_day
from labourwatch.cli import app
from labourwatch.cli_scorecard import day, moment_of

FAR = "2199-01-01"


def test_a_day_means_its_end_and_never_the_future() -> None:
    assert moment_of("2026-03-31") == end_of_day(date(2026, 3, 31))
    assert moment_of("2026-03-31T02:00") == datetime(2026, 3, 31, 2, tzinfo=UTC)
    assert moment_of("2026-03-31T09:00+07:00") == datetime(2026, 3, 31, 2, tzinfo=UTC)
    assert moment_of(FAR) <= datetime.now(UTC)
    assert moment_of("") <= datetime.now(UTC)
    assert day("since", "") is None
    for text in ("yesterday", "2026-13-01", "2026-03-3x"):
        with pytest.raises(Exit):
            moment_of(text)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["scorecard", "--province", "LA-ZZ"], "--province"),
        (["scorecard", "--since", "March"], "--since"),
        (["scorecard"], "no stack"),
        (["events", "list"], "no stack"),
        (["events", "add", "--direction", "up", "--from", "x", "--basis", "news", "--citation",
          "c", "--officer", "o"], "--from"),
        (["alerts", "what-if", "--budget", "3"], "no stack"),
        (["evaluate", "--replay", "--rounds", "0"], "--rounds"),
        (["evaluate", "--replay", "--seed", "-1"], "--seed"),
        (["evaluate", "--replay"], "no stack"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(
    words: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("LABOURWATCH_BROKER_URL", raising=False)
    done = CliRunner().invoke(app, words)
    assert done.exit_code != 0
    assert says in done.output
