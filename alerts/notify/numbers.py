"""Figures as a reader writes them, and as plain comparisons ("about twice")."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import Final

_DECIMAL: Final = {"lo": ",", "en": "."}
_TWICE = (1.9, 2.1)
_HALF = (0.45, 0.55)


def number(value: float, language: str) -> str:
    """A count or level: whole from 10, else with one decimal place where it has one."""
    text = f"{value:.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"
    return text.replace(".", _DECIMAL[language])


def ratio(value: float, language: str) -> str:
    """A ratio: one decimal place, two below 0.95."""
    text = f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"
    return text.replace(".", _DECIMAL[language])


def measured(value: float, unit: str, language: str) -> str:
    """A value of an indicator with its unit: shares as percentages, logarithms as the ratio."""
    if unit in ("share", "probability"):
        return f"{number(100 * value, language)} %"
    if unit == "kip a month":
        grouped = f"{value:,.0f}"
        return grouped.replace(",", ".") if language == "lo" else grouped
    if unit in ("vacancies", "days"):
        return number(value, language)
    if unit == "ln ratio":
        return f"× {exp(value):.2f}".replace(".", _DECIMAL[language])
    return f"{value:.2f}".replace(".", _DECIMAL[language])


def compared(value: float, phrases: Mapping[str, str], language: str) -> str:
    """A ratio to the usual level in words; `phrases` has one for each way to put it."""
    if _TWICE[0] <= value <= _TWICE[1]:
        return phrases["twice"]
    if value > _TWICE[1]:
        return phrases["times"].format(x=ratio(value, language))
    if _HALF[0] <= value <= _HALF[1]:
        return phrases["half"]
    percent = round(100 * abs(value - 1.0))
    if percent == 0:
        return phrases["same"]
    return phrases["more" if value > 1.0 else "fewer"].format(p=percent)


def chance(probability: float | None) -> str:
    """A probability in a hundred; never 0 or 100, which would be certainty."""
    return "–" if probability is None else str(min(99, max(1, round(100 * probability))))
