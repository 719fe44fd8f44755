"""About 1,500 invented employers with Zipf-distributed sizes, Lao and English names, agencies.

Names are put together from common words; a likeness to a real firm is accidental.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final

import yaml

from labourwatch.demo.draws import Draw, mix, stable_hash
from labourwatch.demo.labour import Labour

SECTION_SHARE: Final = {
    "A": 9, "B": 5, "C": 15, "D": 4, "E": 1.5, "F": 9, "G": 18, "H": 6, "I": 10, "J": 6, "K": 6,
    "L": 1.5, "M": 6, "N": 7, "O": 3, "P": 6, "Q": 5, "R": 1.5, "S": 6, "T": 2,
}  # fmt: skip
AGENCIES: Final = 24
"""The first employers are recruitment agencies: they post for firms that stay unnamed."""
_ZIPF: Final = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Employer:
    """An invented employer. `name_style` says whether it writes its name in en, lo or by text."""

    number: int
    name_en: str
    name_lo: str
    section: str
    province: int
    size: float
    name_style: str
    national: bool

    def name(self, language: str) -> str:
        """The name as written in a posting of that language."""
        if self.name_style == "en" or (self.name_style == "both" and language != "lo"):
            return self.name_en
        return self.name_lo


class Employers:
    """All employers of a market, and the choice of one for a section and province."""

    def __init__(self, all_employers: tuple[Employer, ...], provinces: int) -> None:
        self.all = all_employers
        self._choices: dict[tuple[str, int], tuple[list[int], list[float]]] = {}
        for section in SECTION_SHARE:
            members = [e for e in all_employers if e.section == section or e.number < AGENCIES]
            for province in range(provinces):
                weights = [_pull(e, section, province) for e in members]
                self._choices[section, province] = (
                    [e.number for e in members],
                    list(accumulate(weights)),
                )

    def choose(self, section: str, province: int, unit: float) -> int:
        """The employer at quantile `unit` of those that hire in this section and province."""
        numbers, sums = self._choices[section, province]
        return numbers[min(bisect_right(sums, unit * sums[-1]), len(numbers) - 1)]


def _pull(employer: Employer, section: str, province: int) -> float:
    if employer.number < AGENCIES:
        return employer.size * (0.25 if section in "CDFGIJKM" else 0.05)
    if employer.province == province:
        return employer.size * 3
    return employer.size * (1.0 if employer.national else 0.03)


@lru_cache(maxsize=4)
def make_employers(seed: int, labour: Labour, number: int = 1500) -> Employers:
    """The employers of a seed; names are distinct."""
    sections = list(SECTION_SHARE)
    section_sums = list(accumulate(SECTION_SHARE.values()))
    province_sums = list(accumulate(p.weight for p in labour.provinces))
    text = files("labourwatch.demo").joinpath("data/employer_names.yaml").read_text("utf-8")
    names = yaml.safe_load(text)
    taken: set[str] = set()
    found: list[Employer] = []
    draw = Draw(mix(seed) ^ stable_hash("employers"))
    ranks = sorted(range(number), key=lambda _: draw.bits())
    for index in range(number):
        section = sections[bisect_right(section_sums, draw.unit() * section_sums[-1] * 0.999999)]
        section = "N" if index < AGENCIES else section
        name_en, name_lo = _distinct_name(draw, names, section, index, taken)
        found.append(
            Employer(
                number=index,
                name_en=name_en,
                name_lo=name_lo,
                section=section,
                province=bisect_right(province_sums, draw.unit() * province_sums[-1] * 0.999999),
                size=(ranks[index] + 3) ** -_ZIPF,
                name_style=("en", "en", "en", "lo", "lo", "both")[draw.below(6)],
                national=index < AGENCIES or draw.chance(0.2),
            )
        )
    return Employers(tuple(found), len(labour.provinces))


def _distinct_name(
    draw: Draw, names: dict[str, Any], section: str, index: int, taken: set[str]
) -> tuple[str, str]:
    while True:
        root, second = draw.pick(names["roots"]), draw.pick(names["seconds"])
        legal, trade = draw.pick(names["legal"]), draw.pick(names["trades"][section])
        if index < AGENCIES:
            trade, legal = ("Recruitment", "ຈັດຫາງານ"), names["legal"][0]
        name_en = " ".join(part for part in (root[0], second[0], trade[0], legal[0]) if part)
        prefix = "ບໍລິສັດ" if legal[0] else ""
        name_lo = " ".join(
            part for part in (prefix, root[1] + second[1], trade[1], legal[1]) if part
        )
        if name_en not in taken and name_lo not in taken:
            taken.update((name_en, name_lo))
            return name_en, name_lo
