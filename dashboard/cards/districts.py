"""The map of a province: its districts, and what lies around it.

Counts of districts are outside the public lattice (release rules): anybody sees where districts
lie and how the province stands beside its neighbours; departments see the districts' counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.cards.national import legend_list, month_rates, rate_scale, rate_text
from dashboard.drawing.outlines import Shade, province_map
from dashboard.drawing.svg import picture
from dashboard.elements import Component, html
from dashboard.geography import District, Province, districts, neighbours, provinces
from dashboard.parts import card, table, unfolding
from dashboard.scales import NO_DATA, Scale, flow_scale
from dashboard.scene import Scene
from warehouse.disclosure.records import View


def district_card(scene: Scene, province: str) -> Component:
    """Map, legend, sentence and the list of districts."""
    lang = scene.lang
    title = lang.say("districts_title", province=provinces()[province].name(lang.code))
    if scene.view is View.DEPARTMENT and scene.snapshot.districts:
        return _counted(scene, province, title)
    return _outlined(scene, province, title)


def _outlined(scene: Scene, province: str, title: str) -> Component:
    """Coloured as the province, beside its neighbours."""
    lang, rates = scene.lang, month_rates(scene.figures)
    scale = rate_scale(rates)
    shades = {
        code: Shade(
            fill=scale.colour(rate) if rate is not None else NO_DATA,
            text=rate_text(scene, rate, one),
        )
        for code, (rate, one) in rates.items()
    }
    mine = shades[province]
    near = {code: shades[code] for code in neighbours()[province]}
    held = [(each, Shade(fill=mine.fill, text="")) for each in districts()[province]]
    said = lang.say("districts_said", rate=mine.text, count=lang.number(len(held)))
    return card(
        title,
        picture(province_map(provinces()[province], near, held, said, _name(scene)), "map-part"),
        *_legend(scene, scale, [rate for rate, _ in rates.values()]),
        _listed(scene, [each for each, _ in held]),
        html.P(said, className="summary"),
        html.P(lang.say("districts_rule"), className="quiet"),
        name="districts",
    )


def _counted(scene: Scene, province: str, title: str) -> Component:
    """Coloured by new vacancies of each district; for departments."""
    lang, counts = scene.lang, scene.snapshot.districts
    held = districts()[province]
    scale = flow_scale([float(counts.get(each.code, 0)) for each in held])
    shades = [
        (each, Shade(fill=scale.colour(float(found)), text=lang.number(found)))
        for each in held
        for found in (counts.get(each.code, 0),)
    ]
    near = {code: Shade(fill="#eef1f6", text="") for code in neighbours()[province]}
    said = lang.say("districts_counted")
    rows = [[each.name(lang.code), shade.text] for each, shade in shades]
    headings = [lang.say("district"), lang.say("district_count")]
    return card(
        title,
        picture(province_map(provinces()[province], near, shades, said, _name(scene)), "map-part"),
        legend_list(scene, scale, hidden=False),
        _listed(scene, held),
        html.P(said, className="summary"),
        unfolding(lang, table(title, headings, rows)),
        name="districts",
    )


def _legend(
    scene: Scene, scale: Scale, rates: Sequence[float | None]
) -> list[Component]:  # fmt: skip
    """What the colours mean; nothing before the first figure, when there are none."""
    if all(rate is None for rate in rates):
        return []
    return [legend_list(scene, scale, hidden=None in rates)]


def _listed(scene: Scene, held: Sequence[District]) -> Component:
    """The districts by their numbers on the map."""
    names = [html.Li(each.name(scene.lang.code)) for each in held]
    return html.Ol(names, className="numbered", **{"aria-label": scene.lang.say("districts")})


def _name(scene: Scene) -> Callable[[Province | District], str]:
    return lambda area: area.name(scene.lang.code)
