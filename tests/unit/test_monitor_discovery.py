"""The monitor holds a fine cell's change back until it stands among all fine cells."""

from __future__ import annotations

import pytest

from alerts.cells import Cell
from alerts.detectors import CountDetector
from alerts.episode import Episode
from alerts.monitor import Monitor
from alerts.parameters import load_parameters

PARAMETERS = load_parameters()
CELL = Cell("LA-VT", "5")


def changed(observed: float, expected: float) -> CountDetector:
    detector = CountDetector(PARAMETERS)
    detector.episode = Episode(
        up=True, onset=10, detected=20, reference=2.0, weight=100.0, score=9.0,
        observed=observed, expected=expected,
    )  # fmt: skip
    return detector


def watching(detector: CountDetector, cell: Cell, others: int) -> Monitor:
    monitor = Monitor(parameters=PARAMETERS)
    monitor.detectors[cell] = detector
    for i in range(others):
        monitor.detectors[Cell(f"LA-{i // 10:02d}", str(i % 10))] = CountDetector(PARAMETERS)
    return monitor


@pytest.mark.parametrize(("observed", "held"), [(35.0, True), (80.0, False)])
def test_weak_evidence_among_many_cells_is_held(observed: float, held: bool) -> None:
    monitor = watching(changed(observed, 20.0), CELL, 179)
    assert monitor._held() == ({CELL} if held else set())


def test_a_province_is_never_held() -> None:
    assert watching(changed(35.0, 20.0), Cell("LA-VT", ""), 179)._held() == set()


def test_the_same_evidence_is_enough_among_few() -> None:
    assert watching(changed(48.0, 20.0), CELL, 0)._held() == set()
    assert watching(changed(48.0, 20.0), CELL, 9_999)._held() == {CELL}
