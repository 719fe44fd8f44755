"""Provinces: all of them compared, and each with its districts, neighbours and the nation."""

from __future__ import annotations

from config.vocabulary import provinces as listed
from dashboard.addresses import Page
from dashboard.cards.changed import changed_card, moved_card
from dashboard.cards.compared import Compared, compared_table
from dashboard.cards.districts import district_card
from dashboard.cards.national import national_card
from dashboard.cards.pressure import Part, group_parts, pressure_card, province_parts
from dashboard.cards.skills import skills_card
from dashboard.cards.subject import (
    alerts_card,
    columns,
    key_figures,
    measured_card,
    others_card,
)
from dashboard.cards.trend import trend_card
from dashboard.elements import Component, html
from dashboard.geography import neighbours
from dashboard.geography import provinces as outlined
from dashboard.pages.itemed import itemed
from dashboard.parts import card
from dashboard.released import MONTHLY, NATION, WEEKLY, Cell
from dashboard.scene import Scene
from dashboard.wording import vintage
from dashboard.words import province_name
from warehouse.disclosure.records import View

_PER = 10_000


def _name(scene: Scene) -> str:
    return province_name(scene.lang, scene.address.item)


def _cell(scene: Scene) -> Cell:
    return Cell(province=scene.address.item)


def _neighbours(scene: Scene) -> Component:
    """New vacancies per 10,000 people of working age beside the neighbours and the nation."""
    lang, item = scene.lang, scene.address.item
    people = {code: province.working_age for code, province in outlined().items()}
    rows = [
        Compared(
            name=part.name, figure=scene.figures.newest(part.cell, "flow", MONTHLY),
            href=part.href, css=part.css, per=_PER / people[part.cell.province],
        )
        for part in province_parts(scene, NATION, (item, *neighbours()[item]))
    ]  # fmt: skip
    newest = scene.figures.newest(NATION, "flow", MONTHLY)
    nation = Compared(
        name=province_name(lang, "all"), figure=newest, css="whole", per=_PER / sum(people.values())
    )
    title = lang.say("neighbours_title")
    return card(
        title,
        html.P(lang.say("neighbours_lead"), className="quiet"),
        compared_table(
            lang, title, lang.say("province"), [*rows, nation], nation,
            lambda value: lang.number(value, 1),
        ),
        vintage(lang, [newest]),
        name="neighbours",
    )  # fmt: skip


def _pressed(scene: Scene) -> list[Part]:
    """Rows of the table of shortages: weekly figures are told to the public by one dimension."""
    if scene.view is View.PUBLIC:
        return province_parts(scene, NATION, listed())
    return group_parts(scene, _cell(scene))


def _one(scene: Scene) -> Component:
    cell, lang = _cell(scene), scene.lang
    pressed = _pressed(scene)
    own = [part.cell for part in pressed if scene.view is not View.PUBLIC or part.css]
    heading_ = lang.say("province" if scene.view is View.PUBLIC else "major_group")
    groups = group_parts(scene, _cell(scene))
    by_group = measured_card(scene, groups, "flow", MONTHLY, lang.say("major_group"))
    names = [(code, province_name(lang, code)) for code in listed()]
    return [
        key_figures(scene, cell),
        html.Div(
            [changed_card(scene, cell, own), district_card(scene, cell.province)],
            className="pair loose",
        ),
        trend_card(scene, cell),
        columns(
            [
                _neighbours(scene),
                pressure_card(scene, pressed, heading_),
                alerts_card(scene, province=cell.province),
            ],
            [by_group, skills_card(scene, cell)],
        ),
        others_card(scene, lang.say("other_provinces"), Page.PROVINCES, names),
    ]


def _all(scene: Scene) -> Component:
    parts, province = province_parts(scene, NATION, listed()), scene.lang.say("province")
    return [
        moved_card(scene, [part.cell for part in parts]),
        columns(
            [
                national_card(scene),
                measured_card(scene, parts, "growth", WEEKLY, province),
                pressure_card(scene, parts, province),
            ],
            [
                measured_card(scene, parts, "flow", WEEKLY, province),
                measured_card(scene, parts, "wage_median", MONTHLY, province),
            ],
        ),
    ]


PARTS = itemed("provinces_title", _name, _all, _one, lead="provinces_lead")
