"""Amounts of money as people write them, in digits, in words, and in both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from streams.number_words import HAN_DIGITS, NUMBER_WORDS, WORD_PATTERN
from streams.text import ascii_digits

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0xFFE5: 0xA5}
_WIDE: Final = re.compile("[\uff01-\uff5e\uffe5]")
_LAO: Final = re.compile("[\u0e80-\u0eff]")
_LAO_FORMS: Final = (
    (re.compile("\u0ecd([\u0ec8-\u0ecb]?)\u0eb2"), "\\1\u0eb3"),
    (re.compile("\u0eb3([\u0ec8-\u0ecb])"), "\\1\u0eb3"),
    (re.compile("ຫມ"), "ໝ"),
    (re.compile("ຫນ"), "ໜ"),
)
_SCALES: Final[Mapping[str, float]] = {
    **dict.fromkeys(("ລ້ານ", "ລານ", "ล้าน", "triệu", "trieu", "tr", "củ", "百万"), 1e6),
    **dict.fromkeys(("million", "millions", "mio", "mil", "mln", "m"), 1e6),
    **dict.fromkeys(("ແສນ", "แสน"), 1e5),
    **dict.fromkeys(("ໝື່ນ", "ໝື່ນ", "หมื่น", "万", "萬"), 1e4),
    **dict.fromkeys(("ພັນ", "พัน", "千", "nghìn", "ngàn", "thousand", "k"), 1e3),
    "hundred thousand": 1e5,
    "hundred": 1e2,
}
_SCALE: Final = "|".join(
    rf"{scale}(?![a-z\u00e0-\u024f\u1e00-\u1eff])" if scale[0].isascii() else scale
    for scale in sorted(_SCALES, key=len, reverse=True)
)
_AMOUNT: Final = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,3}(?:,\d{3})+\.\d{1,2}(?!\d)|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)"
    r"|\d{1,3}(?:[,.' ’]\d{3})+(?!\d)"
    r"|\d+(?:[.,]\d+)?)"
    rf"(?:\s*(?P<scale>{_SCALE})\.?)?"
)
_HALF: Final = re.compile(r"\s*(?:ເຄິ່ງ|ครึ่ง|rưỡi|半)")
# "3 ລ້ານ 5" is three and a half million; the digit stands alone.
_TENTH: Final = re.compile(
    r"\s*(?P<digit>[1-9])(?![\d.,%]|\s*(?:[a-z\u00e0-\u024f\u1e00-\u1eff]|ປີ|ມື້|ວັນ|ຄົນ|ຕຳແໜ່ງ|ເດືອນ))"
)
_WITH_CENTS: Final = re.compile(
    r"(?P<whole>\d{1,3}(?:,\d{3})+(?=\.)|\d{1,3}(?:\.\d{3})+(?=,))[.,](?P<cents>\d{1,2})"
)
_CENTS: Final = 2
_GROUPS: Final = re.compile(r"\d{1,3}(?:[,.' ’]\d{3})+")

_TO: Final = r"[-–—~〜]|ຫາ|ເຖິງ|ຮອດ|ถึง|\bto\b|\bđến\b|至|到"
_WORD_BEFORE_SCALE: Final = re.compile(rf"({WORD_PATTERN})(?=\s*(?:{_SCALE}))")
_WORD_BEFORE_RANGE: Final = re.compile(rf"({WORD_PATTERN})(?=\s*(?:{_TO})\s*\d+\s*(?:{_SCALE}))")
_WORD_AFTER_SCALE: Final = re.compile(rf"(ລ້ານ|ແສນ|ໝື່ນ|ພັນ|ล้าน|แสน|หมื่น|พัน)\s?({WORD_PATTERN})")
_BARE_SCALE: Final = re.compile(r"(?<![\d.,])(?<!\d )(ລ້ານ|ແສນ|ໝື່ນ|ພັນ|ล้าน|แสน|หมื่น|พัน)(?=\s?[1-9])")
_HAN_SCALES: Final[Mapping[str, int]] = {"十": 10, "百": 100, "千": 1000}
_HAN: Final = re.compile(
    r"(?<![\d.])[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]*[十百千万][零〇一二两三四五六七八九十百千万]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number, or the range of two, at its place in the text."""

    lower: float
    upper: float
    start: int
    end: int
    scale: float
    """What the word beside it multiplies by ("million"), or 1."""


@lru_cache(maxsize=32)
def plain(text: str) -> str:
    """`text` in small letters, with digits 0-9 and in one form of Lao letters.

    Several coders read the same description one after the other, hence the small memory.
    """
    if text.isascii():
        return text.lower()
    if _WIDE.search(text):
        text = text.translate(_FULL_WIDTH)
    text = ascii_digits(text).casefold()
    if _LAO.search(text):
        for pattern, form in _LAO_FORMS:
            text = pattern.sub(form, text)
    return text


