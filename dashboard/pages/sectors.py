"""Sectors: all sections of ISIC Rev. 4 compared, and each over time and by province."""

from __future__ import annotations

from config.vocabulary import industries
from config.vocabulary import provinces as listed
from dashboard.addresses import Page
from dashboard.cards.changed import changed_card, moved_card
from dashboard.cards.pressure import Part, province_parts
from dashboard.cards.subject import key_figures, measured_card, others_card
from dashboard.cards.trend import trend_card
from dashboard.elements import Component, html
from dashboard.pages.itemed import itemed
from dashboard.parts import card
from dashboard.released import MONTHLY, WEEKLY, Cell
from dashboard.scene import Scene
from dashboard.wording import section_name


def _sections() -> list[str]:
    return [code for code in industries() if len(code) == 1]


def _name(scene: Scene) -> str:
    return section_name(scene.lang, scene.address.item)


def _not_by_section(scene: Scene) -> Component:
    """What is not published by section, so that nobody looks for it in vain."""
    lang = scene.lang
    return card(
        lang.say("not_by_section_title"),
        html.P(lang.say("not_by_section")),
        name="not-by-section",
    )


def _one(scene: Scene) -> Component:
    lang, cell = scene.lang, Cell(section=scene.address.item)
    parts = province_parts(scene, cell, listed())
    return [
        key_figures(scene, cell),
        html.Div([changed_card(scene, cell, ()), _not_by_section(scene)], className="pair loose"),
        trend_card(scene, cell),
        html.Div(
            [measured_card(scene, parts, name, frequency, lang.say("province"))
             for name, frequency in (("flow", MONTHLY), ("growth", WEEKLY))],
            className="pair loose",
        ),
        others_card(
            scene, lang.say("other_sectors"), Page.SECTORS,
            [(code, section_name(lang, code)) for code in _sections()],
        ),
    ]  # fmt: skip


def _all(scene: Scene) -> Component:
    lang = scene.lang
    parts = [
        Part(
            cell=Cell(section=code), name=section_name(lang, code),
            href=scene.address.to(Page.SECTORS, code).path,
        )
        for code in _sections()
    ]  # fmt: skip
    columns = (("flow", WEEKLY), ("growth", WEEKLY), ("stock", WEEKLY))
    held = [measured_card(scene, parts, name, each, lang.say("sector")) for name, each in columns]
    moved = moved_card(scene, [part.cell for part in parts])
    return [moved, html.Div(held[:2], className="pair loose"), held[2]]


PARTS = itemed("sectors_title", _name, _all, _one, lead="sectors_lead", one_lead="sector_lead")
