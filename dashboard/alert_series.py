"""Which figures an alert was decided on: counts, a published course or a forecast. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from alerts.assessed import RULES as ASSESSED
from alerts.forecasts.pressure import PRESSURE
from alerts.indices.rules import RULES as WATCHED
from alerts.signal import FLOW, Classification
from dashboard.released import WEEKLY
from dashboard.views import AlertView
from warehouse.series import Frequency, SeriesKey

TIGHTNESS: Final = "tightness"
_BESIDE: Final = {"shortage_probability": (TIGHTNESS,), "shortage_within_12w": (TIGHTNESS,)}
"""What is shown beside the figure itself."""


class Basis(StrEnum):
    """What an alert was decided on."""

    COUNTS = "counts"
    """New vacancies against what was expected."""
    ASSESSED = "assessed"
    """A probability or a score against the level from which an alert begins."""
    SHIFTED = "shifted"
    """A published indicator against its own course."""
    FORECAST = "forecast"
    """New vacancies expected, against what the last year had."""


def basis_of(alert: AlertView) -> Basis:
    """What `alert` was decided on."""
    if alert.indicator == FLOW:
        return Basis.COUNTS
    if alert.kind == Classification.FORECAST and alert.indicator == PRESSURE:
        return Basis.FORECAST
    return Basis.ASSESSED if alert.indicator in ASSESSED else Basis.SHIFTED


def series_of(alert: AlertView) -> tuple[SeriesKey, ...]:
    """Published series behind an alert, the one it was decided on first; none of counts."""
    basis = basis_of(alert)
    if basis is Basis.COUNTS:
        return ()
    if basis is Basis.FORECAST:
        return (_series(alert, FLOW, WEEKLY),)
    if basis is Basis.ASSESSED:
        names = (alert.indicator, *_BESIDE.get(alert.indicator, ()))
        return tuple(_series(alert, name, WEEKLY) for name in names)
    rule = WATCHED.get(alert.indicator)
    return (_series(alert, alert.indicator, rule.frequency if rule else WEEKLY),)


def _series(alert: AlertView, indicator: str, frequency: Frequency) -> SeriesKey:
    return SeriesKey(
        indicator=indicator, province=alert.province, occupation=alert.isco1, frequency=frequency
    )
