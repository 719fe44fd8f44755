"""The list of alerts: what waits for the reader first, filters as links and as a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from alerts.severity import Severity
from alerts.signal import Classification
from config.vocabulary import industries, provinces
from dashboard.addresses import Page, asking
from dashboard.elements import Component, html
from dashboard.inbox import (
    FIELDS,
    NATION,
    WAITING,
    Wanted,
    counted,
    found,
    query_of,
    waits_for,
    wanted_of,
)
from dashboard.markup import MADE, to_html
from dashboard.parts import alert_list, card, heading
from dashboard.scene import Scene
from dashboard.views import AlertView
from dashboard.wording import section_name
from dashboard.words import coded_name, province_name

STATES: Final = ("", WAITING, "firing", "acknowledged", "pending", "resolved")
"""Links above the list; "" is all."""
_LABELS: Final = {
    "state": "inbox_state", "severity": "inbox_severity", "province": "province",
    "sector": "sector", "kind": "inbox_kind",
}  # fmt: skip


def inbox(scene: Scene) -> Component:
    """The page."""
    lang = scene.lang
    return [
        heading(scene, lang.say("alerts_title")),
        html.P(lang.say("alerts_lead"), className="lead"),
        _form(scene),
        html.Div(lists(scene), id={"slot": "lists"}),
    ]


def lists(scene: Scene) -> Component:
    """The lists under the present filters, with links by state and their counts."""
    lang, viewer = scene.lang, scene.viewer
    wanted = wanted_of(scene.address.query)
    shown = found(viewer, scene.snapshot.alerts, wanted)
    mine = [alert for alert in shown if waits_for(viewer, alert)]
    still = [alert for alert in shown if alert.is_open and not waits_for(viewer, alert)]
    over = [alert for alert in shown if not alert.is_open]
    said = lang.say("inbox_shown", count=lang.number(len(shown)),
                    all=lang.number(len(scene.snapshot.alerts)))  # fmt: skip
    parts: list[Component] = [
        _state_links(scene, wanted),
        html.P([said, *_let_go(scene, wanted)], role="status"),
    ]
    groups = [("alerts_open", still, "alerts_none_open", "open"),
              ("alerts_closed", over, "alerts_none_closed", "closed")]  # fmt: skip
    if viewer.is_known:
        groups.insert(0, ("inbox_waiting", mine, "inbox_none_waiting", "waiting"))
    for title, alerts, none, name in groups:
        parts.append(_listed(scene, title, alerts, "inbox_none" if wanted else none, name))
    return parts


def _listed(
    scene: Scene, title: str, alerts: Sequence[AlertView], none: str, name: str
) -> Component:
    lang = scene.lang
    return card(
        f"{lang.say(title)} ({lang.number(len(alerts))})",
        alert_list(lang, scene.address, alerts, lang.say(none)),
        name=name,
    )


def _href(scene: Scene, wanted: Wanted, **changes: str) -> str:
    return asking(scene.address.to(Page.ALERTS).path, query_of(wanted, **changes))


def _state_links(scene: Scene, wanted: Wanted) -> Component:
    """One link for each state, with how many it shows under the other filters."""
    lang, alerts = scene.lang, scene.snapshot.alerts
    counts = counted(scene.viewer, alerts, wanted, "state")
    others = {name: value for name, value in wanted.items() if name != "state"}
    counts[""] = len(found(scene.viewer, alerts, others))
    here = wanted.get("state", "")
    links = [
        html.Li(
            html.A(
                f"{_state_name(scene, state)} ({lang.number(counts.get(state, 0))})",
                href=_href(scene, wanted, state=state),
                **({"aria-current": "true"} if state == here else {}),
            )
        )
        for state in STATES
        if state != WAITING or scene.viewer.is_known
    ]
    return html.Nav(
        html.Ul(links, className="links states"), **{"aria-label": lang.say("inbox_by_state")}
    )


def _let_go(scene: Scene, wanted: Wanted) -> list[Component]:
    """The link that lets go of all filters, and that the address can be kept and sent on."""
    if not wanted:
        return []
    clear = html.A(scene.lang.say("inbox_clear"), href=_href(scene, {}))
    return [" ", clear, ". ", html.Span(scene.lang.say("inbox_permalink"), className="quiet")]


def _form(scene: Scene) -> Component:
    """Every filter as a drop-down with counts. Works without scripts; the address tells all."""
    lang, wanted = scene.lang, wanted_of(scene.address.query)
    fields = [field for name in FIELDS if (field := _field(scene, wanted, name)) is not None]
    button = html.Button(lang.say("inbox_apply"), type="submit", className="button")
    summary = html.Summary(lang.say("inbox_filters"))
    form = html.Form(
        [html.Div(fields, className="fields"), html.P(button, className="buttons")],
        method="get", action=scene.address.to(Page.ALERTS).path, className="explore",
        **{"aria-label": lang.say("inbox_filters")},
    )  # fmt: skip
    folded = html.Details([summary, form], className="card filters", open=bool(wanted))
    return html.Div(**{MADE: to_html(folded)})  # the browser's own form, with and without scripts


def _field(scene: Scene, wanted: Wanted, name: str) -> Component | None:
    """One drop-down: only values that some alert has, and the one that is chosen; none of none."""
    lang, chosen = scene.lang, wanted.get(name, "")
    counts = counted(scene.viewer, scene.snapshot.alerts, wanted, name)
    if not counts and not chosen:
        return None
    codes = sorted(set(counts) | ({chosen} if chosen else set()), key=_place(name))
    options = [html.Option(lang.say("inbox_any"), value="")] + [
        html.Option(
            f"{_value_name(scene, name, code)} ({lang.number(counts.get(code, 0))})", value=code,
            **({"selected": "selected"} if code == chosen else {}),
        )
        for code in codes
    ]  # fmt: skip
    label = html.Label([lang.say(_LABELS[name]), html.Select(options, name=name)])
    return html.Div(label, className="field")


def _place(name: str) -> Callable[[str], tuple[int, str]]:
    """The order of a field's values: as readers know them, not as codes sort."""
    known: Mapping[str, Sequence[str]] = {
        "state": STATES, "severity": [each.value for each in Severity][::-1],
        "province": [NATION, *provinces()], "sector": list(industries()),
        "kind": [each.value for each in Classification],
    }  # fmt: skip
    order = {code: at for at, code in enumerate(known[name])}
    return lambda code: (order.get(code, len(order)), code)


def _value_name(scene: Scene, name: str, code: str) -> str:
    lang = scene.lang
    if name == "state":
        return _state_name(scene, code)
    if name == "province":
        return province_name(lang, "all" if code == NATION else code)
    if name == "sector":
        return section_name(lang, code)
    return coded_name(lang, f"score_{name}", code)


def _state_name(scene: Scene, state: str) -> str:
    if state in {"", WAITING}:
        return scene.lang.say("inbox_waiting" if state else "inbox_all")
    return coded_name(scene.lang, "state", state)
