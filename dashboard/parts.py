"""Building blocks of pages: cards, tables, charts, badges, choices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dashboard.addresses import Address, Page
from dashboard.alert_words import alert_size
from dashboard.cube import GROUPS, PROVINCES
from dashboard.elements import Component, dcc, html
from dashboard.figures import Figure
from dashboard.holidays import MARK
from dashboard.language import Language
from dashboard.markup import MADE, to_html
from dashboard.scene import Scene
from dashboard.views import AlertView
from dashboard.whole import words
from dashboard.words import alert_heading, coded_name, group_name, province_name

SCRIPTED = {"data-scripted": "yes"}
"""Marks what is of no use without a script, and is therefore not in the first paint."""
UNKNOWN = "unknown"
"""Filter value of vacancies without a known place or a codable occupation."""

_FIGURE: Final = re.compile(r"[\d.,()% \u00a0–-]+")

_STATE_MARKS = {
    "pending": "◔",
    "firing": "▲",
    "acknowledged": "✓",
    "resolved": "○",
    "silenced": "–",
    "inhibited": "–",
}


def card(heading: str, *children: Component, name: str, wide: bool = False) -> Component:
    """A titled region. `name` is unique on the page.

    It is named by its words, not by the id of its heading: what is painted keeps no ids.
    """
    return html.Section(
        [html.H2(heading, id=f"{name}-heading"), *children],
        className="card wide" if wide else "card",
        **{"aria-label": heading},
    )


def table(
    caption: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Component]],
    *,
    keys: Sequence[str] = (),
) -> Component:
    """A data table whose first column names the row. Cells become stacked lines on a phone.

    `keys` identify rows across updates, so that a new row can be seen to arrive.
    """
    head = html.Thead(html.Tr([html.Th(heading, scope="col") for heading in headings]))
    body = [_row(headings, cells, keys[at] if keys else str(at)) for at, cells in enumerate(rows)]
    held = html.Table([html.Caption(caption), head, html.Tbody(body)])
    return html.Div(
        held, className="table-holder", tabIndex="0", role="group", **{"aria-label": caption}
    )


def _row(headings: Sequence[str], cells: Sequence[Component], key: str) -> Component:
    first, *rest = cells
    return html.Tr(
        [
            html.Th(first, scope="row"),
            *(
                html.Td(_one(cell), className=_kind_of(cell), **{"data-label": heading})
                for heading, cell in zip(headings[1:], rest, strict=True)
            ),
        ],
        key=key,
    )


def _one(cell: Component) -> Component:
    """A cell as one thing: on a phone its label and whatever is in it stand side by side."""
    parted = isinstance(cell, list | tuple) or (isinstance(cell, str) and words().search(cell))
    return html.Div(cell) if parted else cell


def _kind_of(cell: Component) -> str:
    """A number is kept on one line: broken in two it reads as two."""
    return "figure" if isinstance(cell, str) and _FIGURE.fullmatch(cell) else ""


def chart(name: str, figure: Figure, label: str, css: str) -> Component:
    """A chart; `label` is what it says in words, for readers who do not see it."""
    graph = dcc.Graph(
        id={"figure": name},
        figure=figure,
        responsive=True,
        config={"displayModeBar": False, "scrollZoom": False, "doubleClick": False},
        className="plot",
    )
    return html.Div(graph, className=f"chart {css}", role="img", **{"aria-label": label})


def chart_key(lang: Language) -> Component:
    """What the marks of a chart against expectation mean."""
    marks = (
        ("observed", ""), ("expected", ""), ("expected_band", ""), ("outside", "▲▼"),
        ("holiday_week", MARK),
    )  # fmt: skip
    items = [
        html.Li(
            [html.Span(text, className=f"key {name}", **{"aria-hidden": "true"}), lang.say(name)]
        )
        for name, text in marks
    ]
    return html.Ul(items, className="legend", **{"aria-label": lang.say("legend")})


def unfolding(lang: Language, content: Component) -> Component:
    """The table behind a chart, folded away."""
    return html.Details([html.Summary(lang.say("show_table")), content])


def badge(lang: Language, state: str) -> Component:
    """An alert's state as shape, colour and word."""
    mark = html.Span(_STATE_MARKS.get(state, "·"), **{"aria-hidden": "true"})
    return html.Span([mark, " ", lang.say(f"state_{state}")], className=f"badge {state}")


def outcome_badge(lang: Language, outcome: str) -> Component:
    """How a crawl ended, as shape, colour and word."""
    good = outcome == "ok"
    mark = html.Span("✓" if good else "!", **{"aria-hidden": "true"})
    css = "badge good" if good else "badge firing"
    return html.Span([mark, " ", lang.say(f"outcome_{outcome}")], className=css)


def system_badge(lang: Language, status: str) -> Component:
    """How an external system stands, as shape, colour and word."""
    marks = {"connected": "✓", "receiving": "↓", "late": "!", "pending": "◔", "refused": "✕"}
    good, bad = {"connected", "receiving"}, {"late", "refused"}
    colour = "good" if status in good else "firing" if status in bad else "quiet-badge"
    mark = html.Span(marks.get(status, "–"), **{"aria-hidden": "true"})
    return html.Span([mark, " ", lang.say(f"status_{status}")], className=f"badge {colour}")


