"""Forecasts of any series: bounds in order, none negative, a restored state goes on bit for bit."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.forecasts.forecaster import Forecaster

_VALUES = st.one_of(
    st.none(),
    st.just(0.0),
    st.floats(0.0, 1e6, allow_subnormal=False),
    st.integers(0, 40).map(float),
)


@settings(max_examples=40, deadline=None)
@given(
    values=st.lists(_VALUES, min_size=2, max_size=120),
    cut=st.integers(0, 119),
    period=st.sampled_from([12, 52]),
)
def test_restored_forecasts_go_on_bit_for_bit(
    values: list[float | None], cut: int, period: int
) -> None:
    whole = Forecaster(period=period, aheads=(4, 12))
    other = Forecaster(period=period, aheads=(4, 12))
    for t, value in enumerate(values):
        if t == cut:
            other = Forecaster.restore(json.loads(json.dumps(other.export())))
        whole.update(t, value)
        other.update(t, value)
        for told in whole.forecasts():
            bounds = (told.lower_95, told.lower_80, told.value, told.upper_80, told.upper_95)
            assert bounds[0] >= 0.0
            assert list(bounds) == sorted(bounds)
    assert whole.forecasts() == other.forecasts()
    assert whole.export() == other.export()
