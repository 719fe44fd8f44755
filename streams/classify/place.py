"""Province and district from what a posting writes of its place, in Lao or Latin letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from config.vocabulary import districts, provinces, read_table


class PlaceReason(StrEnum):
    """How the place was told."""

    PROVINCE_NAMED = "province_named"
    DISTRICT_NAMED = "district_named"
    CAPITAL_BY_CONVENTION = "capital_by_convention"
    """"Vientiane" without "province" or "capital": adverts mean the capital."""
    SEVERAL_PROVINCES = "several_provinces"
    """More than one province is named: the first counts."""
    NATIONWIDE = "nationwide"
    ABROAD = "abroad"
    NOT_STATED = "not_stated"
    NOT_RECOGNISED = "not_recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`province` is ISO 3166-2:LA, `district` a P-code; "" where not known."""

    province: str
    district: str
    reason: PlaceReason


_CAPITAL = "LA-VT"
_PROVINCE_OF_VIENTIANE = "LA-VI"
_NATIONWIDE = re.compile(
    r"nationwide|all provinces|whole country|countrywide|anywhere in lao|ທົ່ວປະເທດ|ທຸກແຂວງ|ທົ່ວລາວ"
)
_ABROAD = re.compile(
    r"\b(?:thailand|bangkok|vietnam|hanoi|china|kunming|korea|japan|malaysia|singapore|cambodia)\b"
    r"|ປະເທດໄທ|ບາງກອກ|ເກົາຫຼີ|ຍີ່ປຸ່ນ|ມາເລເຊຍ"
)
# Names no table has: the adjective of Vientiane, and how provinces are commonly shortened.
_EXTRA: Mapping[str, str] = {
    "ນະຄອນຫຼວງ": _CAPITAL,
    "ນະຄອນຫລວງວຽງຈັນ": _CAPITAL,
    "ນະຄອນຫລວງ": _CAPITAL,
    "ນຄຫຼວງວຽງຈັນ": _CAPITAL,
    "ນວ": _CAPITAL,
    "vientiane capital": _CAPITAL,
    "vientiane city": _CAPITAL,
    "vientiane municipality": _CAPITAL,
    "vientiane prefecture": _CAPITAL,
    "vte": _CAPITAL,
    "ແຂວງວຽງຈັນ": _PROVINCE_OF_VIENTIANE,
    "vientiane prov": _PROVINCE_OF_VIENTIANE,
    "vientiane province": _PROVINCE_OF_VIENTIANE,
    "ຫລວງພະບາງ": "LA-LP",
    "ຫລວງນໍ້າທາ": "LA-LM",
    "ຫຼວງນໍ້າທາ": "LA-LM",
    "ຫລວງນ້ຳທາ": "LA-LM",
    "ສະຫວັນ": "LA-SV",
    "ປາກເຊ": "LA-CH",
    "pakse": "LA-CH",
    "pakxe": "LA-CH",
    "paksé": "LA-CH",
    "ທ່າແຂກ": "LA-KH",
    "thakhek": "LA-KH",
    "ປາກຊັນ": "LA-BL",
    "paksan": "LA-BL",
    "ໄກສອນ": "LA-SV",
    "savannakhet city": "LA-SV",
    "ວັງວຽງ": _PROVINCE_OF_VIENTIANE,
    "vang vieng": _PROVINCE_OF_VIENTIANE,
    "phonsavan": "LA-XI",
    "ໂພນສະຫວັນ": "LA-XI",
    "xam neua": "LA-HO",
    "sam neua": "LA-HO",
    "ຊຳເໜືອ": "LA-HO",
    "houayxay": "LA-BK",
    "huay xai": "LA-BK",
    "ຫ້ວຍຊາຍ": "LA-BK",
    "boten": "LA-LM",
    "ບໍ່ເຕັນ": "LA-LM",
}
# "Vientiane" without more is used of the capital, though a province has the same name.
_BY_CONVENTION = ("vientiane", "viangchan", "vientian", "viengchan", "ວຽງຈັນ")
_SOUNDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ck", "k"),
        (r"([pkt])h", r"\1"),
        (r"nh", "n"),
        (r"pr", "p"),
        (r"x", "s"),
        (r"gn|ny", "i"),
        (r"ou|oo|eu|w", "u"),
        (r"ie", "ia"),
        (r"y", "i"),
        (r"r", "l"),
        (r"v", "u"),
        (r"e$", ""),
        (r"(.)\1+", r"\1"),
    )
)
_SPLIT = re.compile(r"[^\w\u0e80-\u0eff]+")
_LAO = re.compile(r"[\u0e80-\u0eff]")


def fold(text: str) -> str:
    """Case, accents and punctuation removed; Lao vowels kept; words parted by one space."""
    decomposed = unicodedata.normalize("NFKD", text.replace("ໍາ", "ຳ")).casefold()
    plain = "".join(c for c in decomposed if not ("\u0300" <= c <= "\u036f"))
    return " ".join(part for part in _SPLIT.split(unicodedata.normalize("NFC", plain)) if part)


