"""A bulletin laid out: sections, tables and pictures in words, ready for HTML and for PDF. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from alerts.notify.names import indicator_name
from alerts.releases.plan import Kind
from config.skills import skill_groups, skills
from dashboard.bulletins.drawing import map_svg, trend_svg
from dashboard.bulletins.records import GROUP_COLUMNS, KEY, PLACE_COLUMNS, Contents, Figures
from dashboard.bulletins.writing import (
    NONE,
    alert_line,
    basis,
    between,
    forecast_sentence,
    in_short,
    period_word,
    title,
    told,
    where,
)
from dashboard.drawing.strokes import Point
from dashboard.geography import provinces
from dashboard.language import Language
from dashboard.scales import flow_scale, legend
from dashboard.words import group_name, province_name
from warehouse.disclosure.records import View

_PER: Final = 1000
"""The map shows vacancies for so many persons aged 15 to 64."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose first column names its rows."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with what it says in words."""

    heading: str
    svg: str
    """"" where there is nothing to draw: the words then say so."""
    words: str
    keys: tuple[tuple[str, str], ...] = ()
    """Colour and meaning of its classes."""
    narrow: bool = False
    """Whether less than half of a page is wide enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One bulletin in one language."""

    language: str
    title: str
    strap: str
    mark: str
    """Says that the data are invented, or ""."""
    inside: str
    """Says that it is for departments only, or ""."""
    short_heading: str
    short: tuple[str, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    about_heading: str
    about: tuple[str, ...]
    link: str


def lay_out(lang: Language, said: Contents, *, url: str, demonstration: bool) -> Layout:
    """The bulletin of `said` in one language.

    Args:
        lang: Lao or English.
        said: what it tells.
        url: address of the installation, without a slash at the end.
        demonstration: whether the data are invented.
    """
    pictures = [_trend(lang, said)]
    tables = [_key_table(lang, said), _group_table(lang, said)]
    if said.kind is Kind.MONTHLY and not said.place:
        pictures.append(_map(lang, said))
        tables += [_place_table(lang, said)]
    if said.skills:
        tables.append(_skill_table(lang, said))
    if said.alerts:
        tables.append(_alert_table(lang, said))
    if said.forecasts:
        tables.append(_forecast_table(lang, said))
    page = f"{url}/" if lang.code == "lo" else f"{url}/{lang.code}/"
    release = said.release
    strap = lang.say(
        "bulletin_strap", kind=lang.say(f"bulletin_{said.kind}"), release=release.release_id,
        moment=lang.moment(release.issue),
    )  # fmt: skip
    return Layout(
        language=lang.code,
        title=title(lang, said),
        strap=strap,
        mark=lang.say("demonstration") if demonstration else "",
        inside=lang.say("bulletin_inside") if said.view is View.DEPARTMENT else "",
        short_heading=lang.say("bulletin_in_short"),
        short=tuple(in_short(lang, said)),
        pictures=tuple(pictures),
        tables=tuple(tables),
        about_heading=lang.say("bulletin_about"),
        about=tuple(_about(lang, said, url)),
        link=page,
    )


def _about(lang: Language, said: Contents, url: str) -> list[str]:
    names = ", ".join(said.sources) or NONE
    rules = "bulletin_about_public" if said.view is View.PUBLIC else "bulletin_about_department"
    return [
        lang.say("bulletin_about_vacancy"),
        lang.say("bulletin_about_interval"),
        lang.say(rules),
        lang.say("bulletin_about_sources", sources=names),
        lang.say("bulletin_about_vintage", release=said.release.release_id,
                 cutoff=lang.moment(said.release.cutoff), digest=said.release.digest[:16]),
        lang.say("bulletin_about_methods", link=f"{url}/en/about"),
    ]  # fmt: skip


def _trend(lang: Language, said: Contents) -> Picture:
    points = [
        Point(
            day=day,
            value=None if one is None else one.value,
            lower=None if one is None else one.lower,
            upper=None if one is None else one.upper,
        )
        for day, one in said.trend
    ]
    known = [(p.day, p.value) for p in points if p.value is not None]
    if known:
        (last_day, last), values = known[-1], sorted(value for _, value in known)
        words = lang.say(
            "bulletin_trend_words", count=lang.number(len(known)), last=lang.number(last),
            day=period_word(lang, last_day, said.kind), least=lang.number(values[0]),
            most=lang.number(values[-1]),
        )  # fmt: skip
    else:
        words = lang.say("bulletin_trend_none")
    heading = lang.say(f"bulletin_trend_{said.kind}", place=where(lang, said.place))
    svg = trend_svg(lang, points, words) if known else ""
    return Picture(heading=heading, svg=svg, words=words)


def _rate(code: str, figures: Figures) -> float | None:
    one = figures.get("flow")
    if one is None or one.value is None or code not in provinces():
        return None
    return _PER * one.value / provinces()[code].working_age


def _map(lang: Language, said: Contents) -> Picture:
    values = {code: _rate(code, said.places.get(code, {})) for code in provinces()}
    known = {code: value for code, value in values.items() if value is not None}
    scale = flow_scale(list(known.values()))
    if known:
        top, bottom = max(known, key=lambda c: known[c]), min(known, key=lambda c: known[c])
        words = lang.say(
            "bulletin_map_words", top=province_name(lang, top),
            top_value=lang.number(known[top], 2), bottom=province_name(lang, bottom),
            bottom_value=lang.number(known[bottom], 2), count=lang.number(len(known)),
        )  # fmt: skip
    else:
        words = lang.say("bulletin_map_none")
    if not known:
        return Picture(heading=lang.say("bulletin_map"), svg="", words=words)
    return Picture(
        heading=lang.say("bulletin_map"), svg=map_svg(values, scale, words), words=words,
        keys=tuple(legend(lang, scale, percent=False)), narrow=True,
    )  # fmt: skip


def _key_table(lang: Language, said: Contents) -> Table:
    home = bool(said.place)
    columns = ["bulletin_indicator", "bulletin_value", "bulletin_interval", "bulletin_before"]
    columns += ["bulletin_nation"] if home else []
    rows = []
    for code in KEY[said.kind]:
        one = said.here.get(code)
        if one is None and code not in said.nation:
            continue
        row = [indicator_name(code, lang.code), told(lang, one), between(lang, one)]
        row.append(told(lang, said.before.get(code)) if code in said.before else NONE)
        row += [told(lang, said.nation.get(code))] if home else []
        rows.append((*row, basis(lang, one), (one.grade if one else "") or NONE))
    return Table(
        heading=lang.say("bulletin_key_figures"),
        columns=(*(lang.say(name) for name in columns), "n", lang.say("bulletin_grade")),
        rows=tuple(rows),
        note=lang.say("bulletin_key_note"),
    )


def _cells(lang: Language, figures: Figures, columns: tuple[str, ...]) -> tuple[str, ...]:
    cells = []
    for code in columns:
        one = figures.get(code)
        ends = between(lang, one)
        cells.append(told(lang, one) if ends == NONE else f"{told(lang, one)} ({ends})")
    return tuple(cells)


def _group_table(lang: Language, said: Contents) -> Table:
    columns = GROUP_COLUMNS[said.kind]
    rows = [
        (group_name(lang, code), *_cells(lang, figures, columns))
        for code, figures in sorted(said.groups.items())
    ]
    return Table(
        heading=lang.say("bulletin_groups"),
        columns=(
            lang.say("bulletin_group"),
            *(indicator_name(code, lang.code) for code in columns),
        ),
        rows=tuple(rows),
    )


def _place_table(lang: Language, said: Contents) -> Table:
    rows = [
        (province_name(lang, code), *_cells(lang, said.places.get(code, {}), PLACE_COLUMNS))
        for code in provinces()
    ]
    names = (indicator_name(code, lang.code) for code in PLACE_COLUMNS)
    return Table(
        heading=lang.say("bulletin_places"),
        columns=(lang.say("bulletin_place"), *names),
        rows=tuple(rows),
    )


def _skill_table(lang: Language, said: Contents) -> Table:
    rows = [
        (_skill_name(lang, code), told(lang, one), between(lang, one), basis(lang, one))
        for code, one in said.skills
    ]
    heads = ("bulletin_skill", "bulletin_share", "bulletin_interval")
    return Table(
        heading=lang.say("bulletin_skills"),
        columns=(*(lang.say(name) for name in heads), "n"),
        rows=tuple(rows),
    )


def _skill_name(lang: Language, code: str) -> str:
    if code in skill_groups():
        return skill_groups()[code][0]
    one = skills().get(code)
    if one is None:
        return code
    return (one.name_lo or one.name_en) if lang.code == "lo" else one.name_en


def _alert_table(lang: Language, said: Contents) -> Table:
    heads = ("bulletin_alert", "bulletin_since", "bulletin_size", "bulletin_state")
    return Table(
        heading=lang.say("bulletin_alert_heading"),
        columns=tuple(lang.say(name) for name in heads),
        rows=tuple(alert_line(lang, alert) for alert in said.alerts),
        note=lang.say("bulletin_alert_note"),
    )


def _forecast_table(lang: Language, said: Contents) -> Table:
    rows = []
    for row in said.forecasts:
        wide = lang.say(
            "bulletin_between", lower=lang.number(row.lower_95), upper=lang.number(row.upper_95)
        )
        right = NONE if row.coverage_80 is None else lang.percent(row.coverage_80)
        rows.append((forecast_sentence(lang, row), wide, right, lang.number(row.scored)))
    heads = ("bulletin_forecast_heading", "bulletin_interval", "bulletin_right", "bulletin_scored")
    return Table(
        heading=lang.say("bulletin_forecasts"),
        columns=tuple(lang.say(name) for name in heads),
        rows=tuple(rows),
        note=lang.say("bulletin_forecast_note"),
    )
