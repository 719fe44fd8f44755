"""Skills: what employers ask for and what rises, and each skill with what it is linked to."""

from __future__ import annotations

from config.skills import STATEMENT, skills
from config.vocabulary import provinces as listed
from dashboard.addresses import Page
from dashboard.cards.compared import Compared, compared_table
from dashboard.cards.linked import fields_card, occupations_card, together_card
from dashboard.cards.skills import emerging_card, skill_rows, skills_card
from dashboard.cards.subject import columns
from dashboard.cards.tiles import tile, tiles
from dashboard.cards.trend import line_saying, line_table, no_line, points_of
from dashboard.drawing.lines import line_chart
from dashboard.drawing.svg import picture
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.pages.itemed import itemed
from dashboard.parts import card, unfolding
from dashboard.released import MONTHLY, NATION, Cell
from dashboard.scene import Scene
from dashboard.sdmx.codelists import ESCO
from dashboard.wording import (
    download_link,
    skill_name,
    vintage,
    writer,
)
from dashboard.words import province_name

_MANY = 25


def _name(scene: Scene) -> str:
    return skill_name(scene.lang, scene.address.item)


def _share_line(scene: Scene) -> Component:
    """The skill's share of vacancies by month, as published."""
    lang, skill = scene.lang, scene.address.item
    key = NATION.series("skill_share", MONTHLY, skill)
    line = scene.figures.lines.get(key, ())
    title = lang.say("skill_line")
    told = [one for one in line if one.value is not None]
    if len(told) < 2:
        return card(title, html.P(no_line(lang, line), className="untold-note"), name="share")
    said = line_saying(lang, line)
    chart = line_chart(lang, points_of(line), f"{title}. {said}", writer(lang, "skill_share"))
    return card(
        title,
        picture(chart, "chart-line"),
        html.P(said, className="summary"),
        unfolding(lang, line_table(lang, title, line)),
        html.P(download_link(lang, key, title)),
        vintage(lang, told, fetch=False),
        name="share",
    )


def _by_province(scene: Scene) -> Component:
    lang, skill = scene.lang, scene.address.item
    cells = [
        (Cell(province=code), province_name(lang, code),
         scene.address.to(Page.PROVINCES, code).path)
        for code in listed()
    ]  # fmt: skip
    nation = scene.figures.newest(NATION, "skill_share", MONTHLY, skill)
    title = lang.say("skill_by_province")
    rows = skill_rows(scene, skill, cells)
    return card(
        title,
        compared_table(lang, title, lang.say("province"), rows, Compared(name="", figure=nation)),
        vintage(lang, [row.figure for row in rows]),
        name="by-province",
    )


def _facts(scene: Scene) -> Component:
    """What kind of concept it is, with its share now."""
    lang, skill = scene.lang, scene.address.item
    held = skills()[skill]
    newest = scene.figures.newest(NATION, "skill_share", MONTHLY, skill)
    kind = lang.say(f"skill_kind_{held.kind.value}")
    return html.Div(
        [
            html.P([kind, " · ", _identity(lang, held.code)], className="lead"),
            tiles(lang, [tile(lang, lang.say("tile_skill"), newest)]),
        ]
    )


def _identity(lang: Language, code: str) -> Component:
    """Where a concept of ESCO is described, to be copied: pages link to no other site."""
    if code.startswith("LA-"):
        return html.Code(code)
    return html.Span([lang.say("described_in_esco"), " ", html.Code(f"{ESCO}skill/{code}")])


def _one(scene: Scene) -> Component:
    skill = scene.address.item
    return [
        _facts(scene),
        columns(
            [_share_line(scene), _by_province(scene)],
            [
                occupations_card(scene, skill),
                fields_card(scene, skill),
                together_card(scene, skill),
            ],
        ),
        html.P(STATEMENT, className="quiet", lang="en"),
    ]


def _all(scene: Scene) -> Component:
    return [
        html.Div(
            [skills_card(scene, NATION, _MANY), emerging_card(scene)], className="pair loose"
        ),
        html.P(STATEMENT, className="quiet", lang="en"),
    ]  # fmt: skip


PARTS = itemed("skills_page_title", _name, _all, _one, lead="skills_page_lead")
