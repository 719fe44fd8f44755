"""What charts of lines share: points, gaps that stay gaps, paths stretched to the width. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from math import floor, log10
from typing import Final, Protocol

from dashboard.drawing.svg import percent, tag
from dashboard.holidays import MARK
from dashboard.language import Language

_LATE: Final = 1.5
"""Of the shortest distance of two periods: beyond it one is missing. Months differ by a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period. `value` is `None` where it is not told; the line is broken there."""

    day: date
    value: float | None
    lower: float | None = None
    upper: float | None = None


class Places(Protocol):
    """Where days (0 to 1 of the width) and values (points from above) lie."""

    def x(self, day: date) -> float: ...
    def y(self, value: float) -> float: ...


def round_step(span: float, ticks: int, digits: Sequence[float]) -> float:
    """A round distance of gridlines, one of `digits` times a power of ten, for about `ticks`."""
    rough = max(span, 1e-9) / ticks
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in digits if step * power >= rough - 1e-12)


def runs_of(points: Sequence[Point]) -> Iterator[list[Point]]:
    """Stretches without a period that is missing or not told."""
    usual = min(((after.day - one.day).days for one, after in pairwise(points)), default=1)
    run: list[Point] = []
    for point in points:
        late = bool(run) and (point.day - run[-1].day).days > _LATE * usual
        if run and (late or point.value is None):
            yield run
            run = []
        if point.value is not None:
            run.append(point)
    if run:
        yield run


def is_banded(run: Sequence[Point]) -> bool:
    """Whether every point of a stretch has its interval."""
    return all(point.lower is not None and point.upper is not None for point in run)


def line_path(places: Places, run: Sequence[Point]) -> str:
    """The way through the values."""
    return _through([(places.x(p.day), places.y(p.value or 0.0)) for p in run])


def band_path(places: Places, run: Sequence[Point]) -> str:
    """The outline of the intervals."""
    there = [(places.x(p.day), places.y(p.upper or 0.0)) for p in run]
    back = [(places.x(p.day), places.y(p.lower or 0.0)) for p in reversed(run)]
    return _through([*there, *back]) + "Z"


def _through(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{1000 * x:.1f} {y:.1f}" for x, y in places)


def holiday_signs(
    lang: Language, places: Places, holidays: Mapping[date, str], bottom: float
) -> Iterator[str]:
    """A mark below the base at periods with holidays, named to a pointer.

    Args:
        lang: language of days.
        places: where days lie.
        holidays: by last day of the period; those outside the chart are left out.
        bottom: height of the base.
    """
    for day, told in holidays.items():
        if 0 <= places.x(day) <= 1:
            said = tag("title", escape(f"{lang.short_day(day)}: {told}"))
            yield tag(
                "text", said + MARK, class_="holiday", x=percent(places.x(day)), y=bottom + 9,
                text_anchor="middle",
            )  # fmt: skip


def stretched(shapes: Sequence[str], height: int) -> str:
    """Shapes stretched to the width of the chart."""
    return tag(
        "svg", "".join(shapes), x="0", y="0", width="100%", height=height,
        viewBox=f"0 0 1000 {height}", preserveAspectRatio="none", overflow="visible",
    )  # fmt: skip
