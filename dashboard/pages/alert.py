"""One alert: its evidence, sources, parts, what officers did, and its history."""

from __future__ import annotations

from dashboard.accounts.policy import Action, Resource, may
from dashboard.addresses import Page, answer_path
from dashboard.alert_series import Basis, basis_of
from dashboard.cards.deeds import deeds_card
from dashboard.cards.evidence import cube_of, evidence_card
from dashboard.cube import GROUPS, PROVINCES, Cube
from dashboard.elements import Component, dcc, html
from dashboard.parts import badge, card, heading, severity_said, table
from dashboard.scene import Scene
from dashboard.views import AlertChange, AlertView
from dashboard.words import alert_cell, alert_heading, cell_name, coded_name

MOST_CELLS = 8


def alert_title(scene: Scene) -> str:
    """The alert in one line, or the name of the list."""
    alert = scene.snapshot.alert(scene.address.item)
    return alert_heading(scene.lang, alert) if alert else scene.lang.say("alerts_title")


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
        table(lang.say("history_title"), headings, rows)
        if rows
        else html.P(lang.say("answer_history_none"), className="quiet"),
        name="history",
        wide=True,
    )


def standing(scene: Scene) -> Component:
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


def details(scene: Scene) -> Component:
    """What stands below the evidence."""
    lang, alert = scene.lang, scene.snapshot.alert(scene.address.item)
    if alert is None:
        return html.P(lang.say("alert_unknown"), className="notice")
    cube = cube_of(scene, alert)
    counted = cube if basis_of(alert) is Basis.COUNTS else None
    contributing = _contributing_card(scene, alert, counted) if counted else None
    pair = [part for part in (contributing, _sources_card(scene, alert)) if part is not None]
    printed = html.P(lang.say("alert_printed", id=alert.alert_id), className="print-only")
    told = [] if alert.hidden else [deeds_card(scene, alert)]
    return [html.Div(pair, className="pair"), *told, printed, _history_card(scene, alert)]


def one_alert(scene: Scene) -> Component:
    """The page."""
    alert = scene.snapshot.alert(scene.address.item)
    back = dcc.Link(
        ["← ", scene.lang.say("back_to_alerts")], href=scene.address.to(Page.ALERTS).path
    )
    parts = [html.P(back, className="screen-only"), heading(scene, alert_title(scene))]
    if alert is not None:
        parts += [
            html.Div(standing(scene), id={"slot": "standing"}, className="standing"),
            html.P("", id="acknowledge-result", role="status", className="quiet"),
            evidence_card(scene, alert),
        ]
    parts.append(html.Div(details(scene), id={"slot": "details"}))
    return html.Div(parts, className="sheet")
