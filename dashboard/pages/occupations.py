"""Occupations: major groups of ISCO-08 compared, mismatch, and each group with its skills."""

from __future__ import annotations

from config.vocabulary import provinces as listed
from dashboard.addresses import Page
from dashboard.cards.changed import changed_card, moved_card
from dashboard.cards.linked import group_skills_card
from dashboard.cards.pressure import group_parts, pressure_card, province_parts
from dashboard.cards.skills import emerging_card
from dashboard.cards.subject import (
    alerts_card,
    columns,
    key_figures,
    measured_card,
    others_card,
)
from dashboard.cards.tiles import tile
from dashboard.cards.trend import trend_card
from dashboard.cube import GROUPS
from dashboard.elements import Component, html
from dashboard.pages.itemed import itemed
from dashboard.parts import card
from dashboard.released import MONTHLY, NATION, WEEKLY, Cell
from dashboard.scene import Scene
from dashboard.wording import vintage
from dashboard.words import group_name
from warehouse.disclosure.records import View

_MISMATCH = ("mismatch_sahin", "mismatch_turnover", "mismatch_skills")


def _name(scene: Scene) -> str:
    return group_name(scene.lang, scene.address.item)


def _mismatch(scene: Scene) -> Component:
    """How far vacancies and those who look for work differ by occupation."""
    lang = scene.lang
    found = [scene.figures.newest(NATION, name, MONTHLY) for name in _MISMATCH]
    held = [
        tile(lang, lang.say(f"name_{name}"), one)
        for name, one in zip(_MISMATCH, found, strict=True)
    ]
    return card(
        lang.say("mismatch_title"),
        html.P(lang.say("mismatch_lead"), className="quiet"),
        html.Dl(held, className="tiles three"),
        vintage(lang, found),
        name="mismatch",
        wide=True,
    )


def _one(scene: Scene) -> Component:
    lang, cell = scene.lang, Cell(group=scene.address.item)
    parts = province_parts(scene, cell, listed())
    public = scene.view is View.PUBLIC
    pressed = group_parts(scene, NATION) if public else parts
    own = [part.cell for part in pressed if not public or part.css]
    heading_ = lang.say("major_group" if public else "province")
    return [
        key_figures(scene, cell),
        html.Div(
            [changed_card(scene, cell, own),
             group_skills_card(scene, cell.group)],
            className="pair loose",
        ),
        trend_card(scene, cell),
        columns(
            [measured_card(scene, parts, "flow", MONTHLY, lang.say("province"))],
            [pressure_card(scene, pressed, heading_), alerts_card(scene, group=cell.group)],
        ),
        others_card(
            scene, lang.say("other_groups"), Page.OCCUPATIONS,
            [(code, group_name(lang, code)) for code in GROUPS],
        ),
    ]  # fmt: skip


def _all(scene: Scene) -> Component:
    parts, heading_ = group_parts(scene, NATION), scene.lang.say("major_group")
    return [
        moved_card(scene, [part.cell for part in parts]),
        columns(
            [measured_card(scene, parts, "flow", WEEKLY, heading_),
             measured_card(scene, parts, "growth", WEEKLY, heading_),
             pressure_card(scene, parts, heading_)],
            [measured_card(scene, parts, "wage_median", MONTHLY, heading_), emerging_card(scene)],
        ),
        _mismatch(scene),
    ]  # fmt: skip


PARTS = itemed("occupations_title", _name, _all, _one, lead="occupations_lead")
