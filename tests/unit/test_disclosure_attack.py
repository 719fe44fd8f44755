"""Linear programming finds what trying every whole number finds."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product

import pytest

from warehouse.disclosure.attack import Known, UnsolvableError
from warehouse.disclosure.suppress import coarser

SUMS = [
    ("all", ["a", "b"]), ("all", ["x", "y"]), ("a", ["ax", "ay"]), ("b", ["bx", "by"]),
    ("x", ["ax", "bx"]), ("y", ["ay", "by"]),
]  # fmt: skip
BOUNDS: dict[Hashable, tuple[float, float]] = {
    "all": (18.0, 22.0), "a": (13.0, 17.0), "x": (10.0, 12.0), "ax": (10.0, 12.0),
}  # fmt: skip
TRUTH: dict[Hashable, float] = {
    "all": 20,
    "a": 14,
    "b": 6,
    "x": 12,
    "y": 8,
    "ax": 10,
    "ay": 4,
    "bx": 2,
    "by": 4,
}


def tried() -> dict[Hashable, tuple[int, int]]:
    """Least and greatest of every name over all tables of whole numbers within the bounds."""
    found: dict[Hashable, list[int]] = {}
    for ax, ay, bx, by in product(range(13), range(13), range(13), range(13)):
        table: dict[Hashable, int] = {
            "ax": ax, "ay": ay, "bx": bx, "by": by, "a": ax + ay, "b": bx + by, "x": ax + bx,
            "y": ay + by, "all": ax + ay + bx + by,
        }  # fmt: skip
        if all(low <= table[name] <= high for name, (low, high) in BOUNDS.items()):
            for name, value in table.items():
                found.setdefault(name, []).append(value)
    return {name: (min(values), max(values)) for name, values in found.items()}


def test_bounds_are_those_of_trying_everything() -> None:
    known = Known(SUMS, BOUNDS, TRUTH)
    for name, (low, high) in tried().items():
        reach = known.reach(name)
        assert (round(reach.low, 6), round(reach.high, 6)) == (low, high), name
        assert reach.whole_numbers == high - low + 1


def test_what_one_program_shows_counts_for_all_and_is_forgotten_when_it_no_longer_holds() -> None:
    known = Known(SUMS, BOUNDS, TRUTH)
    known.push({"by": 8, "ay": 4})
    assert known.seen("by") >= 4
    assert known.seen("by") <= known.reach("by").whole_numbers
    known.restate("all", (20.0, 20.0))
    within = known.reach("by")
    assert known.seen("by") == within.whole_numbers
    assert within.high <= 10


def test_numbers_that_contradict_each_other_are_told() -> None:
    with pytest.raises(UnsolvableError):
        Known(SUMS, {**BOUNDS, "all": (5.0, 6.0)}, TRUTH).reach("by")


def test_steps_grow_by_one_two_five() -> None:
    steps = [5]
    for _ in range(6):
        steps.append(coarser(steps[-1]))
    assert steps == [5, 10, 20, 50, 100, 200, 500]
