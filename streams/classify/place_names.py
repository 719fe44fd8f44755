"""Names of places and what they stand for, from the tables of `config/geo`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from config.vocabulary import districts, provinces, read_table
from streams.classify.place_text import is_lao, key, skeleton

CAPITAL: Final = "LA-VT"
PROVINCE_OF_VIENTIANE: Final = "LA-VI"
# "Vientiane" without more is used of the capital, though a province has the same name.
_VIENTIANE: Final = ("vientiane", "viangchan", "vientian", "viengchan", "vieng chan", "ວຽງຈັນ")
# Official names of districts that are also everyday words or names of many villages.
_COMMON: Final = frozenset(
    map(
        key,
        ("ສຳພັນ", "ຫົວເມືອງ", "ໂພນໄຊ", "ໂພນທອງ", "ວຽງຄຳ", "ວຽງທອງ", "ວຽງໄຊ", "Phonthong", "Viengkham"),
    )
)
_SHORT: Final = 4
_SHORT_LAO: Final = 5
"""Letters; an official district name of so few is also a part or a meaning of other words."""
_SHORT_ABROAD: Final = 3
_SOUND_LETTERS: Final = 6


@dataclass(slots=True, kw_only=True)
class Name:
    """All that one name can stand for."""

    province: str = ""
    """Code of the province so called, or ""."""
    districts: dict[str, str] = field(default_factory=dict)
    """District code by province."""
    abroad: bool = False
    vientiane: bool = False
    """Whether the capital or the province of Vientiane may be meant."""
    landmark: bool = False
    strong: bool = False
    """Whether the name tells a place without a word such as "district" beside it."""

    def provinces(self) -> frozenset[str]:
        """The provinces it can mean."""
        if self.vientiane:
            return frozenset((CAPITAL, PROVINCE_OF_VIENTIANE))
        named = (self.province,) if self.province else ()
        return frozenset((*named, *self.districts))


class Names:
    """Every known name by its key; those in Latin letters also by sound."""

    def __init__(self) -> None:
        self.by_key: dict[str, Name] = {}
        self._add_official()
        self._add_listed()
        for name in _VIENTIANE:
            self.by_key[key(name)] = Name(vientiane=True, strong=True)
        self.lengths = _lengths(self.by_key)
        self.by_sound = self._sounds(strong=True)
        self.districts_by_sound = self._sounds(strong=False)

    def _at(self, name: str) -> Name:
        return self.by_key.setdefault(key(name), Name())

    def _add_official(self) -> None:
        for code, label in provinces().items():
            for name in filter(None, (label.name_en, label.name_lo)):
                self._province(name, code)
        for row in read_table("geo", "lao_province_aliases.csv"):
            self._province(row["alias"], row["iso"])
        for row in read_table("geo", "lao_districts.csv"):
            for column in ("name_en", "name_en_alt", "name_lo", "name_lo_alt"):
                for name in filter(None, row[column].split(";")):
                    self._district(name, row["pcode"])

    def _province(self, name: str, code: str) -> None:
        entry = self._at(name)
        entry.province = entry.province or code
        entry.strong = True

    def _district(self, name: str, code: str) -> None:
        entry = self._at(name)
        entry.districts[districts()[code].parent] = code
        letters = key(name)
        short = _SHORT_LAO if is_lao(letters) else _SHORT
        if len(letters) > short and letters not in _COMMON:
            entry.strong = True

    def _add_listed(self) -> None:
        for row in read_table("geo", "place_names.csv"):
            self._listed(row["name"], row["province"], row["district"])
        for row in read_table("geo", "landmarks.csv"):
            for name in row["names"].split("|"):
                self._listed(name, row["province"], row["district"]).landmark = True
        for row in read_table("geo", "places_abroad.csv"):
            entry = self._at(row["name"])
            letters = key(row["name"])
            entry.abroad = not entry.provinces()
            # "ໄທ" and "ຈີນ" are countries only where nothing stands beside them.
            short = "\u0e00" <= letters[0] <= "\u0eff" and len(letters) <= _SHORT_ABROAD
            entry.strong = entry.strong or not short

    def _listed(self, name: str, province: str, district: str) -> Name:
        """A listed name tells a place by itself, and a seat of a province is its district."""
        entry = self._at(name)
        entry.strong = True
        if district:
            entry.districts[province] = district
            if entry.province == province and key(name) not in _official(province):
                entry.province = ""
        else:
            entry.province = entry.province or province
        return entry

    def _sounds(self, *, strong: bool) -> dict[str, Name]:
        """Names in Latin letters by sound, only such as mean one place: long ones that tell it by
        themselves, or all those of districts."""
        found: dict[str, Name | None] = {}
        for letters, name in self.by_key.items():
            if not letters.isascii() or name.abroad or name.landmark:
                continue
            sound = skeleton(letters)
            if name.strong and len(sound) >= _SOUND_LETTERS if strong else name.districts:
                known = found.setdefault(sound, name)
                if known is not None and known.provinces() != name.provinces():
                    found[sound] = None
        return {sound: name for sound, name in found.items() if name is not None}


def _official(province: str) -> frozenset[str]:
    label = provinces()[province]
    return frozenset((key(label.name_en), key(label.name_lo)))


def _lengths(keys: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Lengths of the keys by their first two letters, the longest first."""
    found: dict[str, set[int]] = {}
    for letters in keys:
        found.setdefault(letters[:2], set()).add(len(letters))
    return {start: tuple(sorted(lengths, reverse=True)) for start, lengths in found.items()}
