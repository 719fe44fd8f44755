"""Forecasts on real series and simulated counts, beside naive ones and a re-fitted batch ETS."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, Final

from alerts.forecasts.replay import replay
from alerts.forecasts.scores import Outcome, Scores, score
from benchmarks.forecast_series import HORIZONS, PERIOD, Judged, real, simulated
from benchmarks.report import Figure

_WARM: Final = {"weekly": 40, "monthly": 24}
"""Periods before a forecast is scored."""
_NAMES: Final = ("4 weeks", "12 weeks")
_RESAMPLES: Final = 1000
_ETS_MOMENTS: Final = 8
"""Moments of each series at which the batch model is fitted anew and asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """One series at one horizon (0: 4 weeks, 1: 12 weeks)."""

    series: Judged
    horizon: int
    scores: Scores
    ets: float | None
    """Our error over that of the batch ETS, at the same moments."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures of the test series (never of tuning ones), and tables by family."""
    held = [series for series in real() if not series.is_tuning][:: 3 if quick else 1]
    counts = simulated(seed, 3 if quick else 20)
    fitted = _spread(held, 3 if quick else 16)
    moments = 3 if quick else _ETS_MOMENTS
    results = [
        result
        for series in [*held, *counts]
        for result in _judge(series, moments if series in fitted else 0)
    ]
    true = [r for r in results if not r.series.family.startswith("simulated")]
    rows = _table(results, random.Random(seed), 100 if quick else _RESAMPLES)
    return [*_relative(true, seed), *_covered(true), *_of_counts(results), *_against(true, seed)], {
        "forecasts_by_family": rows
    }


