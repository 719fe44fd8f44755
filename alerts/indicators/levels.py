"""Which cell answers: the finest that has the sample the question needs. Pure.

Place rolls up from district to province, region and nation; occupation from four ISCO-08 digits to
three, two, one and all. Of cells equally many steps away the one with the finer place is taken:
officers ask of their own province first, and occupation groups are made to be added up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.indicators.regions import region_of, regions
from warehouse.disclosure.rules import RULES, Rule
from warehouse.series import Standing


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Level:
    """A cell of any grain."""

    place: str = ""
    """District (national P-code), province (ISO 3166-2:LA), region's code, or "": the nation."""
    occupation: str = ""
    """ISCO-08 of 1 to 4 digits; "" for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What there is of one cell for one question."""

    n: int
    """Vacancies, closures or postings with pay, as the question counts."""
    employers: int
    top_share: float | None = None
    """Largest share of `n` held by one employer; `None`: not known, and not held against it."""
    weeks: int = 0
    """Weeks of history."""
    has_supply: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The level that answers, or why none does."""

    level: Level | None
    standing: Standing


EMPTY: Final = Evidence(n=0, employers=0)


def path(asked: Level, *, province_of_district: Callable[[str], str]) -> Sequence[Level]:
    """Levels that may answer for `asked`, finest first, the nation's total last.

    Args:
        province_of_district: ISO code of a district's province; "" for a code it does not know.
    """
    places = _places(asked.place, province_of_district)
    codes = [asked.occupation[:digits] for digits in range(len(asked.occupation), -1, -1)]
    grid = [
        (up + over, up, Level(place=place, occupation=code))
        for up, place in enumerate(places)
        for over, code in enumerate(codes)
    ]
    return [level for _, _, level in sorted(grid, key=lambda step: step[:2])]


def _places(place: str, province_of_district: Callable[[str], str]) -> list[str]:
    if not place:
        return [""]
    if place in regions():
        return [place, ""]
    province = province_of_district(place)
    above = [province] if province else []
    region = region_of(province or place)
    return [place, *above, *([region] if region else []), ""]


def answer(
    levels: Sequence[Level], evidence: Callable[[Level], Evidence], rule: str, *, supply: bool
) -> Answer:
    """The first of `levels` whose evidence meets the minimum samples of the `rule`'s class.

    Args:
        levels: as of `path`; the first is the one asked for.
        rule: class of release rules (`rule` in `config/codelists/indicators.csv`).
        supply: whether the question needs a supply side.

    Returns:
        `ROLLED_UP` with a coarser level; with none, the reason that held back the coarsest.
    """
    reason = Standing.TOO_FEW
    for place, level in enumerate(levels):
        reason = _lacking(evidence(level), RULES[rule], supply)
        if reason is Standing.ASSESSABLE:
            standing = Standing.ROLLED_UP if place else Standing.ASSESSABLE
            return Answer(level=level, standing=standing)
    return Answer(level=None, standing=reason)


def _lacking(found: Evidence, rule: Rule, supply: bool) -> Standing:
    if supply and not found.has_supply:
        return Standing.NO_SUPPLY
    if found.weeks < rule.weeks:
        return Standing.TOO_SHORT
    dominated = found.top_share is not None and found.top_share > rule.top_share
    if found.n < rule.n or found.employers < rule.employers or dominated:
        return Standing.TOO_FEW
    return Standing.ASSESSABLE
