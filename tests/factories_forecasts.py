"""Forecasts as departments are told them; no I/O."""

from __future__ import annotations

from datetime import timedelta

from tests.factories_released import ISSUE, MONDAY
from warehouse.disclosure.forecasts import ToldForecast, as_told
from warehouse.disclosure.records import View
from warehouse.forecasts import ForecastRow


def forecast(
    province: str = "", occupation: str = "", industry: str = "", **changes: object
) -> ForecastRow:
    """120 new vacancies in four weeks."""
    ahead = int(str(changes.get("ahead", 4)))
    facts: dict[str, object] = {
        "province": province, "occupation": occupation, "industry": industry, "made_at": ISSUE,
        "last_week": MONDAY, "ahead": ahead, "target_week": MONDAY + timedelta(weeks=ahead),
        "value": 120.0, "lower_80": 104.0, "upper_80": 137.0, "lower_95": 95.0, "upper_95": 147.0,
        "usual_upper": 130.0, "chance_above": 0.25, "weeks": 52, "n": 3000, "method": "hedge/1",
        "scored": 30, "relative_mae": 0.71, "mase": 0.8, "pinball": 6.0, "coverage_80": 0.83,
        "coverage_95": 0.97, "release_id": "W2026-W47.0",
    }  # fmt: skip
    return ForecastRow(**(facts | changes))  # type: ignore[arg-type]


def told() -> tuple[ToldForecast, ...]:
    """Of the nation, some provinces, groups and sections."""
    rows = [forecast(ahead=ahead) for ahead in (4, 12)]
    rows += [forecast(code, chance_above=0.9) for code in ("LA-CH",)]
    rows += [forecast(code) for code in ("LA-VT", "LA-SV")]
    rows += [forecast("", code) for code in "2578"]
    rows += [forecast("", "", code) for code in "CFI"]
    return tuple(as_told(rows, View.DEPARTMENT, {}))
