"""Forecasts: new vacancies 4 and 12 weeks ahead, and how good earlier ones were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from config.vocabulary import industries
from config.vocabulary import provinces as listed
from dashboard.addresses import Page
from dashboard.cards.evidence import ahead_of, week_end
from dashboard.cards.trend import feasts_of, points_of
from dashboard.cube import GROUPS
from dashboard.drawing.lines import line_chart
from dashboard.drawing.svg import picture
from dashboard.drawing.whiskers import Scale, scale_of, whisker
from dashboard.elements import Component, dcc, html
from dashboard.holidays import holiday_key
from dashboard.language import Language
from dashboard.parts import as_of, card, heading, painted, table, unfolding
from dashboard.released import NATION, WEEKLY, Cell
from dashboard.scene import PageParts, Scene
from dashboard.wording import cell_title
from warehouse.disclosure.forecasts import ToldForecast
from warehouse.disclosure.records import View

_SHOWN_WEEKS: Final = 40
_NEAR: Final = 4
_LIKELY: Final = 0.8
_NAMED: Final = 5
_LEAST: Final = 10.0
"""New vacancies a week below which a cell is not named: two or three more are not news."""


def _title(scene: Scene) -> str:
    return scene.lang.say("forecasts_title")


def _told(scene: Scene) -> tuple[ToldForecast, ...]:
    held = scene.snapshot.forecasts
    return held.get(View.PUBLIC if scene.snapshot.is_public else View.DEPARTMENT, ())


def _cell(one: ToldForecast) -> Cell:
    return Cell(province=one.province, group=one.occupation, section=one.industry)


def _of(scene: Scene, cell: Cell) -> list[ToldForecast]:
    """The forecasts of a cell, the nearest first."""
    return sorted((one for one in _told(scene) if _cell(one) == cell), key=lambda one: one.ahead)


def _nation(scene: Scene) -> Component:
    """The nation's weeks and what is expected next."""
    lang, held = scene.lang, _of(scene, NATION)
    line = scene.figures.line(NATION, "flow", WEEKLY)[-_SHOWN_WEEKS:]
    title = lang.say("forecast_nation")
    if not held or sum(one.value is not None for one in line) < 2:
        note = html.P(lang.say("forecast_none"), className="untold-note")
        return card(title, note, name="nation", wide=True)
    ahead = [ahead_of(one) for one in held]
    said = " ".join(_saying(lang, one) for one in held)
    feasts = feasts_of(lang, line)
    whole = f"{title}. {said}"
    chart = line_chart(lang, points_of(line), whole, lang.number, ahead, holidays=feasts)
    return card(
        title,
        picture(chart, "chart-line"),
        html.P(lang.say("forecast_key"), className="quiet"),
        *holiday_key(lang, feasts),
        html.P(said, className="summary"),
        unfolding(lang, _table(lang, title, held)),
        _vintage(lang, held),
        name="nation",
        wide=True,
    )


def _saying(lang: Language, one: ToldForecast) -> str:
    return lang.say(
        "say_forecast", weeks=lang.number(one.ahead), day=lang.day(week_end(one.target_week)),
        value=lang.number(one.value), lower=lang.number(one.lower_95),
        upper=lang.number(one.upper_95),
    )  # fmt: skip


def _table(lang: Language, caption: str, held: Sequence[ToldForecast]) -> Component:
    rows = [
        [
            lang.short_day(week_end(one.target_week)), lang.number(one.value),
            _between(lang, one.lower_80, one.upper_80), _between(lang, one.lower_95, one.upper_95),
        ]
        for one in held
    ]  # fmt: skip
    names = ("week_ending", "value", "interval_80", "interval")
    return table(caption, [lang.say(name) for name in names], rows)


def _between(lang: Language, lower: float, upper: float) -> str:
    return lang.say("legend_between", lower=lang.number(lower), upper=lang.number(upper))


def _vintage(lang: Language, held: Sequence[ToldForecast]) -> Component:
    newest = max(held, key=lambda one: one.made_at)
    said = lang.say(
        "forecast_vintage", made=lang.moment(newest.made_at),
        week=lang.day(week_end(newest.last_week)), method=newest.method,
        release=newest.release_id or "–",
    )  # fmt: skip
    fetch = html.A(lang.say("download_csv"), href="/v1/forecasts?format=csv", className="fetch")
    return html.Div([html.P([said, " ", fetch])], className="vintage")


def _likely(scene: Scene) -> Component:
    """Cells that will probably exceed what is usual, in words."""
    lang = scene.lang
    held = [
        one for one in _told(scene)
        if one.ahead == _NEAR and one.chance_above is not None and one.chance_above >= _LIKELY
        and one.value >= _LEAST
    ]  # fmt: skip
    said = [
        lang.say(
            "say_likely", cell=cell_title(lang, _cell(one)),
            chance=lang.percent(one.chance_above or 0.0), value=lang.number(one.value),
            lower=lang.number(one.lower_95), upper=lang.number(one.upper_95),
            usual=lang.number(one.usual_upper),
        )
        for one in sorted(held, key=lambda one: -(one.chance_above or 0.0))[:_NAMED]
    ]  # fmt: skip
    if not said:
        said = [lang.say("say_none_likely" if _told(scene) else "forecast_none")]
    return card(
        lang.say("likely_title"),
        html.Ul([html.Li(text) for text in said], className="sentences"),
        name="likely",
    )


