"""How many openings a posting states."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from streams.number_words import HAN_DIGITS, WORD_PATTERN, value_of
from streams.text import ascii_digits

UNSTATED: Final = 1
# Above this a "number of openings" is a telephone number, a year or a salary in the wrong field.
MOST_BELIEVED: Final = 500

_NUMBER: Final = re.compile(r"(?<![\d.,])(\d{1,5})(?![\d]|[.,]\d)")
_WORD: Final = re.compile(f"{WORD_PATTERN}|[{''.join(HAN_DIGITS)}]")
_IN_TITLE: Final = re.compile(
    r"(?<![\d.,])(\d{1,3})\s*(?:x\b|positions?\b|posts?\b|persons?\b|people\b|pax\b|vacanc(?:y"
    r"|ies)\b"
    r"|openings?\b|ຄົນ|ຕຳແໜ່ງ|ຕໍາແໜ່ງ|ອັດຕາ|ທ່ານ|อัตรา|ตำแหน่ง|คน|người\b|名|人)"
    r"|(?:^|\s)[x×]\s?(\d{1,2})(?!\w)|\(\s*(\d{1,2})\s*\)\s*$"
    r"|^(\d{1,2})\s+(?!years?\b|months?\b|days?\b|stars?\b)(?:[a-z]+\s+){0,2}[a-z]+(?:s|men"
    r"|women)$",
    re.IGNORECASE,
)
_COUNT: Final = rf"(?<![\d.,])(\d{{1,3}}|{WORD_PATTERN})(?![\d.,]\d)(?:\s*\(\d{{1,3}}\))?"
_IN_RUNNING_TEXT: Final = (
    r"(?:number of|no\. of|total) (?:vacanc(?:y|ies)|positions?|openings?|posts?"
    r"|people needed)\s*[:=–-]?\s*"
    + _COUNT
    + r"|(?:vacanc(?:y|ies)|openings|positions|headcount|required no|qty"
    r"|quantity(?: required)?)\s*[:=]\s*"
    + _COUNT
    + r"|(?:hiring|recruiting|looking for|seeking|need(?:s|ed)?|wanted"
    r"|vacancy for)\s+(?:up to\s+)?"
    + _COUNT
    + r"(?!\s*(?:%|[-–]|(?:or|to)\s+\d|years?|months?|days?|hours?|weeks?|more|star"
    r"|of\b))\s+(?=[a-z])"
    r"|(?:ຈຳນວນ|ຈໍານວນ|ຮັບ|ຕ້ອງການ)[^\d\n.]{0,40}?" + _COUNT + r"\s*(?:ຄົນ|ຕຳແໜ່ງ|ຕໍາແໜ່ງ|ອັດຕາ|ທ່ານ)"
    r"|(?:จำนวน|รับ)[^\d\n.]{0,40}?"
    + _COUNT
    + r"\s*(?:คน|อัตรา|ตำแหน่ง|ท่าน)|(?:số lượng|tuyển)[^\d\n.]{0,24}?"
    + _COUNT
    + r"\s*(?:người|nhân viên|vị trí)?|(?:招聘?|急聘|诚聘)[^\d\n。，]{0,14}?"
    + _COUNT
    + r"\s*(?:人|名|位)"
)
_READ: Final = 4_000


def parse_openings(raw: str, title: str = "", description: str = "") -> int:
    """Openings stated in the source's own field, else in the title, else in the description;
    1 where none is.

    The lower bound of a range counts ("2-3 persons" is 2). Unbelievable numbers count as unstated.
    """
    if raw:
        text = ascii_digits(raw)
        if number := _NUMBER.search(text):
            return _believed(int(number.group(1)))
        if word := _WORD.search(text.lower()):
            return _believed(int(value_of(word.group())))
    if title and (stated := _IN_TITLE.search(ascii_digits(title))):
        return _believed(int(next(filter(None, stated.groups()))))
    if description and (told := _in_text().search(ascii_digits(description[:_READ]).lower())):
        return _believed(int(value_of(next(filter(None, told.groups())))))
    return UNSTATED


def _believed(number: int) -> int:
    return number if 1 <= number <= MOST_BELIEVED else UNSTATED


@cache
def _in_text() -> re.Pattern[str]:
    """In running text a number counts only beside a word that says how many are wanted.

    Compiled when first asked for: that takes longer than any other import of programs that only
    read what the stream stored.
    """
    return re.compile(_IN_RUNNING_TEXT)
