"""Tells a list of persons from a table of aggregates, by its columns' names and by their content.

A list of persons is refused whole and nothing of it is kept, so the content of every column is
looked at, also of those that would not be stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from scrapers.parsing.personal import about_persons
from scrapers.parsing.supply_codes import LAO_DIGITS
from scrapers.parsing.supply_columns import plain

_NAMED: Final = re.compile(
    r"\b(?:(?:first|last|full|given|family|middle|person|applicant|worker|employee|student|"
    r"jobseeker|beneficiary|insured|holder|rider|driver)(?: s)? names?|names?|surname|dob|"
    r"passports?|"
    r"(?:date|day|place) of birth|birth ?(?:date|day)|(?:tele|mobile )?phones?(?: (?:number|no))?|"
    r"mobile|tel|whats ?app|facebook|e ?mail(?: address)?|(?:home |postal |street )?address|"
    r"(?:national |identity )?id(?: (?:card|number|no))|identity card|family book|"
    r"(?:passport|permit|licence|bank account|social security|insurance|employee|student) "
    r"(?:number|no|id)|signature|photo|applicant|personal code|household head)\b"
)
_NOT_OF_PERSONS: Final = re.compile(
    r"\b(?:province|district|country|measure|indicator|field|industry|occupation|school|system|"
    r"institution|programme|series|sector|category|area|office|agency|platform) names?\b"
)
_NAMED_LAO: Final = re.compile(
    r"^ຊື່$|^ຊື່ (?!ແຂວງ|ເມືອງ|ປະເທດ)|ນາມສະກຸນ|ຊື່ ?ແລະ ?ນາມ|ຊື່ຄົນ|ຊື່ຜູ້|ຊື່ນັກ|ຊື່ພະນັກງານ|ເບີໂທ|ໂທລະສັບ|ມືຖື|"
    r"ອີເມວ|ອີເມລ|ໜັງສືຜ່ານແດນ|ພາສປອດ|ບັດປະຈຳຕົວ|ວັນ ?ເດືອນ ?ປີ ?ເກີດ|ວັນເກີດ|ທີ່ຢູ່(?!ອາໄສ)|ສຳມະໂນຄົວ|ເລກບັນຊີ|"
    r"ເລກປະກັນສັງຄົມ|ລາຍເຊັນ|ຮູບຖ່າຍ"
)
_EMAIL: Final = re.compile(r"[\w.+\-]+@[\w\-]+\.\w[\w.]*")
_DIALLED: Final = re.compile(r"\+?[\d ()./\-]{6,24}")
# Digits of what is dialled: abroad with a plus, Lao mobiles (020 and 8, 030 and 7), Lao land lines.
_PHONE: Final = re.compile(
    r"(?:00)?856\d{8,10}|\+\d{8,15}|0?20[2579]\d{7}|0?30[2-9]\d{6}|0[2-8]\d{7}"
)
_DOCUMENT: Final = re.compile(
    r"[A-Za-z]{1,2} ?\d{6,9}|\d{2}-\d{6,12}|\d{11,15}|\d-\d{4}-\d{5}-\d{2}-\d"
)
_TITLED: Final = re.compile(r"(?i:mr|mrs|ms|miss|dr)\.? \S+|(?:ທ\.|ນ\.|ທ້າວ|ນາງ|ທ່ານ) ?\S+")
_WORDS: Final = re.compile(
    r"[^\W\d_]{2,}(?:[ .'\-]+[^\W\d_]+){1,3}|[\u0e80-\u0eff]{4,}(?: [\u0e80-\u0eff]+)*"
)
_FEWEST_ROWS = 3
_SHARE: Final = 0.2
_DISTINCT: Final = 0.8
_LONGEST_LOOKED_AT: Final = 200


def personal_names(columns: Sequence[str]) -> list[str]:
    """The columns whose names say that they are about single persons."""
    return [column for column in columns if _is_named(column)]


def personal_content(
    rows: Sequence[Mapping[str, str]],
    *,
    figures: frozenset[str],
    coded: frozenset[str],
) -> list[str]:
    """Columns that look like data of persons, each with what they look like.

    Args:
        figures: columns that hold figures and periods, whose digits are no telephone numbers.
        coded: columns of codes; their words are names of places and groups, not of persons.
    """
    columns = dict.fromkeys(column for row in rows for column in row)
    found = []
    for column in columns:
        values = [value.translate(LAO_DIGITS) for value in _stated(rows, column)]
        kind = _kind_of(values, figures=column in figures, coded=column in coded)
        if kind:
            found.append(f"{column}: {kind}")
    return found


def one_row_each(
    rows: Sequence[Mapping[str, str]], *, counts: frozenset[str], coded: frozenset[str]
) -> str:
    """The column of names in a table whose every count is 1; "" where there is none."""
    stated = {value for column in counts for value in _stated(rows, column)}
    if len(rows) < _FEWEST_ROWS or not stated or not stated <= {"1", "1.0"}:
        return ""
    for column in dict.fromkeys(column for row in rows for column in row):
        values = _stated(rows, column)
        if column in counts or column in coded or len(values) < _FEWEST_ROWS:
            continue
        distinct = len(set(values)) / len(values)
        if distinct >= _DISTINCT and _share(_WORDS, values) >= _DISTINCT:
            return column
    return ""


def _stated(rows: Sequence[Mapping[str, str]], column: str) -> list[str]:
    """The column's values that are not empty; of a long one its beginning."""
    cells = (row.get(column, "").strip() for row in rows)
    return [cell[:_LONGEST_LOOKED_AT] for cell in cells if cell]


def _is_named(column: str) -> bool:
    name = plain(column)
    if _NAMED_LAO.search(column.strip()):
        return True
    return about_persons(name) or bool(_NAMED.search(_NOT_OF_PERSONS.sub("", name)))


def _kind_of(values: Sequence[str], *, figures: bool, coded: bool) -> str:
    if any(_EMAIL.search(value) for value in values):
        return "e-mail addresses"
    if figures or not values:
        return ""
    if _share(_PHONE, [_dialled(value) for value in values]) >= _SHARE:
        return "telephone numbers"
    if _share(_DOCUMENT, values) >= _SHARE:
        return "numbers of passports or identity cards"
    if not coded and _share(_TITLED, values) >= _SHARE:
        return "names of persons"
    return ""


def _dialled(value: str) -> str:
    """The digits of what may be a telephone number, with a leading plus; else ""."""
    if not _DIALLED.fullmatch(value):
        return ""
    plus = "+" if value.startswith("+") else ""
    return plus + "".join(letter for letter in value if letter.isdecimal())


def _share(pattern: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(bool(pattern.fullmatch(value)) for value in values) / len(values)
