"""Boards of the benchmark of faults are drawn for every seed."""

from __future__ import annotations

import pytest

from benchmarks.warning_faults import large_board


@pytest.mark.parametrize(("seed", "number"), [(20261130, 4), (20261130, 7), (301, 5)])
def test_a_large_board_is_found_where_the_first_draws_are_small(seed: int, number: int) -> None:
    board, again = large_board(seed, number), large_board(seed, number)
    assert board.size == again.size >= 60
