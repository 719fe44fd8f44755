"""What institutions write of places, groups and classes → the codes that the service speaks.

Every reader takes a cleaned text and gives the code, "" for "all", `NOT_STATED` for "not stated",
or `None` where the text is none of these.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final

from config.feeds import Dimension, Feed
from config.vocabulary import (
    Label,
    countries,
    districts,
    education_fields,
    industries,
    occupations,
    provinces,
    read_table,
)

NOT_STATED: Final = "unknown"
"""Code of a part whose place, group or class the owner does not know."""

LAO_DIGITS: Final = str.maketrans("໐໑໒໓໔໕໖໗໘໙", "0123456789")
_TONES: Final = str.maketrans("", "", "່້໊໋")
_ALL: Final = (
    "|all|total|both|both sexes|all ages|national|nation|whole country|lao pdr|laos|lao|ລວມ|"
    "ທັງໝົດ|ທັງສອງເພດ|ທົ່ວປະເທດ|ທຸກແຂວງ"
)
_NOT_STATED: Final = "unknown|not stated|not specified|n/a|na|ບໍ່ລະບຸ|ບໍ່ຮູ້|ບໍ່ແຈ້ງ"
_SEXES: Final = {
    "f": "f|female|females|woman|women|ຍິງ|ເພດຍິງ|ແມ່ຍິງ",
    "m": "m|male|males|man|men|ຊາຍ|ເພດຊາຍ|ຜູ້ຊາຍ",
}
_RESIDENCES: Final = {"urban": "urban|u|ຕົວເມືອງ|ໃນເມືອງ", "rural": "rural|r|ຊົນນະບົດ|ບ້ານນອກ"}
_AGE_RANGE: Final = re.compile(
    r"(?:aged? |ອາຍຸ ?)?(\d{1,3}) ?(?:-|–|—|_|to|ຫາ) ?(\d{1,3})(?: ?(?:years?|ປີ))?"
)
_AGE_OPEN: Final = re.compile(
    r"(?:aged? |ອາຍຸ ?)?(\d{1,3}) ?(?:\+|(?:years? )?and (?:over|above|older)|ປີຂຶ້ນໄປ)"
)
_OLDEST: Final = 120
_TRAILING_ZERO: Final = re.compile(r"(\d+)\.0+")

Reader = Callable[[str], str | None]


def read_dimension(dimension: Dimension, text: str, feed: Feed) -> str | None:
    """The code of one cell of one dimension."""
    plain = text.casefold()
    if plain in _ALL.split("|"):
        return ""
    if plain in _NOT_STATED.split("|"):
        return NOT_STATED
    if dimension is Dimension.CATEGORY:
        return _category(text, feed)
    return _READERS[dimension](text)


def folded(text: str) -> str:
    """`text` without what spellings of one name differ in: case, accents, tones, spaces, ຫຼ/ຫລ."""
    plain = unicodedata.normalize("NFKD", text.translate(_TONES)).casefold()
    plain = plain.replace("ຫຼ", "ຫລ").translate(_TONES)
    return "".join(letter for letter in plain if letter.isalnum() or "\u0eb0" <= letter <= "\u0ecd")


def province_of(text: str) -> str | None:
    """ISO 3166-2:LA code of a province's code or name; `None` also where two share the name."""
    code = text.upper()
    if code in provinces():
        return code
    bare = re.sub(r"(?i)^ແຂວງ ?|\b(?:province|prov\.?)$", "", text).strip()
    found = _provinces_by_name().get(folded(text)) or _provinces_by_name().get(folded(bare))
    return next(iter(found)) if found and len(found) == 1 else None


def district_of(text: str, province: str) -> str | None:
    """P-code of a district's code or name, within `province` where that is given."""
    code = text.upper().replace(" ", "")
    known = districts()
    if code in known:
        return code if not province or known[code].parent == province else None
    bare = re.sub(r"(?i)^ເມືອງ ?|\bdistrict$", "", text).strip()
    named = _districts_by_name()
    found = {*named.get(folded(text), ()), *named.get(folded(bare), ())}
    within = [code for code in found if not province or known[code].parent == province]
    return within[0] if len(within) == 1 else None


