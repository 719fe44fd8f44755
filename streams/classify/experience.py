"""The shortest experience that a posting asks for, in months."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from streams.classify.pay_numbers import plain
from streams.classify.sentences import keys, sentences_with
from streams.number_words import HAN_DIGITS, WORD_PATTERN, value_of

_NUMBER: Final = rf"(?:\d{{1,3}}(?:[.,]\d)?|{WORD_PATTERN}|[{''.join(HAN_DIGITS)}])"
_SPAN: Final = re.compile(
    rf"(?P<low>{_NUMBER})(?:\s*\((?:(?P<digits>\d{{1,3}})|{WORD_PATTERN})\))?\s*\+?"
    rf"(?:\s*(?:[-–—~/]|to|or|ຫາ|ເຖິງ|ຫຼື|ถึง|đến|至"
    rf"|到)\s*{_NUMBER}(?:\s*\(\d{{1,3}}\))?)?\s*\+?[\s-]*"
    r"(?:(?P<years>years?|yrs?\b|y/o|ປີ|ปี|năm|年)|(?P<months>months?|mos?\b|ເດືອນ|เดือน|tháng|个月))"
)
_HALF_YEAR: Final = re.compile(r"half (?:a )?year|ເຄິ່ງປີ|ครึ่งปี|nửa năm|半年")
_A_YEAR: Final = re.compile(r"\b(?:a|an) year(?:'s)? (?:of )?(?:[a-z]+ )?experience")
_NONE_ASKED: Final = re.compile(
    r"(?:no|without)(?: (?:prior|previous|work|working|relevant))* experience"
    r"|experience (?:is )?not (?:required|necessary|needed)"
    r"|not require(?:d)? (?:any )?experience|fresh ?(?:graduate|er)s?|(?:new|recent) graduates?"
    r"|entry[ -]level|zero experience"
    r"|ບໍ່(?:ຈຳເປັນ|ຕ້ອງ|ຈຳກັດ|ຮຽກຮ້ອງ)(?:ຕ້ອງ)?(?:ມີ)?ປະສົບການ|ບໍ່ມີປະສົບການ|ປະສົບການບໍ່ຈຳເປັນ|ຈົບໃໝ່"
    r"|ไม่(?:จำเป็น|ต้อง|จำกัด)(?:ต้อง)?(?:มี)?ประสบการณ์|ไม่มีประสบการณ์|จบใหม่|ยินดีรับนักศึกษาจบใหม่"
    r"|không (?:yêu cầu|cần)(?: có)? kinh nghiệm|chưa có kinh nghiệm|mới (?:ra trường|tốt nghiệp)"
    r"|经验不限|不限经验|无需经验|无经验|应届|不需要经验|不要求经验"
)
# A word such as "preferred" beside "fresh graduates" still says that none is needed.
_EXPERIENCE: Final = re.compile(r"experience|ປະສົບການ|ประสบการณ์|kinh nghiệm|经验|经历|track record")
_OF_THE_FIRM: Final = re.compile(
    r"(?:our|the) (?:company|firm|team|organi[sz]ation)|\bwe (?:have|are|bring)|company (?:with"
    r"|has)|founded|established"
    r"|ບໍລິສັດ(?:ຂອງ|ເຮົາ|ມີ)|บริษัท(?:ของ|เรา|มี)|công ty (?:chúng tôi|có)|公司(?:拥有|有|成立)|我们"
)
_AGE: Final = re.compile(
    r"(?:\bage[ds]?|ອາຍຸ|อายุ|tuổi|年龄)[^\d\n]{0,14}\d{2}(?:\s*(?:[-–~]|to|ຫາ|ถึง|đến|至"
    r"|到)\s*\d{2})?"
    r"\s*(?:ປີ|ปี|岁|tuổi|years?(?: old)?)?|\d{2}\s*(?:[-–]\s*\d{2}\s*)?years? (?:old|of age)"
)
_ALTERNATIVE: Final = re.compile(
    r"(?:\bor|ຫຼື|หรือ|hoặc|或)\W*(?:at least |minimum "
    r"|with )?(?:of )?$"
)
_KEYS: Final = keys(
    "experience|fresh|graduate|entry|track record|ປະສົບການ|ຈົບໃໝ່|ประสบการณ์",
    "จบใหม่|kinh nghiệm|mới ra trường|mới tốt nghiệp|经验|经历|应届",
)
_MONTHS_A_YEAR: Final = 12
_MOST_YEARS: Final = 40
_READ: Final = 20_000
_REACH: Final = 160
"""Letters around a key word that are read of a sentence without end."""


def experience_of(field: str, description: str) -> int | None:
    """Months of experience of the field, else of the description; `None` where none is stated.

    0 where none is said to be needed. Of a range the lower end counts, and of alternatives in one
    sentence the shortest; a sentence about the firm's own years tells nothing.
    """
    stated = _of_field(field) if field.strip() else None
    return stated if stated is not None else _of_text(description[:_READ])


@lru_cache(maxsize=4_096)
def _of_field(field: str) -> int | None:
    text = _AGE.sub(" ", plain(field)).strip()
    if _NONE_ASKED.search(text):
        return 0
    if (months := _first(text)) is not None:
        return months
    if re.fullmatch(r"\d{1,2}(?:\s*[-–]\s*\d{1,2})?\s*\+?", text):
        return _believed(int(re.split(r"\D", text)[0]) * _MONTHS_A_YEAR)
    return (
        0
        if re.fullmatch(
            r"no(?:ne)?|not required|ບໍ່ມີ|ບໍ່ຈຳເປັນ|ບໍ່ຈຳກັດ|ไม่จำเป็น|ไม่จำกัด|không|不限|无", text
        )
        else None
    )


def _of_text(description: str) -> int | None:
    text = plain(description)
    months: int | None
    for sentence in sentences_with(text, _KEYS, _REACH):
        if _NONE_ASKED.search(sentence):
            return 0
        if not _EXPERIENCE.search(sentence) or _OF_THE_FIRM.search(sentence):
            continue
        if (months := _first(_AGE.sub(" ", sentence))) is not None:
            return months
    return None


def _first(text: str) -> int | None:
    """The first span of time in `text`, or the shortest where it joins several by "or"."""
    found: list[int] = []
    for span in _SPAN.finditer(text):
        months = _months(span)
        if months is not None and (not found or _ALTERNATIVE.search(text[: span.start()])):
            found.append(months)
    if not found and _HALF_YEAR.search(text):
        return 6
    if not found and _A_YEAR.search(text):
        return _MONTHS_A_YEAR
    return min(found, default=None)


def _months(span: re.Match[str]) -> int | None:
    number = value_of(span["digits"] or span["low"])
    return _believed(number * (_MONTHS_A_YEAR if span["years"] else 1))


def _believed(months: float) -> int | None:
    return round(months) if 0 <= months <= _MOST_YEARS * _MONTHS_A_YEAR else None
