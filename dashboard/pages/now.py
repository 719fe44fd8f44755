"""The first page: where the labour market is going wrong, and how sure we are, in ten seconds."""

from __future__ import annotations

from dashboard.addresses import Page
from dashboard.cube import Cube
from dashboard.elements import Component, dcc, html
from dashboard.figures import Figure, flow_figure, rolling_expectation, stock_figure
from dashboard.holidays import beside_holidays
from dashboard.pages.map_card import map_card, map_drawing, map_notes, map_outlined
from dashboard.pages.vacancies import vacancy_table
from dashboard.parts import (
    alert_list,
    as_of,
    card,
    chart,
    chart_key,
    group_choice,
    heading,
    painted,
    province_choice,
    slowly,
    table,
    unfolding,
)
from dashboard.scene import Little, PageParts, Scene
from dashboard.summary import Summary, summarise
from dashboard.text import (
    filling_sentence,
    source_sentences,
    trend_sentence,
    week_verdict,
    what_changed,
)
from dashboard.words import cell_name, joined

TREND_WEEKS = 53
UNSURE_WEEKS = 2
"""Newest weeks that are not marked as unusual while history is being read."""
COMPARED_WEEKS = 9
"""The same while a source is left out: the base of an expectation and the week it is for."""
LATEST = 6
_OF_TREND = frozenset({"province", "group"})


def _title(scene: Scene) -> str:
    return scene.lang.say("now_title")


def _summary(scene: Scene, cube: Cube) -> Summary:
    held = scene.snapshot
    return summarise(cube, held.sources, held.alerts, held.loaded_at, held.basis)


def _headline(scene: Scene) -> Component:
    """Key figures, what changed, and firing alerts."""
    cube, lang = scene.snapshot.cube, scene.lang
    if cube is None:
        return html.P(lang.say("empty"), className="notice")
    summary = _summary(scene, cube)
    firing = [alert for alert in scene.snapshot.alerts if alert.state == "firing"]
    alerts = [
        alert_list(lang, scene.address, firing[:5], lang.say("alerts_none")),
        html.P(dcc.Link(lang.say("alerts_all"), href=scene.address.to(Page.ALERTS).path)),
    ]
    return [
        _figures(scene, summary),
        html.Div(
            [
                card(lang.say("changes_title"), _changes(scene, summary), name="changes"),
                card(lang.say("alerts_now_title"), *alerts, name="firing"),
            ],
            className="pair",
        ),
    ]


def _changes(scene: Scene, summary: Summary) -> Component:
    """What changed; in its place, while history is being read, that it is."""
    lang, basis = scene.lang, scene.snapshot.basis
    if basis is None or scene.snapshot.filling:
        return html.P(filling_sentence(lang, summary), className="notice", role="status")
    sentences = what_changed(lang, basis, summary)
    return html.Ul([html.Li(text) for text in sentences], className="sentences")


def _figures(scene: Scene, summary: Summary) -> Component:
    tiles = [_week_tile(scene, summary), _stock_tile(scene, summary), _alert_tile(scene, summary)]
    tiles.append(_coded_tile(scene, summary))
    return html.Section(
        [
            html.H2(scene.lang.say("figures_title"), className="unseen", id="figures-heading"),
            html.Dl(tiles, className="tiles"),
        ],
        **{"aria-labelledby": "figures-heading"},
    )


def _tile(label: str, value: str, *notes: Component, css: str = "") -> Component:
    return html.Div(
        [
            html.Dt(label),
            html.Dd(value, className="value"),
            *(html.Dd(note, className="note") for note in notes if note),
        ],
        className=f"tile {css}",
    )


def _week_tile(scene: Scene, summary: Summary) -> Component:
    lang, expected = scene.lang, summary.week_expected
    verdict = week_verdict(summary) if expected else ""
    notes: list[Component] = []
    if expected is None:
        notes.append(lang.say(f"figure_week_{scene.snapshot.withheld or 'history'}"))
    else:
        mark = {"above": "▲ ", "below": "▼ ", "within": "● "}[verdict]
        notes = [
            html.Strong(
                [html.Span(mark, **{"aria-hidden": "true"}), lang.say(f"verdict_{verdict}")],
                className=verdict,
            ),
            lang.say(
                "figure_week_expected",
                value=lang.number(expected.value),
                lower=lang.number(expected.lower),
                upper=lang.number(expected.upper),
            ),
        ]
        if summary.week_compared != summary.week_flow:
            compared = lang.number(summary.week_compared)
            notes.append(lang.say("figure_week_compared", count=compared))
    notes.append(
        lang.say(
            "figure_today_on",
            day=lang.short_day(summary.today),
            count=lang.number(summary.today_flow),
        )
    )
    until = lang.say("figure_week_to", day=lang.short_day(summary.complete_day))
    label = f"{lang.say('figure_week')} {until}"
    return _tile(label, lang.number(summary.week_flow), *notes, css=verdict)


def _stock_tile(scene: Scene, summary: Summary) -> Component:
    lang = scene.lang
    note = lang.say("figure_stock_sure")
    if summary.silent_sources:
        unsure = summary.stock_confirmed < summary.stock
        note = lang.say(
            "figure_stock_unsure" if unsure else "figure_stock_silent",
            lower=lang.number(summary.stock_confirmed),
            upper=lang.number(summary.stock),
            sources=joined(summary.silent_sources),
        )
    return _tile(lang.say("figure_stock"), lang.number(summary.stock), note)


