"""Names of months and the words around dates in Lao, English, Thai, Vietnamese and Chinese."""

from __future__ import annotations

import re
from typing import Final

_LAO: Final = (
    "ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ",
    "ກໍລະກົດ", "ສິງຫາ", "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ",
)  # fmt: skip
_LAO_ALSO: Final = {"ມິຖຸນາ": 6, "ກໍລະກົດ": 7, "ກລະກົດ": 7, "ພຶດສະພາ": 5, "ທັນວາ": 12}
_ENGLISH: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_THAI: Final = (
    ("มกราคม", "มค"), ("กุมภาพันธ์", "กพ"), ("มีนาคม", "มีค"), ("เมษายน", "เมย"),
    ("พฤษภาคม", "พค"), ("มิถุนายน", "มิย"), ("กรกฎาคม", "กค"), ("สิงหาคม", "สค"),
    ("กันยายน", "กย"), ("ตุลาคม", "ตค"), ("พฤศจิกายน", "พย"), ("ธันวาคม", "ธค"),
)  # fmt: skip
_VIETNAMESE: Final = ("một", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười",
                      "mười một", "mười hai")  # fmt: skip
_THAI_SHORT: Final = re.compile(r"(?<![ก-๙])((?:[มกพสตธ][ีิ]?|เม)\.?\s?[คพยม]\.)(?![ก-๙])")
_CHINESE: Final = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_CHINESE_SHORT: Final = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_MONTH_NUMBER: Final = re.compile(
    r"(?<=\d)\s*,?\s*(?:ເດືອນ(?:ທີ)?|เดือน|tháng|th\.)\s*(?=\d{1,2}(?!\d))", re.IGNORECASE
)
_YEAR_NUMBER: Final = re.compile(
    r"(?<=[\d])\s*,?\s*(?:ປີ|ປີ\s*ຄ\.?\s*ສ\.?|ຄ\.?\s?ສ\.?|ปี|พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|năm)\s*(?=\d{4})",
    re.IGNORECASE,
)
_SPACED_YEAR: Final = re.compile(r"(\d{1,2}/\d{1,2})\s*,?\s+(\d{4})(?!\d)")
_WORDS: Final = re.compile(
    r"ວັນທີ່?|ເດືອນ|ປີ\s*(?=\d)|ຄ\.?\s?ສ\.?(?=\s*\d)|วันที่|เดือน|ปี(?=\s*\d)|[พค]\.\s?ศ\.(?=\s*\d)"
    r"|\bngày\b|\bnăm(?=\s*\d)|\bof\b",
    re.IGNORECASE,
)


def month_number(name: str) -> int:
    """1 to 12 of a month's name in Lao, English or Thai, whole or shortened; else 0."""
    word = name.strip().strip(".,/-").casefold()
    for number, lao in enumerate(_LAO, start=1):
        if word.startswith(lao):
            return number
    if word in _LAO_ALSO:
        return _LAO_ALSO[word]
    if word in ("sept", "juin"):
        return 9 if word == "sept" else 0
    for number, english in enumerate(_ENGLISH, start=1):
        if len(word) >= 3 and english.startswith(word):
            return number
    for number, (thai, short) in enumerate(_THAI, start=1):
        if word.startswith(thai) or word.replace(".", "") == short:
            return number
    return 0


def in_digits(text: str) -> str:
    """The text with dates of the region's forms rewritten so that numbers and names suffice.

    "ngày 4 tháng 3 năm 2026" and "ວັນທີ 4 ເດືອນ 3 ປີ 2026" become "4/3/2026", "2026年3月4日"
    "2026-3-4", "4 มี.ค. 2569" "4 มีนาคม 2569".
    """
    if text.isascii():
        return re.sub(r"\bof\b", " ", text) if " of " in text else text
    text = _CHINESE.sub(r"\1-\2-\3", text)
    text = _CHINESE_SHORT.sub(r"\2/\1", text)
    text = _YEAR_NUMBER.sub("/", _MONTH_NUMBER.sub("/", text))
    text = _SPACED_YEAR.sub(r"\1/\2", text)
    text = _vietnamese(text)
    text = _THAI_SHORT.sub(_whole_thai, text)
    return _WORDS.sub(" ", text).strip()


def _whole_thai(match: re.Match[str]) -> str:
    number = month_number(match[1].replace(" ", ""))
    return f" {_THAI[number - 1][0]} " if number else match[0]


def _vietnamese(text: str) -> str:
    """ "tháng ba" by the number's name."""
    if "háng" not in text and "HÁNG" not in text:
        return text

    def named(match: re.Match[str]) -> str:
        word = " ".join(match[1].casefold().split())
        return f" {_ENGLISH[_VIETNAMESE.index(word)]} " if word in _VIETNAMESE else match[0]

    words = "|".join(sorted(_VIETNAMESE, key=len, reverse=True))
    return re.sub(rf"tháng\s+({words})\b", named, text, flags=re.IGNORECASE)
