"""The strategy's indicators as it states them: names, formulas, baselines and targets.

From the table of operational indicators and the annex of the strategy to 2035, and its table of
impact indicators. Baselines and targets that it does not state are `None`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from config.vocabulary import read_table

IMPACT: Final = "impact"
"""Plan of the impact indicators, which the strategy numbers apart."""


class Unit(StrEnum):
    """What an indicator counts."""

    SHARE = "share"
    COUNT = "count"
    SECONDS = "seconds"
    PER_YEAR = "per_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyIndicator:
    """One indicator."""

    number: str
    """As in the table; impact indicators are `I1` to `I5`."""
    annex: str
    """As in the annex, which numbers 4.3 to 4.5 otherwise; "" where it does not have it."""
    plan: str
    unit: Unit
    baseline: float | None
    target_2: float | None
    """Target after two years (impact: of 2028)."""
    target_10: float | None
    """Target after ten years (impact: of 2035)."""
    name_en: str
    name_lo: str
    formula_en: str
    formula_lo: str

    def name(self, language: str) -> str:
        """The name in "lo" or "en"."""
        return self.name_lo if language == "lo" else self.name_en

    def formula(self, language: str) -> str:
        """The formula in "lo" or "en"."""
        return self.formula_lo if language == "lo" else self.formula_en


@cache
def strategy_indicators() -> Mapping[str, StrategyIndicator]:
    """All indicators by number, in the strategy's order."""
    return {row["number"]: _read(row) for row in read_table("codelists", "strategy.csv")}


def _read(row: Mapping[str, str]) -> StrategyIndicator:
    texts = ("number", "annex", "plan", "name_en", "name_lo", "formula_en", "formula_lo")
    return StrategyIndicator(
        **{name: row[name] for name in texts},
        unit=Unit(row["unit"]),
        baseline=_number(row["baseline"]),
        target_2=_number(row["target_2"]),
        target_10=_number(row["target_10"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