_FOLDED_CONVENTION = frozenset(map(fold, _BY_CONVENTION))


class Gazetteer:
    """Names of places and what they stand for."""

    def __init__(self) -> None:
        self._provinces: dict[str, str] = {}
        self._districts: dict[str, tuple[str, str]] = {}
        for code, label in provinces().items():
            for name in (label.name_en, label.name_lo):
                self._provinces[fold(name)] = code
        for row in read_table("geo", "lao_province_aliases.csv"):
            self._provinces.setdefault(fold(row["alias"]), row["iso"])
        for name, code in _EXTRA.items():
            self._provinces[fold(name)] = code
        self._provinces.update(dict.fromkeys(map(fold, _BY_CONVENTION), _CAPITAL))
        self._skeletons = {
            skeleton(name): code for name, code in self._provinces.items() if not _LAO.search(name)
        }
        self._add_districts()
        self._pattern = _pattern((*self._provinces, *self._districts))
        self._cache: dict[str, Place] = {}

    def _add_districts(self) -> None:
        seen: dict[str, set[str]] = {}
        for code, label in districts().items():
            for name in (label.name_en, label.name_lo):
                if len(fold(name)) > 3:
                    seen.setdefault(fold(name), set()).add(code)
        for name, codes in seen.items():
            # A name that two districts share tells nothing by itself.
            if len(codes) != 1 or name in self._provinces:
                continue
            code = next(iter(codes))
            parent = districts()[code].parent
            # A provincial seat that bears its province's name stands for the province.
            if self._skeletons.get(skeleton(name)) != parent:
                self._districts[name] = (parent, code)

    def locate(self, *texts: str) -> Place:
        """The place named in the first of `texts` that names one."""
        stated = False
        for text in texts:
            if not text.strip():
                continue
            stated = True
            place = self._cache.get(text)
            if place is None:
                place = self._look(fold(text))
                if len(self._cache) > 50_000:
                    self._cache.clear()
                self._cache[text] = place
            if place.reason is not PlaceReason.NOT_RECOGNISED:
                return place
        reason = PlaceReason.NOT_RECOGNISED if stated else PlaceReason.NOT_STATED
        return Place(province="", district="", reason=reason)

    def code(self, text: str) -> str:
        """The narrowest place named: "LA-VT/LA0103", "LA-VT", "LA" for the whole country, or ""
        where none is known."""
        place = self.locate(text)
        if place.reason is PlaceReason.NATIONWIDE:
            return "LA"
        return f"{place.province}/{place.district}" if place.district else place.province

    def _look(self, text: str) -> Place:
        if _NATIONWIDE.search(text):
            return Place(province="", district="", reason=PlaceReason.NATIONWIDE)
        names = [match.group(0) for match in self._pattern.finditer(text)]
        found = [self._districts.get(name) or (self._provinces[name], "") for name in names]
        found = found or [(code, "") for code in self._by_sound(text)]
        if not found:
            reason = PlaceReason.ABROAD if _ABROAD.search(text) else PlaceReason.NOT_RECOGNISED
            return Place(province="", district="", reason=reason)
        province = found[0][0]
        if any(other != province for other, _ in found):
            return Place(province=province, district="", reason=PlaceReason.SEVERAL_PROVINCES)
        district = next((code for _, code in found if code), "")
        if district:
            return Place(province=province, district=district, reason=PlaceReason.DISTRICT_NAMED)
        only_convention = all(name in _FOLDED_CONVENTION for name in names) and bool(names)
        reason = (
            PlaceReason.CAPITAL_BY_CONVENTION if only_convention else PlaceReason.PROVINCE_NAMED
        )
        return Place(province=province, district="", reason=reason)

    def _by_sound(self, text: str) -> list[str]:
        """Provinces whose name sounds like one to three successive words of `text`."""
        words = text.split()
        spans = (
            "".join(words[start : start + length])
            for start in range(len(words))
            for length in (3, 2, 1)
        )
        codes = (self._skeletons.get(skeleton(span)) for span in spans)
        return list(dict.fromkeys(code for code in codes if code))


def skeleton(name: str) -> str:
    """What the romanisations of one Lao name have in common.

    Lao names have no settled Latin spelling (Xayabury, Sayaboury, Xaignabouli); letters that
    stand for one sound are made equal.
    """
    text = name.replace(" ", "")
    for pattern, replacement in _SOUNDS:
        text = pattern.sub(replacement, text)
    return text


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Longest names first; Latin names as whole words, Lao ones anywhere (no spaces in Lao)."""
    longest = sorted(names, key=len, reverse=True)
    alternatives = [
        re.escape(name) if _LAO.search(name) and len(name) > 3 else rf"\b{re.escape(name)}\b"
        for name in longest
        if name
    ]
    return re.compile("|".join(alternatives))
