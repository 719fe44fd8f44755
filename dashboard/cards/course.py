"""How indicators of the strategy went: a small line for each, and a table for all of a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from dashboard.drawing.spark import spark
from dashboard.drawing.strokes import Point
from dashboard.drawing.svg import picture
from dashboard.elements import Component, html
from dashboard.parts import table

if TYPE_CHECKING:
    from config.strategy import StrategyIndicator
    from dashboard.language import Language
    from dashboard.scene import Scene
    from dashboard.standing import Standing

    Write = Callable[[Language, StrategyIndicator, float | None], str]

MOST_DAYS: Final = 31
"""Rows of the table; the file has all."""


def course_of(scene: Scene, one: Standing) -> list[Point]:
    """What is kept of an indicator by day: found by the service, or entered by officers.

    In a demonstration it is what was found of invented data, which counts for nothing.
    """
    number = one.indicator.number
    found = [
        Point(day=each.on_day, value=each.invented if scene.demonstration else each.value)
        for each in scene.snapshot.values if each.number == number
    ]  # fmt: skip
    return found or [Point(day=entry.on_day, value=entry.value) for entry in one.before]


def course(scene: Scene, one: Standing, write: Write) -> list[Component]:
    """The small line, with the same in words; nothing below two values."""
    lang, points = scene.lang, course_of(scene, one)
    told = [point for point in points if point.value is not None]
    if len(told) < 2:
        return []
    said = lang.say(
        "strategy_course", first=write(lang, one.indicator, told[0].value),
        last=write(lang, one.indicator, told[-1].value), since=lang.short_day(told[0].day),
        until=lang.short_day(told[-1].day), count=lang.number(len(told)),
    )  # fmt: skip
    return [picture(spark(points, said), "course"), html.Div(said, className="quiet")]


def course_table(
    scene: Scene, plan: str, stands: Sequence[Standing], write: Write
) -> list[Component]:
    """Values of the last days of all indicators of a plan that the service finds, folded away."""
    lang = scene.lang
    found = {each.number for each in scene.snapshot.values}
    mine = [
        one for one in stands if one.indicator.plan == plan and one.indicator.number in found
    ]  # fmt: skip
    kept = {one.indicator.number: _by_day(course_of(scene, one)) for one in mine}
    days = sorted({day for held in kept.values() for day in held}, reverse=True)
    if not days:
        return []
    title = lang.say("strategy_course_title", count=lang.number(min(len(days), MOST_DAYS)))
    headings = [lang.say("strategy_day"), *(one.indicator.number for one in mine)]
    rows = [
        [lang.short_day(day),
         *(write(lang, one.indicator, kept[one.indicator.number].get(day)) for one in mine)]
        for day in days[:MOST_DAYS]
    ]  # fmt: skip
    invented = (
        [html.P(lang.say("strategy_course_invented"), className="quiet")]
        if scene.demonstration
        else []
    )
    return [html.Details([html.Summary(title), *invented, table(title, headings, rows)])]


def _by_day(points: Sequence[Point]) -> dict[date, float | None]:
    return {point.day: point.value for point in points}
