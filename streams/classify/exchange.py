"""Dated exchange rates to the kip, held as data in `config/codelists/exchange_rates.csv`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from config.vocabulary import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Kip for one unit of a currency from a day on."""

    currency: str
    valid_from: date
    lak: float
    quality: str
    """`official_mean` of a month's rates, or `planning`."""


@cache
def rates() -> Mapping[str, tuple[Rate, ...]]:
    """The rates by currency, oldest first.

    Raises:
        ValueError: a row has no date, or a rate that is not above nought.
    """
    found: dict[str, list[Rate]] = {}
    for number, row in enumerate(read_table("codelists", "exchange_rates.csv"), start=2):
        rate = Rate(
            currency=row["currency"],
            valid_from=date.fromisoformat(row["valid_from"]),
            lak=float(row["lak"]),
            quality=row["quality"],
        )
        if not rate.lak > 0:
            raise ValueError(f"exchange_rates.csv:{number}: expected a rate above 0")
        found.setdefault(rate.currency, []).append(rate)
    return {
        currency: tuple(sorted(known, key=lambda rate: rate.valid_from))
        for currency, known in found.items()
    }


def rate_on(currency: str, day: date) -> float:
    """Kip for one unit of `currency` on `day`; the earliest known rate before that.

    Raises:
        KeyError: no rate of the currency is held.
    """
    if currency == "LAK":
        return 1.0
    known = rates().get(currency)
    if not known:
        raise KeyError(f"no exchange rate of {currency} in config/codelists/exchange_rates.csv")
    past = bisect_right(known, day, key=lambda rate: rate.valid_from)
    return known[max(past - 1, 0)].lak