def _alert_tile(scene: Scene, summary: Summary) -> Component:
    lang = scene.lang
    note = lang.say("figure_alerts_open", count=lang.number(summary.open_alerts))
    css = "above" if summary.firing else "within"
    return _tile(lang.say("figure_alerts"), lang.number(summary.firing), note, css=css)


def _coded_tile(scene: Scene, summary: Summary) -> Component:
    lang, coded = scene.lang, summary.coded
    if coded is None:
        return _tile(lang.say("figure_coded"), "–")
    note = lang.say(
        "figure_coded_interval",
        lower=lang.percent(coded.lower, 1),
        upper=lang.percent(coded.upper, 1),
        n=lang.number(coded.n),
    )
    return _tile(lang.say("figure_coded"), lang.percent(coded.value, 1), note)


def _latest(scene: Scene) -> Component:
    lang = scene.lang
    return card(
        lang.say("latest_title"),
        vacancy_table(scene, scene.snapshot.vacancies[:LATEST]),
        html.P(dcc.Link(lang.say("latest_all"), href=scene.address.to(Page.VACANCIES).path)),
        name="latest",
        wide=True,
    )


def _cell(scene: Scene) -> tuple[str, str]:
    return scene.chosen("province"), scene.chosen("group")


def _flow(scene: Scene) -> Figure:
    cube = scene.snapshot.cube
    ends, counts = cube.weekly_flow(*_cell(scene)) if cube else ([], [])
    bands = rolling_expectation(ends, counts, shown=TREND_WEEKS)
    shown = slice(-TREND_WEEKS, None)
    return flow_figure(scene.lang, ends[shown], counts[shown], bands[shown], _unmarked(scene))


def _unmarked(scene: Scene) -> int:
    """How many of the newest weeks cannot be called unusual: a source may explain them."""
    if scene.snapshot.filling:
        return UNSURE_WEEKS
    return COMPARED_WEEKS if scene.snapshot.basis and scene.snapshot.basis.left_out else 0


def _stock(scene: Scene) -> Figure:
    cube = scene.snapshot.cube
    if cube is None:
        return {"data": [], "layout": {}}
    shown = min(cube.days, TREND_WEEKS * 7)
    first = cube.first_day.fromordinal(cube.last_day.toordinal() - shown + 1)
    return stock_figure(scene.lang, first, cube.daily_stock(*_cell(scene))[-shown:])


def _trend_notes(scene: Scene) -> Component:
    cube, lang = scene.snapshot.cube, scene.lang
    if cube is None:
        return html.P(lang.say("empty"))
    ends, counts = cube.weekly_flow(*_cell(scene))
    stock = cube.daily_stock(*_cell(scene))
    rows = [
        [
            beside_holidays(lang, end),
            lang.number(count),
            lang.number(int(stock[(end - cube.first_day).days])),
        ]
        for end, count in zip(ends[-TREND_WEEKS:], counts[-TREND_WEEKS:], strict=True)
    ]
    headings = [lang.say("week_ending"), lang.say("trend_flow"), lang.say("figure_stock")]
    name = cell_name(lang, *_cell(scene))
    return [
        html.P(
            trend_sentence(lang, name, counts[-TREND_WEEKS:], int(stock[-1])), className="summary"
        ),
        *_unmarked_note(scene),
        unfolding(lang, table(name, headings, rows[::-1])),
    ]


def _unmarked_note(scene: Scene) -> list[Component]:
    """Which weeks carry no marks, and why; nothing where all may."""
    lang, weeks, basis = scene.lang, _unmarked(scene), scene.snapshot.basis
    if not weeks:
        return []
    why = source_sentences(lang, basis.left_out) if basis else []
    said = [lang.say("trend_unmarked", weeks=lang.number(weeks)), *why]
    return [html.P(" ".join(said), className="summary")]


def _trend_card(scene: Scene) -> Component:
    lang = scene.lang
    return card(
        lang.say("trend_title"),
        html.Div(
            [province_choice(scene), group_choice(scene)],
            className="choices",
        ),
        html.H3(lang.say("trend_flow")),
        chart("flow", _flow(scene), lang.say("trend_flow"), "tall"),
        chart_key(lang),
        html.H3(lang.say("trend_stock")),
        chart("stock", _stock(scene), lang.say("trend_stock"), "low"),
        slowly("trend-notes", _trend_notes(scene)),
        name="trend",
    )


def _content(scene: Scene) -> Component:
    return [
        heading(scene, _title(scene)),
        html.Div(_headline(scene), id={"slot": "headline"}),
        html.Div([map_card(scene), _trend_card(scene)], className="pair uneven"),
        painted("latest", _latest(scene)),
    ]


PARTS = PageParts(
    title=_title,
    content=_content,
    slots={"as-of": as_of, "headline": _headline},
    paints={"latest": _latest},
    slow={"trend-notes": _trend_notes, "map-notes": map_notes},
    figures={"flow": _flow, "stock": _stock, "map": map_drawing},
    by={
        "trend-notes": _OF_TREND, "flow": _OF_TREND, "stock": _OF_TREND,
        "map-notes": frozenset({"measure"}), "map": frozenset({"measure", "province"}),
    },
    little={"map": Little(by=frozenset({"province"}), draw=map_outlined)},
)  # fmt: skip
