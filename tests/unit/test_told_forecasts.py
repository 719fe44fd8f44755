"""What the public is told of forecasts: no more than of the counts that they are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.integration.test_forecasts import ROW
from warehouse.disclosure.forecasts import ToldForecast, as_told
from warehouse.disclosure.records import (
    SEAL,
    Cell,
    Hidden,
    Measure,
    NotClearedError,
    PublicCount,
    View,
)
from warehouse.series import Frequency

WEEK = ROW.last_week
PROVINCE = replace(ROW, occupation="")


def count(week: date, value: int | None, step: int = 5) -> PublicCount:
    return PublicCount(
        measure=Measure.FLOW, frequency=Frequency.WEEKLY, time_value=week,
        cell=Cell(province="LA-VT"), value=value, step=step if value else 0, lower=None,
        upper=None, hidden=None if value else Hidden.CONFIDENTIAL,
        issue=datetime(2026, 11, 25, tzinfo=UTC), release_id="W1", seal=SEAL,
    )  # fmt: skip


def counts(*hidden: int, step: int = 5, missing: tuple[int, ...] = ()) -> dict[date, PublicCount]:
    """Decided counts of two years; `hidden`, `missing`: so many weeks before the last."""
    weeks = {back: WEEK - timedelta(weeks=back) for back in range(104) if back not in missing}
    return {week: count(week, None if back in hidden else 40, step) for back, week in weeks.items()}


def unseen(*back: int, hidden: tuple[int, ...] = ()) -> dict[date, PublicCount]:
    """The same, with weeks that were not seen so many weeks before the last."""
    held = counts(*hidden)
    weeks = [WEEK - timedelta(weeks=each) for each in back]
    return held | {
        week: replace(held[week], value=None, step=0, hidden=Hidden.NOT_OBSERVED, seal=SEAL)
        for week in weeks
    }


def told(row: Any, held: dict[date, PublicCount]) -> list[ToldForecast]:
    cell = Cell(province=row.province, isco1=row.occupation, isic=row.industry)
    return as_told([row], View.PUBLIC, {cell: held})


@pytest.mark.parametrize(
    ("changed", "held", "expected"),
    [
        ({}, counts(), 1),
        ({}, counts(0), 0),
        ({}, counts(1), 0),
        ({}, counts(51), 0),
        ({}, counts(52), 1),
        ({}, counts(missing=(0,)), 0),
        ({}, counts(missing=(3, 4)), 1),
        ({}, {}, 0),
        ({}, unseen(0), 1),
        ({}, unseen(3, 4), 1),
        ({}, unseen(3, hidden=(5,)), 0),
        ({}, unseen(*range(52)), 0),
        ({"weeks": 25}, counts(), 0),
        ({"occupation": "5"}, counts(), 0),
        ({"industry": "F"}, counts(), 0),
        ({"province": "", "occupation": "51"}, counts(), 0),
    ],
)
def test_a_forecast_follows_its_counts(
    changed: dict[str, Any], held: dict[date, PublicCount], expected: int
) -> None:
    assert len(told(replace(PROVINCE, **changed), held)) == expected


def test_departments_are_told_all_as_made() -> None:
    (found,) = as_told([ROW], View.DEPARTMENT, {})
    assert (found.value, found.n, found.step, found.pinball) == (ROW.value, ROW.n, None, 1.5)


@settings(max_examples=60, deadline=None)
@given(
    value=st.floats(0.0, 500.0), half=st.floats(0.0, 200.0), step=st.sampled_from([5, 10, 20]),
    n=st.integers(26, 5_000), chance=st.none() | st.floats(0.0, 1.0),
)  # fmt: skip
def test_nothing_finer_than_the_counts_is_told(
    value: float, half: float, step: int, n: int, chance: float | None
) -> None:
    row = replace(
        PROVINCE, value=value, lower_80=max(value - half, 0.0), upper_80=value + half,
        lower_95=max(value - 2 * half, 0.0), upper_95=value + 2 * half, n=n, chance_above=chance,
    )  # fmt: skip
    (found,) = told(row, counts(step=step))
    for name in ("value", "lower_80", "upper_80", "lower_95", "upper_95", "usual_upper"):
        assert getattr(found, name) % step == 0
    assert found.lower_95 <= row.lower_95
    assert row.upper_95 <= found.upper_95 + 1e-9
    assert found.lower_95 <= found.lower_80 <= found.value <= found.upper_80 <= found.upper_95
    assert abs(found.value - value) <= step / 2 + 0.5
    assert found.n <= n
    assert (found.n_at_least, found.pinball) == (True, None)
    assert (found.chance_above is None) == (chance is None)
    assert found.chance_above is None or 0.0 <= found.chance_above <= 1.0


def test_no_record_without_the_rules() -> None:
    with pytest.raises(NotClearedError):
        replace(as_told([ROW], View.DEPARTMENT, {})[0], value=1.0, seal=object())
