"""How grave an alert is: large and sure is severe, neither is minor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from alerts.alert import alert_key
from alerts.cells import Cell
from alerts.severity import Severity, severity_of
from alerts.signal import Classification, Direction, Size
from tests.factories_alerts import signal as make_signal

DAY = date(2026, 3, 2)


def size(ratio: float, lower: float, upper: float) -> Size:
    return Size(observed=ratio * 50, expected=50.0, ratio=ratio, lower=lower, upper=upper)


@pytest.mark.parametrize(
    ("direction", "measured", "expected"),
    [
        (Direction.UP, size(2.4, 1.9, 3.0), Severity.SEVERE),
        (Direction.UP, size(2.4, 1.1, 4.0), Severity.MODERATE),
        (Direction.UP, size(1.4, 1.3, 1.5), Severity.MODERATE),
        (Direction.UP, size(1.4, 1.05, 1.9), Severity.MINOR),
        (Direction.DOWN, size(0.4, 0.3, 0.5), Severity.SEVERE),
        (Direction.DOWN, size(0.8, 0.6, 0.95), Severity.MINOR),
    ],
)
def test_a_change_is_as_grave_as_it_is_large_and_sure(
    direction: Direction, measured: Size, expected: Severity
) -> None:
    signal = replace(make_signal(DAY), cell=Cell("LA-VT", "5"), direction=direction, size=measured)
    assert severity_of(signal) is expected


def test_a_forecast_is_never_severe() -> None:
    seen = replace(make_signal(DAY), classification=Classification.SHORTAGE, probability=0.97)
    foreseen = replace(seen, classification=Classification.FORECAST)
    assert severity_of(seen) is Severity.SEVERE
    assert severity_of(foreseen) is Severity.MODERATE


def test_alerts_of_two_indicators_of_a_cell_stand_side_by_side() -> None:
    flow = make_signal(DAY)
    wages = replace(flow, classification=Classification.INDICATOR, indicator="wage_median")
    pay = replace(wages, indicator="wage_growth", onset_on=date(2026, 1, 5))
    assert len({alert_key(flow), alert_key(wages), alert_key(pay)}) == 3
    assert len({flow.signal_id, wages.signal_id, pay.signal_id}) == 3
