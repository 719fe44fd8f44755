"""Alerts: the inbox, and one alert with its evidence, sources, parts and history."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.accounts.menu import log_in_address
from dashboard.accounts.policy import Action, Resource, may
from dashboard.addresses import Page, answer_path
from dashboard.cube import GROUPS, PROVINCES, Cube
from dashboard.drawing.evidence import evidence_chart
from dashboard.drawing.svg import picture
from dashboard.elements import Component, dcc, html
from dashboard.figures import Figure, evidence_figure, rolling_expectation
from dashboard.intervals import Interval
from dashboard.pages.inbox import inbox, lists
from dashboard.parts import (
    as_of,
    badge,
    card,
    chart,
    chart_key,
    heading,
    painted,
    severity_said,
    table,
    unfolding,
)
from dashboard.scene import PageParts, Scene
from dashboard.text import alert_evidence
from dashboard.views import AlertChange, AlertView
from dashboard.words import alert_cell, alert_heading, cell_name, coded_name

BEFORE, AFTER = 26, 26
"""Weeks shown before and after the onset."""
MOST_CELLS = 8
_LEAST = 2


def _title(scene: Scene) -> str:
    alert = scene.snapshot.alert(scene.address.item)
    return alert_heading(scene.lang, alert) if alert else scene.lang.say("alerts_title")


def _cube(scene: Scene, alert: AlertView) -> Cube | None:
    """What holds the alert's cell for this viewer: all, or an office's own province."""
    held = scene.snapshot
    if held.cube is None and held.own is not None and held.own.province == alert.province:
        return held.own.cube
    return held.cube


def _weeks(cube: Cube | None, alert: AlertView) -> list[tuple[date, int, Interval | None]]:
    """Weeks about the onset: last day, new vacancies, and what was expected without the change."""
    ends, counts = cube.weekly_flow(*alert_cell(alert)) if cube else ([], [])
    first = alert.onset_on - timedelta(weeks=BEFORE)
    bands = rolling_expectation(
        ends, counts, alert.onset_on, shown=sum(end >= first for end in ends)
    )
    last = alert.onset_on + timedelta(weeks=AFTER)
    weeks = zip(ends, counts, bands, strict=True)
    return [week for week in weeks if first <= week[0] <= last]


def _evidence(scene: Scene) -> Figure:
    alert = scene.snapshot.alert(scene.address.item)
    cube = _cube(scene, alert) if alert else None
    if cube is None or alert is None or alert.hidden:
        return {"data": [], "layout": {}}
    return evidence_figure(scene.lang, _weeks(cube, alert), alert.onset_on)


def _still(scene: Scene) -> Component:
    """The evidence as a picture, for paper and for readers without scripts."""
    alert = scene.snapshot.alert(scene.address.item)
    if alert is None or alert.hidden:
        return None
    weeks = _weeks(_cube(scene, alert), alert)
    if len(weeks) < _LEAST:
        return None
    said = alert_evidence(scene.lang, alert)
    return picture(evidence_chart(scene.lang, weeks, alert.onset_on, said), "chart-line")


def _evidence_card(scene: Scene, alert: AlertView) -> Component:
    lang = scene.lang
    said = alert_evidence(lang, alert)
    if alert.hidden:
        parts: list[Component] = [html.P(said, className="summary")]
        if scene.viewer.role is None:
            parts.append(html.P(html.A(lang.say("public_log_in"), href=log_in_address(scene))))
        return card(lang.say("evidence_title"), *parts, name="evidence", wide=True)
    cell = cell_name(lang, *alert_cell(alert))
    rows = [
        [
            lang.short_day(end),
            lang.number(count),
            lang.say("legend_between", lower=lang.number(band.lower), upper=lang.number(band.upper))
            if band
            else "–",
        ]
        for end, count, band in _weeks(_cube(scene, alert), alert)
    ]
    headings = [lang.say("week_ending"), lang.say("observed"), lang.say("expected_band")]
    return card(
        lang.say("evidence_title"),
        html.P(said, className="summary"),
        html.H3(lang.say("evidence_chart", cell=cell)),
        chart("evidence", _evidence(scene), said, "tall"),
        painted("still", _still(scene), "still"),
        chart_key(lang),
        unfolding(lang, table(lang.say("evidence_title"), headings, rows[::-1])),
        name="evidence",
        wide=True,
    )


def _contributions(cube: Cube, alert: AlertView) -> list[tuple[str, str, int, int]]:
    """Cells one step finer: (province, group, since the onset, before), by difference."""
    province, group = alert_cell(alert)
    if province == "all":
        cells = [(code, group) for code in PROVINCES]
        if group == "all":
            cells += [("all", code) for code in GROUPS]
    elif group == "all":
        cells = [(province, code) for code in GROUPS]
    else:
        return []
    at = (alert.onset_on - cube.first_day).days
    found = []
    for cell in cells:
        series = cube.daily_flow(*cell)[: cube.days - 1]
        now, before = series[at : at + 28], series[max(0, at - 28) : max(0, at)]
        found.append((*cell, int(now.sum()), int(before.sum())))
    return sorted(found, key=lambda row: -abs(row[2] - row[3]))[:MOST_CELLS]


def _contributing_card(scene: Scene, alert: AlertView, cube: Cube) -> Component | None:
    lang, parts = scene.lang, _contributions(cube, alert)
    if not parts:
        return None
    rows = [
        [
            cell_name(lang, province, group),
            lang.number(now),
            lang.number(before),
            lang.number(now - before, sign=True),
        ]
        for province, group, now, before in parts
    ]
    headings = [lang.say(key) for key in ("cell", "new_4_weeks", "before_4_weeks", "difference")]
    return card(
        lang.say("contributing_title"),
        html.P(lang.say("contributing_lead"), className="quiet"),
        table(lang.say("contributing_title"), headings, rows),
        name="contributing",
    )


def _sources_card(scene: Scene, alert: AlertView) -> Component:
    lang = scene.lang
    listed: Component = html.P(lang.say("behind_none"), className="quiet")
    if alert.sources:
        listed = html.Ul([html.Li(source) for source in alert.sources], className="plain")
    return card(lang.say("behind_title"), listed, name="behind")


def _history_row(scene: Scene, change: AlertChange) -> list[Component]:
    lang = scene.lang
    return [
        html.Time(lang.short_moment(change.at), dateTime=change.at.isoformat()),
        badge(lang, change.state),
        coded_name(lang, "reason", change.reason),
        lang.say("yes" if change.notified else "no"),
    ]


def _history_card(scene: Scene, alert: AlertView) -> Component:
    lang = scene.lang
    rows = [
        _history_row(scene, change)
        for change in reversed(scene.snapshot.histories.get(alert.alert_id, ()))
    ]
    headings = [lang.say(f"history_{name}") for name in ("at", "change", "reason", "notified")]
    return card(
        lang.say("history_title"),
        table(lang.say("history_title"), headings, rows),
        name="history",
        wide=True,
    )


def _standing(scene: Scene) -> Component:
    """State of the alert, and the button that acknowledges it while it fires."""
    lang, alert = scene.lang, scene.snapshot.alert(scene.address.item)
    if alert is None:
        return ""
    said = [badge(lang, alert.state), " ", severity_said(lang, alert), " · ",
            lang.say("alert_onset", day=lang.day(alert.onset_on))]  # fmt: skip
    if not may(scene.viewer, alert.province, Action.ACT, Resource.ALERTS).allowed:
        return html.P(said)
    button = html.Button(
        lang.say("acknowledge"),
        id="acknowledge",
        className="button primary",
        hidden=alert.state != "firing",
    )
    answer = html.A(lang.say("answer_open"), href=answer_path(lang.code, alert.alert_id))
    return [html.P(said), button, html.P(answer, className="screen-only")]


def _details(scene: Scene) -> Component:
    lang, alert = scene.lang, scene.snapshot.alert(scene.address.item)
    if alert is None:
        return html.P(lang.say("alert_unknown"), className="notice")
    cube = _cube(scene, alert)
    contributing = _contributing_card(scene, alert, cube) if cube else None
    pair = [part for part in (contributing, _sources_card(scene, alert)) if part is not None]
    printed = html.P(lang.say("alert_printed", id=alert.alert_id), className="print-only")
    return [html.Div(pair, className="pair"), printed, _history_card(scene, alert)]


def _one(scene: Scene) -> Component:
    alert = scene.snapshot.alert(scene.address.item)
    back = dcc.Link(
        ["← ", scene.lang.say("back_to_alerts")], href=scene.address.to(Page.ALERTS).path
    )
    parts = [html.P(back, className="screen-only"), heading(scene, _title(scene))]
    if alert is not None:
        parts += [
            html.Div(_standing(scene), id={"slot": "standing"}, className="standing"),
            html.P("", id="acknowledge-result", role="status", className="quiet"),
            _evidence_card(scene, alert),
        ]
    parts.append(html.Div(_details(scene), id={"slot": "details"}))
    return html.Div(parts, className="sheet")


def _content(scene: Scene) -> Component:
    return _one(scene) if scene.address.item else inbox(scene)


PARTS = PageParts(
    title=_title,
    content=_content,
    slots={"as-of": as_of, "lists": lists, "standing": _standing, "details": _details},
    paints={"still": _still},
    figures={"evidence": _evidence},
)
