"""Small numbers as words in the languages of Lao job adverts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TO_TWENTY: Final[Mapping[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "one ໜຶ່ງ ຫນຶ່ງ หนึ่ง một",
            "two ສອງ สอง hai",
            "three ສາມ สาม ba",
            "four ສີ່ สี่ bốn",
            "five ຫ້າ ห้า năm",
            "six ຫົກ หก sáu",
            "seven ເຈັດ เจ็ด bảy",
            "eight ແປດ แปด tám",
            "nine ເກົ້າ เก้า chín",
            "ten ສິບ สิบ mười",
            "eleven ສິບເອັດ สิบเอ็ด",
            "twelve ສິບສອງ สิบสอง",
            "thirteen ສິບສາມ สิบสาม",
            "fourteen ສິບສີ່ สิบสี่",
            "fifteen ສິບຫ້າ สิบห้า",
            "sixteen ສິບຫົກ สิบหก",
            "seventeen ສິບເຈັດ สิบเจ็ด",
            "eighteen ສິບແປດ สิบแปด",
            "nineteen ສິບເກົ້າ สิบเก้า",
            "twenty ຊາວ ยี่สิบ",
        ),
        start=1,
    )
    for word in words.split()
}
_TENS: Final = {"ຊາວ": 20, "ສາມສິບ": 30, "ยี่สิบ": 20, "สามสิบ": 30}
_ONES: Final = {
    "ລ": ("", "ເອັດ", "ສອງ", "ສາມ", "ສີ່", "ຫ້າ", "ຫົກ", "ເຈັດ", "ແປດ", "ເກົ້າ"),
    "ไ": ("", "เอ็ด", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด", "แปด", "เก้า"),
}
NUMBER_WORDS: Final[Mapping[str, int]] = {
    **_TO_TWENTY,
    **{
        tens + ones: value + number
        for tens, value in _TENS.items()
        for number, ones in enumerate(_ONES["ລ" if "\u0e80" <= tens[0] <= "\u0eff" else "ไ"])
    },
}
HAN_DIGITS: Final[Mapping[str, int]] = {
    **{digit: number for number, digit in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
    "十": 10,
}
_LETTER: Final = r"[a-z\u00e0-\u024f\u1e00-\u1eff]"

WORD_PATTERN: Final = "|".join(
    rf"(?<!{_LETTER}){word}(?!{_LETTER})" if word[0].isascii() else word
    for word in sorted(NUMBER_WORDS, key=len, reverse=True)
)
"""Matches one word of `NUMBER_WORDS` in text of small letters, the longest first."""


def value_of(number: str) -> float:
    """A number in digits or as one word ("2.5", "ສອງ", "两").

    Raises:
        KeyError: it is neither.
    """
    if number[0].isdigit():
        return float(number.replace(",", "."))
    return HAN_DIGITS[number] if number in HAN_DIGITS else NUMBER_WORDS[number]
