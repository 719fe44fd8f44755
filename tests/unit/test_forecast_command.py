"""`labourwatch forecast` on files."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner

from labourwatch.cli import app


def _file(path: Path, rows: list[tuple[str, float]]) -> str:
    text = "date,postings\n" + "".join(f"{day},{value}\n" for day, value in rows)
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_months_are_forecast_for_one_and_three_months(tmp_path: Path) -> None:
    rows = [(f"{2018 + t // 12}-{t % 12 + 1:02d}-01", 100.0 + t % 12) for t in range(72)]
    done = CliRunner().invoke(app, ["forecast", _file(tmp_path / "m.csv", rows), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [line["target"] for line in told] == ["2024-01-01", "2024-03-01"]
    assert all(line["lower_95"] <= line["value"] <= line["upper_95"] for line in told)
    assert told[0]["scored"] > 40


def test_days_are_forecast_by_whole_weeks(tmp_path: Path) -> None:
    first = date(2024, 1, 3)  # a Wednesday: its week is not whole
    rows = [((first + timedelta(days=t)).isoformat(), float(t % 3)) for t in range(300)]
    done = CliRunner().invoke(app, ["forecast", _file(tmp_path / "d.csv", rows)])
    assert done.exit_code == 0, done.output
    assert "2024-11-18" in done.stdout
    assert "2025-01-13" in done.stdout


def test_what_cannot_be_forecast_is_told(tmp_path: Path) -> None:
    short = _file(tmp_path / "s.csv", [("2024-01-01", 5.0), ("2024-02-01", 6.0)])
    assert "too short" in CliRunner().invoke(app, ["forecast", short]).output
    gone = CliRunner().invoke(app, ["forecast", str(tmp_path / "none.csv")])
    assert gone.exit_code != 0
    assert "none.csv" in gone.output
    cell = CliRunner().invoke(app, ["forecast", "nowhere"])
    assert "expected province/group" in cell.output
