"""A figure over time with its 95 % interval, the newest value written at its end. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil
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

HEIGHT: Final = 232
_TOP, _BOTTOM = 26, 202
TICKS: Final = 4
_LATE: Final = 0.6
"""From this place on words about a day stand before it."""
_BESIDE_TICKS: Final = 56
"""Where words about a level begin: at the end the newest figures stand."""
_MONTHS_APART: Final = 3
_EVERY_MONTH_DAYS: Final = 150
"""Charts of so many days at most name every month: of nine weeks a quarter would name one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A forecast of one period, with its 80 and 95 % intervals."""

    day: date
    value: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A level drawn across the whole chart, and what it is called."""

    value: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where days and values of a chart lie: from its first day, from `bottom` to `top`.

    `step` is the distance of its gridlines; zero is always among them.
    """

    first: int
    days: int
    top: float
    bottom: float = 0.0
    step: float = 1.0

    def x(self, day: date) -> float:
        return (day.toordinal() - self.first) / max(1, self.days)

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (value - self.bottom) / (self.top - self.bottom)


def framed(first: date, last: date, values: Iterable[float]) -> Frame:
    """The frame that holds days and values, and zero."""
    held = [0.0, *values]
    step = round_step(max(held) - min(held), TICKS, (1, 2, 5, 10))
    below = ceil(-min(held) / step - 1e-9)
    above = max(ceil(max(held) / step - 1e-9), 0 if below else 1)
    return Frame(
        first=first.toordinal(), days=(last - first).days, top=step * above,
        bottom=-step * below, step=step,
    )  # fmt: skip


def line_chart(
    lang: Language,
    points: Sequence[Point],
    said: str,
    write: Callable[[float], str],
    ahead: Sequence[Ahead] = (),
    *,
    marks: Sequence[Mark] = (),
    onset: date | None = None,
    holidays: Mapping[date, str] | None = None,
) -> str:
    """The chart; `said` is what it says in words.

    Args:
        lang: language of months.
        points: by day, evenly spaced; two at least, and one with a value.
        said: the same in words, for those who do not see it.
        write: a value as text.
        ahead: forecasts, drawn after the newest point.
        marks: levels drawn across.
        onset: when a change began.
        holidays: of periods that hold some, by last day.
    """
    told = [point for point in points if point.value is not None]
    ends = (end for p in told for end in (p.value, p.lower, p.upper) if end is not None)
    last = max((points[-1].day, *(one.day for one in ahead)))
    values = (*ends, *(one.upper_95 for one in ahead), *(mark.value for mark in marks))
    frame = framed(points[0].day, last, values)
    first = min((frame.x(one.day) for one in ahead), default=2.0)
    inner = "".join(
        (*grid(frame, write), *months(lang, frame, points, first), _shapes(frame, points),
         *(part for mark in marks for part in _level(frame, mark)),
         *(() if onset is None else onset_line(lang, frame, onset)),
         *holiday_signs(lang, frame, holidays or {}, _BOTTOM),
         *_dots(lang, frame, told, write), *_end(frame, told[-1], write, inside=bool(ahead)),
         *(part for forecast in ahead for part in _forecast(lang, frame, forecast, write)))
    )  # fmt: skip
    return drawing(inner, said)


def drawing(inner: str, said: str, css: str = "lines") -> str:
    """A chart of the usual height; `said` is what it says in words."""
    return tag("svg", inner, class_=css, width="100%", height=HEIGHT, role="img", aria_label=said)


def _level(frame: Frame, mark: Mark) -> Iterator[str]:
    y = round(frame.y(mark.value), 1)
    yield tag("line", class_="level", x1="0", x2="100%", y1=y, y2=y)
    yield words(mark.said, class_="level-word", x="0", dx=_BESIDE_TICKS, y=y - 5)


def onset_line(lang: Language, frame: Frame, onset: date) -> Iterator[str]:
    """When a change began: a line down and its day; nothing where it lies outside."""
    x = frame.x(onset)
    if not 0 <= x <= 1:
        return
    at, late = percent(x), x > _LATE
    y1, y2 = round(frame.y(frame.top), 1), round(frame.y(frame.bottom), 1)
    yield tag("line", class_="onset", x1=at, x2=at, y1=y1, y2=y2)
    yield words(
        f"{lang.say('onset')}: {lang.short_day(onset)}", class_="onset-word", x=at, y=14,
        dx=-6 if late else 6, text_anchor="end" if late else "start",
    )  # fmt: skip


def _forecast(
    lang: Language, frame: Frame, one: Ahead, write: Callable[[float], str]
) -> Iterator[str]:
    """A dot on a thick bar (80 %) on a thin one (95 %), its value above and its day below."""
    x = percent(frame.x(one.day))
    for css, low, high in (
        ("ahead-95", one.lower_95, one.upper_95), ("ahead-80", one.lower_80, one.upper_80),
    ):  # fmt: skip
        ends = round(frame.y(low), 1), round(frame.y(high), 1)
        yield tag("line", class_=css, x1=x, x2=x, y1=ends[0], y2=ends[1])
    y, above = (round(frame.y(at), 1) for at in (one.value, one.upper_95))
    yield tag("circle", class_="ahead-dot", cx=x, cy=y, r=4.5)
    yield words(write(one.value), class_="ahead-value", x=x, y=above - 7, text_anchor="middle")
    yield tag("line", class_="base", x1=x, x2=x, y1=_BOTTOM, y2=_BOTTOM + 5)
    day = lang.short_day(one.day).rpartition(" ")[0]  # the year stands in words below
    yield words(day, class_="tick ahead-day", x=x, y=_BOTTOM + 21, text_anchor="middle")


def grid(frame: Frame, write: Callable[[float], str]) -> Iterator[str]:
    """Lines across at round values, each with its value."""
    step = frame.step
    for at in range(round(frame.bottom / step), round(frame.top / step) + 1):
        y = round(frame.y(at * step), 1)
        yield tag("line", class_="base" if at == 0 else "grid", x1="0", x2="100%", y1=y, y2=y)
        if at:
            yield words(write(at * step), class_="tick", x="0", y=y - 4)


def months(
    lang: Language, frame: Frame, points: Sequence[Point], ahead: float = 2.0
) -> Iterator[str]:
    """A mark at the first period of every third month, in short charts of every month; the year
    where it begins or changes. None where a forecast's day would lie on it.
    """
    apart = 1 if frame.days <= _EVERY_MONTH_DAYS else _MONTHS_APART
    latest = min(_LAST_TICK, ahead - _APART)
    groups = groupby(points, key=lambda p: (p.day.year, p.day.month))
    days = [next(held).day for _, held in groups]
    named = [d for d in days if (d.month - 1) % apart == 0 and frame.x(d) <= latest]
    if len(named) > 1 and frame.x(named[1]) - frame.x(named[0]) < _APART:
        del named[0]  # the end of a month with which the chart begins
    seen = list[int]()
    free = 0.0  # from where on a word meets none before it
    for day in named:
        x = frame.x(day)
        if x < free:
            continue
        name = lang.month(day.replace(day=1)).partition("<br>")[0]
        year = "" if day.year in seen else f" {day.year}"
        seen.append(day.year)
        anchor = "start" if x < _FIRST_TICK else "middle"
        free = x + (2 * _APART if year and anchor == "start" else _APART)
        yield tag("line", class_="base", x1=percent(x), x2=percent(x), y1=_BOTTOM, y2=_BOTTOM + 5)
        yield words(
            name + year, class_="tick", x=percent(x), y=_BOTTOM + 21, text_anchor=anchor
        )  # fmt: skip


_APART: Final = 0.15
"""Of the width: what two words below the base need on a phone."""
_FIRST_TICK: Final = 0.06
_LAST_TICK: Final = 0.95


def _shapes(frame: Frame, points: Sequence[Point]) -> str:
    """Band and line, stretched to the width; their strokes are not."""
    runs = list(runs_of(points))
    bands = [tag("path", class_="band", d=band_path(frame, r)) for r in runs if is_banded(r)]
    lines = [
        tag("path", class_="line", d=line_path(frame, run), vector_effect="non-scaling-stroke")
        for run in runs
    ]
    return stretched((*bands, *lines), HEIGHT)


def _dots(
    lang: Language, frame: Frame, told: Sequence[Point], write: Callable[[float], str]
) -> Iterator[str]:
    """Unseen marks that say a value to a pointer."""
    for point in told:
        value = point.value or 0.0
        said = tag("title", f"{lang.short_day(point.day)}: {write(value)}")
        x, y = percent(frame.x(point.day)), round(frame.y(value), 1)
        yield tag("circle", said, class_="dot-seen", cx=x, cy=y, r=9)


def _end(
    frame: Frame, point: Point, write: Callable[[float], str], *, inside: bool
) -> Iterator[str]:
    """The newest value, beside its dot; above it where forecasts follow."""
    value = point.value or 0.0
    x, y = percent(frame.x(point.day)), round(frame.y(value), 1)
    yield tag("circle", class_="end", cx=x, cy=y, r=4.5)
    place = {"y": y - 11, "text_anchor": "middle"} if inside else {"y": y + 5, "dx": 10}
    yield words(write(value), class_="end-value", x=x, **place)
