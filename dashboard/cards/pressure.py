"""Shortage where supply is known, demand pressure where it is not: by cell, honest about both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dashboard.addresses import Page
from dashboard.cards.compared import Compared, compared_table
from dashboard.cube import GROUPS
from dashboard.elements import Component, html
from dashboard.parts import card
from dashboard.released import WEEKLY, Cell
from dashboard.scene import Scene
from dashboard.wording import vintage
from dashboard.words import group_name, province_name
from warehouse.disclosure.records import Released
from warehouse.series import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A cell that is one row of a table."""

    cell: Cell
    name: str
    href: str = ""
    css: str = ""
    """`here` where it is what the page is about."""


def province_parts(scene: Scene, within: Cell, codes: Iterable[str]) -> list[Part]:
    """Provinces as rows, each a part of `within`; the one that the page is about leads nowhere."""
    item = scene.address.item
    return [
        Part(
            cell=replace(within, province=code),
            name=province_name(scene.lang, code),
            href="" if code == item else scene.address.to(Page.PROVINCES, code).path,
            css="here" if code == item else "",
        )
        for code in codes
    ]


def group_parts(scene: Scene, within: Cell) -> list[Part]:
    """Major groups as rows, each a part of `within`; each leads to the group in the nation."""
    return [
        Part(
            cell=replace(within, group=code), name=group_name(scene.lang, code),
            href=scene.address.to(Page.OCCUPATIONS, code).path,
            css="here" if code == scene.address.item else "",
        )
        for code in GROUPS
    ]  # fmt: skip


def pressure_card(scene: Scene, parts: Sequence[Part], heading: str) -> Component:
    """The probability of a shortage of each part, else its demand pressure."""
    lang = scene.lang
    short = [scene.figures.newest(part.cell, "shortage_probability", WEEKLY) for part in parts]
    indicator = "shortage_probability" if any(map(_is_told, short)) else "demand_pressure"
    found = [scene.figures.newest(part.cell, indicator, WEEKLY) for part in parts]
    rows = [
        Compared(name=part.name, figure=_own(one), href=part.href, css=part.css)
        for part, one in sorted(
            zip(parts, found, strict=True), key=lambda pair: -_value(pair[1])
        )
    ]  # fmt: skip
    lead = lang.say(f"lead_{indicator}")
    return card(
        lang.say("shortage_title"),
        html.P(lead, className="quiet"),
        compared_table(lang, lang.say(f"name_{indicator}"), heading, rows),
        vintage(lang, found),
        name="shortage",
    )


def _is_told(one: Released | None) -> bool:
    return one is not None and one.value is not None and one.standing is not Standing.ROLLED_UP


def _own(one: Released | None) -> Released | None:
    """A coarser cell's answer is not shown as this one's."""
    return one if one is None or one.standing is not Standing.ROLLED_UP else None


def _value(one: Released | None) -> float:
    return one.value if one is not None and one.value is not None and _is_told(one) else -1.0
