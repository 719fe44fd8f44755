"""Lao and English: strings, numbers, dates and times as a reader of each language writes them.

Lao is the first language. Every string lives in `i18n/lo.json` and `i18n/en.json` under the same
key; a key missing from one of them is an error, not a fallback.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

VIENTIANE: Final = ZoneInfo("Asia/Vientiane")
CODES: Final = ("lo", "en")

MONTHS: Final = {
    "lo": [
        "ມັງກອນ",
        "ກຸມພາ",
        "ມີນາ",
        "ເມສາ",
        "ພຶດສະພາ",
        "ມິຖຸນາ",
        "ກໍລະກົດ",
        "ສິງຫາ",
        "ກັນຍາ",
        "ຕຸລາ",
        "ພະຈິກ",
        "ທັນວາ",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_SHORT_MONTHS: Final = {
    "lo": [
        "ມ.ກ.",
        "ກ.ພ.",
        "ມ.ນ.",
        "ມ.ສ.",
        "ພ.ພ.",
        "ມິ.ຖ.",
        "ກ.ລ.",
        "ສ.ຫ.",
        "ກ.ຍ.",
        "ຕ.ລ.",
        "ພ.ຈ.",
        "ທ.ວ.",
    ],
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
}
MINUS: Final = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language of the dashboard: `say` for words, the rest for figures."""

    code: str
    strings: Mapping[str, str]
    decimal: str
    group: str

    def say(self, key: str, **values: str) -> str:
        """The string under `key`, its `{placeholders}` filled.

        Raises:
            KeyError: no such string, or a placeholder without a value.
        """
        text = self.strings[key]
        return text.format(**values) if values else text

    def number(self, value: float, decimals: int = 0, *, sign: bool = False) -> str:
        """`value` with grouped thousands; with `sign`, "+" or "−" is always written."""
        text = f"{abs(value):,.{decimals}f}"
        text = text.translate({ord(","): self.group, ord("."): self.decimal})
        if value < 0 and text.strip("0.,") != "":
            return MINUS + text
        return f"+{text}" if sign and value > 0 else text

    def percent(self, share: float, decimals: int = 0, *, sign: bool = False) -> str:
        """A share (0.12) as a percentage (12%)."""
        return f"{self.number(share * 100, decimals, sign=sign)}%"

    def day(self, value: date) -> str:
        """A date in words, for example "23 November 2026"."""
        return f"{value.day} {MONTHS[self.code][value.month - 1]} {value.year}"

    def short_day(self, value: date) -> str:
        """A date for a table or an axis, for example "23 Nov 2026"."""
        return f"{value.day} {_SHORT_MONTHS[self.code][value.month - 1]} {value.year}"

    def month(self, value: date) -> str:
        """A month for an axis tick; January carries its year."""
        name = _SHORT_MONTHS[self.code][value.month - 1]
        return f"{name}<br>{value.year}" if value.month == 1 else name

    def month_and_year(self, value: date) -> str:
        """A month in words, for example "October 2026"."""
        return f"{MONTHS[self.code][value.month - 1]} {value.year}"

    def moment(self, value: datetime) -> str:
        """Day and time of day in Vientiane, for example "23 November 2026, 14:05"."""
        local = value.astimezone(VIENTIANE)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def short_moment(self, value: datetime) -> str:
        """Day and time of day in Vientiane for a table, with seconds."""
        local = value.astimezone(VIENTIANE)
        return f"{self.short_day(local.date())}, {local:%H:%M:%S}"

    @property
    def separators(self) -> str:
        """Decimal and thousands separators in the form Plotly takes."""
        return self.decimal + self.group


@cache
def language(code: str) -> Language:
    """The language with BCP 47 `code` ("lo" or "en").

    Raises:
        KeyError: the dashboard does not speak it.
    """
    decimal, group = {"lo": (",", "."), "en": (".", ",")}[code]
    text = files("dashboard").joinpath("i18n", f"{code}.json").read_text(encoding="utf-8")
    return Language(code=code, strings=json.loads(text), decimal=decimal, group=group)
