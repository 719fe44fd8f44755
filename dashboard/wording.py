"""Published figures in words: value, interval, n, and why one cannot be told. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import expm1
from typing import Final
from urllib.parse import urlencode

from alerts.notify.names import indicator_name
from config.skills import skill_groups, skills
from config.vocabulary import industries
from dashboard.addresses import Apart, apart_path
from dashboard.elements import Component, html
from dashboard.language import Language
from dashboard.released import NATION, Cell, last_day
from dashboard.words import group_name, joined, province_name
from warehouse.disclosure.records import Hidden, PublicCount, Released
from warehouse.disclosure.rules import kinds
from warehouse.series import SeriesKey, Standing

Write = Callable[[float], str]
_RATIO: Final = "ln ratio"
_MILLION: Final = 1_000_000


def unit_of(indicator: str) -> str:
    """Unit of an indicator; "" of an unheard-of one."""
    kind = kinds().get(indicator)
    return kind.unit if kind else ""


def writer(lang: Language, indicator: str, *, bare: bool = False) -> Write:
    """How a value of an indicator is written, its unit with it; `bare` where a heading says it."""
    unit = unit_of(indicator)
    writers: dict[str, Write] = {
        "vacancies": lang.number,
        _RATIO: lambda value: lang.percent(expm1(value), sign=True),
        "share": lang.percent,
        "probability": lang.percent,
        "days": lambda value: lang.say("days", count=lang.number(value, 1 if value < 10 else 0)),
        "kip a month": lambda value: _kip(lang, value, bare=bare),
        "score": lambda value: lang.number(value, 1),
    }
    return writers.get(unit, lambda value: lang.number(value, 2))


def _kip(lang: Language, value: float, *, bare: bool) -> str:
    number = lang.number(value / _MILLION, 2)
    return number if bare else lang.say("million_kip", value=number)


def value_text(lang: Language, one: Released | None) -> str:
    """The value, or a dash where it is not told."""
    if one is None or one.value is None:
        return "–"
    return writer(lang, one.series.indicator)(one.value)


def interval_text(lang: Language, one: Released | None) -> str:
    """The 95 % interval; a dash where there is none."""
    if one is None or one.value is None or one.lower is None or one.upper is None:
        return "–"
    write = writer(lang, one.series.indicator)
    return lang.say("legend_between", lower=write(one.lower), upper=write(one.upper))


def n_text(lang: Language, one: Released | None) -> str:
    """How many stand behind a figure; the public is told the lower end of a band."""
    if one is None or one.n is None:
        return "–"
    return f"≥ {lang.number(one.n)}" if one.n_at_least else lang.number(one.n)


def n_clause(lang: Language, one: Released | None) -> str:
    """The same in a sentence: "n = 235", or "n ≥ 200"."""
    told = n_text(lang, one)
    return f"n {told}" if told.startswith("≥") else f"n = {told}"


def why_untold(lang: Language, one: Released | None) -> str:
    """Why a figure has no value, in words; "" where it has one."""
    if one is None:
        return lang.say("untold_unpublished")
    if one.value is not None:
        return ""
    return lang.say(f"untold_{one.hidden.value if one.hidden else one.standing.value}")


def told_or_why(lang: Language, one: Released | None) -> Component:
    """The value, or quietly why there is none; an answer of a coarser cell is marked as such."""
    why = why_untold(lang, one)
    if one is None or why:
        return html.Span(why, className="quiet")
    text = value_text(lang, one)
    if one.standing is Standing.ROLLED_UP:
        answered = Cell(province=one.answered_province, group=one.answered_occupation)
        coarser = lang.say("answered_by", cell=cell_title(lang, answered))
        return html.Span([text, html.Span(f" {coarser}", className="quiet")])
    return text


def count_text(lang: Language, count: PublicCount | None) -> str:
    """A public count as it is told; that it is withheld, or of a week that was not seen, or that
    there is none yet."""
    if count is None:
        return "–"
    if count.value is not None:
        return lang.number(count.value)
    return lang.say("unseen_short" if count.hidden is Hidden.NOT_OBSERVED else "withheld_short")


def vintage(lang: Language, figures: Iterable[Released | None], *, fetch: bool = True) -> Component:
    """Period, issue and grade of figures shown together; release, method and sources folded.

    With `fetch`, a link that brings the indicator's figures of that period, of every cell.
    """
    held = [one for one in figures if one is not None]
    if not held:
        return html.P(lang.say("untold_unpublished"), className="vintage")
    newest = max(held, key=lambda one: (one.time_value, one.issue))
    grades = sorted({one.grade for one in held if one.grade})
    grade = f"{grades[0]}–{grades[-1]}" if len(grades) > 1 else joined(grades) or "–"
    short = lang.say(
        "vintage", day=lang.day(last_day(newest)), issue=lang.moment(newest.issue), grade=grade
    )
    long = lang.say(
        "vintage_more",
        release=joined(sorted({one.release_id for one in held if one.release_id})) or "–",
        method=joined(sorted({one.method for one in held if one.method})) or "–",
        sources=joined(sorted({name for one in held for name in one.sources})) or "–",
    )
    folded = html.Details([html.Summary(lang.say("vintage_show")), html.P(long)])
    said = [short, " ", _period_link(lang, newest)] if fetch else [short]
    return html.Div([html.P(said), folded], className="vintage")


def _period_link(lang: Language, newest: Released) -> Component:
    key, day = newest.series, newest.time_value.isoformat()
    asked = {
        "indicator": key.indicator, "frequency": key.frequency.value, "since": day, "until": day,
        "format": "csv",
    }  # fmt: skip
    name = indicator_name(key.indicator, lang.code)
    hidden = html.Span(f": {name}, {lang.day(last_day(newest))}", className="unseen")
    return html.A(
        [lang.say("download_csv"), hidden], href=f"/v1/series?{urlencode(asked)}",
        className="fetch", download=f"{key.indicator}-{day}.csv",
    )  # fmt: skip


def cell_title(lang: Language, cell: Cell) -> str:
    """The name of a cell; the nation is the whole country."""
    if cell == NATION:
        return province_name(lang, "all")
    place = [province_name(lang, cell.province)] if cell.province else []
    group = [group_name(lang, cell.group)] if cell.group else []
    section = [section_name(lang, cell.section)] if cell.section else []
    return " · ".join([*place, *group, *section])


def section_name(lang: Language, code: str) -> str:
    """An ISIC section."""
    label = industries().get(code)
    if label is None:
        return code
    return (label.name_lo if lang.code == "lo" else "") or label.name_en


def skill_name(lang: Language, code: str) -> str:
    """A skill or a group of skills; in Lao the English name where there is no Lao one."""
    held = skills().get(code)
    if held is not None:
        name = (held.name_lo if lang.code == "lo" else "") or held.name_en
        return name[:1].upper() + name[1:]
    label, _parent = skill_groups().get(code, (code, ""))
    return label


def skill_language(lang: Language, code: str) -> str | None:
    """The language of `skill_name` where it is not the page's, for screen readers."""
    held = skills().get(code)
    return "en" if lang.code == "lo" and not (held and held.name_lo) else None


def series_href(key: SeriesKey) -> str:
    """Where the figures of a series can be fetched, with every field, as CSV."""
    return f"/v1/series?{urlencode(_words(key) | {'format': 'csv'})}"


def _words(key: SeriesKey) -> dict[str, str]:
    return {
        "indicator": key.indicator, "province": key.province or "_T",
        "occupation": key.occupation or "_T", "sector": key.industry or "_T",
        "skill": key.skill or "_T", "frequency": key.frequency.value,
    }  # fmt: skip


def download_link(lang: Language, key: SeriesKey, what: str) -> Component:
    """Links that bring a series as a file, and that put it beside others.

    `what` the series is of is said to screen readers.
    """
    hidden = html.Span(f": {what}", className="unseen")
    explore = f"{apart_path(lang.code, Apart.EXPLORE)}?{urlencode(_words(key))}"
    return [
        html.A(
            [lang.say("download_csv"), hidden], href=series_href(key), className="fetch",
            download=f"{key.indicator}.csv",
        ),
        " · ",
        html.A([lang.say("compare_series"), hidden], href=explore, className="fetch"),
    ]  # fmt: skip
