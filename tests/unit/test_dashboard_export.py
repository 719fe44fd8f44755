"""Downloads say what they are and run nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.cube import build
from dashboard.export import flow_csv, safe, vacancies_csv
from tests.factories_dashboard import daily_rows, vacancy


def lines(blocks: Iterator[str]) -> list[list[str]]:
    text = "".join(blocks).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("cell", ["=1+1", "+856", "-2", "@SUM(A1)", "\tx", "\rx", " =x", "＝1"])
def test_formulas_are_made_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "ພະນັກງານ", "a=b", "3-5 years"])
def test_other_text_is_left_alone(cell: str) -> None:
    assert safe(cell) == cell


@given(st.text(max_size=20))
def test_no_cell_starts_as_a_formula(cell: str) -> None:
    assert not safe(cell).lstrip(" ").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("demonstration", "kind"), [(True, "demonstration data"), (False, "observed data")]
)
def test_vacancies_are_marked_in_the_first_line_and_in_every_row(
    demonstration: bool, kind: str
) -> None:
    rows = lines(vacancies_csv([vacancy(n) for n in range(30)], demonstration=demonstration))
    assert rows[0] == [f"# Labourwatch: {kind}"]
    assert rows[1][0] == "data_kind"
    assert {row[0] for row in rows[2:]} == {kind}
    assert len(rows) == 32
    assert not [cell for row in rows[2:] for cell in row if cell.startswith(("=", "+", "@"))]


def test_flow_adds_up_to_the_cube() -> None:
    cube = build(daily_rows(days=60, mean=30))
    assert cube is not None
    rows = lines(flow_csv(cube, demonstration=True))[2:]
    assert sum(int(row[4]) for row in rows) == int(cube.flow.sum())
    assert sum(int(row[5]) for row in rows) == int(cube.stock_delta.sum())
    assert rows[0][1] == cube.first_day.isoformat()