def _named(labels: Iterable[Label]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for label in labels:
        for name in (label.name_en, label.name_lo):
            if name:
                found[folded(name)].add(label.code)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _provinces_by_name() -> Mapping[str, frozenset[str]]:
    found = {name: set(codes) for name, codes in _named(provinces().values()).items()}
    for row in read_table("geo", "lao_province_aliases.csv"):
        found.setdefault(folded(row["alias"]), set()).add(row["iso"])
    # ວຽງຈັນ alone is the province: in Lao the capital is always called ນະຄອນຫຼວງ.
    found["ນະຄອນຫລວງ"] = {"LA-VT"}
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def _districts_by_name() -> Mapping[str, frozenset[str]]:
    return _named(districts().values())


@cache
def _countries_by_name() -> Mapping[str, str]:
    found = {folded(label.name_en): code for code, label in countries().items()}
    found |= {folded(label.name_lo): code for code, label in countries().items() if label.name_lo}
    for row in read_table("codelists", "countries.csv"):
        found |= {folded(alias): row["code"] for alias in row["aliases"].split("|") if alias}
    return found


def _country(text: str) -> str | None:
    return text.upper() if text.upper() in countries() else _countries_by_name().get(folded(text))


def _class_in(known: Callable[[], Mapping[str, Label]]) -> Reader:
    """Reads codes of a classification; a zero that a spreadsheet dropped is put back."""

    def read(text: str) -> str | None:
        code = text.translate(LAO_DIGITS).upper().replace(" ", "")
        if match := _TRAILING_ZERO.fullmatch(code):
            code = match[1]
        return next((held for held in (code, f"0{code}") if held in known()), None)

    return read


def _level(text: str) -> str | None:
    code = re.sub(r"(?i)^isced[ -]?(?:level)? ?", "", text.translate(LAO_DIGITS)).strip()
    return code if re.fullmatch(r"[0-8]", code) else None


def _age_group(text: str) -> str | None:
    plain = " ".join(text.casefold().translate(LAO_DIGITS).split())
    if match := _AGE_OPEN.fullmatch(plain):
        return f"{int(match[1])}+" if int(match[1]) <= _OLDEST else None
    match = _AGE_RANGE.fullmatch(plain)
    if match is None or not int(match[1]) <= int(match[2]) <= _OLDEST:
        return None
    return f"{int(match[1])}-{int(match[2])}"


def _one_of(names: Mapping[str, str]) -> Reader:
    def read(text: str) -> str | None:
        plain = text.casefold()
        return next(
            (code for code, all_names in names.items() if plain in all_names.split("|")), None
        )

    return read


def _category(text: str, feed: Feed) -> str | None:
    if feed.category is None:
        return None
    plain = folded(text)
    for code, names in feed.category.codes.items():
        if plain in (folded(code), folded(names.en), folded(names.lo)):
            return code
    return None


_READERS: Final[Mapping[Dimension, Reader]] = {
    Dimension.PROVINCE: province_of,
    Dimension.DISTRICT: lambda text: district_of(text, ""),
    Dimension.OCCUPATION: _class_in(occupations),
    Dimension.INDUSTRY: _class_in(industries),
    Dimension.FIELD: _class_in(education_fields),
    Dimension.LEVEL: _level,
    Dimension.SEX: _one_of(_SEXES),
    Dimension.AGE_GROUP: _age_group,
    Dimension.COUNTRY: _country,
    Dimension.RESIDENCE: _one_of(_RESIDENCES),
}

EXPECTED: Final[Mapping[Dimension, str]] = {
    Dimension.PROVINCE: "one of the 18 provinces by ISO code like LA-VT or by name; "
    "“Vientiane” alone may be the capital (LA-VT) or the province (LA-VI)",
    Dimension.DISTRICT: "a district's P-code like LA0101, or its name together with its province",
    Dimension.OCCUPATION: "an ISCO-08 code of 1 to 4 digits that exists",
    Dimension.INDUSTRY: "an ISIC Rev. 4 section (letter) or division (2 digits)",
    Dimension.FIELD: "an ISCED-F 2013 code of 2 to 4 digits that exists",
    Dimension.LEVEL: "an ISCED 2011 level, 0 to 8",
    Dimension.SEX: "f or m",
    Dimension.AGE_GROUP: "a range of years like 15-24, or 65+",
    Dimension.COUNTRY: "an ISO 3166-1 code of two letters like TH, or the country's name",
    Dimension.RESIDENCE: "urban or rural",
    Dimension.CATEGORY: "one of the codes that the feed's page lists",
}
