"""The labour market's composition: occupations, provinces and how they go together.

Provinces are weighted by population aged 15–64 (Lao Statistics Bureau / UNFPA projection for 2024,
OCHA COD-PS, CC BY-IGO). The occupation mix and the provincial tilts are assumptions chosen for
plausibility; they are not estimates of the Lao labour market.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

MAJOR_SHARE: Final = {1: 6.0, 2: 16.0, 3: 13.0, 4: 11.0, 5: 20.0, 6: 5.0, 7: 11.0, 8: 8.5, 9: 9.5}
"""Per cent of vacancies by ISCO-08 major group, before provincial tilts."""

# Provincial tilts by ISIC section: what a province has more (or less) of than the nation.
_TILT: Final[dict[str, dict[str, float]]] = {
    "LA-VT": {"A": 0.25, "B": 0.2, "J": 2.0, "K": 1.6, "M": 1.6, "N": 1.3, "T": 1.8, "S": 1.3},
    "LA-LP": {"I": 2.2, "N": 1.3, "B": 0.5},
    "LA-BK": {"A": 1.8, "I": 1.3, "J": 0.5},
    "LA-LM": {"A": 1.8, "H": 1.4, "J": 0.5},
    "LA-OU": {"A": 1.4, "H": 1.4, "F": 1.3, "J": 0.5},
    "LA-PH": {"A": 1.8, "D": 1.6, "J": 0.3, "K": 0.6},
    "LA-HO": {"A": 1.7, "J": 0.3, "K": 0.6},
    "LA-XA": {"A": 1.5, "D": 2.2, "J": 0.5},
    "LA-XI": {"A": 1.4, "B": 1.8, "J": 0.5},
    "LA-VI": {"A": 1.3, "I": 1.5, "C": 1.3, "B": 1.4},
    "LA-BL": {"D": 2.0, "A": 1.3, "C": 1.2},
    "LA-KH": {"C": 1.5, "B": 1.7, "D": 1.5},
    "LA-SV": {"C": 1.7, "H": 1.4, "B": 1.4},
    "LA-SL": {"A": 1.8, "J": 0.4},
    "LA-XE": {"B": 2.2, "D": 2.0, "A": 1.4, "J": 0.3},
    "LA-CH": {"A": 1.5, "I": 1.4},
    "LA-AT": {"B": 1.8, "A": 1.6, "D": 2.0, "J": 0.3},
    "LA-XS": {"B": 3.0, "D": 2.0, "J": 0.2, "K": 0.5},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Province:
    """One of the 18 provinces; `weight` is its share of the population aged 15–64."""

    iso: str
    name_en: str
    name_lo: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupation:
    """An occupation as employers write it; pay is the usual range in million kip a month."""

    isco08: str
    weight: float
    sections: tuple[str, ...]
    pay_low: float
    pay_high: float
    titles_en: tuple[str, ...]
    titles_lo: tuple[str, ...]

    @property
    def isco1(self) -> int:
        """ISCO-08 major group."""
        return int(self.isco08[0])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labour:
    """The whole composition. `mix[p, o]` is the share of vacancies; it sums to 1."""

    provinces: tuple[Province, ...]
    occupations: tuple[Occupation, ...]
    majors: NDArray[np.int64]
    """Major group of each occupation."""
    mix: NDArray[np.float64]

    def cell_share(self) -> NDArray[np.float64]:
        """Share of vacancies by province (rows) and major group 1–9 (columns)."""
        return np.stack([self.mix[:, self.majors == m].sum(axis=1) for m in range(1, 10)], axis=1)

    def province_index(self, iso: str) -> int:
        """Row of a province. Raises KeyError for an unknown code."""
        for index, province in enumerate(self.provinces):
            if province.iso == iso:
                return index
        raise KeyError(iso)


@lru_cache(maxsize=1)
def load_labour() -> Labour:
    """The composition read from the shipped tables."""
    provinces = _provinces()
    occupations = _occupations()
    majors = np.array([o.isco1 for o in occupations])
    within = {m: sum(o.weight for o in occupations if o.isco1 == m) for m in MAJOR_SHARE}
    base = np.array([MAJOR_SHARE[o.isco1] * o.weight / within[o.isco1] for o in occupations])
    rows = []
    for province in provinces:
        tilt = _TILT.get(province.iso, {})
        lean = [np.mean([tilt.get(s, 1.0) for s in o.sections]) for o in occupations]
        row = base * np.array(lean)
        rows.append(province.weight * row / row.sum())
    return Labour(provinces=provinces, occupations=occupations, majors=majors, mix=np.array(rows))


def _provinces() -> tuple[Province, ...]:
    geo = files("config") / "geo"
    names = {r["iso"]: r for r in _rows(geo.joinpath("lao_provinces.csv").read_text("utf-8"))}
    people = _rows(geo.joinpath("lao_population_province_2024.csv").read_text("utf-8"))
    total = sum(int(r["age_15_64"]) for r in people)
    return tuple(
        Province(
            iso=r["iso"],
            name_en=r["name_en"],
            name_lo=names[r["iso"]]["name_lo"],
            weight=int(r["age_15_64"]) / total,
        )
        for r in people
    )


def _occupations() -> tuple[Occupation, ...]:
    text = files("labourwatch.demo").joinpath("data/occupations.csv").read_text("utf-8")
    return tuple(
        Occupation(
            isco08=r["isco08"],
            weight=float(r["weight"]),
            sections=tuple(r["isic"].split("|")),
            pay_low=float(r["pay_low"]),
            pay_high=float(r["pay_high"]),
            titles_en=tuple(r["en"].split("|")),
            titles_lo=tuple(r["lo"].split("|")),
        )
        for r in _rows(text)
    )


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))