def _scores(scene: Scene) -> Component:
    """How far earlier forecasts were off, and how often the truth lay in their intervals."""
    lang = scene.lang
    held = [one for one in _of(scene, NATION) if one.scored]
    if not held:
        note = html.P(lang.say("scores_none"), className="untold-note")
        return card(lang.say("scores_title"), note, name="scores")
    rows = [
        [
            lang.say("weeks_ahead", weeks=lang.number(one.ahead)), lang.number(one.scored),
            _ratio(lang, one.relative_mae), _share(lang, one.coverage_80),
            _share(lang, one.coverage_95),
        ]
        for one in held
    ]  # fmt: skip
    names = ("horizon", "scored", "relative_error", "coverage_80", "coverage_95")
    return card(
        lang.say("scores_title"),
        html.P(lang.say("scores_lead"), className="quiet"),
        table(lang.say("scores_title"), [lang.say(name) for name in names], rows),
        name="scores",
    )


def _ratio(lang: Language, value: float | None) -> str:
    return "–" if value is None else lang.number(value, 2)


def _share(lang: Language, value: float | None) -> str:
    return "–" if value is None else lang.percent(value)


def _cells(
    scene: Scene, page: Page, cells: Sequence[tuple[Cell, str]], title: str, head: str
) -> Component:
    """Forecasts four weeks ahead of many cells, the likeliest to exceed what is usual first."""
    lang = scene.lang
    near = {_cell(one): one for one in _told(scene) if one.ahead == _NEAR}
    held = [(near[cell], code) for cell, code in cells if cell in near]
    name = f"forecast-{page}"
    if not held:
        note = html.P(lang.say("forecast_none"), className="untold-note")
        return card(title, note, name=name)
    ranked = sorted(held, key=lambda pair: -(pair[0].chance_above or 0.0))
    scale = scale_of([end for one, _ in held for end in (one.lower_95, one.upper_95)])
    names = (head, lang.say("value"), lang.say("picture"), lang.say("interval"),
             lang.say("chance_above"))  # fmt: skip
    rows = [_row(scene, page, one, code, scale) for one, code in ranked]
    left = len(cells) - len(held)
    held_table = html.Table(
        [
            html.Caption(title),
            html.Thead(html.Tr([html.Th(each, scope="col") for each in names])),
            html.Tbody(rows),
        ],
        className="compared chances",
    )
    note_ = [html.P(lang.say("forecast_left", count=lang.number(left)), className="quiet")]
    return card(
        title,
        html.Div(
            held_table, className="table-holder", tabIndex="0", role="group",
            **{"aria-label": title},
        ),
        *(note_ if left else ()),
        _vintage(lang, [one for one, _ in held]),
        name=name,
    )  # fmt: skip


def _row(scene: Scene, page: Page, one: ToldForecast, code: str, scale: Scale) -> Component:
    lang = scene.lang
    link = dcc.Link(cell_title(lang, _cell(one)), href=scene.address.to(page, code).path)
    chance = _share(lang, one.chance_above)
    return html.Tr(
        [
            html.Th(link, scope="row"),
            html.Td(lang.number(one.value), className="told"),
            html.Td(whisker(scale, one.value, one.lower_95, one.upper_95), className="pictured"),
            html.Td(_between(lang, one.lower_95, one.upper_95), className="between"),
            html.Td(chance, className="many", **{"data-label": lang.say("chance_above")}),
        ]
    )


def _body(scene: Scene) -> Component:
    lang = scene.lang
    if not _told(scene):
        return html.Div(_nation(scene))
    places = [(Cell(province=code), code) for code in listed()]
    groups = [(Cell(group=code), code) for code in GROUPS]
    sections = [(Cell(section=code), code) for code in industries() if len(code) == 1]
    return html.Div(
        [
            _nation(scene),
            html.Div([_likely(scene), _scores(scene)], className="pair loose"),
            html.Div(
                [
                    _cells(scene, Page.PROVINCES, places, lang.say("forecast_provinces"),
                           lang.say("province")),
                    _cells(scene, Page.OCCUPATIONS, groups, lang.say("forecast_groups"),
                           lang.say("major_group")),
                ],
                className="pair loose",
            ),
            _cells(scene, Page.SECTORS, sections, lang.say("forecast_sectors"), lang.say("sector")),
        ]
    )  # fmt: skip


def _content(scene: Scene) -> Component:
    return [
        heading(scene, _title(scene)),
        html.P(scene.lang.say("forecasts_lead"), className="lead"),
        painted("body", _body(scene)),
    ]


PARTS = PageParts(title=_title, content=_content, slots={"as-of": as_of}, paints={"body": _body})
