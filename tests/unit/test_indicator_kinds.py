"""Each indicator of the command on its own kind of table."""

from __future__ import annotations

import csv
import io
from math import log, sqrt
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from labourwatch.cli import app


def run(path: Path, *words: str, name: str = "mismatch") -> Result:
    return CliRunner().invoke(app, ["indicator", name, str(path), "--no-interval", *words])


def written(tmp_path: Path, text: str, name: str = "counts.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def figures(path: Path, *words: str, name: str = "mismatch") -> list[dict[str, str]]:
    result = run(path, *words, name=name)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def values(path: Path, *words: str, name: str = "mismatch") -> list[float]:
    return [float(row["value"]) for row in figures(path, *words, name=name)]


M_TWO = 1 - 2 * sqrt(0.75 * 0.25)
PLAIN = "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n"


@pytest.mark.parametrize(
    "time",
    ["2015M03", "2015M3", "2015-03", "2015Q1", "2015-Q1", "Q1 2015", "2015.03", "03.2015", "2015",
     "03/2015", "3.2015", "2015 03", "201503", "2015-03-01", "1.3.2015", "2015/03"],
)  # fmt: skip
def test_periods_as_offices_write_them(tmp_path: Path, time: str) -> None:
    assert values(written(tmp_path, PLAIN.replace("2026-09", time))) == pytest.approx([M_TWO])


def test_a_byte_order_mark_other_orders_and_semicolons_change_nothing(tmp_path: Path) -> None:
    rows = [line.split(",") for line in PLAIN.splitlines()]
    text = "\ufeff" + "\r\n".join(";".join(reversed(row)) for row in rows) + "\r\n\r\n"
    assert values(written(tmp_path, text)) == pytest.approx([M_TWO])


def test_columns_that_are_not_used_are_named(tmp_path: Path) -> None:
    heading, *rows = PLAIN.splitlines()
    text = "\n".join([f"{heading},totals", *(f"{row},40" for row in rows)])
    result = run(written(tmp_path, text))
    assert result.exit_code == 0
    assert "not used: totals" in result.stderr


def test_beveridge_needs_no_groups(tmp_path: Path) -> None:
    text = (
        "quarter,vacancies,unemployed,labour force\n2025-Q1,100,400,5000\n2025-Q2,100,400,5000\n"
        "2026-Q1,200,800,5000\n2026-Q2,200,200,5000\n"
    )
    found = {
        (row["time"], row["part"]): row
        for row in figures(written(tmp_path, text), name="beveridge")
    }
    assert found["2025-Q1", "shift"]["standing"] == "too_short"
    assert float(found["2026-Q1", "shift"]["value"]) == pytest.approx(log(2))
    assert float(found["2026-Q2", "shift"]["value"]) == pytest.approx(0, abs=1e-12)
    assert float(found["2026-Q1", "unemployment_rate"]["value"]) == 0.16


def test_beveridge_of_groups_is_of_their_totals(tmp_path: Path) -> None:
    text = PLAIN + "2027-09,a,60,20\n2027-09,b,20,60\n"
    first, second = figures(written(tmp_path, text), name="beveridge")
    assert (first["standing"], second["part"]) == ("too_short", "shift")
    assert float(second["value"]) == pytest.approx(log(2))


def test_columns_of_periods_and_texts_are_taken_where_no_name_tells(tmp_path: Path) -> None:
    text = "obs,what,note,vacancies,unemployed\n2026M09,a,7,30,10\n2026M09,b,8,10,30\n"
    text += "2026M10,a,7,30,10\n2026M10,b,9,10,30\n"
    result = run(written(tmp_path, text))
    assert result.exit_code == 0, result.output
    assert "time = obs, group = what" in result.stderr
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [row["time"] for row in found] == ["2026M09", "2026M10"]


def test_growth_is_of_each_group_and_needs_no_unemployed(tmp_path: Path) -> None:
    text = "month,occupation,vacancies\n2025-09,a,30\n2025-09,b,10\n2026-09,a,60\n2026-09,b,\n"
    found = {
        (row["time"], row["group"]): row for row in figures(written(tmp_path, text), name="growth")
    }
    assert found["2025-09", "a"]["standing"] == "too_short"
    assert float(found["2026-09", "a"]["value"]) == pytest.approx(log(60.5 / 30.5))
    assert found["2026-09", "b"]["standing"] == "not_observed"
    assert float(found["2026-09", ""]["value"]) == pytest.approx(log(60.5 / 40.5))


def test_tightness_is_of_each_group_relative_to_all(tmp_path: Path) -> None:
    first, second = figures(written(tmp_path, PLAIN), name="tightness")
    assert (first["group"], second["group"]) == ("a", "b")
    assert float(first["value"]) == pytest.approx(log(30.5 / 40.5) - log(10.5 / 40.5))
    assert float(first["value"]) > 0 > float(second["value"])
    (unknown, *_) = figures(written(tmp_path, PLAIN.replace("30,10", "30,")), name="tightness")
    assert unknown["standing"] == "no_supply"


def test_options_that_an_indicator_does_not_have_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, PLAIN)
    result = run(path, "--corrected", name="turnover")
    assert (result.exit_code, "only of mismatch" in result.output) == (1, True)
    assert run(path, "--scale", "0").exit_code == 1
    assert values(path, "--corrected")[0] < 1 - 2 * sqrt(0.75 * 0.25)


def test_duration_of_single_vacancies_counts_those_still_open(tmp_path: Path) -> None:
    text = "id,sector,opened,closed\n"
    text += "".join(f"{i},F,2026-01-01,2026-01-{11 + i % 21:02d}\n" for i in range(42))
    closed = figures(written(tmp_path, text), name="duration")
    assert [row["part"] for row in closed] == ["median", "mean_60"]
    assert float(closed[0]["value"]) == pytest.approx(20, abs=1.5)
    more = text + "".join(f"{i},F,2026-01-01,\n" for i in range(42, 80)) + "99,F,2026-04-01,\n"
    still_open = figures(written(tmp_path, more), "--by", "sector", name="duration")
    assert still_open[0]["sector"] == "F"
    assert float(still_open[1]["value"]) > float(closed[1]["value"]) + 10


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("opened,closed\n2026-02-01,2026-01-01\n", "before it was opened"),
        ("opened,closed\nsoon,\n", "expected a day"),
        ("opened,closed\n,2026-01-01\n", "is empty"),
        ("opened\n2026-01-01\n", "no column for ended"),
    ],
)
def test_spells_that_cannot_be_are_refused(tmp_path: Path, text: str, told: str) -> None:
    result = run(written(tmp_path, text), name="duration")
    assert (result.exit_code, told in result.output) == (1, True)
