"""A whole series forecast as it would have been at the time, with the outcomes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.forecasts.forecaster import Forecast, Forecaster
from alerts.forecasts.scores import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What was forecast when, and how it came out."""

    forecaster: Forecaster
    """As it stands after the last value."""
    outcomes: dict[int, list[tuple[int, Outcome]]]
    """By horizon: number of the period in which the forecast was made, and its outcome."""

    def of(self, ahead: int, since: int = 0) -> list[Outcome]:
        """Outcomes of a horizon, of forecasts made from period `since` on."""
        return [outcome for made, outcome in self.outcomes[ahead] if made >= since]


def replay(
    phases: Sequence[int], values: Sequence[float | None], *, period: int, aheads: tuple[int, ...]
) -> Replayed:
    """Feed a series value by value; each forecast knows only what came before it.

    Raises:
        ValueError: a value is negative or not a number.
    """
    forecaster = Forecaster(period=period, aheads=aheads)
    made: dict[tuple[int, int], Forecast] = {}
    outcomes: dict[int, list[tuple[int, Outcome]]] = {ahead: [] for ahead in aheads}
    for t, (phase, value) in enumerate(zip(phases, values, strict=True)):
        for ahead in aheads:
            forecast, naive = made.pop((ahead, t), None), _value(values, t - ahead)
            if forecast is not None and value is not None and naive is not None:
                outcome = Outcome(
                    forecast=forecast, truth=value, naive=naive, seasonal=_value(values, t - period)
                )
                outcomes[ahead].append((t - ahead, outcome))
        forecaster.update(phase, value)
        for forecast in forecaster.forecasts():
            made[forecast.ahead, t + forecast.ahead] = forecast
    return Replayed(forecaster=forecaster, outcomes=outcomes)


def _value(values: Sequence[float | None], t: int) -> float | None:
    return values[t] if t >= 0 else None
