"""Where every indicator of the strategy stands: computed, measured, entered, or not known. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from config.strategy import StrategyIndicator, strategy_indicators
from warehouse.quality.strategy import MeasuredFigure, ValueOrigin
from warehouse.strategy import StrategyFigure
from warehouse.strategy_entries import StrategyEntry


class Origin(StrEnum):
    """Where a value comes from."""

    COMPUTED = "computed"
    """From the register of systems and from what has come."""
    MEASURED = "measured"
    """By a check of data quality, with an interval."""
    USED = "used"
    """From the service's own use, without knowing who."""
    UNUSED = "unused"
    """From its use too, but nothing is counted yet."""
    UNMEASURED = "unmeasured"
    """By such a check too, but too little, or nothing, was there to be seen."""
    ENTERED = "entered"
    """By an officer, with day and source."""
    BASELINE = "baseline"
    """Nothing newer than what the strategy itself states."""
    NONE = "none"


class Progress(StrEnum):
    """How a value stands against the targets."""

    REACHED = "reached"
    """The target after ten years is met."""
    ON_WAY = "on_way"
    """The target after two years is met."""
    BELOW = "below"
    UNTOLD = "untold"
    """No value, or no target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One indicator as it stands."""

    indicator: StrategyIndicator
    origin: Origin
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    n: int | None = None
    on_day: date | None = None
    source: str = ""
    invented: float | None = None
    """What a demonstration counts instead of it: worth nothing for the strategy."""
    period: tuple[date, date] | None = None
    """First and last day that the value describes."""
    before: tuple[StrategyEntry, ...] = ()
    """All entries of it, the oldest first."""

    @property
    def progress(self) -> Progress:
        """Against the targets; towards less where the baseline lies above them."""
        held = self.indicator
        if self.value is None or held.target_10 is None:
            return Progress.UNTOLD
        less = held.baseline is not None and held.baseline > held.target_10
        less = less or held.unit == "seconds"
        sign = -1 if less else 1
        if sign * self.value >= sign * held.target_10:
            return Progress.REACHED
        soon = held.target_2
        if soon is not None and sign * self.value >= sign * soon:
            return Progress.ON_WAY
        return Progress.BELOW


def standings(
    computed: Iterable[StrategyFigure],
    measured: Iterable[MeasuredFigure],
    entries: Sequence[StrategyEntry],
    *,
    demonstration: bool,
) -> list[Standing]:
    """Every indicator, in the strategy's order.

    Args:
        computed: as `warehouse.strategy` counts them.
        measured: as checks of data quality find them.
        entries: by number and day.
        demonstration: whether what is measured is invented, and counts for nothing.
    """
    counted = {figure.number: figure for figure in computed}
    found = {figure.number: figure for figure in measured}
    entered: dict[str, list[StrategyEntry]] = {}
    for entry in entries:
        entered.setdefault(entry.number, []).append(entry)
    return [
        _standing(held, counted, found, entered.get(held.number, []), demonstration=demonstration)
        for held in strategy_indicators().values()
    ]


def _standing(
    held: StrategyIndicator,
    counted: Mapping[str, StrategyFigure],
    found: Mapping[str, MeasuredFigure],
    entered: Sequence[StrategyEntry],
    *,
    demonstration: bool,
) -> Standing:
    if held.number in counted:
        figure = counted[held.number]
        return Standing(
            indicator=held, origin=Origin.COMPUTED, value=float(figure.value), n=figure.n,
            on_day=figure.as_of.date(), invented=figure.demonstration if demonstration else None,
        )  # fmt: skip
    if held.number in found:
        return _measured(held, found[held.number], demonstration=demonstration)
    if entered:
        newest = entered[-1]
        return Standing(
            indicator=held, origin=Origin.ENTERED, value=newest.value, on_day=newest.on_day,
            source=newest.source, before=tuple(entered),
        )  # fmt: skip
    if held.baseline is not None:
        return Standing(indicator=held, origin=Origin.BASELINE, value=held.baseline)
    return Standing(indicator=held, origin=Origin.NONE)


def _measured(
    held: StrategyIndicator, figure: MeasuredFigure, *, demonstration: bool
) -> Standing:  # fmt: skip
    day = figure.as_of.date() if figure.as_of else None
    by_use = figure.origin is ValueOrigin.USED
    start, end = figure.period_start, figure.period_end
    period = (start, end) if start is not None and end is not None else None
    if figure.value is None:
        origin = Origin.UNUSED if by_use else Origin.UNMEASURED
        return Standing(indicator=held, origin=origin, n=figure.n, on_day=day)
    told = None if demonstration else figure
    return Standing(
        indicator=held, origin=Origin.USED if by_use else Origin.MEASURED, n=figure.n, on_day=day,
        value=told.value if told else None, lower=told.lower if told else None,
        upper=told.upper if told else None, invented=figure.value if demonstration else None,
        period=period,
    )  # fmt: skip
