"""An alert's evidence as a picture that needs no script: for paper and for plain browsers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from dashboard.drawing.lines import HEIGHT, Frame, drawing, framed, grid, months, onset_line
from dashboard.drawing.strokes import (
    Point,
    band_path,
    holiday_signs,
    line_path,
    runs_of,
    stretched,
)
from dashboard.drawing.svg import percent, tag, words
from dashboard.holidays import holiday_weeks
from dashboard.intervals import Interval
from dashboard.language import Language

Week = tuple[date, int, Interval | None]
"""Last day, new vacancies, and what was expected without the change."""


def evidence_chart(lang: Language, weeks: Sequence[Week], onset: date, said: str) -> str:
    """Weekly counts, the band they were expected in, and the onset.

    Args:
        lang: language of days and numbers.
        weeks: in order; two at least.
        onset: when the change began.
        said: the same in words, for those who do not see it.
    """
    bands = [band for _, _, band in weeks if band is not None]
    values = (*(float(count) for _, count, _ in weeks), *(band.upper for band in bands), 1.0)
    frame = framed(weeks[0][0], weeks[-1][0], values)
    seen = [Point(day=day, value=float(count)) for day, count, _ in weeks]
    inner = "".join(
        (*grid(frame, lang.number), *months(lang, frame, seen),
         _shapes(frame, seen, weeks), *_outside(frame, weeks),
         *holiday_signs(lang, frame, holiday_weeks(lang, (end for end, _, _ in weeks)),
                        frame.y(frame.bottom)),
         *onset_line(lang, frame, onset))
    )  # fmt: skip
    return drawing(inner, said, "lines evidence")


def _shapes(frame: Frame, seen: Sequence[Point], weeks: Sequence[Week]) -> str:
    expected = [
        Point(
            day=day, value=band.value if band else None,
            lower=band.lower if band else None, upper=band.upper if band else None,
        )
        for day, _, band in weeks
    ]  # fmt: skip
    runs = list(runs_of(expected))
    bands = [tag("path", class_="band", d=band_path(frame, run)) for run in runs]
    lines = [("expected", run) for run in runs] + [("line", run) for run in runs_of(seen)]
    drawn = [
        tag("path", class_=css, d=line_path(frame, run), vector_effect="non-scaling-stroke")
        for css, run in lines
    ]
    return stretched((*bands, *drawn), HEIGHT)


def _outside(frame: Frame, weeks: Sequence[Week]) -> Iterator[str]:
    """A mark at every week outside its band: its shape says on which side."""
    for day, count, band in weeks:
        if band is not None and not band.lower <= count <= band.upper:
            above = count > band.upper
            y = round(frame.y(count), 1) + (-6 if above else 16)
            yield words(
                "▲" if above else "▼", class_="outside", x=percent(frame.x(day)), y=y,
                text_anchor="middle",
            )  # fmt: skip
