"""Industry (ISIC Rev. 4 section) from the stated category, else from the occupation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from config.vocabulary import read_table

# Stated categories of job boards, in the two languages they use; the first that occurs counts.
_WORDS: Final[Mapping[str, re.Pattern[str]]] = {
    section: re.compile(pattern)
    for section, pattern in {
        "A": r"agricult|farm|forest|plantation|fisher|ກະສິກຳ|ປ່າໄມ້|ປະມົງ",
        "B": r"\bmining|\bmine|quarr|ບໍ່ແຮ່|ຂຸດຄົ້ນ",
        "D": r"hydropower|electricity|power plant|energy|ໄຟຟ້າ|ພະລັງງານ",
        "F": r"construct|civil|real estate develop|ກໍ່ສ້າງ",
        "I": r"hotel|restaurant|hospitality|tourism|food service|catering|ໂຮງແຮມ|ຮ້ານອາຫານ|ທ່ອງທ່ຽວ",
        "J": r"\bict\b|\bit\b|information tech|software|telecom|media|ໄອທີ|ໂທລະຄົມ|ເຕັກໂນໂລຊີ",
        "K": r"bank|financ|insurance|microfinance|ທະນາຄານ|ການເງິນ|ປະກັນໄພ",
        "H": r"transport|logistic|warehous|courier|delivery|ຂົນສົ່ງ|ໂລຈິສຕິກ",
        "P": r"educat|school|teach|training|ສຶກສາ|ໂຮງຮຽນ",
        "Q": r"health|medical|hospital|clinic|pharma|social work|ສາທາ|ໂຮງໝໍ|ສຸຂະພາບ",
        "C": r"manufact|garment|textile|factory|production|ໂຮງງານ|ຕັດຫຍິບ|ອຸດສາຫະກຳ|ຜະລິດ",
        "G": r"retail|wholesale|\btrad(?:e|ing)\b|\bsales\b|import|ຂາຍ|ການຄ້າ",
        "N": r"security serv|cleaning|recruit|staffing|travel agen|ຮັກສາຄວາມປອດໄພ",
        "O": r"government|public admin|ລັດຖະບານ",
        "S": r"\bngo\b|non[- ]?profit|association|beauty|salon|ສະມາຄົມ",
        "M": r"consult|legal|account|engineering serv|ທີ່ປຶກສາ|ກົດໝາຍ",
    }.items()
}


@cache
def _by_occupation() -> Mapping[str, str]:
    rows = read_table("codelists", "occupation_section.csv")
    return {row["isco08"]: row["isic"] for row in rows}


def section_of(stated: str, isco08: str) -> str:
    """Section letter from a stated industry or category, else the usual one of the occupation.

    Returns:
        "" where neither tells.
    """
    text = stated.casefold()
    if text:
        hits = [(m.start(), s) for s, pattern in _WORDS.items() if (m := pattern.search(text))]
        if hits:
            return min(hits)[1]
    table = _by_occupation()
    for digits in range(len(isco08), 0, -1):
        if isco08[:digits] in table:
            return table[isco08[:digits]]
    return ""
