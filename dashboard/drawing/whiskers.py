"""A value with its interval on a common scale, as a cell of a table. Pure.

The numbers stand beside it in the same row, so readers who do not see it miss nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.drawing.svg import percent, picture, tag
from dashboard.elements import Component

_HEIGHT: Final = 22
_MIDDLE: Final = 11
_MARGIN: Final = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The common scale of a column, and what is marked on it in every row."""

    low: float
    high: float
    mark: float | None = None

    def at(self, value: float) -> float:
        """Place of a value between 0 and 1, with a margin for the marks at the ends."""
        if self.high <= self.low:
            return 0.5
        share = (value - self.low) / (self.high - self.low)
        return _MARGIN + (1 - 2 * _MARGIN) * min(1.0, max(0.0, share))


def scale_of(
    values: Iterable[float | None], mark: float | None = None, *, zero: bool = True
) -> Scale:
    """A scale that holds all values and the mark, and zero unless told otherwise."""
    held = [value for value in (*values, mark, 0.0 if zero else None) if value is not None]
    return Scale(low=min(held, default=0.0), high=max(held, default=1.0), mark=mark)


def whisker(
    scale: Scale, value: float | None, lower: float | None, upper: float | None
) -> Component:
    """A dot with its interval, or with a bar from zero where there is no interval."""
    parts: list[str] = [*_marked(scale)]
    if value is not None:
        x = percent(scale.at(value))
        if lower is not None and upper is not None:
            parts.append(_line("whisker", percent(scale.at(lower)), percent(scale.at(upper))))
            parts.append(tag("circle", class_="dot", cx=x, cy=_MIDDLE, r=4.5))
        else:
            parts.append(_line("bar", percent(scale.at(0.0)), x))
    return _cell(parts)


def bar(scale: Scale, value: float | None) -> Component:
    """A bar from zero."""
    parts = (
        [] if value is None else [_line("bar", percent(scale.at(0.0)), percent(scale.at(value)))]
    )
    return _cell(parts)


def _marked(scale: Scale) -> Sequence[str]:
    if scale.mark is None:
        return ()
    x = percent(scale.at(scale.mark))
    return (tag("line", class_="mark-line", x1=x, x2=x, y1=0, y2=_HEIGHT),)


def _line(css: str, x1: str, x2: str) -> str:
    return tag("line", class_=css, x1=x1, x2=x2, y1=_MIDDLE, y2=_MIDDLE)


def _cell(parts: Sequence[str]) -> Component:
    made = tag(
        "svg", "".join(parts) or tag("g"), width="100%", height=_HEIGHT, aria_hidden="true",
        focusable="false",
    )  # fmt: skip
    return picture(made, "whiskers")
