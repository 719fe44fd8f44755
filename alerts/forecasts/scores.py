"""How good forecasts were: errors relative to simple ones, pinball loss, coverage. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.forecasts.forecaster import Forecast

_LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A forecast whose truth has arrived, with what simple forecasts had said."""

    forecast: Forecast
    truth: float
    naive: float
    """The last value when the forecast was made."""
    seasonal: float | None
    """The value a year before the truth; None where it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Scores of one series and horizon."""

    n: int
    mae: float
    relative_mae: float | None
    """Mean absolute error over that of the naive forecast."""
    mase: float | None
    """Mean absolute error over that of the seasonal naive forecast, of the same moments."""
    pinball: float
    """Mean loss over the quantiles 2.5, 10, 50, 90 and 97.5 %, in units of the series."""
    coverage_80: float
    coverage_95: float


def pinball(outcome: Outcome) -> float:
    """Mean pinball loss over the five published quantiles."""
    f = outcome.forecast
    quantiles = (f.lower_95, f.lower_80, f.value, f.upper_80, f.upper_95)
    total = 0.0
    for level, quantile in zip(_LEVELS, quantiles, strict=True):
        gap = outcome.truth - quantile
        total += level * gap if gap >= 0.0 else (level - 1.0) * gap
    return total / len(_LEVELS)


def score(outcomes: Sequence[Outcome]) -> Scores | None:
    """Scores of outcomes; None where there are none."""
    if not outcomes:
        return None
    n = len(outcomes)
    errors = [abs(o.truth - o.forecast.value) for o in outcomes]
    naive = sum(abs(o.truth - o.naive) for o in outcomes)
    yearly = [
        (error, abs(o.truth - o.seasonal))
        for error, o in zip(errors, outcomes, strict=True) if o.seasonal is not None
    ]  # fmt: skip
    seasonal = sum(loss for _, loss in yearly)
    return Scores(
        n=n,
        mae=sum(errors) / n,
        relative_mae=sum(errors) / naive if naive > 0.0 else None,
        mase=sum(error for error, _ in yearly) / seasonal if seasonal > 0.0 else None,
        pinball=sum(pinball(o) for o in outcomes) / n,
        coverage_80=sum(o.forecast.lower_80 <= o.truth <= o.forecast.upper_80 for o in outcomes)
        / n,
        coverage_95=sum(o.forecast.lower_95 <= o.truth <= o.forecast.upper_95 for o in outcomes)
        / n,
    )
