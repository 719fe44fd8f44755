"""Published counts of a cell over time: chart, sentence, table, download, vintage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from dashboard.drawing.lines import line_chart
from dashboard.drawing.strokes import Point
from dashboard.drawing.svg import picture
from dashboard.elements import Component, html
from dashboard.holidays import beside_holidays, holiday_key, holidays_of, holidays_said
from dashboard.language import Language
from dashboard.parts import card, table, unfolding
from dashboard.released import WEEKLY, Cell, last_day
from dashboard.scene import Scene
from dashboard.wording import (
    cell_title,
    download_link,
    interval_text,
    n_text,
    told_or_why,
    unit_of,
    value_text,
    vintage,
    why_untold,
    writer,
)
from warehouse.disclosure.records import Released
from warehouse.series import Frequency

_LEAST = 2
_DAYS: Final = {Frequency.DAILY: 1, Frequency.WEEKLY: 7}
"""Periods so short that a holiday is worth a word: of months nearly all have one."""


def trend_card(scene: Scene, cell: Cell) -> Component:
    """New and open vacancies by week, as published."""
    return card(
        scene.lang.say("trend_title"),
        *_trend(scene, cell, "flow"),
        *_trend(scene, cell, "stock"),
        name="trend",
        wide=True,
    )


def _trend(scene: Scene, cell: Cell, indicator: str) -> list[Component]:
    lang, line = scene.lang, scene.figures.line(cell, indicator, WEEKLY)
    title = lang.say(f"line_{indicator}", cell=cell_title(lang, cell))
    told = [one for one in line if one.value is not None]
    if len(told) < _LEAST:
        return [html.H3(title), html.P(no_line(lang, line), className="untold-note")]
    said = line_saying(lang, line)
    feasts = feasts_of(lang, line)
    chart = line_chart(
        lang, points_of(line), f"{title}. {said}", writer(lang, indicator), holidays=feasts
    )
    key = cell.series(indicator, WEEKLY)
    return [
        html.H3(title),
        picture(chart, "chart-line"),
        *holiday_key(lang, feasts),
        html.P(said, className="summary"),
        unfolding(lang, line_table(lang, title, line)),
        html.P(download_link(lang, key, title)),
        vintage(lang, told, fetch=False),
    ]


def no_line(lang: Language, line: Sequence[Released]) -> str:
    """Why no line is drawn: of the newest period, or that only one is told."""
    told = [one for one in line if one.value is not None]
    if told:
        day = lang.short_day(last_day(told[-1]))
        return lang.say("line_one", value=value_text(lang, told[-1]), day=day)
    return why_untold(lang, line[-1] if line else None)


def points_of(line: Sequence[Released]) -> list[Point]:
    """A line of figures as points, dated by the last day of their period."""
    return [
        Point(day=last_day(one), value=one.value, lower=one.lower, upper=one.upper) for one in line
    ]


def line_saying(lang: Language, line: Sequence[Released]) -> str:
    """What a line says: newest, highest and lowest period, and how many are not told."""
    told = [one for one in line if one.value is not None]
    highest = max(told, key=lambda one: one.value or 0.0)
    lowest = min(told, key=lambda one: one.value or 0.0)
    said = lang.say(
        "say_line",
        newest=value_text(lang, told[-1]), day=lang.short_day(last_day(told[-1])),
        highest=value_text(lang, highest), highest_day=lang.short_day(last_day(highest)),
        lowest=value_text(lang, lowest), lowest_day=lang.short_day(last_day(lowest)),
    )  # fmt: skip
    parts = [said, *holidays_said(lang, feasts_of(lang, line), last_day(lowest))]
    if hidden := len(line) - len(told):
        parts.append(lang.say("say_line_hidden", count=lang.number(hidden)))
    return " ".join(parts)


def feasts_of(lang: Language, line: Iterable[Released]) -> dict[date, str]:
    """Holidays by the last day of those periods of a line of counts that hold some."""
    return {
        last_day(one): told
        for one in line
        if (days := _days_of(one)) and (told := holidays_of(lang, last_day(one), days))
    }


def _days_of(one: Released) -> int:
    """Days of a period that its holidays count for; 0 where they are not told."""
    counted = unit_of(one.series.indicator) == "vacancies"
    return _DAYS.get(one.series.frequency, 0) if counted else 0


def line_table(lang: Language, caption: str, line: Sequence[Released]) -> Component:
    """Every period of a line, the newest first."""
    rows = [
        [
            beside_holidays(lang, last_day(one), _days_of(one)), told_or_why(lang, one),
            interval_text(lang, one), n_text(lang, one), one.grade or "–",
        ]
        for one in reversed(line)
    ]  # fmt: skip
    headings = [lang.say(key) for key in ("period_until", "value", "interval")]
    return table(caption, [*headings, "n", lang.say("grade")], rows)
