"""The strategy's own indicators: baseline, where they stand, targets, formula, source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from config.strategy import IMPACT, StrategyIndicator, Unit
from dashboard.cards.course import course, course_table
from dashboard.cards.use import use_tables
from dashboard.drawing.svg import percent, picture, tag
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.pages.systems import computed_figures
from dashboard.parts import as_of, card, heading, painted
from dashboard.scene import PageParts, Scene
from dashboard.standing import Origin, Progress, Standing, standings
from warehouse.quality.strategy import MeasuredFigure, measured_figures
from warehouse.usage_figures import usage_figures

_PLANS: Final = ("1", "2", "3", "4", "5", IMPACT)
_MARKS: Final = {
    Progress.REACHED: "✓", Progress.ON_WAY: "↗", Progress.BELOW: "○", Progress.UNTOLD: "–",
}  # fmt: skip


def _title(scene: Scene) -> str:
    return scene.lang.say("strategy_page_title")


def _stands(scene: Scene) -> list[Standing]:
    held = scene.snapshot
    used: list[MeasuredFigure] = usage_figures(held.use) if held.use else []
    return standings(
        computed_figures(scene), [*used, *measured_figures(held.quality)], held.entries,
        demonstration=scene.demonstration,
    )  # fmt: skip


def _summary(scene: Scene, stands: Sequence[Standing]) -> Component:
    """How many indicators are known, and how they stand."""
    lang = scene.lang
    known = [one for one in stands if one.origin is not Origin.BASELINE]
    told = [one for one in known if one.value is not None]
    counts = {
        each: sum(one.progress is each for one in told)
        for each in (Progress.REACHED, Progress.ON_WAY, Progress.BELOW)
    }
    return html.P(
        lang.say(
            "strategy_summary", count=lang.number(len(stands)), known=lang.number(len(told)),
            reached=lang.number(counts[Progress.REACHED]),
            on_way=lang.number(counts[Progress.ON_WAY]), below=lang.number(counts[Progress.BELOW]),
        ),
        className="summary",
    )  # fmt: skip


def _plan(scene: Scene, plan: str, stands: Sequence[Standing]) -> Component:
    lang = scene.lang
    title = lang.say(f"plan_{plan}")
    names = ("strategy_indicator", "baseline", "strategy_value", "strategy_target_2",
             "strategy_target_10", "progress")  # fmt: skip
    head = html.Thead(html.Tr([html.Th(lang.say(name), scope="col") for name in names]))
    rows = [_row(scene, one) for one in stands if one.indicator.plan == plan]
    table = html.Table([html.Caption(title), head, html.Tbody(rows)], className="goals")
    return card(
        title,
        html.Div(
            table, className="table-holder", tabIndex="0", role="group", **{"aria-label": title}
        ),
        *course_table(scene, plan, stands, _written),
        name=f"plan-{plan}",
        wide=True,
    )


def _row(scene: Scene, one: Standing) -> Component:
    lang, held = scene.lang, one.indicator
    names = ("baseline", "strategy_value", "strategy_target_2", "strategy_target_10", "progress")
    cells = (
        _written(lang, held, held.baseline),
        _now(scene, one),
        _written(lang, held, held.target_2),
        _written(lang, held, held.target_10),
        [_picture(one), _progress(lang, one), *course(scene, one, _written)],
    )
    return html.Tr(
        [
            html.Th(_name(lang, held), scope="row"),
            *(
                html.Td(html.Div(cell), **{"data-label": lang.say(name)})
                for name, cell in zip(names, cells, strict=True)
            ),
        ]
    )


def _name(lang: Language, held: StrategyIndicator) -> Component:
    """Number and name; the annex's number where it is another; the formula beneath."""
    notes = [html.Div(lang.say("formula", formula=held.formula(lang.code)), className="quiet")]
    if held.plan != IMPACT and held.annex != held.number:
        annex = (
            lang.say("annex_number", number=held.annex) if held.annex else lang.say("annex_none")
        )
        notes.append(html.Div(annex, className="quiet"))
    number = held.number.removeprefix("I")
    return html.Div([html.Div([html.Span(number, className="code"), " ", held.name(lang.code)]),
                     *notes])  # fmt: skip


