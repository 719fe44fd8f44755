"""Cards of the page of sources: external systems, and the strategy's indicators about them."""

from __future__ import annotations

from config.registry import registry
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.parts import card, system_badge, table
from dashboard.scene import Scene
from dashboard.words import coded_name
from warehouse.strategy import StrategyFigure, strategy_figures
from warehouse.systems import Standing, SystemStatus, standings


def systems_card(scene: Scene) -> Component:
    """Every system with status, last receipt and agreement; what is on no register follows."""
    lang = scene.lang
    order = list(SystemStatus)
    stands = sorted(
        _standings(scene), key=lambda held: (held.system is None, order.index(held.status))
    )
    rows = [_system_row(lang, held) for held in stands]
    names = ("status", "connection", "last", "records", "agreement")
    headings = [lang.say("system"), *(lang.say(f"system_{name}") for name in names)]
    held = table(lang.say("systems_title"), headings, rows) if rows else html.P(lang.say("empty"))
    return card(
        lang.say("systems_title"),
        html.P(lang.say("systems_lead"), className="quiet"),
        held,
        name="systems",
        wide=True,
    )


def computed_figures(scene: Scene) -> list[StrategyFigure]:
    """Indicators 1.4, 3.1, 3.5 and 3.6; none before what has come was read."""
    came = scene.snapshot.came
    if came is None:
        return []
    return strategy_figures(
        registry(), _standings(scene), came.volumes, as_of=came.as_of,
        demonstration=scene.demonstration,
    )  # fmt: skip


def strategy_card(scene: Scene) -> Component:
    """Indicators 1.4, 3.1, 3.5 and 3.6 with targets, formula, n and time."""
    lang, came = scene.lang, scene.snapshot.came
    if came is None:
        return html.P(lang.say("strategy_none"), className="notice")
    figures = computed_figures(scene)
    names = ("value", "target_2", "target_10", "formula")
    headings = [lang.say("strategy_indicator"), *(lang.say(f"strategy_{name}") for name in names)]
    rows = [_figure_row(lang, figure, demonstration=scene.demonstration) for figure in figures]
    told = lang.say("strategy_told", time=lang.short_moment(came.as_of), method=figures[0].method)
    return card(
        lang.say("strategy_title"),
        html.P(lang.say("strategy_lead"), className="quiet"),
        *([html.P(lang.say("strategy_demonstration"), className="notice")] * scene.demonstration),
        table(lang.say("strategy_title"), headings, rows),
        html.P(told, className="quiet"),
        name="strategy",
        wide=True,
    )


def _standings(scene: Scene) -> list[Standing]:
    came = scene.snapshot.came
    if came is None:
        return []
    return standings(registry(), came.receipts, as_of=came.as_of, demonstration=scene.demonstration)


def _system_row(lang: Language, held: Standing) -> list[Component]:
    system = held.system
    if system is None:
        mark = lang.say("system_demonstration" if held.demonstration else "system_unregistered")
        name: Component = [held.system_id, html.Div(mark, className="quiet")]
        connection = "–"
    else:
        names = system.name.model_dump()
        kind = coded_name(lang, "kind", system.kind.value)
        name = [names[lang.code], html.Div(kind, className="quiet")]
        connection = lang.say(f"connection_{system.connection.value}")
    last: Component = lang.say("system_never")
    if held.last_at is not None:
        last = html.Time(lang.short_moment(held.last_at), dateTime=held.last_at.isoformat())
    return [
        html.Div(name),
        system_badge(lang, held.status.value),
        connection,
        last,
        lang.number(held.records),
        lang.say(f"agreement_{held.agreement.value}"),
    ]


def _figure_row(lang: Language, figure: StrategyFigure, *, demonstration: bool) -> list[Component]:
    value: list[Component] = [html.Strong(lang.number(figure.value))]
    if demonstration:
        invented = lang.number(figure.demonstration)
        value.append(
            html.Div(lang.say("strategy_invented", count=invented), className="quiet whole")
        )
    key = figure.number.replace(".", "_")
    parts = ", ".join(
        f"{coded_name(lang, 'addend', name)} {lang.number(count)}"
        for name, count in figure.parts
        if count
    )
    n = lang.say("strategy_n", n=lang.number(figure.n))
    return [
        html.Div([figure.number, html.Div(lang.say(f"strategy_{key}"), className="quiet")]),
        html.Div(value),
        _target(lang, figure.target_2_years),
        _target(lang, figure.target_10_years),
        html.Div(
            [
                lang.say(f"formula_{key}"),
                html.Div(f"{parts}; {n}" if parts else n, className="quiet"),
            ]
        ),
    ]


def _target(lang: Language, value: int | None) -> str:
    return lang.say("strategy_not_stated") if value is None else lang.number(value)
