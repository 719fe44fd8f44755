"""Skills asked for: shares of vacancies in a place, and those that rise or fall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.addresses import Page
from dashboard.cards.compared import Compared, compared_table
from dashboard.elements import Component, dcc, html
from dashboard.parts import card, table
from dashboard.released import MONTHLY, NATION, Cell
from dashboard.sayings import SkillChange, skill_changes, skill_saying
from dashboard.scene import Scene
from dashboard.wording import (
    cell_title,
    interval_text,
    skill_language,
    skill_name,
    value_text,
    vintage,
)
from warehouse.disclosure.records import Released

_SHOWN: Final = 12
_CHANGES: Final = 10


def skills_card(scene: Scene, cell: Cell, shown: int = _SHOWN) -> Component:
    """The skills named most often in the newest month, with their share of vacancies."""
    lang = scene.lang
    newest = {skill: line[-1] for skill, line in scene.figures.skills(cell).items()}
    told = {skill: one for skill, one in newest.items() if one.value is not None}
    top = sorted(told, key=lambda skill: (-(told[skill].value or 0.0), skill))[:shown]
    title = lang.say("skills_title", cell=cell_title(lang, cell))
    if not top:
        return card(title, html.P(_none(scene, newest), className="untold-note"), name="skills")
    rows = [
        Compared(name=skill_label(scene, skill), figure=told[skill], href=_href(scene, skill))
        for skill in top
    ]
    return card(
        title,
        html.P(
            lang.say("skills_lead", month=lang.month_and_year(told[top[0]].time_value)),
            className="quiet",
        ),
        compared_table(lang, title, lang.say("skill"), rows),
        vintage(lang, [told[skill] for skill in top]),
        name="skills",
    )


def _none(scene: Scene, newest: dict[str, Released]) -> str:
    return scene.lang.say("skills_hidden" if newest else "skills_none")


def emerging_card(scene: Scene) -> Component:
    """Skills whose share of vacancies changed clearly in three months, in the nation."""
    lang, changes = scene.lang, skill_changes(scene.figures, NATION)
    clear = [change for change in changes if change.is_clear]
    shown = sorted(clear, key=lambda change: -abs(change.difference))[:_CHANGES]
    held: list[Component] = [html.P(skill_saying(lang, changes), className="summary")]
    if shown:
        headings = ["skill", "three_months_before", "newest_month", "difference"]
        rows = [_change_row(scene, change) for change in shown]
        title = lang.say("emerging_title")
        held.append(table(title, [lang.say(key) for key in headings], rows))
        figures = [change.now for change in shown]
        held.append(vintage(lang, figures))
    lead = html.P(lang.say("emerging_lead"), className="quiet")
    return card(lang.say("emerging_title"), lead, *held, name="emerging")


def _change_row(scene: Scene, change: SkillChange) -> list[Component]:
    lang = scene.lang
    arrow = "▲ " if change.difference > 0 else "▼ "
    points = lang.say("points", count=lang.number(change.difference * 100, sign=True))
    return [
        dcc.Link(skill_label(scene, change.skill), href=_href(scene, change.skill)),
        f"{value_text(lang, change.before)} ({interval_text(lang, change.before)})",
        f"{value_text(lang, change.now)} ({interval_text(lang, change.now)})",
        html.Span([html.Span(arrow, **{"aria-hidden": "true"}), points], className="whole"),
    ]


def skill_label(scene: Scene, code: str) -> Component:
    """A skill's name, marked where it is in English on a Lao page."""
    spoken = skill_language(scene.lang, code)
    name = skill_name(scene.lang, code)
    return html.Span(name, lang=spoken) if spoken else name


def _href(scene: Scene, code: str) -> str:
    return scene.address.to(Page.SKILLS, code).path


def skill_rows(
    scene: Scene, skill: str, cells: Sequence[tuple[Cell, str, str]]
) -> list[Compared]:  # fmt: skip
    """A skill's share in several places, the greatest first."""
    rows = [
        Compared(
            name=name, figure=scene.figures.newest(cell, "skill_share", MONTHLY, skill), href=href
        )
        for cell, name, href in cells
    ]
    return sorted(
        rows, key=lambda row: -(row.figure.value if row.figure and row.figure.value else -1)
    )
