"""Expressions of pay and place composed from values, so that what is read can be compared."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from config.vocabulary import districts, provinces


@dataclass(frozen=True, slots=True, kw_only=True)
class PayExpression:
    """A text, and what it says."""

    text: str
    lower: float
    upper: float
    currency: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceExpression:
    """A text, and the codes of the place that it names."""

    text: str
    province: str
    district: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tongue:
    currencies: Mapping[str, str]
    """Name by code."""
    periods: Mapping[str, str]
    """What stands after the amount, by period."""
    million: str
    to: tuple[str, ...]
    leads: tuple[str, ...]


_TONGUES: Final = (
    _Tongue(
        currencies={"LAK": "ກີບ", "USD": "ໂດລາ", "THB": "ບາດ", "CNY": "ຢວນ"},
        periods={"month": "/ເດືອນ", "day": "ຕໍ່ມື້", "hour": "/ຊົ່ວໂມງ", "year": "ຕໍ່ປີ"},
        million="ລ້ານ",
        to=("-", " - ", " ຫາ ", " ເຖິງ "),
        leads=("", "ເງິນເດືອນ ", "ເງິນເດືອນ: "),
    ),
    _Tongue(
        currencies={"LAK": " kip", "USD": " USD", "THB": " baht", "CNY": " RMB", "VND": " VND"},
        periods={"month": " per month", "day": "/day", "hour": " per hour", "year": " per year"},
        million=" million",
        to=("-", " - ", " to ", "–"),
        leads=("", "Salary: ", "Salary "),
    ),
    _Tongue(
        currencies={"LAK": "กีบ", "USD": " ดอลลาร์", "THB": " บาท"},
        periods={"month": "ต่อเดือน", "day": "/วัน", "hour": "/ชั่วโมง", "year": "ต่อปี"},
        million=" ล้าน",
        to=("-", " - ", " ถึง "),
        leads=("", "เงินเดือน "),
    ),
    _Tongue(
        currencies={"LAK": " kíp", "USD": " USD", "VND": " đồng"},
        periods={"month": "/tháng", "day": "/ngày", "hour": "/giờ", "year": "/năm"},
        million=" triệu",
        to=("-", " - ", " đến "),
        leads=("", "Lương "),
    ),
    _Tongue(
        currencies={"LAK": "基普", "USD": "美元", "THB": "泰铢", "CNY": "元"},
        periods={"month": "/月", "day": "/天", "hour": "/小时", "year": "每年"},
        million="百万",
        to=("-", "至", "到"),
        leads=("", "工资:"),
    ),
)
# A believable month's pay in each currency; other periods are cut from it.
_MONTHLY: Final[Mapping[str, tuple[int, int]]] = {
    "LAK": (1_500_000, 60_000_000),
    "USD": (100, 4_000),
    "THB": (4_000, 120_000),
    "CNY": (800, 30_000),
    "VND": (3_000_000, 90_000_000),
}
_SHARE: Final[Mapping[str, float]] = {"month": 1, "day": 1 / 26, "hour": 1 / 208, "year": 12}
_GROUPS: Final[tuple[Callable[[int], str], ...]] = (
    lambda n: f"{n:,}",
    lambda n: f"{n:,}".replace(",", "."),
    lambda n: f"{n:,}".replace(",", " "),
    str,
)
_LAO_DIGITS: Final = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")


def pay_expression(seed: int) -> PayExpression:
    """A pay expression; equal seeds give equal expressions."""
    dice = random.Random(seed)
    tongue = dice.choice(_TONGUES)
    currency = dice.choice(sorted(tongue.currencies))
    period = dice.choice(sorted(tongue.periods))
    low = _amount(dice, currency, period)
    high = low if dice.random() < 0.5 else _rounded(low * dice.choice((1.2, 1.5, 2.0)))
    text = _amounts(dice, tongue, low, high)
    text = f"{dice.choice(tongue.leads)}{text}{tongue.currencies[currency]}{tongue.periods[period]}"
    if tongue is _TONGUES[0] and dice.random() < 0.3:
        text = text.translate(_LAO_DIGITS)
    return PayExpression(text=text, lower=low, upper=high, currency=currency, period=period)


def _amount(dice: random.Random, currency: str, period: str) -> int:
    least, most = _MONTHLY[currency]
    return _rounded(dice.uniform(least, most) * _SHARE[period])


def _rounded(amount: float) -> int:
    """To two leading digits, as people state pay."""
    step: int = 10 ** max(0, len(str(int(amount))) - 2)
    return max(1, round(amount / step) * step)


def _amounts(dice: random.Random, tongue: _Tongue, low: int, high: int) -> str:
    to = dice.choice(tongue.to)
    if low >= 1_000_000 and dice.random() < 0.4:
        ends = [f"{value / 1e6:g}" for value in dict.fromkeys((low, high))]
        return to.join(ends) + tongue.million
    write = dice.choice(_GROUPS)
    return to.join(write(value) for value in dict.fromkeys((low, high)))


def place_expression(seed: int) -> PlaceExpression:
    """A district with its province, in Lao or Latin letters; equal seeds give equal expressions."""
    dice = random.Random(seed)
    code = dice.choice(sorted(districts()))
    district, province = districts()[code], provinces()[districts()[code].parent]
    lao, latin = province.name_lo, province.name_en
    if province.code == "LA-VI":
        lao = f"ແຂວງ{lao}"
    text = dice.choice(
        (
            f"ເມືອງ{district.name_lo} {lao}",
            f"ເມືອງ {district.name_lo}, {lao}",
            f"ມ.{district.name_lo} {lao}",
            f"{lao} ເມືອງ{district.name_lo}",
            f"{district.name_en} District, {latin}",
            f"{district.name_en} district, {latin}, Laos",
            f"Muang {district.name_en}, {latin}",
        )
    )
    return PlaceExpression(text=text, province=province.code, district=code)
