"""What an alert was decided on, as chart, sentence and table: each kind by its own figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from math import expm1
from typing import Final

from alerts.assessed import RULES
from alerts.notify.names import indicator_name
from dashboard.accounts.menu import log_in_address
from dashboard.alert_series import Basis, basis_of, series_of
from dashboard.alert_words import alert_evidence, size_of
from dashboard.cards.trend import feasts_of, line_saying, line_table, points_of
from dashboard.cube import Cube
from dashboard.drawing.evidence import Week, evidence_chart
from dashboard.drawing.lines import Ahead, Mark, line_chart
from dashboard.drawing.strokes import Point
from dashboard.drawing.svg import picture
from dashboard.elements import Component, html
from dashboard.figures import Figure, evidence_figure, rolling_expectation
from dashboard.holidays import beside_holidays, holiday_key
from dashboard.language import Language
from dashboard.parts import card, chart, chart_key, painted, table, unfolding
from dashboard.scene import Scene
from dashboard.views import AlertView
from dashboard.wording import Write, download_link, unit_of, writer
from dashboard.words import alert_cell, cell_name
from warehouse.disclosure.forecasts import ToldForecast
from warehouse.disclosure.records import Released, View
from warehouse.series import SeriesKey

BEFORE, AFTER = 26, 26
"""Weeks shown before and after the onset."""
_LEAST: Final = 2
_RATIO: Final = "ln ratio"
_WEEK: Final = timedelta(days=6)


def cube_of(scene: Scene, alert: AlertView) -> Cube | None:
    """What holds the alert's cell for this viewer: all, or an office's own province."""
    held = scene.snapshot
    if held.cube is None and held.own is not None and held.own.province == alert.province:
        return held.own.cube
    return held.cube


def evidence_card(scene: Scene, alert: AlertView) -> Component:
    """The card; to those whom the figures are not for, that they are shown after log-in."""
    lang = scene.lang
    said = html.P(alert_evidence(lang, alert), className="summary")
    if alert.hidden:
        parts: list[Component] = []
        if scene.viewer.role is None:
            parts.append(html.P(html.A(lang.say("public_log_in"), href=log_in_address(scene))))
    elif basis_of(alert) is Basis.COUNTS:
        parts = _counted(lang, alert, weeks_of(scene, alert))
    else:
        parts = [painted("still", _courses(scene, alert))]
    return card(lang.say("evidence_title"), said, *parts, name="evidence", wide=True)


def evidence(scene: Scene) -> Figure:
    """The chart of counts, for who has scripts."""
    alert = scene.snapshot.alert(scene.address.item)
    if alert is None or alert.hidden or basis_of(alert) is not Basis.COUNTS:
        return {"data": [], "layout": {}}
    return evidence_figure(scene.lang, weeks_of(scene, alert), alert.onset_on)


def still(scene: Scene) -> Component:
    """The evidence as a picture of the server: of counts for paper and readers without scripts."""
    alert = scene.snapshot.alert(scene.address.item)
    if alert is None or alert.hidden:
        return None
    if basis_of(alert) is Basis.COUNTS:
        return _picture(scene.lang, alert, weeks_of(scene, alert))
    return _courses(scene, alert)


def weeks_of(scene: Scene, alert: AlertView) -> list[Week]:
    """Weeks about the onset: last day, new vacancies, and what was expected without the change."""
    cube = cube_of(scene, alert)
    ends, counts = cube.weekly_flow(*alert_cell(alert)) if cube else ([], [])
    first = alert.onset_on - timedelta(weeks=BEFORE)
    bands = rolling_expectation(
        ends, counts, alert.onset_on, shown=sum(end >= first for end in ends)
    )
    last = alert.onset_on + timedelta(weeks=AFTER)
    weeks = zip(ends, counts, bands, strict=True)
    return [week for week in weeks if first <= week[0] <= last]


def _counted(lang: Language, alert: AlertView, weeks: Sequence[Week]) -> list[Component]:
    said = alert_evidence(lang, alert)
    figure = evidence_figure(lang, weeks, alert.onset_on)
    rows = [
        [
            beside_holidays(lang, end),
            lang.number(count),
            lang.say("legend_between", lower=lang.number(band.lower), upper=lang.number(band.upper))
            if band
            else "–",
        ]
        for end, count, band in reversed(weeks)
    ]
    headings = [lang.say("week_ending"), lang.say("observed"), lang.say("expected_band")]
    return [
        html.H3(lang.say("evidence_chart", cell=cell_name(lang, *alert_cell(alert)))),
        chart("evidence", figure, said, "tall"),
        painted("still", _picture(lang, alert, weeks), "still"),
        chart_key(lang),
        unfolding(lang, table(lang.say("evidence_title"), headings, rows)),
    ]


def _picture(lang: Language, alert: AlertView, weeks: Sequence[Week]) -> Component:
    if len(weeks) < _LEAST:
        return None
    said = alert_evidence(lang, alert)
    return picture(evidence_chart(lang, weeks, alert.onset_on, said), "chart-line")


def _courses(scene: Scene, alert: AlertView) -> Component:
    """The published figures that the alert was decided on, one chart for each series."""
    basis, lang = basis_of(alert), scene.lang
    drawn: list[Component] = []
    for at, key in enumerate(series_of(alert)):
        line = _about(alert, scene.snapshot.courses.get(key, ()))
        told = sum(one.value is not None for one in line)
        ahead = _ahead(scene, alert) if basis is Basis.FORECAST else []
        if told >= _LEAST:
            drawn += _course(lang, alert, key, line, _marks(lang, alert) if at == 0 else [], ahead)
    if not drawn:
        return html.P(lang.say("evidence_untold"), className="untold-note")
    keys = {
        Basis.ASSESSED: "evidence_course_key", Basis.SHIFTED: "evidence_shifted_key",
        Basis.FORECAST: "evidence_ahead_key",
    }  # fmt: skip
    return [*drawn, html.P(lang.say(keys[basis]), className="quiet")]


def _course(
    lang: Language, alert: AlertView, key: SeriesKey, line: Sequence[Released],
    marks: Sequence[Mark], ahead: Sequence[Ahead],
) -> list[Component]:  # fmt: skip
    cell = cell_name(lang, *alert_cell(alert))
    name = indicator_name(key.indicator, lang.code)
    title = lang.say("evidence_course", indicator=name, cell=cell)
    write, onto = _scale(lang, key.indicator)
    points = [
        Point(day=p.day, value=onto(p.value), lower=onto(p.lower), upper=onto(p.upper))
        for p in points_of(line)
    ]
    onset = alert.onset_on if not ahead else None
    said = f"{title}. {line_saying(lang, line)}"
    feasts = feasts_of(lang, line)
    drawing = line_chart(
        lang, points, said, write, ahead, marks=marks, onset=onset, holidays=feasts
    )
    return [
        html.H3(title),
        picture(drawing, "chart-line"),
        *holiday_key(lang, feasts),
        unfolding(lang, line_table(lang, title, line)),
        html.P(download_link(lang, key, title), className="screen-only"),
    ]


def _scale(
    lang: Language, indicator: str
) -> tuple[Write, Callable[[float | None], float | None]]:  # fmt: skip
    """How an indicator is written and drawn: a logarithm of a ratio as what it is more, or less."""
    if unit_of(indicator) != _RATIO:
        return writer(lang, indicator, bare=True), lambda value: value
    return partial(lang.percent, sign=True), lambda value: None if value is None else expm1(value)


def _about(alert: AlertView, line: Sequence[Released]) -> list[Released]:
    """The part of a line that is about the onset; of forecasts the weeks before."""
    first = alert.onset_on - timedelta(weeks=2 * BEFORE)
    last = alert.onset_on + timedelta(weeks=AFTER)
    return [one for one in line if first <= one.time_value <= last]


def _marks(lang: Language, alert: AlertView) -> list[Mark]:
    """Levels that the decision rests on."""
    size, write = size_of(alert), writer(lang, alert.indicator)
    basis = basis_of(alert)
    if basis is Basis.ASSESSED:
        rule = RULES[alert.indicator]
        return [
            Mark(value=value, said=lang.say(f"level_{name}", value=write(value)))
            for name, value in (("begins", rule.begins), ("ends", rule.ends))
        ]
    if size is None:
        return []
    if basis is Basis.FORECAST:
        said = lang.say("level_usual", value=lang.number(size.expected))
        return [Mark(value=size.expected, said=said)]
    onto = _scale(lang, alert.indicator)[1]
    level = onto(size.expected)
    said = lang.say("level_expected", value=write(size.expected))
    return [Mark(value=level, said=said)] if level is not None else []


def _ahead(scene: Scene, alert: AlertView) -> list[Ahead]:
    """The newest exact forecasts of the alert's cell, the nearest first."""
    cell = (alert.province, alert.isco1, "")
    held = [
        one for one in scene.snapshot.forecasts.get(View.DEPARTMENT, ())
        if (one.province, one.occupation, one.industry) == cell
    ]  # fmt: skip
    return [ahead_of(one) for one in sorted(held, key=lambda one: one.ahead)]


def ahead_of(one: ToldForecast) -> Ahead:
    """A forecast as charts draw it, at the last day of its week."""
    return Ahead(
        day=week_end(one.target_week), value=one.value, lower_80=one.lower_80,
        upper_80=one.upper_80, lower_95=one.lower_95, upper_95=one.upper_95,
    )  # fmt: skip


def week_end(monday: date) -> date:
    """The Sunday of a week that is named by its Monday."""
    return monday + _WEEK
