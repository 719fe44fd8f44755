"""The national map of published counts: every province a link, its value in its name."""

from __future__ import annotations

from typing import Final

from dashboard.addresses import Page
from dashboard.drawing.outlines import Shade, nation_map
from dashboard.drawing.svg import picture, swatch
from dashboard.elements import Component, html
from dashboard.geography import provinces
from dashboard.parts import card
from dashboard.released import MONTHLY, Cell, Figures
from dashboard.scales import NO_DATA, Scale, flow_scale, legend
from dashboard.scene import Scene
from dashboard.text import map_sentence
from dashboard.wording import vintage, why_untold
from warehouse.disclosure.records import Released

_PER: Final = 10_000


def month_rates(figures: Figures) -> dict[str, tuple[float | None, Released | None]]:
    """New vacancies of the newest month per 10,000 people of working age, with the count."""
    found: dict[str, tuple[float | None, Released | None]] = {}
    for code, province in provinces().items():
        one = figures.newest(Cell(province=code), "flow", MONTHLY)
        told = one is not None and one.value is not None
        rate = one.value / province.working_age * _PER if told and one and one.value else None
        found[code] = (rate, one)
    return found


def rate_scale(rates: dict[str, tuple[float | None, Released | None]]) -> Scale:
    """The colours of `month_rates`."""
    return flow_scale([rate for rate, _ in rates.values() if rate is not None])


def rate_text(scene: Scene, rate: float | None, one: Released | None) -> str:
    """A rate in words, or why there is none."""
    if rate is None:
        return why_untold(scene.lang, one)
    return scene.lang.say("per_ten_thousand", value=scene.lang.number(rate, 1))


def legend_list(scene: Scene, scale: Scale, *, hidden: bool) -> Component:
    """What the colours mean."""
    items = [
        html.Li([swatch(colour), meaning])
        for colour, meaning in legend(scene.lang, scale, percent=False)
    ]
    if hidden:
        items.append(html.Li([swatch(NO_DATA), scene.lang.say("not_told")]))
    return html.Ul(items, className="legend", **{"aria-label": scene.lang.say("legend")})


def national_card(scene: Scene) -> Component:
    """Map, legend and sentence; the table of counts stands beside it."""
    lang, rates = scene.lang, month_rates(scene.figures)
    title = lang.say("map_title")
    told = {code: rate for code, (rate, _) in rates.items() if rate is not None}
    counts = [one for _, one in rates.values() if one is not None]
    if not told:
        why = why_untold(lang, counts[0] if counts else None)
        return card(title, html.P(why, className="untold-note"), name="map")
    scale = rate_scale(rates)
    shades = {
        code: Shade(
            fill=scale.colour(rate) if rate is not None else NO_DATA,
            text=rate_text(scene, rate, one),
            href=scene.address.to(Page.PROVINCES, code).path,
        )
        for code, (rate, one) in rates.items()
    }
    drawn = nation_map(shades, title, lambda province: province.name(lang.code))
    said = lang.say("rate_month", month=lang.month_and_year(counts[0].time_value))
    return card(
        title,
        html.P(said, className="quiet"),
        picture(drawn, "map-nation"),
        legend_list(scene, scale, hidden=len(told) < len(rates)),
        html.P(map_sentence(lang, "flow", told), className="summary"),
        vintage(lang, counts),
        name="map",
    )
