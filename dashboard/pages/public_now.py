"""The first page as the public, and a province's office, may see it: whole weeks, rounded."""

from __future__ import annotations

from math import inf

from dashboard.accounts.menu import log_in_address
from dashboard.addresses import Page
from dashboard.cards.changed import nation_card
from dashboard.cube import GROUPS, PROVINCES
from dashboard.drawing.svg import swatch
from dashboard.elements import Component, dcc, html
from dashboard.figures import Figure, flow_figure
from dashboard.geography import provinces
from dashboard.holidays import beside_holidays, holiday_key, holiday_weeks, holidays_said
from dashboard.language import Language
from dashboard.maps import map_figure
from dashboard.pages.own_card import own_card
from dashboard.pages.vacancies import vacancy_table
from dashboard.parts import (
    alert_list,
    as_of,
    card,
    chart,
    choice,
    heading,
    painted,
    slowly,
    table,
    unfolding,
)
from dashboard.scales import flow_scale, legend
from dashboard.scene import PageParts, Scene
from dashboard.text import map_sentence
from dashboard.told import last_day_of, newest, weeks_of
from dashboard.wording import count_text
from dashboard.words import group_name, province_name
from warehouse.disclosure.records import Hidden, Measure, PublicCount

LATEST = 6


def _title(scene: Scene) -> str:
    return scene.lang.say("now_title")


def _tile(scene: Scene, name: str, measure: Measure) -> Component:
    lang, count = scene.lang, newest(scene.snapshot.told, measure)
    notes = [lang.say("public_none_yet")]
    if count is not None:
        notes = [lang.say(f"public_{name}_to", day=lang.short_day(last_day_of(count)))]
        if count.value is not None:
            notes += [*_interval(lang, count), _rounded(lang, count)]
        elif count.hidden is not None:
            notes.append(lang.say(f"untold_{count.hidden.value}"))
    return html.Div(
        [
            html.Dt(lang.say(f"figure_{name}")),
            html.Dd(count_text(lang, count), className="value"),
            *(html.Dd(note, className="note") for note in notes),
        ],
        className="tile",
    )


def _interval(lang: Language, count: PublicCount) -> list[str]:
    """Of a flow; a stock is counted whole, and open is only what rounding leaves."""
    if count.measure is not Measure.FLOW or count.lower is None or count.upper is None:
        return []
    lower, upper = lang.number(count.lower), lang.number(count.upper)
    between = lang.say("legend_between", lower=lower, upper=upper)
    return [lang.say("tile_interval", interval=between)]


def _rounded(lang: Language, count: PublicCount) -> str:
    return lang.say("public_rounded", step=lang.number(count.step))


def _plain_tile(label: str, value: str, note: str, css: str) -> Component:
    parts = [html.Dt(label), html.Dd(value, className="value"), html.Dd(note, className="note")]
    return html.Div(parts, className=f"tile {css}")


def _tiles(scene: Scene) -> Component:
    lang, held = scene.lang, scene.snapshot
    firing = sum(alert.state == "firing" for alert in held.alerts)
    still = sum(alert.is_open for alert in held.alerts)
    answering = sum(source.answers for source in held.sources)
    tiles = [
        _tile(scene, "week", Measure.FLOW),
        _tile(scene, "stock", Measure.STOCK),
        _plain_tile(
            lang.say("figure_alerts"),
            lang.number(firing),
            lang.say("figure_alerts_open", count=lang.number(still)),
            "above" if firing else "within",
        ),
        _plain_tile(
            lang.say("public_sources"),
            lang.number(answering),
            lang.say("public_sources_of", count=lang.number(len(held.sources))),
            "within" if answering == len(held.sources) else "above",
        ),
    ]
    title = html.H2(lang.say("figures_title"), className="unseen", id="figures-heading")
    return html.Section(
        [title, html.Dl(tiles, className="tiles")], **{"aria-labelledby": "figures-heading"}
    )


def _headline(scene: Scene) -> Component:
    lang = scene.lang
    if scene.snapshot.loaded_at is None:
        return html.P(lang.say("empty"), className="notice")
    firing = [alert for alert in scene.snapshot.alerts if alert.state == "firing"]
    more = dcc.Link(lang.say("alerts_all"), href=scene.address.to(Page.ALERTS).path)
    return [
        _tiles(scene),
        html.Div(
            [
                card(
                    lang.say("alerts_now_title"),
                    alert_list(lang, scene.address, firing[:5], lang.say("alerts_none")),
                    html.P(more),
                    name="firing",
                ),
                nation_card(scene),
            ],
            className="pair",
        ),
        _about(scene),
    ]


def _about(scene: Scene) -> Component:
    """What stands here and what does not, and for whom the rest is."""
    lang = scene.lang
    parts: list[Component] = [lang.say("public_why")]
    if scene.viewer.role is None:
        parts += [" ", html.A(lang.say("public_log_in"), href=log_in_address(scene))]
    return html.P(parts, className="quiet")


def _by_province(scene: Scene) -> dict[str, PublicCount | None]:
    told = scene.snapshot.told
    return {code: newest(told, Measure.FLOW, code) for code in PROVINCES}


def _rates(scene: Scene) -> dict[str, float | None]:
    """New vacancies of the newest week per 10,000 people of working age."""
    return {
        code: None
        if count is None or count.value is None
        else count.value / provinces()[code].working_age * 10_000
        for code, count in _by_province(scene).items()
    }


def _map(scene: Scene) -> Figure:
    lang, rates = scene.lang, _rates(scene)
    scale = flow_scale([rate for rate in rates.values() if rate is not None])
    # A word for "withheld" would lie over the neighbours; the legend and the table say it.
    words = {code: "–" if rate is None else lang.number(rate, 2) for code, rate in rates.items()}
    return map_figure(lang, rates, words, scale, "all")


