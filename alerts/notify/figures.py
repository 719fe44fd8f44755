"""Figures of indicators as an officer reads them: no logarithms, with units."""

from __future__ import annotations

from math import exp
from typing import Any, Final

from alerts.notify.names import indicator_name, indicator_unit
from alerts.notify.numbers import measured, number, ratio
from alerts.signal import Component

TIGHTNESS: Final = "tightness"
"""The indicator whose logarithm is of a ratio to the nation, not of growth."""


def figure_of(one: Component, said: dict[str, Any]) -> str:
    """A figure behind a notice: name, value, points and on how many it rests."""
    language = said["language"]
    points = "" if one.points is None else f", {_points(one.points, said)}"
    return str(
        said["figure"].format(
            name=indicator_name(one.name, language),
            value=plainly(one.value, one.name, said),
            points=points,
            n=said["figure_n"].format(n=one.n),
        )
    )


def plainly(value: float, indicator: str, said: dict[str, Any]) -> str:
    """A figure without logarithms: how many times, how much more, how many days."""
    language, unit = said["language"], indicator_unit(indicator)
    if unit == "days":
        return str(said["value_days"].format(n=number(value, language)))
    if unit != "ln ratio":
        return measured(value, unit, language)
    times = exp(value)
    if indicator == TIGHTNESS:
        return str(said["value_times"].format(x=ratio(times, language)))
    key = "value_up" if times >= 1.0 else "value_down"
    return str(said[key].format(p=number(abs(100.0 * (times - 1.0)), language)))


def _points(points: float, said: dict[str, Any]) -> str:
    return str(said["points"].format(points=number(points, said["language"])))
