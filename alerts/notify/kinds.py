"""The kinds of notice, each with words and a colour of its own."""

from __future__ import annotations

from typing import Final

from alerts.alert import Alert
from alerts.forecasts.pressure import PRESSURE
from alerts.signal import Classification, Direction

COLOURS: Final = {
    "rise": "#b45309",
    "fall": "#1d4ed8",
    "shortage": "#b91c1c",
    "pressure": "#b45309",
    "surplus": "#1d4ed8",
    "forecast": "#6d28d9",
    "forecast_pressure": "#6d28d9",
    "indicator_up": "#0f766e",
    "indicator_down": "#0f766e",
    "fault": "#6b7280",
}
KINDS: Final = tuple(COLOURS)
FORECASTS: Final = frozenset({"forecast", "forecast_pressure"})
_OF: Final = {
    Classification.COLLECTION_FAULT: "fault",
    Classification.SHORTAGE: "shortage",
    Classification.DEMAND_PRESSURE: "pressure",
    Classification.SURPLUS: "surplus",
    Classification.FORECAST: "forecast",
}
_BY_DIRECTION: Final = {
    Classification.LABOUR: ("rise", "fall"),
    Classification.INDICATOR: ("indicator_up", "indicator_down"),
}


def kind_named(kind: Classification, direction: Direction, indicator: str = "") -> str:
    """The key of the phrases for a kind, direction and indicator of alert.

    A forecast of demand says nothing of supply: it has words of its own, without a shortage.
    """
    if kind is Classification.FORECAST and indicator == PRESSURE:
        return "forecast_pressure"
    if kind in _OF:
        return _OF[kind]
    up, down = _BY_DIRECTION[kind]
    return up if direction is Direction.UP else down


def kind_of(alert: Alert) -> str:
    """The key of an alert's phrases: one of `KINDS`."""
    return kind_named(alert.kind, alert.direction, alert.indicator)


def family(kind: str) -> str:
    """The kind without its direction where phrases are shared (`indicator`)."""
    return kind.removesuffix("_up").removesuffix("_down")


def counts_vacancies(kind: str) -> bool:
    """Whether observed and expected are numbers of new vacancies."""
    return kind in ("rise", "fall", "fault")
