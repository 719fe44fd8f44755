"""How many openings a posting states."""

from __future__ import annotations

import re
from typing import Final

from streams.text import ascii_digits

UNSTATED: Final = 1
# Above this a "number of openings" is a telephone number, a year or a salary in the wrong field.
MOST_BELIEVED: Final = 500

_NUMBER: Final = re.compile(r"(?<![\d.,])(\d{1,5})(?![\d]|[.,]\d)")
_WORDS: Final = {
    word: number
    for number, words in enumerate(
        (
            "one ໜຶ່ງ ຫນຶ່ງ หนึ่ง một 一",
            "two ສອງ สอง hai 两 二",
            "three ສາມ สาม ba 三",
            "four ສີ່ สี่ bốn 四",
            "five ຫ້າ ห้า năm 五",
            "six ຫົກ หก sáu 六",
            "seven ເຈັດ เจ็ด bảy 七",
            "eight ແປດ แปด tám 八",
            "nine ເກົ້າ เก้า chín 九",
            "ten ສິບ สิบ mười 十",
        ),
        start=1,
    )
    for word in words.split()
}
_WORD: Final = re.compile(
    "|".join(
        rf"\b{word}\b" if word.isascii() else word
        for word in sorted(_WORDS, key=lambda word: (-len(word), word))
    )
)
_IN_TITLE: Final = re.compile(
    r"(?<![\d.,])(\d{1,3})\s*(?:x\b|positions?\b|posts?\b|persons?\b|people\b|pax\b|vacanc(?:y|ies)\b"
    r"|openings?\b|ຄົນ|ຕຳແໜ່ງ|ຕໍາແໜ່ງ|ອັດຕາ|อัตรา|ตำแหน่ง|คน|名|人)",
    re.IGNORECASE,
)


def parse_openings(raw: str, title: str = "") -> int:
    """Openings stated in the source's own field, else in the title; 1 where none is.

    The lower bound of a range counts ("2-3 persons" is 2). Unbelievable numbers count as unstated.
    """
    if raw:
        text = ascii_digits(raw)
        if number := _NUMBER.search(text):
            return _believed(int(number.group(1)))
        if word := _WORD.search(text.lower()):
            return _WORDS[word.group()]
    if title and (stated := _IN_TITLE.search(ascii_digits(title))):
        return _believed(int(stated.group(1)))
    return UNSTATED


def _believed(number: int) -> int:
    return number if 1 <= number <= MOST_BELIEVED else UNSTATED
