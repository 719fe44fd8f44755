"""Checks of data quality as last judged: question, verdict, value, mark, by dimension."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.parts import card, table, unfolding
from dashboard.scene import Scene
from warehouse.quality.declared import catalogue
from warehouse.quality.records import Dimension, Result, Unit, Verdict

_MARKS: Final = {
    Verdict.PASS: ("✓", "good"), Verdict.WARN: ("!", "quiet-badge"), Verdict.FAIL: ("✕", "firing"),
    Verdict.NOT_ASSESSABLE: ("–", "quiet-badge"),
}  # fmt: skip


def quality_card(scene: Scene) -> Component:
    """All checks; a sentence where none was made yet."""
    lang, results = scene.lang, scene.snapshot.quality
    title = lang.say("quality_title")
    if not results:
        note = html.P(lang.say("quality_none"), className="untold-note")
        return card(title, note, name="quality", wide=True)
    newest = max(result.as_of for result in results)
    parts = [_dimension(scene, each, results) for each in Dimension]
    return card(
        title,
        html.P(_counted(lang, results), className="summary"),
        *(part for part in parts if part is not None),
        html.P(lang.say("quality_told", time=lang.moment(newest)), className="vintage"),
        name="quality",
        wide=True,
    )


def _counted(lang: Language, results: Sequence[Result]) -> str:
    counts = {each: sum(one.verdict is each for one in results) for each in Verdict}
    return lang.say(
        "quality_counted", passed=lang.number(counts[Verdict.PASS]),
        warned=lang.number(counts[Verdict.WARN]), failed=lang.number(counts[Verdict.FAIL]),
        untold=lang.number(counts[Verdict.NOT_ASSESSABLE]),
    )  # fmt: skip


def _dimension(scene: Scene, dimension: Dimension, results: Sequence[Result]) -> Component | None:
    lang = scene.lang
    held = [one for one in results if one.dimension is dimension and _question(lang, one)]
    if not held:
        return None
    title = lang.say(f"dimension_{dimension}")
    short = [one for one in held if one.verdict is not Verdict.PASS]
    parts = [_table(scene, title, short)] if short else []
    if len(short) < len(held):
        parts.append(unfolding(lang, _table(scene, title, held)))
    return html.Div([html.H3(title), html.P(_counted(lang, held), className="quiet"), *parts])


def _table(scene: Scene, title: str, held: Sequence[Result]) -> Component:
    lang = scene.lang
    keys = ("quality_question", "quality_verdict", "value", "interval", "quality_mark")
    rows = [_row(lang, one, public=scene.snapshot.is_public) for one in held]
    return table(title, [*(lang.say(key) for key in keys), "n"], rows)


def _question(lang: Language, one: Result) -> str:
    """The question; "" of a check that is declared no more."""
    check = catalogue().checks.get(one.check_id)
    return check.question.model_dump()[lang.code] if check else ""


def _row(lang: Language, one: Result, *, public: bool) -> list[Component]:
    asked: Component = _question(lang, one)
    if one.subject:
        asked = html.Div([asked, html.Div(html.Span(one.subject, className="code"))])
    between = "–"
    if one.lower is not None and one.upper is not None:
        between = lang.say(
            "legend_between", lower=_written(lang, one.unit, one.lower),
            upper=_written(lang, one.unit, one.upper),
        )  # fmt: skip
    n = lang.number(one.n)
    return [
        asked, _badge(lang, one.verdict), _written(lang, one.unit, one.value), between,
        _written(lang, one.unit, one.mark),
        html.Span(f"≥ {n}" if public and one.n else n, className="whole"),
    ]  # fmt: skip


def _badge(lang: Language, verdict: Verdict) -> Component:
    mark, css = _MARKS[verdict]
    shown = html.Span(mark, **{"aria-hidden": "true"})
    return html.Span([shown, " ", lang.say(f"quality_{verdict}")], className=f"badge {css}")


def _written(lang: Language, unit: Unit, value: float | None) -> str:
    if value is None:
        return "–"
    if unit is Unit.SHARE:
        return lang.percent(value, 1)
    if unit is Unit.COUNT:
        return lang.number(value)
    decimals = 0 if value >= 100 else 2
    if unit is Unit.RATIO:
        return lang.number(value, decimals)
    return lang.say(f"counted_{unit}", value=lang.number(value, decimals))
