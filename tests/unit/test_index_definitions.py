"""Onsets by other definitions, on series whose turning points are known."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from benchmarks.index_definitions import by_definition, later, turned
from benchmarks.index_truth import Array, truth_of

FIRST = date(2021, 6, 1)
PEAK = date(2022, 5, 1)


def falling() -> Array:
    """Rises slowly until the peak, then falls 1 % a week for twenty weeks, then is flat."""
    since = np.arange(900) - (PEAK - FIRST).days
    return np.asarray(4.6 + 1e-4 * np.minimum(since, 0) - 0.01 / 7.0 * np.clip(since, 0, 140))


def test_a_downturn_is_dated_by_its_turning_point_and_by_what_was_lost_since() -> None:
    at = turned(FIRST, falling(), "downturn", 0.0)
    assert at is not None
    assert abs((at - PEAK).days) <= 3
    past = turned(FIRST, falling(), "downturn", 0.05)
    assert past is not None
    assert 35 <= (past - PEAK).days <= 41


@pytest.mark.parametrize("event", ["boom", "covid"])
def test_what_did_not_happen_has_no_onset(event: str) -> None:
    assert turned(FIRST, falling(), event, 0.05) is None
    assert turned(FIRST, np.full(900, 4.6), "downturn", 0.05) is None


def test_recall_depends_on_the_definition() -> None:
    truths, logs = [truth_of(FIRST, falling())], [falling()]
    methods = {"late": [[(PEAK + timedelta(days=50), -1)]], "wrong way": [[(PEAK, 1)]]}
    rows = {(r["onset"], r["method"]): r for r in by_definition(truths, logs, methods)}
    assert rows["the turning point", "late"]["downturn"] == 0.0
    assert rows["5% past the turning point", "late"]["downturn"] == 1.0
    assert rows["5% past the turning point", "wrong way"]["downturn"] == 0.0
    assert rows["the turning point", "late"]["covid"] is None
    (late, wrong) = later(truths, methods)
    assert late["outside known events, a year"] == 0.0
    assert wrong["outside known events, a year"] == 0.0
    assert late["downturn, 91 days"] == 1.0