def _map_notes(scene: Scene) -> Component:
    lang, rates = scene.lang, _rates(scene)
    known = [rate for rate in rates.values() if rate is not None]
    colours = [
        html.Li([swatch(colour), meaning])
        for colour, meaning in (legend(lang, flow_scale(known), percent=False) if known else ())
    ]
    nation = newest(scene.snapshot.told, Measure.FLOW)
    unseen = nation is not None and nation.hidden is Hidden.NOT_OBSERVED
    why = lang.say("untold_not_observed" if unseen else "withheld_cell")
    hidden = html.Li([html.Span(className="swatch hatched"), why])
    said = map_sentence(lang, "flow", rates) if known else lang.say("public_none_yet")
    rows = [
        [
            province_name(lang, code),
            lang.number(provinces()[code].working_age),
            count_text(lang, count),
            "–" if rates[code] is None else lang.number(rates[code] or 0.0, 2),
        ]
        for code, count in _by_province(scene).items()
    ]
    keys = ("province", "working_age", "trend_flow", "measure_flow_short")
    return [
        html.Ul([*colours, hidden], className="legend", **{"aria-label": lang.say("legend")}),
        html.P([lang.say("public_map"), " ", said], className="summary"),
        unfolding(lang, table(lang.say("map_title"), [lang.say(key) for key in keys], rows)),
    ]


def _cell(scene: Scene) -> tuple[str, str]:
    """One dimension at a time: the chosen cell as province and group."""
    chosen = scene.chosen("cell")
    return (chosen if chosen in PROVINCES else "", chosen if chosen in GROUPS else "")


def _cell_choice(scene: Scene) -> Component:
    lang = scene.lang
    options = [("all", lang.say("all_provinces"))]
    options += [(code, province_name(lang, code)) for code in PROVINCES]
    options += [(code, group_name(lang, code)) for code in GROUPS]
    return choice("cell", lang.say("public_cell"), options, scene.chosen("cell"))


def _flow(scene: Scene) -> Figure:
    held = weeks_of(scene.snapshot.told, Measure.FLOW, *_cell(scene))
    ends, counts = [last_day_of(count) for count in held], [count.value for count in held]
    return flow_figure(scene.lang, ends, counts, [None] * len(held))


def _trend_notes(scene: Scene) -> Component:
    lang, told = scene.lang, scene.snapshot.told
    flows = weeks_of(told, Measure.FLOW, *_cell(scene))
    stocks = {last_day_of(count): count for count in weeks_of(told, Measure.STOCK, *_cell(scene))}
    if not flows:
        return html.P(lang.say("public_none_yet"), className="notice")
    unseen = sum(count.hidden is Hidden.NOT_OBSERVED for count in flows)
    hidden = sum(count.value is None for count in flows) - unseen
    rows = [
        [
            beside_holidays(lang, last_day_of(count)),
            count_text(lang, count),
            count_text(lang, stocks.get(last_day_of(count))),
        ]
        for count in reversed(flows)
    ]
    headings = [lang.say(key) for key in ("week_ending", "trend_flow", "figure_stock")]
    said = lang.say(
        "public_trend",
        last=count_text(lang, flows[-1]),
        weeks=lang.number(len(flows)),
    )
    gaps = [
        lang.say(key, count=lang.number(count))
        for key, count in (("public_hidden", hidden), ("public_unseen", unseen)) if count
    ]  # fmt: skip
    feasts = holiday_weeks(lang, (last_day_of(count) for count in flows))
    lowest = min(flows, key=lambda count: inf if count.value is None else count.value)
    told_of = holidays_said(lang, feasts, last_day_of(lowest))
    return [
        *holiday_key(lang, feasts),
        html.P(" ".join((said, *gaps, *told_of)), className="summary"),
        unfolding(lang, table(lang.say("trend_title"), headings, rows)),
    ]


def _latest(scene: Scene) -> Component:
    lang = scene.lang
    more = dcc.Link(lang.say("latest_all"), href=scene.address.to(Page.VACANCIES).path)
    return card(
        lang.say("latest_title"),
        vacancy_table(scene, scene.snapshot.vacancies[:LATEST]),
        html.P(more),
        name="latest",
        wide=True,
    )


def _content(scene: Scene) -> Component:
    lang = scene.lang
    map_card = card(
        lang.say("map_title"),
        chart("public-map", _map(scene), lang.say("map_title"), "map"),
        slowly("public-map-notes", _map_notes(scene)),
        name="map",
    )
    trend_card = card(
        lang.say("trend_title"),
        html.Div(_cell_choice(scene), className="choices"),
        html.H3(lang.say("trend_flow")),
        chart("public-flow", _flow(scene), lang.say("trend_flow"), "tall"),
        slowly("public-trend-notes", _trend_notes(scene)),
        name="trend",
    )
    return [
        heading(scene, _title(scene)),
        html.Div(_headline(scene), id={"slot": "public-headline"}),
        html.Div(own_card(scene), id={"slot": "own"}),
        html.Div([map_card, trend_card], className="pair uneven"),
        painted("latest", _latest(scene)),
    ]


PARTS = PageParts(
    title=_title,
    content=_content,
    slots={"as-of": as_of, "public-headline": _headline, "own": own_card},
    paints={"latest": _latest},
    slow={"public-trend-notes": _trend_notes, "public-map-notes": _map_notes},
    figures={"public-flow": _flow, "public-map": _map},
    by={"public-map-notes": frozenset(), "public-map": frozenset({"cell"})},
)