def _spread(series: Sequence[Judged], n: int) -> list[Judged]:
    """`n` series spread evenly over all."""
    return [series[i * len(series) // n] for i in range(min(n, len(series)))]


def _judge(series: Judged, moments: int) -> Iterable[_Result]:
    aheads, period = HORIZONS[series.frequency], PERIOD[series.frequency]
    warm = _WARM[series.frequency]
    done = replay(series.phases, series.values, period=period, aheads=aheads)
    last = len(series.values) - max(aheads) - 1
    chosen = [warm + 24 + i * (last - warm - 24) // max(moments - 1, 1) for i in range(moments)]
    fitted = {t: _ets(series, t, max(aheads)) for t in chosen}
    for horizon, ahead in enumerate(aheads):
        found = score(done.of(ahead, warm))
        if found is not None:
            told = dict(done.outcomes[ahead])
            yield _Result(
                series=series, horizon=horizon, scores=found, ets=_beside(told, fitted, ahead)
            )


def _beside(
    told: dict[int, Outcome], fitted: dict[int, Sequence[float]], ahead: int
) -> float | None:
    ours = theirs = 0.0
    for t, forecast in fitted.items():
        if t in told:
            ours += abs(told[t].truth - told[t].forecast.value)
            theirs += abs(told[t].truth - forecast[ahead - 1])
    return ours / theirs if theirs > 0.0 else None


def _ets(series: Judged, t: int, ahead: int) -> Sequence[float]:
    """Damped-trend ETS, with an additive season for months, fitted to all values through `t`."""
    import numpy as np
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    monthly = series.frequency == "monthly"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of each fit that stops at its step limit
        model = ETSModel(
            np.asarray(series.values[: t + 1]), error="add", trend="add", damped_trend=True,
            seasonal="add" if monthly else None, seasonal_periods=12 if monthly else None,
        )  # fmt: skip
        fit = model.fit(disp=False, maxiter=150)
        return [max(float(value), 0.0) for value in fit.forecast(ahead)]


def _mean(values: Iterable[float | None]) -> float | None:
    """Geometric mean of ratios."""
    logs = [log(value) for value in values if value is not None and value > 0.0]
    return exp(sum(logs) / len(logs)) if logs else None


def _interval(
    values: Sequence[float | None], rng: random.Random, resamples: int
) -> tuple[float, float]:
    """95 % interval of the geometric mean; each series, with all its moments, is one block."""
    kept = [value for value in values if value is not None and value > 0.0]
    if not kept:
        return float("nan"), float("nan")
    means = sorted(_mean(rng.choices(kept, k=len(kept))) or 0.0 for _ in range(resamples))
    return means[int(0.025 * resamples)], means[int(0.975 * resamples) - 1]


def _pick(
    results: Sequence[_Result], horizon: int, of: Callable[[_Result], float | None]
) -> list[float | None]:
    return [of(r) for r in results if r.horizon == horizon]


def _relative(results: Sequence[_Result], seed: int) -> list[Figure]:
    found = []
    for horizon, (name, goal) in enumerate((("4w", "≤ 0.91"), ("12w", "≤ 0.88"))):
        ratios = _pick(results, horizon, lambda r: r.scores.relative_mae)
        low, high = _interval(ratios, random.Random(seed), _RESAMPLES)
        found.append(
            Figure(
                key=f"relative_mae_{name}", value=_mean(ratios), goal=goal,
                about=f"error at {_NAMES[horizon]} over that of the naive forecast, geometric mean "
                f"of {len(ratios)} real test series; 95 % interval {low:.2f} to {high:.2f}",
            )
        )  # fmt: skip
        mase = _pick(results, horizon, lambda r: r.scores.mase)
        low, high = _interval(mase, random.Random(seed), _RESAMPLES)
        found.append(
            Figure(
                key=f"forecast_mase_{name}", value=_mean(mase), goal="< 1",
                about="the same over that of the seasonal naive forecast; "
                f"95 % interval {low:.2f} to {high:.2f}",
            )
        )  # fmt: skip
    return found


def _covered(results: Sequence[_Result]) -> list[Figure]:
    n = len(results)
    return [
        Figure(
            key="coverage_80", value=sum(r.scores.coverage_80 for r in results) / n, goal="0.80",
            about="share of outcomes within the 80 % interval, mean of real test series, both "
            "horizons",
        ),
        Figure(
            key="coverage_95", value=sum(r.scores.coverage_95 for r in results) / n, goal="0.95",
            about="the same of the 95 % interval",
        ),
    ]  # fmt: skip


def _of_counts(results: Sequence[_Result]) -> list[Figure]:
    held = [r for r in results if r.series.family.startswith("simulated")]
    found = [
        Figure(
            key=f"forecast_counts_relative_mae_{name}",
            value=_mean(_pick(held, horizon, lambda r: r.scores.relative_mae)),
            about="error over that of the naive forecast on simulated weekly counts with events",
        )
        for horizon, name in enumerate(("4w", "12w"))
    ]
    return [
        *found,
        Figure(
            key="forecast_counts_coverage_80",
            value=sum(r.scores.coverage_80 for r in held) / len(held),
            about="coverage of the 80 % interval there: three years, with shifts", goal="0.80",
        ),
    ]  # fmt: skip


def _against(results: Sequence[_Result], seed: int) -> list[Figure]:
    found = []
    for horizon, name in enumerate(("4w", "12w")):
        ratios = [r for r in _pick(results, horizon, lambda r: r.ets) if r is not None]
        low, high = _interval(ratios, random.Random(seed), _RESAMPLES)
        found.append(
            Figure(
                key=f"forecast_over_ets_{name}", value=_mean(ratios),
                about="error over that of a damped ETS fitted anew at each moment, paired, "
                f"{len(ratios)} real test series; 95 % interval {low:.2f} to {high:.2f}",
            )
        )  # fmt: skip
    return found


def _table(results: Sequence[_Result], rng: random.Random, resamples: int) -> list[dict[str, Any]]:
    rows = []
    for family in sorted({r.series.family for r in results}):
        for horizon, name in enumerate(_NAMES):
            held = [r for r in results if r.series.family == family and r.horizon == horizon]
            ratios = [r.scores.relative_mae for r in held]
            low, high = _interval(ratios, rng, resamples)
            rows.append(
                {
                    "family": family, "horizon": name, "series": len(held),
                    "relative_mae": _mean(ratios), "interval": [low, high],
                    "mase": _mean(r.scores.mase for r in held),
                    "over_ets": _mean(r.ets for r in held),
                    "pinball_over_mae": _mean(r.scores.pinball / r.scores.mae for r in held),
                    "coverage_80": sum(r.scores.coverage_80 for r in held) / len(held),
                    "coverage_95": sum(r.scores.coverage_95 for r in held) / len(held),
                }
            )  # fmt: skip
    return rows
