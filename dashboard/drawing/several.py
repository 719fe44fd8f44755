"""Up to four lines with their intervals in one chart, told apart by number and dash too. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from typing import Final

from dashboard.drawing.strokes import (
    Point,
    band_path,
    holiday_signs,
    is_banded,
    line_path,
    round_step,
    runs_of,
    stretched,
)
from dashboard.drawing.svg import percent, tag, words
from dashboard.language import Language

HEIGHT: Final = 300
_TOP, _BOTTOM = 20, 266
_TICKS: Final = 5


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
    lang: Language,
    lines: Sequence[Drawn],
    said: str,
    write: Callable[[float], str],
    holidays: Mapping[date, str] | None = None,
) -> str:
    """The chart; `said` is what it says in words.

    Args:
        lang: language of months.
        lines: each with two values at least, all of one unit.
        said: the same in words, for those who do not see it.
        write: a value as text.
        holidays: of periods that hold some, by last day.
    """
    scale = _scale(lines)
    inner = "".join(
        (*_grid(scale, write), *_days(lang, scale), _shapes(scale, lines),
         *holiday_signs(lang, scale, holidays or {}, _BOTTOM),
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
    step = round_step(high - low, _TICKS, (1, 2, 2.5, 5, 10))
    days = [point.day for point in held]
    return _Scale(
        first=min(days).toordinal(), days=(max(days) - min(days)).days, step=step,
        low=step * floor(low / step + 1e-9), high=step * max(1, ceil(high / step - 1e-9)),
    )  # fmt: skip


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
    runs = [(line.number, run) for line in lines for run in runs_of(line.points)]
    bands = [
        tag("path", class_=f"band s{number}", d=band_path(scale, run))
        for number, run in runs
        if is_banded(run)
    ]
    drawn = [
        tag("path", class_=f"line s{number}", d=line_path(scale, run),
            vector_effect="non-scaling-stroke")
        for number, run in runs
    ]  # fmt: skip
    return stretched((*bands, *drawn), HEIGHT)


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
