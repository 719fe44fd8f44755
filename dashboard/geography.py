"""Provinces of the Lao PDR: outlines as polygons, names in both languages, working-age population.

Outlines are drawn on ordinary x/y axes, so nothing is fetched from a map server at run time.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """A province. `rings` are closed outlines of (longitude, latitude) in degrees."""

    code: str
    name_lo: str
    name_en: str
    label: tuple[float, float]
    rings: tuple[Ring, ...]
    working_age: int
    """Persons aged 15 to 64, projection for 2024."""

    def name(self, language: str) -> str:
        """The name in "lo" or "en"."""
        return self.name_lo if language == "lo" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    """A district. `rings` as of a province."""

    code: str
    province: str
    name_lo: str
    name_en: str
    label: tuple[float, float]
    rings: tuple[Ring, ...]

    def name(self, language: str) -> str:
        """The name in "lo" or "en"."""
        return self.name_lo if language == "lo" else self.name_en


@cache
def provinces() -> dict[str, Province]:
    """All 18 provinces by ISO 3166-2 code, in official order.

    Sources: OCHA COD boundaries; Lao Statistics Bureau / UNFPA population projection 2024.
    """
    folder = files("config").joinpath("geo")
    document = json.loads(folder.joinpath("lao_provinces.geojson").read_text(encoding="utf-8"))
    lines = folder.joinpath("lao_population_province_2024.csv").read_text(encoding="utf-8")
    people = {row["iso"]: int(row["age_15_64"]) for row in csv.DictReader(lines.splitlines())}
    found = {}
    for feature in document["features"]:
        facts = feature["properties"]
        found[facts["iso"]] = Province(
            code=facts["iso"],
            name_lo=facts["name_lo"],
            name_en=facts["name_en"],
            label=(facts["label_lon"], facts["label_lat"]),
            rings=_rings(feature["geometry"]),
            working_age=people[facts["iso"]],
        )
    return found


@cache
def districts() -> dict[str, tuple[District, ...]]:
    """Districts of each province by its ISO code, in official order.

    Sources: geoBoundaries / OCHA COD boundaries, simplified; labels of `lao_districts.csv`.
    """
    folder = files("config").joinpath("geo")
    document = json.loads(folder.joinpath("lao_districts.geojson").read_text(encoding="utf-8"))
    lines = folder.joinpath("lao_districts.csv").read_text(encoding="utf-8")
    places = {
        row["pcode"]: (float(row["label_lon"]), float(row["label_lat"]))
        for row in csv.DictReader(lines.splitlines())
    }
    found: dict[str, list[District]] = {code: [] for code in provinces()}
    for feature in document["features"]:
        facts = feature["properties"]
        found[facts["province_iso"]].append(
            District(
                code=facts["pcode"], province=facts["province_iso"], name_lo=facts["name_lo"],
                name_en=facts["name_en"], label=places[facts["pcode"]],
                rings=_rings(feature["geometry"]),
            )
        )  # fmt: skip
    return {code: tuple(sorted(held, key=lambda d: d.code)) for code, held in found.items()}


@cache
def neighbours() -> dict[str, tuple[str, ...]]:
    """Provinces that share a border, by code: two corners at least in common.

    The outlines cover the country without gap or overlap, so a shared border has shared corners.
    """
    corners = {
        code: {corner for ring in held.rings for corner in ring}
        for code, held in provinces().items()
    }
    return {
        code: tuple(
            other for other, theirs in corners.items()
            if other != code and len(mine & theirs) > 1
        )
        for code, mine in corners.items()
    }  # fmt: skip


def _rings(geometry: dict[str, object]) -> tuple[Ring, ...]:
    coordinates = geometry["coordinates"]
    polygons = coordinates if geometry["type"] == "MultiPolygon" else [coordinates]
    return tuple(
        tuple((lon, lat) for lon, lat in ring)
        for polygon in polygons  # type: ignore[attr-defined]
        for ring in polygon
    )
