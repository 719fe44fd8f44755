"""Province and district from what a posting writes of its place, in any of its languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from streams.classify.place_names import CAPITAL, PROVINCE_OF_VIENTIANE, Names
from streams.classify.place_scan import Hit, by_sound, misspelt, scan
from streams.classify.place_text import fold, skeleton
from streams.classify.place_work import work_places

__all__ = ["Gazetteer", "Place", "PlaceReason", "fold", "skeleton"]


class PlaceReason(StrEnum):
    """How the place was told."""

    PROVINCE_NAMED = "province_named"
    DISTRICT_NAMED = "district_named"
    LANDMARK_NAMED = "landmark_named"
    """A zone, project, town quarter or border crossing of `config/geo/landmarks.csv`."""
    CAPITAL_BY_CONVENTION = "capital_by_convention"
    """"Vientiane" without "province" or "capital": adverts mean the capital."""
    SPELLING_CORRECTED = "spelling_corrected"
    """No name stands there as known, but one differs by a typing error or two."""
    SEVERAL_PROVINCES = "several_provinces"
    """More than one province is named: the first counts."""
    NATIONWIDE = "nationwide"
    ABROAD = "abroad"
    REMOTE = "remote"
    """Work from anywhere, and no place in Laos is named."""
    AMBIGUOUS = "ambiguous"
    """Districts of several provinces have this name, and nothing tells which is meant."""
    NOT_STATED = "not_stated"
    NOT_RECOGNISED = "not_recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`province` is ISO 3166-2:LA, `district` a P-code; "" where not known."""

    province: str
    district: str
    reason: PlaceReason
    provinces: tuple[str, ...] = ()
    """Every province named, in order."""


_NATIONWIDE: Final = re.compile(
    r"nation ?wide|all (?:18 )?provinces|(?:whole|entire) country|countrywide"
    r"|anywhere in (?:the )?lao|(?:through ?out|all over|across) (?:the country|laos|lao pdr)"
    r"|\b(?:18|17) provinces"
    r"|ທົ່ວປະເທດ|ທຸກໆ?ແຂວງ|ທົ່ວລາວ|18 ?ແຂວງ|ທົ່ວທຸກແຂວງ|ทั่วประเทศ|ทุกแขวง|toan quoc|ca nuoc"
    r"|全国|老挝各地|全老挝|各省"
)
_REMOTE: Final = re.compile(
    r"\bremote(?:ly)?\b|work(?:ing)? (?:from|at) home|\bwfh\b|home based|telework|telecommut"
    r"|ເຮັດວຽກ(?:ຢູ່|ຈາກ|ທີ່) ?(?:ບ້ານ|ເຮືອນ)|ທາງໄກ|ອອນລາຍຈາກບ້ານ|ทำงาน(?:ที่|จาก)บ้าน|ทางไกล|tu xa|tai nha"
    r"|远程|居家|在家办公"
)
_NOWHERE: Final = Place(province="", district="", reason=PlaceReason.NOT_RECOGNISED)
_UNSTATED: Final = Place(province="", district="", reason=PlaceReason.NOT_STATED)
_SETTLED: Final = frozenset((PlaceReason.NATIONWIDE, PlaceReason.ABROAD, PlaceReason.REMOTE))
_REMEMBERED: Final = 50_000


class Gazetteer:
    """Tells places by the names of `config/geo`. Building it reads the tables."""

    def __init__(self) -> None:
        self._names = Names()
        self._cache: dict[tuple[str, bool], Place] = {}

    def locate(self, *texts: str) -> Place:
        """The place named in the first of `texts` that names one."""
        place = _UNSTATED
        for text in filter(str.strip, texts):
            place = self._look_up(text, False)
            if place.reason is not PlaceReason.NOT_RECOGNISED:
                return place
        return place

    def place_of(self, location: str, title: str, description: str) -> Place:
        """The place of work: of the location field, else of the title, else where the description
        says that the work is done. An address of the firm elsewhere in it tells nothing."""
        place = self._look_up(location, True) if location.strip() else _UNSTATED
        if place.province or place.reason in _SETTLED:
            return place
        titled = self._look_up(title, False)
        if titled.province:
            return titled
        for words in work_places(description):
            found = self._look_up(words, False)
            if found.province or found.reason in _SETTLED:
                return found
        return titled if titled.reason in _SETTLED else place

    def code(self, text: str) -> str:
        """The narrowest place named: "LA-VT/LA0103", "LA-VT", "LA" for the whole country, or ""
        where none is known."""
        place = self.locate(text)
        if place.reason is PlaceReason.NATIONWIDE:
            return "LA"
        return f"{place.province}/{place.district}" if place.district else place.province

    def _look_up(self, text: str, corrected: bool) -> Place:
        place = self._cache.get((text, corrected))
        if place is None:
            place = self._look(text, corrected)
            if len(self._cache) > _REMEMBERED:
                self._cache.clear()
            self._cache[text, corrected] = place
        return place

    def _look(self, text: str, corrected: bool) -> Place:
        hits = scan(text, self._names)
        at_home = [hit for hit in hits if not hit.name.abroad]
        folded = fold(text)
        place = _resolve(at_home)
        everywhere = _NATIONWIDE.search(folded)
        if everywhere and (not place.province or everywhere.start() == 0):
            return Place(province="", district="", reason=PlaceReason.NATIONWIDE)
        if place.province:
            return place
        if len(hits) > len(at_home):
            return Place(province="", district="", reason=PlaceReason.ABROAD)
        sounded = _resolve(by_sound(text, self._names))
        if sounded.province:
            return sounded
        if _REMOTE.search(folded):
            return Place(province="", district="", reason=PlaceReason.REMOTE)
        if corrected and place.reason is PlaceReason.NOT_RECOGNISED:
            return _corrected(_resolve(misspelt(text, self._names)))
        return place


