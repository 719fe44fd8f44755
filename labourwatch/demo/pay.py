"""Pay as employers state it: kip, dollar or baht, ranges, Lao numerals, or nothing definite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from labourwatch.demo.draws import Draw
from labourwatch.demo.labour import Occupation

LAK_PER: Final = {"LAK": 1.0, "USD": 21_600.0, "THB": 660.0}
LAO_DIGITS: Final = str.maketrans("0123456789", "໐໑໒໓໔໕໖໗໘໙")
_BORDER: Final = frozenset({"LA-BK", "LA-SV", "LA-CH", "LA-KH", "LA-BL", "LA-VT", "LA-XA"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Stated pay. `text` is as written; amounts are 0 where only words are given."""

    text: str
    lower: float
    upper: float
    currency: str
    period: str


NOTHING: Final = Offer(text="", lower=0, upper=0, currency="LAK", period="month")


def offer(occupation: Occupation, *, iso: str, english: bool, facts: Draw, style: Draw) -> Offer:
    """Pay of a vacancy in a province: a figure in about half of them."""
    low, high, isco1 = occupation.pay_low, occupation.pay_high, occupation.isco1
    said, level, unit = facts.unit(), facts.unit(), facts.unit()
    if said < 0.33:
        return NOTHING
    if said < 0.52:
        words = (
            ("Negotiable", "Competitive salary", "Based on experience", "To be discussed")
            if english
            else ("ຕາມຕົກລົງ", "ຕົກລົງກັນໄດ້", "ຕາມຄວາມສາມາດ", "ເງິນເດືອນຕາມປະສົບການ")
        )
        return Offer(text=style.pick(words), lower=0, upper=0, currency="LAK", period="month")
    middle = (low + (high - low) * level**1.8) * 1e6
    width = 1.0 if unit < 0.4 else 1.15 + 0.3 * unit
    if isco1 <= 3 and unit < 0.25:
        return _dollars(middle, width, style)
    if iso in _BORDER and 0.45 <= unit < 0.53:
        return _baht(middle, width, english, style)
    if isco1 == 9 and unit > 0.8:
        daily = round(middle / 26 / 5000) * 5000.0
        text = f"{daily:,.0f} " + ("LAK/day" if english else "ກີບ/ມື້")
        return Offer(text=text, lower=daily, upper=daily, currency="LAK", period="day")
    return _kip(middle, width, english, style)


def _dollars(middle: float, width: float, style: Draw) -> Offer:
    lower = max(150.0, round(middle / LAK_PER["USD"] / 50) * 50.0)
    upper = lower if width == 1.0 else round(lower * width / 50) * 50.0
    span = f"{lower:,.0f}" if upper == lower else f"{lower:,.0f} - {upper:,.0f}"
    text = style.pick((f"USD {span} per month", f"${span}/month", f"{span} USD", f"US$ {span}"))
    return Offer(text=text, lower=lower, upper=upper, currency="USD", period="month")


def _baht(middle: float, width: float, english: bool, style: Draw) -> Offer:
    lower = max(5000.0, round(middle / LAK_PER["THB"] / 500) * 500.0)
    upper = lower if width == 1.0 else round(lower * width / 500) * 500.0
    span = f"{lower:,.0f}" if upper == lower else f"{lower:,.0f}-{upper:,.0f}"
    forms = ("{} THB", "{} baht/month") if english else ("{} ບາດ", "{} ບາດ/ເດືອນ", "{} บาท")
    return Offer(
        text=style.pick(forms).format(span),
        lower=lower,
        upper=upper,
        currency="THB",
        period="month",
    )


def _kip(middle: float, width: float, english: bool, style: Draw) -> Offer:
    lower = max(1.6e6, round(middle / 1e5) * 1e5)
    upper = lower if width == 1.0 else round(lower * width / 1e5) * 1e5
    millions = f"{lower / 1e6:g}" if upper == lower else f"{lower / 1e6:g}-{upper / 1e6:g}"
    plain = f"{lower:,.0f}" if upper == lower else f"{lower:,.0f} - {upper:,.0f}"
    forms: tuple[str, ...]
    if english:
        forms = (
            f"{plain} LAK",
            f"LAK {plain} per month",
            f"{millions} million kip",
            f"{plain} Kip/month",
        )
    else:
        forms = (
            f"{plain} ກີບ",
            f"{plain.replace(',', '.')} ກີບ/ເດືອນ",
            f"{millions.replace('.', ',')} ລ້ານກີບ",
            f"{millions.replace('.', ',').translate(LAO_DIGITS)} ລ້ານກີບ",
            f"ເງິນເດືອນ {plain} ກີບຂຶ້ນໄປ" if upper == lower else f"{plain} LAK",
        )
    return Offer(text=style.pick(forms), lower=lower, upper=upper, currency="LAK", period="month")
