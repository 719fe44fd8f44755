"""Skills linked to occupations and to fields of education, after ESCO."""

from __future__ import annotations

from typing import Final

from config.vocabulary import Label, education_fields, occupations
from dashboard.addresses import Page
from dashboard.cards.compared import Compared, compared_table
from dashboard.cards.skills import skill_label
from dashboard.elements import Component, dcc, html
from dashboard.language import Language
from dashboard.linkage import (
    Link,
    fields_of_skills,
    occupations_of_skills,
    skills_of_groups,
    together_with,
)
from dashboard.parts import card, table
from dashboard.released import MONTHLY, NATION
from dashboard.scene import Scene
from dashboard.wording import vintage

_SHOWN: Final = 10


def group_skills_card(scene: Scene, group: str) -> Component:
    """Skills that ESCO links to the group and employers ask for, with the nation's share."""
    lang = scene.lang
    weights = skills_of_groups().get(group, {})
    told = {
        skill: line[-1] for skill, line in scene.figures.skills(NATION).items()
        if skill in weights and line[-1].value is not None
    }  # fmt: skip
    top = sorted(told, key=lambda skill: (-weights[skill], skill))[:_SHOWN]
    title = lang.say("group_skills_title")
    if not top:
        return card(title, html.P(lang.say("skills_none"), className="untold-note"), name="linked")
    rows = [
        Compared(
            name=skill_label(scene, skill),
            figure=scene.figures.newest(NATION, "skill_share", MONTHLY, skill),
            href=scene.address.to(Page.SKILLS, skill).path,
        )
        for skill in top
    ]
    return card(
        title,
        html.P(lang.say("group_skills_lead"), className="quiet"),
        compared_table(lang, title, lang.say("skill"), rows),
        vintage(lang, [told[skill] for skill in top]),
        name="linked",
    )


def occupations_card(scene: Scene, skill: str) -> Component:
    """Unit groups in which ESCO says the skill is used."""
    lang, links = scene.lang, occupations_of_skills().get(skill, ())
    title = lang.say("linked_occupations_title")
    if not links:
        return card(title, html.P(lang.say("linked_none"), className="quiet"), name="occupations")
    rows = [
        [
            dcc.Link(
                _labelled(lang, occupations().get(link.code), link.code),
                href=scene.address.to(Page.OCCUPATIONS, link.code[:1]).path,
            ),
            html.Span(lang.say("essential" if link.essential else "optional"), className="whole"),
            lang.percent(link.share),
        ]
        for link in links[:_SHOWN]
    ]
    headings = [lang.say(key) for key in ("occupation", "link_kind", "link_share")]
    return card(
        title,
        html.P(
            lang.say("linked_occupations_lead", count=lang.number(len(links))), className="quiet"
        ),
        table(title, headings, rows),
        name="occupations",
    )


def fields_card(scene: Scene, skill: str) -> Component:
    """Fields of education in which the skill is learnt; curricula where one is known: none yet."""
    lang, links = scene.lang, fields_of_skills().get(skill, ())
    title = lang.say("fields_title")
    rows = [[_field(lang, link), _basis(lang, link)] for link in links[:_SHOWN]]
    headings = [lang.say(key) for key in ("field", "link_kind")]
    held = table(title, headings, rows) if rows else html.P(lang.say("linked_none"))
    return card(
        title,
        held,
        html.P(lang.say("no_curricula"), className="quiet"),
        name="fields",
    )


def together_card(scene: Scene, skill: str) -> Component:
    """Skills used in the same occupations."""
    lang = scene.lang
    links = [
        html.Li(dcc.Link(skill_label(scene, other), href=scene.address.to(Page.SKILLS, other).path))
        for other in together_with(skill, 12)
    ]
    held = html.Ul(links, className="links") if links else html.P(lang.say("linked_none"))
    return card(
        lang.say("together_title"), html.P(lang.say("together_lead"), className="quiet"), held,
        name="together",
    )  # fmt: skip


def _basis(lang: Language, link: Link) -> str:
    if link.derived:
        return lang.say("field_derived", share=lang.percent(link.share))
    return lang.say("field_esco")


def _field(lang: Language, link: Link) -> Component:
    return _labelled(lang, education_fields().get(link.code), link.code)


def _labelled(lang: Language, label: Label | None, code: str) -> Component:
    if label is None:
        return code
    if lang.code == "en" or not label.name_lo:
        spoken = "en" if lang.code != "en" else None
        return html.Span(label.name_en, lang=spoken) if spoken else label.name_en
    return label.name_lo
