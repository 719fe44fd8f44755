"""An alert's evidence as a picture that needs no script: for paper and for plain browsers. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil

from dashboard.drawing.lines import HEIGHT, TICKS, Frame, grid, months
from dashboard.drawing.strokes import Point, band_path, line_path, round_step, runs_of, stretched
from dashboard.drawing.svg import percent, tag, words
from dashboard.intervals import Interval
from dashboard.language import Language

Week = tuple[date, int, Interval | None]
"""Last day, new vacancies, and what was expected without the change."""
_LATE = 0.6


def evidence_chart(lang: Language, weeks: Sequence[Week], onset: date, said: str) -> str:
    """Weekly counts, the band they were expected in, and the onset.

    Args:
        lang: language of days and numbers.
        weeks: in order; two at least.
        onset: when the change began.
        said: the same in words, for those who do not see it.
    """
    bands = [band for _, _, band in weeks if band is not None]
    highest = max(*(count for _, count, _ in weeks), *(band.upper for band in bands), 1.0)
    step = round_step(highest, TICKS, (1, 2, 5, 10))
    first, last = weeks[0][0], weeks[-1][0]
    frame = Frame(
        first=first.toordinal(), days=(last - first).days, top=step * ceil(highest / step - 1e-9)
    )
    seen = [Point(day=day, value=float(count)) for day, count, _ in weeks]
    inner = "".join(
        (*grid(frame, step, lang.number), *months(lang, frame, seen),
         _shapes(frame, seen, weeks), *_outside(frame, weeks), *_onset(lang, frame, onset))
    )  # fmt: skip
    return tag(
        "svg", inner, class_="lines evidence", width="100%", height=HEIGHT, role="img",
        aria_label=said,
    )  # fmt: skip


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


def _onset(lang: Language, frame: Frame, onset: date) -> Iterator[str]:
    x = frame.x(onset)
    if not 0 <= x <= 1:
        return
    at, late = percent(x), x > _LATE
    yield tag("line", class_="onset", x1=at, x2=at, y1=frame.y(frame.top), y2=frame.y(0))
    yield words(
        f"{lang.say('onset')}: {lang.short_day(onset)}", class_="onset-word", x=at, y=14,
        dx=-6 if late else 6, text_anchor="end" if late else "start",
    )  # fmt: skip
