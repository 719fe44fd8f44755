"""A small line of how a figure went, without axis: the values stand in a table beside it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.drawing.strokes import Point, line_path, runs_of, stretched
from dashboard.drawing.svg import percent, tag

HEIGHT: Final = 34
_EDGE: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    first: date
    days: int
    lowest: float
    span: float

    def x(self, day: date) -> float:
        return 0.02 + 0.96 * (day - self.first).days / max(1, self.days)

    def y(self, value: float) -> float:
        share = (value - self.lowest) / self.span if self.span else 0.5
        return HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * share


def spark(points: Sequence[Point], said: str) -> str:
    """The line through `points`, the newest as a dot.

    Args:
        points: by day; two at least with a value.
        said: the same in words.
    """
    told = [point.value for point in points if point.value is not None]
    frame = _Frame(
        first=points[0].day, days=(points[-1].day - points[0].day).days, lowest=min(told),
        span=max(told) - min(told),
    )  # fmt: skip
    lines = [
        tag("path", class_="line", d=line_path(frame, run), vector_effect="non-scaling-stroke")
        for run in runs_of(points)
    ]
    newest = next(point for point in reversed(points) if point.value is not None)
    dot = tag(
        "circle", class_="end", cx=percent(frame.x(newest.day)),
        cy=round(frame.y(newest.value or 0.0), 1), r=3.5,
    )  # fmt: skip
    return tag(
        "svg", stretched(lines, HEIGHT) + dot, class_="spark", width="100%", height=HEIGHT,
        role="img", aria_label=said,
    )  # fmt: skip
