"""Telephone numbers in running text, told apart from salaries, dates and codes.

Lao mobile numbers have eight digits after 20 (or 0 20), landlines six after the area code 0 xx;
+856 is the country. Numbers of the neighbours (+66, +84, +86, +855) follow the general form.
"""

from __future__ import annotations

import re
from typing import Final

from streams.text import ascii_digits

Span = tuple[int, int]

_SEP: Final = r"[ .\-()\u2010-\u2015\u00a0]{0,3}"
_UNIT: Final = (
    r"(?:LAK|kips?|ກີບ|₭|USD|US\$|\$|dollars?|ໂດລາ|THB|bahts?|ບາດ|บาท|฿|EUR|€|CNY|RMB|yuan|ຢວນ|元|VND|đồng|đ"
    r"|ລ້ານ|ແສນ|ພັນ|million|mil\b|ล้าน|%)"
)
_PLAIN: Final = r"(?:\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*|\d+)(?:[.,]\d{1,2})?"
# Sums of money: with a unit before or after, or grouped in thousands so that no number is meant.
_MONEY: Final = re.compile(
    rf"(?<![\d+])(?<!\d[ .,\-]){_PLAIN}\s?(?={_UNIT})"
    r"|(?:LAK|USD|THB|EUR|CNY|VND|kip|ກີບ|ບາດ|บาท|[$₭฿€])\s?[1-9]\d{0,2}(?:[., ]?\d{3})*(?!\d)"
    r"|(?<![\d+])(?<!\d[ \-])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])"
    r"|(?<![\d+])(?<!\d[ .\-])[1-9]\d{0,2}(?:\.\d{3}){2,}(?!\.?\d)"
    r"|(?<![\d+(])(?<!\d[ \-.)])[1-9]\d{0,2}(?: \d{3}){2,}(?! ?\d)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"(?<!\d)(?:(?:19|20|25)\d\d[./\-](?:0?[1-9]|1[0-2])[./\-](?:0?[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])[./\-](?:0?[1-9]|1[0-2])[./\-]"
    r"(?:(?:19|20|25)\d\d|\d\d(?![ .\-]?\d)))(?!\d)"
    r"|(?<!\d)(?:[01]?\d|2[0-4])[:.][0-5]\d\s?[-–]\s?(?:[01]?\d|2[0-4])[:.][0-5]\d(?![.\d])"
)
_INTERNATIONAL: Final = re.compile(
    rf"(?<![\d+])\(?(?:\+{_SEP}|00{_SEP}(?=[1-9]))\(?[1-9](?:{_SEP}\d){{7,13}}(?!\d)(?!\s?{_UNIT})",
    re.IGNORECASE,
)
# Beyond doubt, so that the slower distinctions are rarely needed: 020 5555 1234.
_LAO_MOBILE: Final = re.compile(rf"(?<![\d.,\-])\(?0[23]0\)?{_SEP}[25-9](?:{_SEP}\d){{6,7}}(?!\d)")
_NATIONAL: Final = re.compile(
    # 0 20 5555 1234, (021) 212 345, 02-123-4567, 081 234 5678
    rf"(?<!\d)\(?0{_SEP}[2-9](?:{_SEP}\d){{7,9}}(?!\d)"
    # 856 20 5555 1234 without the plus
    rf"|(?<![\d.,])\(?856(?:{_SEP}\d){{8,10}}(?!\d)"
    # 20 5555 1234 and 2055551234
    r"|(?<![\d.,])\(?20\)?(?:[ .\-][25-9]\d{3}[ .\-]?\d{4}"
    r"|[ .\-][25-9]\d[ .\-]\d{3}[ .\-]\d{3}|[25-9]\d{7})(?!\d)"
    # 30 xxx xxxx
    r"|(?<![\d.,])30[ .\-][2-9]\d{2}[ .\-]?\d{4}(?!\d)"
)
_PROTECTED: Final = (_DATE, _MONEY)
_MARKED: Final = re.compile(
    r"(?:tel(?:ephone)?|phone|mobile|cell|call|hotline|fax|whats\s?app|wa|ໂທ(?:ລະສັບ|ຣະສັບ)?|ເບີ(?:ໂທ)?|ມືຖື"
    r"|ວັອດແອັບ|โทร(?:ศัพท์)?|มือถือ|เบอร์|điện thoại|电话|contact|ຕິດຕໍ່|ติดต่อ)"
    rf"[^\w\n\[]{{0,6}}(?:no\b[^\w\n]{{0,3}}|number\W{{0,3}})?(?P<number>\+?\(?\d(?:{_SEP}\d){{5,14}})(?!\d)(?!\s?{_UNIT})",
    re.IGNORECASE,
)
# The rest of a list: "020 5555 1234, 5555 6789", "021 212345/6", "… ຫຼື 55556789".
_CONTINUED: Final = re.compile(
    rf"(?:\[phone\])?\s?(?:[,/;&~]|or|ຫຼື|หรือ|\s-)\s?(?P<number>\d(?:{_SEP}\d){{5,10}})(?!\d)(?!\s?{_UNIT})"
)
# The fewest digits of a number, however they are set apart; nothing else needs a closer look.
_CANDIDATE: Final = re.compile(r"\d(?:[ .\-()\u2010-\u2015\u00a0]{0,3}\d){5,15}")
_FEWEST_UNMARKED: Final = 8
"""Digits below which only a word such as "tel" before, or a number before, tells a number."""
# Candidates that are sums in thousands or dates at first sight.
_HARMLESS: Final = re.compile(
    r"(?<![\d+(])(?<!\d[ .\-])"
    r"(?:[1-9]\d{0,2}(?:\.\d{3}){2,}(?: ?[-–] ?[1-9]\d{0,2}(?:\.\d{3}){2,})?"
    r"|(?:19|20)\d\d-[01]\d-[0-3]\d)(?![.\-]?\d| \d)"
)
_PLACEHOLDER: Final = "[phone]"
_SURROUNDINGS: Final = 30
"""Characters around a candidate that can tell what it is: a marker, a unit, a date."""


def phone_spans(text: str) -> list[Span]:
    """Where in `text` telephone numbers stand; ascending, without overlap."""
    if not _CANDIDATE.search(text):
        return []
    text = ascii_digits(text)
    found: list[Span] = []
    for begin, end in _candidates(text):
        found += [(begin + a, begin + b) for a, b in _numbers(text[begin:end])]
    return sorted(found)


def _candidates(text: str) -> list[Span]:
    """Stretches that may hold numbers: never cut within a number, merged where they overlap."""
    stretches: list[Span] = []
    for match in _CANDIDATE.finditer(text):
        if _HARMLESS.match(text, match.start()):
            continue
        begin = max(0, match.start() - _SURROUNDINGS)
        while begin and text[begin - 1].isdigit():
            begin -= 1
        end = min(len(text), match.end() + _SURROUNDINGS)
        while end < len(text) and text[end].isdigit():
            end += 1
        if stretches and begin <= stretches[-1][1]:
            begin = stretches.pop()[0]
        stretches.append((begin, end))
    return stretches


def _numbers(shadow: str) -> list[Span]:
    if not _MARKED.search(shadow) and _PLACEHOLDER not in shadow and not _is_long(shadow):
        return []
    spans: list[Span] = []
    for pattern in (_INTERNATIONAL, _LAO_MOBILE, _DATE, _MONEY, _NATIONAL, _MARKED):
        found = _spans(pattern, shadow)
        shadow = _blanked(shadow, found)
        if pattern not in _PROTECTED:
            spans += found
        if not _CANDIDATE.search(shadow):
            break
    if spans or _PLACEHOLDER in shadow:
        spans += _continued(shadow, [end for _, end in spans])
    return spans


def _is_long(shadow: str) -> bool:
    return any(
        sum(map(str.isdigit, match.group())) >= _FEWEST_UNMARKED
        for match in _CANDIDATE.finditer(shadow)
    )


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    group: int | str = "number" if "number" in pattern.groupindex else 0
    return [match.span(group) for match in pattern.finditer(text)]


def _blanked(text: str, spans: list[Span]) -> str:
    """`text` with each span overwritten by a character no pattern knows; length unchanged."""
    for begin, end in spans:
        text = f"{text[:begin]}{chr(0) * (end - begin)}{text[end:]}"
    return text


def _continued(shadow: str, ends: list[int]) -> list[Span]:
    """Numbers that follow a number just found, or the placeholder of one found earlier."""
    start = shadow.find(_PLACEHOLDER)
    while start >= 0:
        ends.append(start + len(_PLACEHOLDER))
        start = shadow.find(_PLACEHOLDER, start + 1)
    found: list[Span] = []
    while ends:
        match = _CONTINUED.match(shadow, ends.pop())
        if match and match.span("number") not in found:
            found.append(match.span("number"))
            ends.append(match.end())
    return found
