"""Up to four lines with their intervals in one chart, told apart by number and dash too. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

from dashboard.drawing.lines import Point
from dashboard.drawing.svg import percent, tag, words
from dashboard.language import Language

HEIGHT: Final = 300
_TOP, _BOTTOM = 20, 266
_TICKS: Final = 5
_LATE: Final = 1.5
"""Of the shortest distance of two periods: beyond it one is missing. Months differ by a tenth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One line: its number, which is its colour and dash, and its points by day."""

    number: int
    points: Sequence[Point]

    @property
    def told(self) -> list[Point]:
        """Points with a value."""
        return [point for point in self.points if point.value is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    first: int
    days: int
    low: float
    high: float
    step: float

    def x(self, day: date) -> float:
        return (day.toordinal() - self.first) / max(1, self.days)

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (value - self.low) / (self.high - self.low)


def lines_chart(
    lang: Language, lines: Sequence[Drawn], said: str, write: Callable[[float], str]
) -> str:
    """The chart; `said` is what it says in words.

    Args:
        lang: language of months.
        lines: each with two values at least, all of one unit.
        said: the same in words, for those who do not see it.
        write: a value as text.
    """
    scale = _scale(lines)
    inner = "".join(
        (*_grid(scale, write), *_days(lang, scale), _shapes(scale, lines),
         *(mark for line in lines for mark in _marks(lang, scale, line, write)))
    )  # fmt: skip
    return tag(
        "svg", inner, class_="lines several", width="100%", height=HEIGHT, role="img",
        aria_label=said,
    )  # fmt: skip


def _scale(lines: Sequence[Drawn]) -> _Scale:
    held = [point for line in lines for point in line.told]
    ends = [end for p in held for end in (p.value, p.lower, p.upper) if end is not None]
    low, high = min(0.0, *ends), max(0.0, *ends)
    step = _step(high - low)
    days = [point.day for point in held]
    return _Scale(
        first=min(days).toordinal(), days=(max(days) - min(days)).days, step=step,
        low=step * floor(low / step + 1e-9), high=step * max(1, ceil(high / step - 1e-9)),
    )  # fmt: skip


def _step(span: float) -> float:
    """A round distance of gridlines so that about five are needed."""
    rough = max(span, 1e-9) / _TICKS
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough - 1e-12)


def _grid(scale: _Scale, write: Callable[[float], str]) -> Iterator[str]:
    for at in range(round((scale.high - scale.low) / scale.step) + 1):
        value = scale.low + at * scale.step
        zero = abs(value) < scale.step / 2
        y = round(scale.y(value), 1)
        yield tag("line", class_="base" if zero else "grid", x1="0", x2="100%", y1=y, y2=y)
        yield words(write(0.0 if zero else value), class_="tick", x="0", y=y - 4)


def _days(lang: Language, scale: _Scale) -> Iterator[str]:
    """First, middle and last day: three dates fit on a phone."""
    places = ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    for share, anchor in places[:: 1 if scale.days > 1 else 2]:
        day = date.fromordinal(scale.first + round(share * scale.days))
        yield words(
            lang.short_day(day), class_="tick", x=percent(share), y=HEIGHT - 10,
            text_anchor=anchor,
        )  # fmt: skip


def _shapes(scale: _Scale, lines: Sequence[Drawn]) -> str:
    """Bands and lines, stretched to the width; their strokes are not."""
    runs = [(line.number, run) for line in lines for run in _runs(line.points)]
    bands = [
        tag("path", class_=f"band s{number}", d=_band(scale, run))
        for number, run in runs
        if all(point.lower is not None and point.upper is not None for point in run)
    ]
    drawn = [
        tag("path", class_=f"line s{number}", d=_path(scale, run),
            vector_effect="non-scaling-stroke")
        for number, run in runs
    ]  # fmt: skip
    return tag(
        "svg", "".join((*bands, *drawn)), x="0", y="0", width="100%", height=HEIGHT,
        viewBox=f"0 0 1000 {HEIGHT}", preserveAspectRatio="none", overflow="visible",
    )  # fmt: skip


def _runs(points: Sequence[Point]) -> Iterator[list[Point]]:
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


def _path(scale: _Scale, run: Sequence[Point]) -> str:
    return _through([(scale.x(p.day), scale.y(p.value or 0.0)) for p in run])


def _band(scale: _Scale, run: Sequence[Point]) -> str:
    there = [(scale.x(p.day), scale.y(p.upper or 0.0)) for p in run]
    back = [(scale.x(p.day), scale.y(p.lower or 0.0)) for p in reversed(run)]
    return _through([*there, *back]) + "Z"


def _through(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{1000 * x:.1f} {y:.1f}" for x, y in places)


def _marks(
    lang: Language, scale: _Scale, line: Drawn, write: Callable[[float], str]
) -> Iterator[str]:
    """Unseen marks that say a value to a pointer, and the line's number at its end."""
    for point in line.told:
        said = tag(
            "title", f"{line.number}. {lang.short_day(point.day)}: {write(point.value or 0)}"
        )
        x, y = percent(scale.x(point.day)), round(scale.y(point.value or 0.0), 1)
        yield tag("circle", said, class_="dot-seen", cx=x, cy=y, r=7)
    last = line.told[-1]
    x, y = percent(scale.x(last.day)), round(scale.y(last.value or 0.0), 1)
    yield tag("circle", class_=f"end s{line.number}", cx=x, cy=y, r=4.5)
    yield words(str(line.number), class_=f"end-value s{line.number}", x=x, y=y + 5, dx=9)
