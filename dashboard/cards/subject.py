"""What every page about a province, sector or occupation has: key figures, alerts, the others."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.addresses import Page
from dashboard.cards.compared import Compared, compared_table
from dashboard.cards.pressure import Part
from dashboard.cards.tiles import tile, tiles
from dashboard.elements import Component, dcc, html
from dashboard.parts import alert_list, card
from dashboard.released import MONTHLY, WEEKLY, Cell, last_day
from dashboard.scene import Scene
from dashboard.wording import vintage
from warehouse.disclosure.records import Released
from warehouse.series import Frequency, Standing


def key_figures(scene: Scene, cell: Cell) -> Component:
    """New and open vacancies, growth, pay or time advertised: the newest published ones."""
    lang, figures = scene.lang, scene.figures
    flow, stock = (figures.newest(cell, name, WEEKLY) for name in ("flow", "stock"))
    held = [
        tile(lang, _dated(scene, "tile_flow", flow), flow),
        tile(lang, _dated(scene, "tile_stock", stock), stock),
        tile(lang, lang.say("tile_growth"), figures.newest(cell, "growth", WEEKLY)),
    ]
    if not cell.section:
        pay = figures.newest(cell, "wage_median", MONTHLY)
        held.append(tile(lang, _dated(scene, "tile_pay", pay), pay))
    return html.Div(
        [
            tiles(lang, held),
            vintage(lang, [flow, stock], fetch=False),
        ]
    )


def _dated(scene: Scene, key: str, one: Released | None) -> str:
    day = scene.lang.short_day(last_day(one)) if one else "–"
    return scene.lang.say(key, day=day)


def measured_card(
    scene: Scene, parts: Sequence[Part], indicator: str, frequency: Frequency, heading: str
) -> Component:
    """One indicator of many cells, the greatest first; what is not told comes last."""
    lang = scene.lang
    found = [scene.figures.newest(part.cell, indicator, frequency) for part in parts]
    own = [None if one and one.standing is Standing.ROLLED_UP else one for one in found]
    ranked = sorted(
        zip(parts, own, strict=True), key=lambda pair: (_value(pair[1]) is None, -_rank(pair[1]))
    )
    rows = [
        Compared(name=part.name, figure=one, href=part.href, css=part.css) for part, one in ranked
    ]
    dated = [one for one in found if one is not None]
    day = lang.day(last_day(dated[0])) if dated else "–"
    return card(
        lang.say(f"name_{indicator}"),
        html.P(_period(scene, indicator, frequency, day), className="quiet"),
        compared_table(lang, lang.say(f"name_{indicator}"), heading, rows),
        vintage(lang, found),
        name=f"by-{indicator.replace('_', '-')}-{frequency.value.lower()}",
    )


def _period(scene: Scene, indicator: str, frequency: Frequency, day: str) -> str:
    lang = scene.lang
    said = lang.say(f"period_{frequency.value.lower()}", day=day)
    return f"{said} {lang.say('in_million_kip')}" if indicator == "wage_median" else said


def _value(one: Released | None) -> float | None:
    return one.value if one else None


def _rank(one: Released | None) -> float:
    return _value(one) or 0.0


def alerts_card(scene: Scene, *, province: str = "", group: str = "") -> Component:
    """Open alerts of a province or of a major group."""
    lang = scene.lang
    held = [
        alert for alert in scene.snapshot.alerts
        if alert.is_open and (not province or alert.province == province)
        and (not group or alert.isco1 == group)
    ]  # fmt: skip
    return card(
        lang.say("alerts_here"),
        alert_list(lang, scene.address, held, lang.say("alerts_here_none")),
        html.P(dcc.Link(lang.say("alerts_all"), href=scene.address.to(Page.ALERTS).path)),
        name="alerts-here",
    )


def others_card(
    scene: Scene, title: str, page: Page, items: Sequence[tuple[str, str]]
) -> Component:
    """Links to the other pages of the same kind."""
    links = [
        html.Li(dcc.Link(name, href=scene.address.to(page, code).path))
        for code, name in items
        if code != scene.address.item
    ]
    return card(title, html.Ul(links, className="links"), name="others", wide=True)


def columns(*stacks: Sequence[Component]) -> Component:
    """Cards in two columns, each as tall as what it holds; one below the other on a phone."""
    held = [html.Div(list(stack), className="stack") for stack in stacks]
    return html.Div(held, className="pair loose")


def back_link(scene: Scene, page: Page) -> Component:
    """Back to all of them."""
    link = dcc.Link(["← ", scene.lang.say(f"back_{page}")], href=scene.address.to(page).path)
    return html.P(link, className="back")
