"""Text that leaves runs nothing in a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.export import safe


@pytest.mark.parametrize("cell", ["=1+1", "+856", "-2", "@SUM(A1)", "\tx", "\rx", " =x", "＝1"])
def test_formulas_are_made_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "ພະນັກງານ", "a=b", "3-5 years"])
def test_other_text_is_left_alone(cell: str) -> None:
    assert safe(cell) == cell


@given(st.text(max_size=20))
def test_no_cell_starts_as_a_formula(cell: str) -> None:
    assert not safe(cell).lstrip(" ").startswith(("=", "+", "-", "@"))
