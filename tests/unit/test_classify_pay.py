"""Pay as postings write it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.classify.pay import parse_pay, pay_of, rate_on

DAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("text", "lower", "upper", "currency", "period"),
    [
        ("3-5 ລ້ານກີບ/ເດືອນ", 3e6, 5e6, "LAK", "month"),
        ("Up to 45,000,000 LAK + Allowances", 45e6, 45e6, "LAK", "month"),
        ("3,500,000 - 4,500,000 LAK", 3.5e6, 4.5e6, "LAK", "month"),
        ("150000 ກີບຕໍ່ມື້", 150_000 * 26, 150_000 * 26, "LAK", "day"),
        ("2.5 million kip", 2.5e6, 2.5e6, "LAK", "month"),
        ("໓.໕໐໐.໐໐໐ ກີບ", 3.5e6, 3.5e6, "LAK", "month"),
        ("2500000", 2.5e6, 2.5e6, "LAK", "month"),
    ],
)
def test_kip(text: str, lower: float, upper: float, currency: str, period: str) -> None:
    pay = parse_pay(text, DAY)
    assert pay is not None
    assert (pay.lower_lak, pay.upper_lak) == pytest.approx((lower, upper))
    assert (pay.currency, pay.period) == (currency, period)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [("$450", 450, "USD"), ("USD 1,200/month", 1200, "USD"), ("12,000 THB", 12_000, "THB")],
)
def test_foreign_currency_is_converted_at_the_days_rate(
    text: str, amount: float, currency: str
) -> None:
    pay = parse_pay(text, DAY)
    assert pay is not None
    assert pay.lower_lak == pytest.approx(amount * rate_on(currency, DAY))


@pytest.mark.parametrize("text", ["", "Negotiable", "ຕົກລົງກັນ", "5 days a week", "0", "call 020"])
def test_what_is_no_pay(text: str) -> None:
    assert parse_pay(text, DAY) is None


@given(st.text(max_size=80))
def test_any_text_gives_an_ordered_plausible_range_or_nothing(text: str) -> None:
    pay = parse_pay(text, DAY)
    assert pay is None or 0 < pay.lower_lak <= pay.upper_lak


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(KeyError, match="XYZ"):
        rate_on("XYZ", DAY)


@pytest.mark.parametrize(
    ("text", "lower", "upper", "currency", "period"),
    [
        ("10-15 triệu/tháng", 10e6, 15e6, "VND", "month"),
        ("500.000đ/ngày", 26 * 500_000, 26 * 500_000, "VND", "day"),
        ("8千-1.2万元/月", 8_000, 12_000, "CNY", "month"),
        ("๑๕,๐๐๐ บาท ต่อเดือน", 15_000, 15_000, "THB", "month"),
        ("3 ล้านกีบ", 3e6, 3e6, "LAK", "month"),
        ("3000000 - 5000000 LAK per-month-salary", 3e6, 5e6, "LAK", "month"),
    ],
)
def test_pay_in_the_languages_of_the_region(
    text: str, lower: float, upper: float, currency: str, period: str
) -> None:
    day = date(2026, 11, 1)
    pay = parse_pay(text, day)
    assert pay is not None
    assert (pay.currency, pay.period) == (currency, period)
    rate = rate_on(currency, day)
    assert (pay.lower_lak, pay.upper_lak) == pytest.approx((lower * rate, upper * rate))


@pytest.mark.parametrize(
    ("text", "outlier"),
    [
        ("3,000,000 LAK", False),
        ("150,000 LAK/month", True),
        ("900,000,000 LAK", True),
        ("USD 50,000 per month", True),
    ],
)
def test_what_hardly_anybody_is_paid_is_kept_and_flagged(text: str, outlier: bool) -> None:
    pay = parse_pay(text, DAY)
    assert pay is not None
    assert pay.outlier is outlier


@pytest.mark.parametrize("text", ["20 kip", "LAK 90,000,000,000", "2,000,000 won", "€1,500"])
def test_what_cannot_be_pay_or_has_no_rate_is_left_out(text: str) -> None:
    assert parse_pay(text, DAY) is None


def test_the_text_settles_currency_and_period_of_the_same_numbers() -> None:
    text = "Salary: 3,500,000 kip per month."
    pay = pay_of("3500000 USD MONTH", text, DAY)
    assert pay is not None
    assert (pay.lower_lak, pay.currency) == (3.5e6, "LAK")
    other = pay_of("USD 700", "Salary: 600 USD", DAY)
    assert other is not None
    assert other.lower_lak == pytest.approx(700 * rate_on("USD", DAY))
