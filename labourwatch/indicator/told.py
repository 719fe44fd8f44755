"""How an indicator is asked for, and what is told. Records."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.indicators.estimate import Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """How an indicator is computed."""

    alpha: float = 0.5
    corrected: bool = False
    certain: bool = True
    """With intervals."""
    scale: float = 1.0
    """Units that one of the table's numbers stands for: 1000 where it counts thousands."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One figure of one period of one series."""

    key: tuple[tuple[str, str], ...]
    time: str
    figure: Estimated
    group: str | None = None
    """Of indicators that each group has; "" is all of them."""
    part: str = ""
    """Which of several figures of one period."""
    groups: int
    """Groups behind it."""
    untold: int
    """Groups with a side that is not published."""
