"""Outlines of provinces for alerting systems: at most 100 points each, from the maps' polygons."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import hypot
from typing import Any, Final

MOST_POINTS: Final = 100
"""Of a province, over all of its parts."""
_STEP: Final = 1.25
_DIGITS: Final = 4
"""Of a degree: some ten metres."""
Point = tuple[float, float]
"""Longitude, latitude."""


@cache
def outlines() -> Mapping[str, tuple[str, ...]]:
    """Polygons by ISO 3166-2:LA, as CAP writes them: `lat,lon lat,lon …`, closed."""
    text = (files("config") / "geo" / "lao_provinces.geojson").read_text(encoding="utf-8")
    return {
        one["properties"]["iso"]: tuple(_written(ring) for ring in _rings(one["geometry"]))
        for one in json.loads(text)["features"]
    }


def _rings(geometry: Mapping[str, Any]) -> list[list[Point]]:
    """Outer rings, simplified together until they have few enough points."""
    parts = geometry["coordinates"]
    polygons = [parts] if geometry["type"] == "Polygon" else parts
    rings = [[(float(x), float(y)) for x, y, *_ in polygon[0]] for polygon in polygons]
    tolerance, held = 1e-4, rings
    while sum(map(len, held)) > MOST_POINTS:
        held, tolerance = [simplified(ring, tolerance) for ring in rings], tolerance * _STEP
        held = [ring for ring in held if len(ring) >= 4] or held[:1]
    return held


def simplified(ring: Sequence[Point], tolerance: float) -> list[Point]:
    """A closed ring without the points that lie closer than `tolerance` to their neighbours' line
    (Douglas and Peucker 1973); it is cut at its first point and the one farthest from that."""
    far = max(range(len(ring)), key=lambda i: _apart(ring[i], ring[0]))
    first, second = _thinned(ring[: far + 1], tolerance), _thinned(ring[far:], tolerance)
    return [*first[:-1], *second]


def _thinned(line: Sequence[Point], tolerance: float) -> list[Point]:
    if len(line) < 3:
        return list(line)
    far = max(range(1, len(line) - 1), key=lambda i: _off(line[i], line[0], line[-1]))
    if _off(line[far], line[0], line[-1]) <= tolerance:
        return [line[0], line[-1]]
    return [*_thinned(line[: far + 1], tolerance)[:-1], *_thinned(line[far:], tolerance)]


def _apart(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _off(point: Point, start: Point, end: Point) -> float:
    """Distance from the line through two points, or from the point where they are one."""
    length = _apart(start, end)
    if length <= 0.0:
        return _apart(point, start)
    area = (end[0] - start[0]) * (start[1] - point[1]) - (start[0] - point[0]) * (end[1] - start[1])
    return abs(area) / length


def _written(ring: Sequence[Point]) -> str:
    closed = ring if ring[0] == ring[-1] else [*ring, ring[0]]
    return " ".join(f"{y:.{_DIGITS}f},{x:.{_DIGITS}f}" for x, y in closed)