def _corrected(place: Place) -> Place:
    if not place.province:
        return _NOWHERE
    return Place(
        province=place.province,
        district=place.district,
        reason=PlaceReason.SPELLING_CORRECTED,
        provinces=place.provinces,
    )


def _resolve(hits: Sequence[Hit]) -> Place:
    """What the names mean together: each lends the others the province it is sure of."""
    sure = {
        next(iter(hit.name.provinces()))
        for hit in hits
        if (hit.name.strong or hit.district) and len(hit.name.provinces()) == 1
    }
    vientiane = any(hit.name.vientiane for hit in hits)
    context = sure | ({CAPITAL, PROVINCE_OF_VIENTIANE} if vientiane else set())
    told = [(hit, _meaning(hit, sure, context)) for hit in hits]
    settled = [(hit, meaning) for hit, meaning in told if meaning]
    placed = [
        (hit, meaning or _vientiane(hit, settled))
        for hit, meaning in told
        if meaning or hit.name.vientiane
    ]
    kept = [(hit, meaning) for hit, meaning in placed if meaning]
    if kept:
        return _place(kept)
    if any(len(hit.name.provinces()) > 1 and (hit.name.strong or hit.district) for hit in hits):
        return Place(province="", district="", reason=PlaceReason.AMBIGUOUS)
    return _NOWHERE


def _meaning(hit: Hit, sure: set[str], context: set[str]) -> tuple[str, str] | None:
    """Province and district that a name means, or `None` where it tells none by itself."""
    name = hit.name
    if name.vientiane:
        return None
    if not (name.strong or hit.district or (hit.whole and name.provinces() & context)):
        return None
    if name.province and not (hit.district and name.districts):
        return name.province, ""
    possible = set(name.districts)
    if len(possible) > 1:
        possible &= sure or context
    if len(possible) > 1:
        possible &= context
    if len(possible) != 1:
        return None
    province = possible.pop()
    return province, name.districts[province]


def _vientiane(hit: Hit, settled: Sequence[tuple[Hit, tuple[str, str]]]) -> tuple[str, str] | None:
    """What "Vientiane" means beside other names; `None` where they already say it."""
    named = {meaning[0] for _, meaning in settled}
    if hit.province:
        return PROVINCE_OF_VIENTIANE, ""
    if CAPITAL in named:
        return None
    last = [meaning for other, meaning in settled if _precedes(other, hit)][-1:]
    if PROVINCE_OF_VIENTIANE in named and (
        not all(meaning[1] for _, meaning in settled if meaning[0] == PROVINCE_OF_VIENTIANE)
        or (last and last[0][0] == PROVINCE_OF_VIENTIANE)
    ):
        return None
    return CAPITAL, ""


def _precedes(one: Hit, other: Hit) -> bool:
    return (one.chunk, one.start) < (other.chunk, other.start)


def _place(told: Sequence[tuple[Hit, tuple[str, str]]]) -> Place:
    provinces = tuple(dict.fromkeys(province for _, (province, _) in told))
    first = provinces[0]
    district = next((code for _, (province, code) in told if province == first and code), "")
    return Place(
        province=first,
        district=district,
        reason=_reason(told, provinces, district),
        provinces=provinces,
    )


def _reason(
    told: Sequence[tuple[Hit, tuple[str, str]]], provinces: tuple[str, ...], district: str
) -> PlaceReason:
    if len(provinces) > 1:
        return PlaceReason.SEVERAL_PROVINCES
    if all(hit.name.landmark for hit, _ in told):
        return PlaceReason.LANDMARK_NAMED
    if district:
        return PlaceReason.DISTRICT_NAMED
    if all(hit.name.vientiane and not hit.province for hit, _ in told):
        return PlaceReason.CAPITAL_BY_CONVENTION
    return PlaceReason.PROVINCE_NAMED
