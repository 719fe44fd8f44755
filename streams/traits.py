"""What a posting is compared by."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from streams.classify.pay import parse_pay
from streams.records import NormalisedPosting
from streams.sketch import sketch
from streams.state import VacancyState, millis
from streams.text import ascii_digits, fold
from streams.titles import parse, title_key

_HEAD: Final = 400  # characters in which pay is looked for
_LONGEST_PLACE: Final = 200
_PLACE_PARTS: Final = re.compile(r"[;|/]|\s+(?:and|&|or)\s+|ແລະ|ຫຼື|และ|,")
_PLACE_MARK: Final = "+"
_YEARS: Final = re.compile(r"\d{1,2}")
_NO_YEARS: Final = re.compile(
    r"\b(?:no|without|none|not required)\b|ບໍ່ຈຳເປັນ|ບໍ່ຕ້ອງ|ไม่จำเป็น|không", re.IGNORECASE
)
_EDUCATION: Final = (
    (8, re.compile(r"ph\.?d|doctor|ປະລິນຍາເອກ|ປ\.?ເອກ|ปริญญาเอก|tiến sĩ|博士", re.IGNORECASE)),
    (7, re.compile(r"master|mba|ປະລິນຍາໂທ|ปริญญาโท|thạc sĩ|硕士", re.IGNORECASE)),
    (
        6,
        re.compile(
            r"bachelor|degree|graduate|ປະລິນຍາຕີ|ปริญญาตรี|cử nhân"
            r"|đại học|本科|学士",
            re.IGNORECASE,
        ),
    ),
    (5, re.compile(r"diploma|higher|ຊັ້ນສູງ|ปวส|cao đẳng|大专", re.IGNORECASE)),
    (
        4,
        re.compile(
            r"vocational|certificate|tvet|ວິຊາຊີບ|ຊັ້ນກາງ|ชั้นกลาง|ปวช"
            r"|trung cấp|中专",
            re.IGNORECASE,
        ),
    ),
    (
        3,
        re.compile(
            r"upper secondary|high school|ມັດທະຍົມຕອນປາຍ|ມັດທະຍົມປາຍ"
            r"|ມ\.?7|มัธยมปลาย|trung học phổ thông|高中",
            re.IGNORECASE,
        ),
    ),
    (2, re.compile(r"secondary|ມັດທະຍົມ|มัธยม|trung học|初中", re.IGNORECASE)),
    (1, re.compile(r"primary|ປະຖົມ|ประถม|tiểu học|小学", re.IGNORECASE)),
)
_SCRIPT: Final = (
    ("lo", re.compile("[\u0e80-\u0eff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What a posting is compared by."""

    title_key: str
    place: str
    """Codes of the places named, or the folded text of a place we do not know, or ""."""
    openings: int
    sketch: bytes
    at: int
    employer: str = ""
    script: str = ""
    """Script of the description: lo, th, zh or la; "" where it says too little."""
    pay_low: int = 0
    pay_high: int = 0
    """Kip a month; 0 where no pay is stated."""
    years: int = -1
    education: int = -1
    """Years of experience and ISCED level asked for; -1 where not stated."""
    opened_on: int = 0


def traits_of(posting: NormalisedPosting, place_of: Callable[[str], str]) -> Traits:
    """Traits of `posting`; `place_of` gives the code of a text's place, or ""."""
    pay = parse_pay(posting.salary_raw[:_HEAD], posting.opened_on)
    if pay is not None and pay.outlier:
        pay = None
    return Traits(
        title_key=title_key(posting.title, lambda part: _is_aside(part, posting, place_of)),
        place=place_code(posting.location_raw, place_of),
        openings=posting.openings,
        sketch=sketch(posting.description),
        at=millis(posting.fetched_at),
        employer=posting.employer,
        script=script_of(posting.description),
        pay_low=round(pay.lower_lak) if pay else 0,
        pay_high=round(pay.upper_lak) if pay else 0,
        years=years_in(posting.experience_raw),
        education=level_in(posting.education_raw),
        opened_on=posting.opened_on.toordinal(),
    )


def state_of(traits: Traits) -> VacancyState:
    """The state of the vacancy that a posting with `traits` opens."""
    return VacancyState(
        title_key=traits.title_key,
        place=traits.place,
        openings=traits.openings,
        sketch=traits.sketch,
        first_seen=traits.at,
        open_postings=1,
        closed_at=0,
        started_on=traits.opened_on,
        closed_on=0,
        employer=traits.employer,
        script=traits.script,
        pay_low=traits.pay_low,
        pay_high=traits.pay_high,
        years=traits.years,
        education=traits.education,
    )


def place_code(text: str, place_of: Callable[[str], str]) -> str:
    """Codes of all places that `text` names, in one order, or its folded text."""
    if not text:
        return ""
    whole = place_of(text)
    parts = [part for part in _PLACE_PARTS.split(text[:_LONGEST_PLACE]) if part.strip()]
    if len(parts) < 2:
        return whole or fold(text)
    codes = {code for part in parts if (code := place_of(part))}
    # "Sikhottabong, Vientiane Capital" is one place told twice: the narrower name says all.
    kept = {code for code in codes if not any(c.startswith(f"{code}/") for c in codes)}
    return _PLACE_MARK.join(sorted(kept)) or whole or fold(text)


def places_of(place: str) -> tuple[str, ...]:
    """The places in a code made by `place_code`."""
    return tuple(place.split(_PLACE_MARK))


def script_of(text: str) -> str:
    """The script in which most of `text` is written; "" where it has fewer than 20 letters."""
    head = text[:1_000]
    letters = sum(map(str.isalpha, head))
    if letters < 20:
        return ""
    for name, pattern in _SCRIPT:
        if len(pattern.findall(head)) > 0.3 * letters:
            return name
    return "la"


@lru_cache(maxsize=4_096)
def years_in(text: str) -> int:
    """Years of experience that `text` asks for; -1 where it states none."""
    if found := _YEARS.search(ascii_digits(text)):
        return int(found.group())
    return 0 if _NO_YEARS.search(text) else -1


@lru_cache(maxsize=4_096)
def level_in(text: str) -> int:
    """ISCED level of the education that `text` asks for; -1 where it names none."""
    return next((level for level, pattern in _EDUCATION if pattern.search(text)), -1)


def _is_aside(part: str, posting: NormalisedPosting, place_of: Callable[[str], str]) -> bool:
    folded = fold(part)
    if not folded:
        return True
    if parse(folded).ranks:
        return False
    if posting.employer and fuzz.token_set_ratio(folded, fold(posting.employer)) >= 90:
        return True
    return bool(place_of(part)) or folded == fold(posting.location_raw)
