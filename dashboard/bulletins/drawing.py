"""Pictures of a bulletin as SVG, the same in HTML and in PDF. Pure.

Drawn here and not by a chart library: the text of the picture stays text, in our own font, and the
same figures give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from math import ceil
from typing import Final

from dashboard.drawing.strokes import Point, runs_of
from dashboard.geography import Province, provinces
from dashboard.language import Language
from dashboard.scales import Scale

_QUIET: Final = "#5b6b86"
_LINE: Final = "#123f7a"
_BAND: Final = "#b4cde8"
_FONT: Final = "font-family='Noto Sans Lao, Labourwatch Notice Lao, sans-serif'"
_WIDTH, _HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 12, 12, 26
_MAP_WIDTH: Final = 330
_STRETCH: Final = 1.057
"""One degree of latitude in degrees of longitude at 19° north."""

_Place = Callable[[float, float], tuple[float, float]]


def trend_svg(lang: Language, points: Sequence[Point], label: str) -> str:
    """The line with its 95 % band from the first figure on; gaps stay gaps.

    `label` says it in words.
    """
    points = points[next((at for at, p in enumerate(points) if p.value is not None), 0) :]
    tops = [p.upper if p.upper is not None else p.value for p in points]
    most = _ceiling(max((top for top in tops if top is not None), default=0.0))
    parts = [_axis(lang, most), _days(lang, points)]
    places = {point.day: at for at, point in enumerate(points)}
    for told in runs_of(points):
        run = [(places[point.day], point) for point in told]
        parts.append(_band(run, most, len(points)))
        line = " ".join(f"{_x(at, len(points))},{_y(p.value or 0.0, most)}" for at, p in run)
        parts.append(f"<polyline points='{line}' fill='none' stroke='{_LINE}' stroke-width='2'/>")
        parts += [
            f"<circle cx='{_x(at, len(points))}' cy='{_y(p.value or 0.0, most)}' r='2.2'"
            f" fill='{_LINE}'/>"
            for at, p in run
        ]
    return _svg(_WIDTH, _HEIGHT, label, "".join(parts))


def _svg(width: int, height: int, label: str, content: str) -> str:
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' role='img'"
        f" aria-label='{escape(label)}'>{content}</svg>"
    )


def _ceiling(value: float) -> float:
    """The next of 1, 2, 5 times a power of ten, so that marks on the axis are round."""
    step = 1.0
    while True:
        for digit in (1, 2, 4, 5, 8, 10):
            if digit * step >= value:
                return digit * step
        step *= 10


def _x(at: int, count: int) -> float:
    wide = _WIDTH - _LEFT - _RIGHT
    return round(_LEFT + wide * (at + 0.5) / max(count, 1), 1)


def _y(value: float, most: float) -> float:
    tall = _HEIGHT - _TOP - _BOTTOM
    return round(_TOP + tall * (1 - value / most), 1)


def _band(run: Sequence[tuple[int, Point]], most: float, count: int) -> str:
    held = [(at, p.lower, p.upper) for at, p in run if p.lower is not None and p.upper is not None]
    if len(held) < 2:
        return ""
    up = [f"{_x(at, count)},{_y(upper, most)}" for at, _, upper in held]
    down = [f"{_x(at, count)},{_y(lower, most)}" for at, lower, _ in reversed(held)]
    return f"<polygon points='{' '.join(up + down)}' fill='{_BAND}' fill-opacity='.6'/>"


def _axis(lang: Language, most: float) -> str:
    marks = []
    for part in range(5):
        value = most * part / 4
        y = _y(value, most)
        text = lang.number(value, 0 if most >= 4 else 1)
        marks.append(
            f"<line x1='{_LEFT}' x2='{_WIDTH - _RIGHT}' y1='{y}' y2='{y}' stroke='#d8dee6'/>"
            f"<text x='{_LEFT - 6}' y='{y + 4}' text-anchor='end' font-size='12' {_FONT}"
            f" fill='{_QUIET}'>{text}</text>"
        )
    return "".join(marks)


def _days(lang: Language, points: Sequence[Point]) -> str:
    every = max(1, ceil(len(points) / 5))
    texts = []
    for at in range(len(points) - 1, -1, -every):
        edge = "end" if at == len(points) - 1 else "middle"
        x = _WIDTH - _RIGHT if edge == "end" else _x(at, len(points))
        texts.append(
            f"<text class='day' x='{x}' y='{_HEIGHT - 8}' text-anchor='{edge}' font-size='12'"
            f" {_FONT} fill='{_QUIET}'>{escape(lang.short_day(points[at].day))}</text>"
        )
    return "".join(texts)


def map_svg(values: Mapping[str, float | None], scale: Scale, label: str) -> str:
    """The provinces coloured by `values`, hatched where there is none."""
    held = provinces()
    lons = [lon for one in held.values() for ring in one.rings for lon, _ in ring]
    lats = [lat for one in held.values() for ring in one.rings for _, lat in ring]
    west, north = min(lons), max(lats)
    size = _MAP_WIDTH / (max(lons) - west)

    def place(lon: float, lat: float) -> tuple[float, float]:
        return round((lon - west) * size, 1), round((north - lat) * size * _STRETCH, 1)

    height = round((north - min(lats)) * size * _STRETCH)
    hatch = (
        "<defs><pattern id='none' width='6' height='6' patternUnits='userSpaceOnUse'>"
        "<rect width='6' height='6' fill='#fff'/><path d='M0 6L6 0' stroke='#8794aa'/></pattern>"
        "</defs>"
    )
    shapes = [
        f"<path d='{_path(one, place)}' fill='{_fill(values.get(code), scale)}'"
        f" stroke='{_QUIET}' stroke-width='.8'/>"
        for code, one in held.items()
    ]
    return _svg(_MAP_WIDTH, height, label, hatch + "".join(shapes))


def _fill(value: float | None, scale: Scale) -> str:
    return "url(#none)" if value is None else scale.colour(value)


def _path(one: Province, place: _Place) -> str:
    rings = []
    for ring in one.rings:
        spots = [place(lon, lat) for lon, lat in ring]
        rings.append("M" + "L".join(f"{x} {y}" for x, y in spots) + "Z")
    return "".join(rings)
