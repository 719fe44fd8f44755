"""Stated pay as kip a month, from the text as written. The text's own currency beats mark-up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from config.vocabulary import read_table
from streams.codes import Pay

_DIGITS: Final = str.maketrans("໐໑໒໓໔໕໖໗໘໙๐๑๒๓๔๕๖๗๘๙", "0123456789" * 2)
_CURRENCIES: Final[Mapping[str, re.Pattern[str]]] = {
    "LAK": re.compile(r"\blak\b|\bkips?\b|₭|ກີບ|กีบ|基普"),
    "USD": re.compile(r"\busd\b|\$|\bdollars?\b|ໂດລາ|ดอลลาร์|\bđô\b|美元"),
    "THB": re.compile(r"\bthb\b|\bbaht\b|฿|ບາດ|บาท|泰铢"),
    "CNY": re.compile(r"\bcny\b|\brmb\b|\byuan\b|¥|ຢວນ|หยวน|人民币|元"),
    "VND": re.compile(r"\bvnd\b|\bvnđ\b|₫|(?<=\d)\s?đ\b|\bđồng\b|\btriệu\b|ດົ່ງ|ดอง|越南盾"),
}
_PERIODS: Final[Mapping[str, re.Pattern[str]]] = {
    "hour": re.compile(
        r"per[ -]hour|/\s*h(?:ou)?r?\b|hourly|ຕໍ່ຊົ່ວໂມງ|/\s*ຊົ່ວໂມງ|ຊົ່ວໂມງລະ|ต่อชั่วโมง|/\s*ชั่วโมง|ชั่วโมงละ"
        r"|/\s*giờ|mỗi giờ|每小时|/\s*小时|时薪"
    ),
    "day": re.compile(
        r"per[ -]day|/\s*day|daily|ຕໍ່ມື້|/\s*ມື້|ມື້ລະ|ຕໍ່ວັນ|/\s*ວັນ|ວັນລະ|ລາຍວັນ|วันละ|ต่อวัน|/\s*วัน|รายวัน"
        r"|/\s*ngày|mỗi ngày|每天|/\s*[天日]|日薪"
    ),
    "week": re.compile(
        r"per[ -]week|/\s*week|weekly|ຕໍ່ອາທິດ|/\s*ອາທິດ|ອາທິດລະ|ต่อสัปดาห์|/\s*สัปดาห์|/\s*tuần|每周|/\s*周"
    ),
    "year": re.compile(
        r"per[ -](?:year|annum)|/\s*y(?:ea)?r|yearly|annual|ຕໍ່ປີ|/\s*ປີ|ປີລະ|ต่อปี|/\s*ปี|ปีละ|/\s*năm"
        r"|mỗi năm|每年|/\s*年|年薪"
    ),
    "month": re.compile(
        r"per[ -]month|/\s*mo(?:nth)?|monthly|ຕໍ່ເດືອນ|/\s*ເດືອນ|ເດືອນລະ|เดือน"
        r"|/\s*tháng|mỗi tháng|每月|/\s*月|月薪"
    ),
}
# Working time of a full month: 26 days of 8 hours, the six-day week of the Lao Labour Law, art. 51.
_MONTHS: Final[Mapping[str, float]] = {
    "hour": 26 * 8,
    "day": 26,
    "week": 52 / 12,
    "month": 1,
    "year": 1 / 12,
}
_NUMBER: Final = re.compile(
    r"(?P<number>\d{1,3}(?:[,. ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)\s*"
    r"(?P<scale>ລ້ານ|ແສນ|ໝື່ນ|ພັນ|ล้าน|แสน|หมื่น|พัน|百万|万|千|million\b|mio\b|mil\b|m\b|k\b"
    r"|triệu\b|tr\b|nghìn\b|ngàn\b)?"
)
_SCALES: Final[Mapping[str, float]] = {
    "ລ້ານ": 1e6,
    "ແສນ": 1e5,
    "ໝື່ນ": 1e4,
    "ພັນ": 1e3,
    "ล้าน": 1e6,
    "แสน": 1e5,
    "หมื่น": 1e4,
    "พัน": 1e3,
    "百万": 1e6,
    "万": 1e4,
    "千": 1e3,
    "triệu": 1e6,
    "tr": 1e6,
    "nghìn": 1e3,
    "ngàn": 1e3,
    "million": 1e6,
    "mio": 1e6,
    "mil": 1e6,
    "m": 1e6,
    "k": 1e3,
}
# What a month's full-time pay can be in Laos; outside it the text was not pay, or was misread.
_PLAUSIBLE_LAK: Final = (200_000.0, 500_000_000.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Kip for one unit of a currency from a day on."""

    currency: str
    valid_from: date
    lak: float


@cache
def rates() -> tuple[Rate, ...]:
    """The dated exchange rates shipped as data, oldest first."""
    rows = read_table("codelists", "exchange_rates.csv")
    found = [
        Rate(
            currency=row["currency"],
            valid_from=date.fromisoformat(row["valid_from"]),
            lak=float(row["lak"]),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda rate: rate.valid_from))


def rate_on(currency: str, day: date) -> float:
    """Kip for one unit of `currency` on `day`; the earliest known rate before that.

    Raises:
        KeyError: no rate of the currency is held.
    """
    if currency == "LAK":
        return 1.0
    known = [rate for rate in rates() if rate.currency == currency]
    if not known:
        raise KeyError(f"no exchange rate of {currency} in config/codelists/exchange_rates.csv")
    past = [rate for rate in known if rate.valid_from <= day]
    return (past[-1] if past else known[0]).lak


def parse_pay(text: str, day: date) -> Pay | None:
    """Pay stated in `text` on `day`, or `None` where it states none that could be pay.

    "3-5 ລ້ານກີບ/ເດືອນ" gives 3,000,000 to 5,000,000; "$450" is taken as a month's; an amount
    without currency counts as kip when its size allows.
    """
    plain = text.translate(_DIGITS).casefold()
    amounts = _amounts(plain)
    if not amounts:
        return None
    currency = _named(plain, _CURRENCIES) or "LAK"
    period = _named(plain, _PERIODS) or "month"
    factor = rate_on(currency, day) * _MONTHS[period]
    lower, upper = min(amounts) * factor, max(amounts) * factor
    if not _PLAUSIBLE_LAK[0] <= lower <= upper <= _PLAUSIBLE_LAK[1]:
        return None
    return Pay(lower_lak=lower, upper_lak=upper, currency=currency, period=period)


def _named(text: str, names: Mapping[str, re.Pattern[str]]) -> str:
    """The name whose pattern occurs first in `text`, or ""."""
    found = [(match.start(), name) for name, p in names.items() if (match := p.search(text))]
    return min(found)[1] if found else ""


def _amounts(text: str) -> list[float]:
    """At most the first two amounts; in "3-5 million" the scale belongs to both."""
    found = [(_value(match["number"]), match["scale"] or "") for match in _NUMBER.finditer(text)]
    found = [(value, scale) for value, scale in found if value > 0][:2]
    if len(found) == 2 and not found[0][1] and found[0][0] <= found[1][0]:
        found[0] = (found[0][0], found[1][1])
    return [value * _SCALES.get(scale, 1.0) for value, scale in found]


def _value(number: str) -> float:
    """ "3,500,000", "3.500.000" and "3 500 000" are one number; "3.5" and "3,5" another."""
    if re.fullmatch(r"\d{1,3}(?:[,. ]\d{3})+", number):
        return float(re.sub(r"[,. ]", "", number))
    return float(number.replace(",", "."))
