"""Public holidays on pages: their names, and how much they may have taken of a period. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from alerts.calendar import holiday
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.words import joined

_KEYS: Final = {
    "New Year": "new_year",
    "Lunar New Year": "lunar_new_year",
    "Women's Day": "womens_day",
    "Pi Mai Lao": "pi_mai",
    "Labour Day": "labour_day",
    "Boun Khao Phansa": "khao_phansa",
    "Boun Ok Phansa": "ok_phansa",
    "Boun That Luang": "that_luang",
    "National Day": "national_day",
}
"""Names of the calendar, and the strings under which readers' words for them stand."""
MARK: Final = "\N{BLACK DIAMOND}"
"""Stands in charts and tables at periods with holidays."""
_WORKING: Final = 5
"""Days of a week, from Monday on, of which most boards live."""


def ordinary_share(last: date, days: int = 7) -> float:
    """The least share of its usual vacancies that a period can hold if nothing changed.

    How much holidays bring is not known, so the worst is taken: nothing, on a working day where
    weekends bring nothing either (a fifth of a week), and on a weekend where they bring as much as
    other days (a seventh).

    Args:
        last: last day of the period.
        days: its length, whole weeks.

    Returns:
        0 to 1; 1 without holidays.
    """
    lost = sum(
        1 / _WORKING if day.weekday() < _WORKING else 1 / 7
        for day in _days(last, days)
        if holiday(day)
    )
    return max(0.0, 1 - lost * 7 / days)


def ordinary_counts(ends: Sequence[date], counts: Sequence[int]) -> list[int]:
    """Of counts by week, those of weeks without holidays."""
    return [count for end, count in zip(ends, counts, strict=True) if ordinary_share(end) == 1.0]


def with_holidays(lang: Language, said: str, last: date) -> str:
    """A sentence on the week to `last`, and where holidays fell into it, which."""
    told = holidays_of(lang, last)
    return f"{said} {lang.say('holidays_in_week', holidays=told)}" if told else said


def holidays_of(lang: Language, last: date, days: int = 7) -> str:
    """The holidays of a period to `last`, each once; "" where there are none."""
    names = dict.fromkeys(name for day in _days(last, days) if (name := holiday(day)))
    return joined(lang.say(f"holiday_{_KEYS[name]}") for name in names)


def beside_holidays(lang: Language, last: date, days: int = 7) -> Component:
    """The last day of a period as it stands in a table, with the holidays of the period."""
    told = holidays_of(lang, last, days)
    day = lang.short_day(last)
    return html.Span([day, " ", html.Span(f"{MARK} {told}", className="quiet")]) if told else day


def holiday_weeks(lang: Language, ends: Iterable[date]) -> dict[date, str]:
    """Of weeks by their last day, those with holidays, and which."""
    return {end: told for end in ends if (told := holidays_of(lang, end))}


def holidays_said(lang: Language, marks: Mapping[date, str], lowest: date) -> list[str]:
    """How many of the periods of a chart hold holidays, and whether its lowest is one."""
    if not marks:
        return []
    said = [lang.say("say_line_holidays", count=lang.number(len(marks)))]
    if lowest in marks:
        said.append(lang.say("say_line_lowest_holiday", holidays=marks[lowest]))
    return said


def holiday_key(lang: Language, marked: Collection[date]) -> list[Component]:
    """What the mark of holidays means, where a chart has some."""
    if not marked:
        return []
    mark = html.Span(MARK, className="key holiday_week", **{"aria-hidden": "true"})
    item = html.Li([mark, lang.say("holiday_week")])
    return [html.Ul(item, className="legend", **{"aria-label": lang.say("legend")})]


def _days(last: date, days: int) -> Iterator[date]:
    return (last - timedelta(days=back) for back in range(days - 1, -1, -1))
