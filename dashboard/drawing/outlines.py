"""Maps as polygons: the 18 provinces, or one province with its districts amid its neighbours. Pure.

Longitudes are shrunk by the cosine of the map's middle latitude, so that shapes look as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from dashboard.drawing.svg import tag, words
from dashboard.geography import District, Province, Ring, provinces

_NATION_WIDTH: Final = 460
_PART_WIDTH: Final = 520
_AROUND: Final = 0.10
"""Of a province's width and height that is shown of its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """How one area is drawn. `text` is its value in words, read out and shown to a pointer."""

    fill: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Degrees to the units of the picture."""

    west: float
    north: float
    stretch: float
    scale: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self.west) * self.stretch * self.scale, (self.north - lat) * self.scale

    def path(self, rings: Iterable[Ring]) -> str:
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: Ring) -> str:
        places = [f"{x:.0f} {y:.0f}" for x, y in (self.point(*corner) for corner in ring)]
        kept = [place for at, place in enumerate(places) if at == 0 or place != places[at - 1]]
        return f"M{'L'.join(kept)}Z" if len(kept) > 2 else ""


def nation_map(
    shades: Mapping[str, Shade], said: str, name: Callable[[Province], str]
) -> str:  # fmt: skip
    """All provinces, each a link that can be reached by keyboard; `said` names the whole."""
    held = provinces()
    sheet, width, height = _sheet(
        [ring for each in held.values() for ring in each.rings], _NATION_WIDTH, 0.01
    )
    areas = "".join(_linked(sheet, held[code], shade, name) for code, shade in shades.items())
    return tag(
        "svg", areas, class_="outlines", viewBox=f"0 0 {width} {height}", role="group",
        aria_label=said,
    )  # fmt: skip


def _linked(
    sheet: _Sheet, province: Province, shade: Shade, name: Callable[[Province], str]
) -> str:  # fmt: skip
    told = f"{name(province)}: {shade.text}"
    path = tag(
        "path", tag("title", _safe(told)), class_="area", d=sheet.path(province.rings),
        fill=shade.fill,
    )  # fmt: skip
    return tag("a", path, href=shade.href, aria_label=told)


def province_map(
    province: Province,
    others: Mapping[str, Shade],
    districts: Sequence[tuple[District, Shade]],
    said: str,
    name: Callable[[Province | District], str],
) -> str:
    """A province with its districts, numbered in order, amid its neighbours in quiet colours."""
    sheet, width, height = _sheet(province.rings, _PART_WIDTH, _AROUND)
    held = provinces()
    near = [
        _area(sheet, held[code].rings, shade, "area near", name(held[code]))
        for code, shade in others.items()
    ]
    inside = [_area(sheet, d.rings, shade, "area", name(d)) for d, shade in districts]
    edge = tag("path", class_="edge", d=sheet.path(province.rings))
    labels = [_number(sheet, each, at) for at, (each, _) in enumerate(districts, start=1)]
    return tag(
        "svg", "".join((*near, *inside, edge, *labels)), class_="outlines part",
        viewBox=f"0 0 {width} {height}", role="img", aria_label=said,
    )  # fmt: skip


def _area(sheet: _Sheet, rings: Sequence[Ring], shade: Shade, css: str, name: str) -> str:
    title = tag("title", _safe(f"{name}: {shade.text}" if shade.text else name))
    return tag("path", title, class_=css, d=sheet.path(rings), fill=shade.fill)


def _number(sheet: _Sheet, district: District, number: int) -> str:
    """A district's place in the list beside the map: names would lie upon each other."""
    x, y = (round(at) for at in sheet.point(*district.label))
    ring = tag("circle", class_="place-ring", cx=x, cy=y, r=13)
    return ring + words(
        str(number), class_="place", x=x, y=y, dy="0.36em", text_anchor="middle"
    )  # fmt: skip


def _sheet(
    rings: Sequence[Ring], width: int, around: float
) -> tuple[_Sheet, int, int]:  # fmt: skip
    lons = [lon for ring in rings for lon, _ in ring]
    lats = [lat for ring in rings for _, lat in ring]
    stretch = cos(radians((min(lats) + max(lats)) / 2))
    wide, high = (max(lons) - min(lons)) * stretch, max(lats) - min(lats)
    margin = around * max(wide, high)
    scale = width / (wide + 2 * margin)
    sheet = _Sheet(min(lons) - margin / stretch, max(lats) + margin, stretch, scale)
    return sheet, width, round((high + 2 * margin) * scale)


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
