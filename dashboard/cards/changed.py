"""What changed this week, one sentence each, and whether changes may be told at all."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.cube import GROUPS, PROVINCES
from dashboard.elements import Component, html
from dashboard.parts import card
from dashboard.released import NATION, Cell
from dashboard.sayings import (
    change_saying,
    growth_saying,
    moved_sayings,
    pay_saying,
    shortage_saying,
    week_saying,
)
from dashboard.scene import Scene
from dashboard.text import source_sentences, withheld_sentence


def changed_card(
    scene: Scene, cell: Cell, parts: Sequence[Cell], more: Sequence[str] = ()
) -> Component:
    """Sentences about a cell.

    Args:
        scene: the reader and the data.
        cell: the subject of the page.
        parts: cells among which shortages are looked for; none where none are published.
        more: further sentences, last.
    """
    lang, figures = scene.lang, scene.figures
    said = [_week(scene, cell), *_change(scene, cell)]
    said.append(growth_saying(lang, figures, cell))
    if parts:
        said.append(shortage_saying(lang, figures, parts))
    if not cell.section:
        said.append(pay_saying(lang, figures, cell))
    return card(
        lang.say("changes_title"),
        html.Ul([html.Li(text) for text in (*said, *more)], className="sentences"),
        name="changes",
    )


def moved_card(scene: Scene, cells: Sequence[Cell]) -> Component:
    """Which of many cells changed, or why that cannot be said of any."""
    lang, held = scene.lang, scene.snapshot.comparable
    said = [_week(scene, NATION)]
    if held.withheld is not None:
        said.append(withheld_sentence(lang, held.withheld))
    elif held.left_out:
        said += [lang.say("say_change_sources"), *source_sentences(lang, held.left_out)]
    else:
        said += moved_sayings(lang, scene.figures, cells)
    return card(
        lang.say("changes_title"),
        html.Ul([html.Li(text) for text in said], className="sentences"),
        name="changes",
        wide=True,
    )


def nation_card(scene: Scene) -> Component:
    """Of the whole country: week and change, which provinces and kinds of work moved, shortages."""
    lang, figures, held = scene.lang, scene.figures, scene.snapshot.comparable
    said = [_week(scene, NATION), *_change(scene, NATION)]
    places, groups = [Cell(province=code) for code in PROVINCES], [Cell(group=g) for g in GROUPS]
    if held.withheld is None and not held.left_out:
        said += moved_sayings(lang, figures, (*places, *groups))
    both = [Cell(province=place.province, group=g) for place in places for g in GROUPS]
    said += [
        growth_saying(lang, figures, NATION), shortage_saying(lang, figures, (*groups, *both)),
    ]  # fmt: skip
    return card(
        lang.say("changes_title"),
        html.Ul([html.Li(text) for text in said], className="sentences"),
        name="changes",
    )


def _week(scene: Scene, cell: Cell) -> str:
    held = scene.snapshot.comparable
    alike = held.withheld is None and not held.left_out
    return week_saying(scene.lang, scene.figures, cell, comparable=alike)


def _change(scene: Scene, cell: Cell) -> list[str]:
    """Four weeks against four; in its place, where sources make that no change of the market, why.

    Published counts hold every source. A source that came or went within the compared weeks would
    read as a change of the market.
    """
    lang, held = scene.lang, scene.snapshot.comparable
    if held.withheld is not None:
        return [withheld_sentence(lang, held.withheld)]
    if held.left_out:
        return [lang.say("say_change_sources"), *source_sentences(lang, held.left_out)]
    return [change_saying(lang, scene.figures, cell)]
