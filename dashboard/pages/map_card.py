"""The national map with its legend, its sentence and its table."""

from __future__ import annotations

from typing import Any

from dash import Patch, no_update

from dashboard.cube import PROVINCES, Cube
from dashboard.drawing.svg import swatch
from dashboard.elements import Component, html
from dashboard.figures import Figure
from dashboard.geography import provinces
from dashboard.language import Language
from dashboard.maps import map_figure, outline
from dashboard.parts import card, chart, segments, slowly, table, unfolding
from dashboard.scales import Scale, change_scale, change_value, flow_scale, legend
from dashboard.scene import Scene
from dashboard.summary import CellChange, province_changes
from dashboard.text import (
    change_percent,
    interval_percent,
    map_sentence,
    source_sentences,
    withheld_sentence,
)
from dashboard.words import province_name


def _measure(scene: Scene) -> str:
    return "change" if scene.chosen("measure") == "change" else "flow"


def per_ten_thousand(cube: Cube) -> dict[str, float | None]:
    """New vacancies a week per 10,000 people of working age, mean of up to four weeks."""
    counts = cube.recent_flow(28).sum(axis=1)
    weeks = max(1, min(28, cube.days - 1)) / 7
    return {
        code: float(counts[index]) / weeks / provinces()[code].working_age * 10_000
        for index, code in enumerate(PROVINCES)
    }


def _values(scene: Scene, cube: Cube) -> tuple[dict[str, float | None], Scale]:
    if _measure(scene) == "flow":
        values = per_ten_thousand(cube)
        return values, flow_scale([value for value in values.values() if value is not None])
    changes = _cells(scene)
    values = {code: change_value(changes[code]) if code in changes else None for code in PROVINCES}
    return values, change_scale()


def _cells(scene: Scene) -> dict[str, CellChange]:
    """The change of every province; empty while none may be stated."""
    held = scene.snapshot
    return province_changes(held.basis.cube) if held.basis and held.withheld is None else {}


def _unknown(scene: Scene) -> str:
    """What a hatched province means."""
    why = scene.snapshot.withheld if _measure(scene) == "change" else None
    return scene.lang.say(f"map_{why}" if why else "too_few")


def _written(scene: Scene, values: dict[str, float | None]) -> dict[str, str]:
    lang = scene.lang
    if _measure(scene) == "flow":
        return {code: lang.number(value or 0.0, 2) for code, value in values.items()}
    return {
        code: ("–" if scene.snapshot.withheld else lang.say("too_few"))
        if value is None
        else lang.percent(value, sign=True)
        if value
        else lang.say("unclear")
        for code, value in values.items()
    }


def map_drawing(scene: Scene) -> Figure:
    """The map itself."""
    cube = scene.snapshot.cube
    if cube is None:
        return {"data": [], "layout": {}}
    values, scale = _values(scene, cube)
    return map_figure(scene.lang, values, _written(scene, values), scale, scene.chosen("province"))


def map_outlined(scene: Scene) -> Any:
    """What another choice of a province changes of the map, where it is drawn by now."""
    return no_update if scene.snapshot.cube is None else outline_patch(scene.chosen("province"))


def outline_patch(chosen: str) -> Patch:
    """What changes of a `map_figure` where another province is chosen, or "all": its outline."""
    patch, drawn = Patch(), outline(chosen)
    for name in ("x", "y"):
        patch["data"][len(provinces())][name] = drawn[name]
    return patch


def map_notes(scene: Scene) -> Component:
    """What goes with the map: legend, sentence, table."""
    cube, lang = scene.snapshot.cube, scene.lang
    if cube is None:
        return html.P(lang.say("empty"))
    values, scale = _values(scene, cube)
    return [
        _legend(scene, scale, any(value is None for value in values.values())),
        html.P(
            [
                lang.say(f"measure_{_measure(scene)}"),
                ". ",
                _said(scene, values),
                " ",
                lang.say("map_hint", day=lang.short_day(cube.complete_day)),
            ],
            className="summary",
        ),
        unfolding(lang, _table(scene, cube)),
    ]


def _said(scene: Scene, values: dict[str, float | None]) -> str:
    """The map in words, and which sources it leaves out."""
    lang, held = scene.lang, scene.snapshot
    if _measure(scene) == "flow":
        return map_sentence(lang, "flow", values)
    if held.withheld:
        return withheld_sentence(lang, held.withheld)
    named = source_sentences(lang, held.basis.sources if held.basis else ())
    return " ".join([map_sentence(lang, "change", values), *named])


def _legend(scene: Scene, scale: Scale, hatched: bool) -> Component:
    change = _measure(scene) == "change"
    items = [
        html.Li([swatch(colour), meaning])
        for colour, meaning in legend(scene.lang, scale, percent=change)
        if not (change and scene.snapshot.withheld)
    ]
    if hatched:
        items.append(html.Li([html.Span(className="swatch hatched"), _unknown(scene)]))
    return html.Ul(items, className="legend", **{"aria-label": scene.lang.say("legend")})


def _table(scene: Scene, cube: Cube) -> Component:
    lang, rates, cells = scene.lang, per_ten_thousand(cube), _cells(scene)
    rows = [
        [
            province_name(lang, code),
            lang.number(provinces()[code].working_age),
            lang.number(rates[code] or 0.0, 2),
            *(_changed(lang, cells[code]) if cells else ()),
        ]
        for code in PROVINCES
    ]
    keys = ["province", "working_age", "measure_flow_short"]
    if cells:
        keys += ["new_4_weeks", "before_4_weeks", "measure_change_short", "interval"]
    return table(lang.say("map_title"), [lang.say(key) for key in keys], rows)


def _changed(lang: Language, cell: CellChange) -> list[str]:
    change = change_percent(lang, cell.change.value) if cell.enough else lang.say("too_few")
    counts = [lang.number(cell.now), lang.number(cell.before)]
    return [*counts, change, interval_percent(lang, cell.change)]


def map_card(scene: Scene) -> Component:
    """The card of the map."""
    lang = scene.lang
    measures = [(name, lang.say(f"measure_{name}_choice")) for name in ("flow", "change")]
    return card(
        lang.say("map_title"),
        segments("measure", lang.say("map_measure"), measures, _measure(scene)),
        chart("map", map_drawing(scene), lang.say("map_title"), "map"),
        slowly("map-notes", map_notes(scene)),
        name="map",
    )
