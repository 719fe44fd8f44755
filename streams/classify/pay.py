"""Stated pay as kip a month, from the text as written. The text's own currency beats mark-up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from streams.classify.exchange import rate_on
from streams.classify.pay_context import (
    AFTERWARDS,
    BY_PIECE,
    CURRENCIES,
    HANDLED,
    OF_ALLOWANCE,
    OF_BUSINESS,
    OF_PAY,
    OF_PROBATION,
    OFFERED,
    PARTS,
    PERIODS,
    UNHELD,
    without_traps,
)
from streams.classify.pay_numbers import Amount, amounts, in_digits, plain
from streams.classify.sentences import keys, sentences_with
from streams.codes import Pay

__all__ = ["parse_pay", "pay_of", "rate_on"]

# Working time of a full month: 26 days of 8 hours, the six-day week of the Lao Labour Law, art. 51.
MONTHS: Final[Mapping[str, float]] = {
    "hour": 26 * 8,
    "day": 26,
    "week": 52 / 12,
    "month": 1,
    "year": 1 / 12,
}
# What a month's full-time pay is in Laos; outside it the pay is kept and flagged.
_USUAL_LAK: Final = (200_000.0, 500_000_000.0)
# Outside this the number was no pay at all.
_POSSIBLE_LAK: Final = (50_000.0, 5_000_000_000.0)
_BARE_LAK: Final = 200_000.0
"""A number without currency, scale or a word for pay is kip only from here on."""
_LEAST_BARE: Final = 1_000
_LABEL: Final = 16
"""Letters from a word for pay to a number without currency that it still labels."""
_HEAD: Final = 400
_READ: Final = 20_000
_REACH: Final = 160
"""Letters around a key word that are read of a sentence without end."""
_OWN_SCRIPT: Final = (
    ("CNY", re.compile(r"[\u4e00-\u9fff]")),
    ("THB", re.compile(r"[\u0e01-\u0e5b]")),
    ("VND", re.compile(r"[ăđơư\u1ea0-\u1ef9]|\btr\d?|\btri[ệe]u\b|\bnghìn\b|\bngàn\b")),
)
# Nothing without one of these states pay; most sentences have none and are passed over cheaply.
_KEYS: Final = keys(
    "lak|kip|kíp|usd|$|₭|฿|¥|₫|đ|baht|thb|cny|rmb|yuan|vnd|triệu|dollar|salar",
    "wage|million|ກີບ|ບາດ|ໂດລາ|ຢວນ|ດົ່ງ|ລ້ານ|ແສນ|ໝື່ນ|ພັນ|ເງິນເດືອນ|ຄ່າແຮງ",
    "ລາຍຮັບ|ລາຍໄດ້|บาท|กีบ|ล้าน|หมื่น|เงินเดือน|ค่าแรง|lương|薪|工资|元|万|千|泰铢|基普",
    "美金",
)
_DIGIT: Final = re.compile(r"\d|[一二三四五六七八九]|ໜຶ່ງ|ສອງ|ສາມ|ສີ່|ຫ້າ|ແສນ|ລ້ານ|million|ล้าน")
_VND_SCALE: Final = re.compile(r"\d\s*(?:tr(?:i[ệe]u)?|củ)(?![a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Pay as written: amounts in their currency and per their period."""

    lower: float
    upper: float
    currency: str
    period: str


def parse_pay(text: str, day: date) -> Pay | None:
    """Pay stated in the pay field `text` on `day`, or `None` where it states none.

    "3-5 ລ້ານກີບ/ເດືອນ" gives 3,000,000 to 5,000,000; "$450" is taken as a month's; an amount
    without currency counts as kip when its size allows. Allowances are not added.
    """
    stated = read_field(text[:_HEAD])
    return _in_kip(stated, day) if stated else None


def pay_of(field: str, description: str, day: date) -> Pay | None:
    """Pay of a posting: of its pay field, but as the description writes it where that differs only
    in currency or period (mark-up is often wrong there), or where the field states none."""
    stated, written = read_field(field[:_HEAD]), read_text(description)
    if written is None or (stated is not None and not _same_numbers(stated, written)):
        return _in_kip(stated, day) if stated else None
    return _in_kip(written, day)


def _same_numbers(one: Stated, other: Stated) -> bool:
    return (one.lower, one.upper) == (other.lower, other.upper)


def _in_kip(stated: Stated, day: date) -> Pay | None:
    factor = rate_on(stated.currency, day) * MONTHS[stated.period]
    lower, upper = stated.lower * factor, stated.upper * factor
    if not _POSSIBLE_LAK[0] <= lower <= upper <= _POSSIBLE_LAK[1]:
        return None
    return Pay(
        lower_lak=lower,
        upper_lak=upper,
        currency=stated.currency,
        period=stated.period,
        outlier=not _USUAL_LAK[0] <= lower <= upper <= _USUAL_LAK[1],
    )


@lru_cache(maxsize=8_192)
def read_field(text: str) -> Stated | None:
    """Pay as the pay field writes it; every number there may be pay."""
    cleared = without_traps(in_digits(plain(text)))
    found = _lasting(cleared, [a for a in amounts(cleared) if _may_be_pay(cleared, a)])
    named = [amount for amount in found if OF_PAY.search(_part(cleared, amount))]
    for amount in named or found:
        currency, part = _currency(cleared, amount), _part(cleared, amount)
        bare = not currency and amount.scale == 1 and not OF_PAY.search(cleared)
        if bare and amount.lower < _BARE_LAK and not _period(part):
            continue
        return _stated(cleared, amount, currency)
    return None