def refusal_said(lang: Language, reason: str) -> Component:
    """Why a record was refused, in words, with the machine name that operators look for."""
    code = html.Code(reason, lang="en")
    if f"refused_{reason}" not in lang.strings:
        return code
    return html.Div([lang.say(f"refused_{reason}"), " ", code], className="worded")


def severity_said(lang: Language, alert: AlertView) -> str:
    """How grave an alert is, in words."""
    return lang.say("alert_severity", severity=coded_name(lang, "score_severity", alert.severity))


def alert_item(lang: Language, address: Address, alert: AlertView) -> Component:
    """One alert in a list: what, where, how much, since when."""
    arrow = {"up": "▲", "down": "▼"}.get(alert.direction, "■")
    kind = "fault" if alert.kind == "collection_fault" else alert.direction
    return html.Li(
        [
            html.Span(arrow, className=f"arrow {kind}", **{"aria-hidden": "true"}),
            html.Div(
                [
                    dcc.Link(
                        alert_heading(lang, alert),
                        href=address.to(Page.ALERTS, alert.alert_id).path,
                        className="alert-link",
                    ),
                    html.P(alert_size(lang, alert), className="quiet"),
                    html.P(
                        [
                            badge(lang, alert.state),
                            " ",
                            severity_said(lang, alert),
                            " · ",
                            lang.say("alert_onset", day=lang.short_day(alert.onset_on)),
                        ],
                        className="quiet",
                    ),
                ]
            ),
        ],
        className="alert-item",
        key=alert.alert_id,
    )


def alert_list(
    lang: Language, address: Address, alerts: Sequence[AlertView], none: str
) -> Component:
    """A list of alerts, or the sentence that there is none."""
    if not alerts:
        return html.P(none, className="quiet")
    return html.Ul([alert_item(lang, address, alert) for alert in alerts], className="alert-list")


def choice(name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> Component:
    """A labelled drop-down whose value reaches every part of the page as filter `name`.

    The browser's own `<select>`: it serves keyboards, screen readers and phones as they expect.
    """
    held = [
        html.Option(text, value=code, **({"selected": "selected"} if code == value else {}))
        for code, text in options
    ]
    return html.Div(
        [
            html.Label(label, htmlFor=f"choice-{name}"),
            html.Select(held, id=f"choice-{name}", **{"data-filter": name}),
            dcc.Store(id={"filter": name}, data=value),
        ],
        className="choice",
        **SCRIPTED,
    )


def segments(name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> Component:
    """A choice between few values as a row of buttons; reaches the page as filter `name`."""
    buttons = [
        html.Button(
            text,
            type="button",
            **{
                "data-filter": name,
                "data-value": code,
                "aria-pressed": "true" if code == value else "false",
            },
        )
        for code, text in options
    ]
    store = dcc.Store(id={"filter": name}, data=value)
    return html.Div(
        [*buttons, store], className="segments", role="group", **{"aria-label": label}, **SCRIPTED
    )


def province_choice(scene: Scene) -> Component:
    """Choose a province, the whole country, or vacancies without a known place."""
    lang = scene.lang
    options = [(code, province_name(lang, code)) for code in ("all", *PROVINCES, UNKNOWN)]
    return choice("province", lang.say("province"), options, scene.chosen("province"))


def group_choice(scene: Scene) -> Component:
    """Choose a major group, all occupations, or what could not be coded."""
    lang = scene.lang
    options = [(code, group_name(lang, code)) for code in ("all", *GROUPS, UNKNOWN)]
    return choice("group", lang.say("major_group"), options, scene.chosen("group"))


def painted(name: str, component: Component, css: str = "") -> Component:
    """A part that travels as HTML and is put in place by the script, row by row.

    Dash needs a second to make a long table from components on a small machine; this takes
    milliseconds. It must hold nothing that a callback listens to.
    """
    return _html("paint", name, component, css)


def picked(name: str, component: Component, css: str = "") -> Component:
    """As `painted`; it follows the filters too."""
    return _html("picked", name, component, css)


def slowly(name: str, component: Component) -> Component:
    """As `painted`; it follows the filters, and loads every few seconds."""
    return _html("slow", name, component, "")


def _html(kind: str, name: str, component: Component, css: str) -> Component:
    return html.Div(id={kind: name}, className=css, **{MADE: to_html(component)})


def heading(scene: Scene, title: str) -> Component:
    """The page's name, and the moment its data stand for."""
    return html.Div(
        [
            html.H1(title, tabIndex="-1"),
            html.P(as_of(scene), id={"slot": "as-of"}, className="as-of"),
        ],
        className="heading",
    )


def as_of(scene: Scene) -> Component:
    """When the data shown was loaded."""
    loaded, lang = scene.snapshot.loaded_at, scene.lang
    if loaded is None:
        return lang.say("as_of_never")
    return lang.say("as_of", time=lang.short_moment(loaded))