def in_digits(text: str) -> str:
    """Plain `text` with the number words that count money as digits."""
    text = _WORD_BEFORE_SCALE.sub(_unit, text)
    text = _WORD_BEFORE_RANGE.sub(_unit, text)
    text = _WORD_AFTER_SCALE.sub(lambda match: f"{match[1]} {NUMBER_WORDS[match[2]]} ", text)
    text = _BARE_SCALE.sub(r"1 \1", text)
    return _HAN.sub(lambda match: f"{_han(match.group()):.0f}", text)


def _unit(match: re.Match[str]) -> str:
    return f" {NUMBER_WORDS[match[1]]} "


def _han(numeral: str) -> int:
    """Value of a Chinese numeral; "一万二" is 12,000."""
    whole, part, digit, last = 0, 0, 0, 1
    for character in numeral:
        if character in HAN_DIGITS and character != "十":
            digit = HAN_DIGITS[character]
        elif character in _HAN_SCALES:
            last = _HAN_SCALES[character]
            part += (digit or 1) * last
            digit = 0
        else:
            whole += (part + digit or 1) * 10_000
            part, digit, last = 0, 0, 10_000
    return whole + part + digit * (last // 10 if last > 10 and numeral[-2:-1] != "零" else 1)


def amounts(text: str) -> list[Amount]:
    """Numbers of `text`, which `in_digits` has read, in order; two joined by "to" are one range.

    In "3-5 million" the scale belongs to both.
    """
    singles = list(_singles(text))
    found: list[Amount] = []
    while singles:
        one = singles.pop(0)
        if singles and _joined(text[one.end : singles[0].start]):
            joined = _range(one, singles[0])
            if joined is not None:
                singles.pop(0)
                one = joined
        found.append(one)
    return found


# Currencies and periods may stand between the two ends of a range.
_BETWEEN: Final = re.compile(
    r"lak|kips?|usd|us\$|thb|cny|rmb|vnd|vnđ|baht|[₭$฿¥₫]|đ(?![a-z\u1e00-\u1eff])|ກີບ|ບາດ|ໂດລາ"
    r"|บาท|กีบ|元|million|\s|\.|:"
)
_JOINS: Final = re.compile(rf"(?:{_TO}|and|ຫຼື|or)\s*(?:đến)?")


def _joined(gap: str) -> bool:
    return len(gap) < 24 and _JOINS.fullmatch(_BETWEEN.sub("", gap)) is not None


def _range(one: Amount, other: Amount) -> Amount | None:
    lower, upper = one.lower, other.upper
    if one.scale == 1 and lower <= upper / other.scale:
        lower = round(lower * other.scale, _CENTS)
    if not 0 < lower <= upper:
        return None
    return Amount(
        lower=lower,
        upper=upper,
        start=one.start,
        end=other.end,
        scale=max(one.scale, other.scale),
    )


def _singles(text: str) -> Iterator[Amount]:
    at = 0
    while match := _AMOUNT.search(text, at):
        value, at = _value(match, text)
        if value > 0:
            yield Amount(
                lower=value,
                upper=value,
                start=match.start(),
                end=at,
                scale=_SCALES.get(match["scale"] or "", 1.0),
            )


def _value(match: re.Match[str], text: str) -> tuple[float, int]:
    """Value and end of an amount, with what follows its scale: "2 ລ້ານ 5 ແສນ", "7tr5"."""
    scale = _SCALES.get(match["scale"] or "", 1.0)
    value, end = round(_number(match["number"], scale) * scale, _CENTS), match.end()
    if scale < 1e4:
        return value, end
    following = _AMOUNT.match(text, end + len(text[end:]) - len(text[end:].lstrip()))
    if following and following["scale"] and _SCALES[following["scale"]] < scale:
        smaller = _SCALES[following["scale"]]
        return value + _number(following["number"], smaller) * smaller, following.end()
    if half := _HALF.match(text, end):
        return value + scale / 2, half.end()
    if tenth := _TENTH.match(text, end):
        return value + int(tenth["digit"]) * scale / 10, tenth.end()
    return value, end


def _number(number: str, scale: float) -> float:
    """ "3,500,000", "3.500.000" and "3 500 000" are one number; "3.5" and "3,5" another.

    Before a million "2.500" is two and a half, and not two thousand five hundred.
    """
    if cents := _WITH_CENTS.fullmatch(number):
        return float(f"{re.sub('[,.]', '', cents['whole'])}.{cents['cents']}")
    single = number.count(".") + number.count(",") == 1
    if _GROUPS.fullmatch(number) and not (scale >= 1e6 and single):
        return float(re.sub(r"[,.' ’]", "", number))
    return float(number.replace(",", "."))