def read_text(description: str) -> Stated | None:
    """Pay that a sentence of the description states: with a word for pay, or with both currency
    and period, and nothing of budgets, prices or targets."""
    text = plain(description[:_READ])
    for sentence in sentences_with(text, _KEYS, _REACH):
        if not _DIGIT.search(sentence):
            continue
        if stated := _of_sentence(without_traps(in_digits(sentence))):
            return stated
    return None


def _of_sentence(sentence: str) -> Stated | None:
    of_business = OF_BUSINESS.search(sentence) is not None
    for amount in _lasting(sentence, amounts(sentence)):
        part = _part(sentence, amount)
        if not _may_be_pay(sentence, amount) or OF_BUSINESS.search(part):
            continue
        cued = OF_PAY.search(part) or (not of_business and _cued(sentence, part, amount))
        currency = _currency(sentence, amount)
        if cued and (currency or amount.scale > 1 or _labelled(sentence, amount)):
            return _stated(sentence, amount, currency)
    return None


def _cued(sentence: str, part: str, amount: Amount) -> bool:
    """Whether the sentence speaks of pay, or states an amount a period that nobody handles."""
    if OF_PAY.search(sentence):
        return True
    told = _currency(sentence, amount) or OFFERED.search(sentence)
    return bool(_period(part) and told) and not HANDLED.search(sentence)


def _labelled(text: str, amount: Amount) -> bool:
    """Whether a word for pay stands right before an amount that has no currency."""
    before = text[: amount.start].rstrip(" :：=-~")
    at = _last(OF_PAY, before)
    return amount.lower >= _LEAST_BARE and at >= 0 and len(before) - at <= _LABEL


def _lasting(text: str, found: list[Amount]) -> list[Amount]:
    """Amounts without those of the time on trial, where others are stated."""
    kept = []
    for amount in found:
        part = _part(text, amount)
        if not OF_PROBATION.search(part) or AFTERWARDS.search(part):
            kept.append(amount)
    return kept or found


def _stated(text: str, amount: Amount, currency: str) -> Stated | None:
    part, elsewhere = _part(text, amount), _without_other_amounts(text, amount)
    if not currency and UNHELD.search(part):
        return None
    return Stated(
        lower=amount.lower,
        upper=amount.upper,
        currency=currency or _first(text, CURRENCIES) or _usual(text),
        period=_period(text[amount.end : _part_end(text, amount)])
        or _period(part)
        or _period(elsewhere)
        or "month",
    )


def _without_other_amounts(text: str, amount: Amount) -> str:
    """The clauses of `text` that hold no other amount, whose period would be its own."""
    others = [_part(text, other) for other in amounts(text) if other != amount]
    for other in others:
        text = text.replace(other, " ")
    return text


def _may_be_pay(text: str, amount: Amount) -> bool:
    """Whether nothing beside the amount says that it is an allowance or for a piece."""
    before = text[_part_start(text, amount) : amount.start]
    after = text[amount.end : _part_end(text, amount)]
    allowance, pay = _last(OF_ALLOWANCE, before), _last(OF_PAY, before)
    if BY_PIECE.search(after):
        return False
    if allowance > pay:
        return False
    return pay >= 0 or not OF_ALLOWANCE.search(after)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _part(text: str, amount: Amount) -> str:
    """The clause in which the amount stands."""
    return text[_part_start(text, amount) : _part_end(text, amount)]


def _part_start(text: str, amount: Amount) -> int:
    return max((m.end() for m in PARTS.finditer(text, 0, amount.start)), default=0)


def _part_end(text: str, amount: Amount) -> int:
    end = PARTS.search(text, amount.end)
    # "4,000,000+ LAK": what follows the sign still tells of the amount.
    if end and end.group() == "+" and end.start() == amount.end:
        end = PARTS.search(text, end.end())
    return end.start() if end else len(text)


def _currency(text: str, amount: Amount) -> str:
    """The currency written beside the amount, before it or after, or ""."""
    before, after = text[: amount.start].rstrip(" :~≈\u00a0"), text[amount.end :].lstrip(" +\u00a0")
    inside = text[amount.start : amount.end]
    if UNHELD.match(after):
        return ""
    for code, pattern in CURRENCIES.items():
        if any(
            match.end() == len(before)
            for match in pattern.finditer(before, max(0, len(before) - 12))
        ):
            return code
        if pattern.match(after) or pattern.search(inside):
            return code
    if _dong(text, amount):
        return "VND"
    return ""


def _dong(text: str, amount: Amount) -> bool:
    """A bare "đ" is told by the digit before it, which is part of the amount."""
    return bool(CURRENCIES["VND"].match(text, amount.end)) or bool(
        _VND_SCALE.search(text[amount.start : amount.end])
    )


def _usual(text: str) -> str:
    """The currency in which a text of this script counts, where it names none."""
    return next((code for code, pattern in _OWN_SCRIPT if pattern.search(text)), "LAK")


def _period(text: str) -> str:
    return _first(text, PERIODS)


def _first(text: str, names: Mapping[str, re.Pattern[str]]) -> str:
    """The name whose pattern occurs first in `text`, or ""."""
    found = [(match.start(), name) for name, p in names.items() if (match := p.search(text))]
    return min(found)[1] if found else ""
