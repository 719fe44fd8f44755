"""The newest vacancies as the system sees them; a new one appears by itself."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.elements import Component, html
from dashboard.parts import UNKNOWN, as_of, group_choice, heading, picked, province_choice, table
from dashboard.scene import PageParts, Scene
from dashboard.views import VacancyRow
from dashboard.words import group_name, province_name

SHOWN = 60


def _title(scene: Scene) -> str:
    return scene.lang.say("vacancies_title")


def vacancy_table(scene: Scene, rows: Sequence[VacancyRow]) -> Component:
    """A table of vacancies, one line each."""
    lang = scene.lang
    headings = [
        lang.say(key)
        for key in (
            "vacancy_title",
            "employer",
            "province",
            "occupation",
            "source",
            "opened",
            "first_seen",
        )
    ]
    cells = [
        [
            html.Span(row.title, lang=row.language if row.language != "und" else None),
            row.employer or html.Span(lang.say("employer_none"), className="quiet"),
            province_name(lang, row.province),
            _occupation(scene, row),
            row.source_id,
            html.Time(lang.short_day(row.opened_on), dateTime=row.opened_on.isoformat()),
            html.Time(lang.short_moment(row.first_seen), dateTime=row.first_seen.isoformat()),
        ]
        for row in rows
    ]
    return table(
        lang.say("vacancies_title"), headings, cells, keys=[row.vacancy_id for row in rows]
    )


def _occupation(scene: Scene, row: VacancyRow) -> Component:
    lang = scene.lang
    if not row.isco08:
        return html.Span(lang.say("isco1_none"), className="quiet")
    probability = lang.say("probability", value=lang.percent(row.isco08_probability))
    return html.Span(
        [
            html.Span(row.isco08, className="code"),
            " ",
            group_name(lang, row.isco08[:1]),
            html.Span(f" · {probability}", className="quiet"),
        ]
    )


def _matches(row: VacancyRow, province: str, group: str) -> bool:
    place = row.province or UNKNOWN
    code = row.isco08[:1] or UNKNOWN
    return province in ("all", place) and group in ("all", code)


def _rows(scene: Scene) -> Component:
    lang = scene.lang
    province, group = scene.chosen("province"), scene.chosen("group")
    rows = [row for row in scene.snapshot.vacancies if _matches(row, province, group)][:SHOWN]
    if not rows:
        return html.P(lang.say("vacancies_none"), className="notice")
    return [
        html.P(
            lang.say("vacancies_shown", count=lang.number(len(rows))),
            className="quiet",
            **{"data-count": "yes"},
        ),
        vacancy_table(scene, rows),
    ]


def _content(scene: Scene) -> Component:
    lang = scene.lang
    return [
        heading(scene, _title(scene)),
        html.P(lang.say("vacancies_lead"), className="lead"),
        html.Div(
            [
                province_choice(scene),
                group_choice(scene),
            ],
            className="choices",
        ),
        picked("rows", _rows(scene), "card"),
    ]


PARTS = PageParts(title=_title, content=_content, slots={"as-of": as_of}, picked={"rows": _rows})