def _now(scene: Scene, one: Standing) -> Component:
    """The value with interval, n, day and source; what is invented is named so."""
    lang, held = scene.lang, one.indicator
    parts: list[Component] = [html.Strong(_written(lang, held, one.value))]
    if one.lower is not None and one.upper is not None:
        ends = lang.say(
            "legend_between", lower=_written(lang, held, one.lower),
            upper=_written(lang, held, one.upper),
        )  # fmt: skip
        parts.append(html.Div(lang.say("tile_interval", interval=ends), className="quiet"))
    if one.n is not None:
        parts.append(html.Div(lang.say("tile_n_only", n=lang.number(one.n)), className="quiet"))
    if one.invented is not None:
        invented = lang.say("strategy_invented", count=_written(lang, held, one.invented))
        parts.append(html.Div(invented, className="quiet"))
    day = lang.short_day(one.on_day) if one.on_day else "–"
    said = lang.say(f"origin_{one.origin}", day=day, source=one.source or "–")
    if one.period is not None:
        since, until = map(lang.short_day, one.period)
        parts.append(
            html.Div(lang.say("strategy_period", since=since, until=until), className="quiet")
        )
    return [*parts, html.Div(said, className="quiet"), *_earlier(lang, one)]


def _earlier(lang: Language, one: Standing) -> list[Component]:
    """What was entered before, folded away."""
    if len(one.before) < 2:
        return []
    rows = [
        html.Li(
            lang.say(
                "entered_then", value=_written(lang, one.indicator, entry.value),
                day=lang.short_day(entry.on_day), source=entry.source,
            )
        )
        for entry in reversed(one.before[:-1])
    ]  # fmt: skip
    return [html.Details([html.Summary(lang.say("entered_before")), html.Ul(rows)])]


def _written(lang: Language, held: StrategyIndicator, value: float | None) -> str:
    if value is None:
        return "–"
    if held.unit is Unit.SHARE:
        return lang.percent(value)
    if held.unit is Unit.SECONDS:
        return lang.say("seconds", value=lang.number(value, 2 if value < 1 else 1))
    if held.unit is Unit.PER_YEAR:
        return lang.say("times_a_year", count=lang.number(value))
    return lang.number(value)


def _progress(lang: Language, one: Standing) -> Component:
    """In a word, with a mark: not by colour alone."""
    mark = html.Span(_MARKS[one.progress], **{"aria-hidden": "true"})
    return html.Div([mark, " ", lang.say(f"progress_{one.progress}")], className="progress-word")


def _picture(one: Standing) -> Component:
    """A bar up to the value, with the targets as lines; nothing where a part is missing."""
    held = one.indicator
    if one.value is None or held.target_10 is None:
        return html.Div(className="no-bar")
    most = max(one.value, held.target_10, held.target_2 or 0.0, held.baseline or 0.0) or 1.0
    marks = [
        tag("line", class_=css, x1=percent(at / most), x2=percent(at / most), y1=0, y2=16)
        for css, at in (("soon", held.target_2), ("late", held.target_10)) if at is not None
    ]  # fmt: skip
    done = tag("rect", class_="done", x=0, y=4, height=8, width=percent(one.value / most))
    ground = tag("rect", class_="ground", x=0, y=4, height=8, width="100%")
    made = tag("svg", "".join((ground, done, *marks)), width="100%", height=16, aria_hidden="true",
               overflow="visible")  # fmt: skip
    return picture(made, "goal-bar")


def _body(scene: Scene) -> Component:
    lang, stands = scene.lang, _stands(scene)
    invented = [html.P(lang.say("strategy_demonstration"), className="notice")]
    return html.Div(
        [
            *(invented if scene.demonstration else ()),
            _summary(scene, stands),
            *(_plan(scene, plan, stands) for plan in _PLANS),
            card(
                lang.say("use_title"), *use_tables(lang, scene.snapshot.use), name="use", wide=True
            ),
            html.P(lang.say("strategy_sources"), className="quiet"),
            html.P(
                html.A(
                    lang.say("strategy_download"), href="/v1/strategy?format=csv", className="fetch"
                )
            ),
        ]
    )


def _content(scene: Scene) -> Component:
    return [
        heading(scene, _title(scene)),
        html.P(scene.lang.say("strategy_page_lead"), className="lead"),
        painted("body", _body(scene)),
    ]


PARTS = PageParts(title=_title, content=_content, slots={"as-of": as_of}, paints={"body": _body})
