"""Columns that speak of persons: never taken, whatever a table is about. Pure."""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = re.compile(
    r"\b(first names?|last names?|full names?|given names?|family names?|surname|nick ?name|"
    r"date of birth|birth ?dates?|birthday|dob|passport|phones?|tel|telephone|mobiles?|cell ?phone|"
    r"whats ?app|wechat|line id|facebook|e ?mails?|mail|fax|contact(s|ed| person| name| details?)?|"
    r"contact number|recruiter|posted by|national id|id card|citizen id|family book|"
    r"gender of applicant|applicants?|candidates?|jobseeker name|name of (person|worker|jobseeker)|"
    r"worker name|employee name|home address)\b"
)
_LAO_OR_THAI: Final = re.compile(
    "ນາມສະກຸນ|ວັນເດືອນປີເກີດ|ວັນເກີດ|ເບີໂທ|ໂທລະສັບ|ມືຖື|ອີເມວ|ອີເມລ|ຕິດຕໍ່|ບັດປະຈຳຕົວ|ສຳມະໂນຄົວ|ໜັງສືຜ່ານແດນ|"
    "ພາສປອດ|นามสกุล|ชื่อ สกุล|วันเกิด|วันเดือนปีเกิด|เบอร์โทร|โทรศัพท์|มือถือ|อีเมล|ติดต่อ|บัตรประชาชน|หนังสือเดินทาง"
)
_COUNTED: Final = re.compile(r"\b(count|number of|total|registered|placed|rate|share)\b")


def about_persons(column: str) -> bool:
    """Whether a column's name (plain, in small letters) says that its cells identify persons.

    `number of applicants` counts them and does not.
    """
    if _LAO_OR_THAI.search(column):
        return True
    found = _WORDS.search(column)
    if found is None:
        return False
    countable = found[0] in ("applicants", "candidates", "contacts")
    return not (countable and _COUNTED.search(column))
