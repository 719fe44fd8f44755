"""Adverts that an officer pastes: what was asked, what was understood, and the records of it. Pure.

Personal data leave before anything is shown, kept or published.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from config.vocabulary import provinces
from dashboard.push.problems import ProblemError
from scrapers.parsing.dates import local_day, parse_date
from scrapers.parsing.pasted import LONGEST, PastedVacancy, read_pasted
from scrapers.parsing.text import clean_line, clean_lines
from streams.redact import redact

FIELDS: Final = (
    "title",
    "hiring_organization",
    "job_location",
    "base_salary",
    "total_job_openings",
    "valid_through",
    "description",
)
"""What an officer sees of each vacancy, and may correct."""
_MEMBERS: Final = (
    "text", "title", "employer", "channel", "seen_on", "province", "preview", "vacancies",
)  # fmt: skip
_LONGEST_LINE: Final = 300
_OLDEST: Final = timedelta(days=90)
_PLACEHOLDER: Final = re.compile(r"\[(?:phone|email|account|name)\]")

Record = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPush:
    """A text as an officer handed it in."""

    text: str
    title: str = ""
    employer: str = ""
    channel: str = ""
    """Where it was seen: the name of a group, page or newspaper."""
    seen_on: date | None = None
    province: str = ""
    """ISO code, for vacancies that name no place."""
    preview: bool = False
    vacancies: tuple[Mapping[str, str], ...] = ()
    """As corrected by the officer; empty: as understood."""


class FieldProblemError(ProblemError):
    """A field of the form that is not as expected; `field` is its name."""

    def __init__(self, field: str, code: str, expected: str) -> None:
        members = {"field": field, "expected": expected}
        super().__init__(422, "schema", f"{field}: expected {expected}.", members=members)
        self.field, self.reason = field, code


def read_text_push(body: Any, now: datetime) -> TextPush:
    """The push in a decoded body.

    Raises:
        ProblemError: 422, naming the field.
    """
    if not isinstance(body, dict) or not set(body) <= set(_MEMBERS):
        raise ProblemError(422, "schema", f"Expected an object with {', '.join(_MEMBERS)}.")
    lines = {name: _line(body, name) for name in ("title", "employer", "channel", "province")}
    if lines["province"] and lines["province"] not in provinces():
        raise FieldProblemError("province", "province", f"one of {', '.join(provinces())}")
    preview = body.get("preview", False)
    if not isinstance(preview, bool):
        raise FieldProblemError("preview", "flag", "true or false")
    return TextPush(
        text=_text(body),
        seen_on=_seen_on(body, local_day(now)),
        preview=preview,
        vacancies=_vacancies(body),
        **lines,
    )


def _text(body: Mapping[str, Any]) -> str:
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise FieldProblemError("text", "missing", "the text of the advert")
    if len(text) > LONGEST:
        raise FieldProblemError("text", "too_long", f"at most {LONGEST} characters")
    return text


def _line(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str) or len(value) > _LONGEST_LINE:
        raise FieldProblemError(name, "too_long", f"at most {_LONGEST_LINE} characters of text")
    return clean_line(value)


def _seen_on(body: Mapping[str, Any], today: date) -> date | None:
    stated = _line(body, "seen_on")
    if not stated:
        return None
    day = parse_date(stated)
    if day is None or not today - _OLDEST <= day <= today:
        raise FieldProblemError("seen_on", "date", "a day of the last 90, as YYYY-MM-DD")
    return day


def _vacancies(body: Mapping[str, Any]) -> tuple[Mapping[str, str], ...]:
    stated = body.get("vacancies") or []
    whole = isinstance(stated, list) and len(stated) <= 100
    if not whole or not all(isinstance(one, dict) for one in stated):
        raise FieldProblemError("vacancies", "form", "a list of at most 100 objects")
    taken = []
    for at, one in enumerate(stated):
        for name, value in one.items():
            if name not in FIELDS or not isinstance(value, str) or len(value) > LONGEST:
                raise FieldProblemError(f"vacancies.{at}", "form", f"texts of {', '.join(FIELDS)}")
        if not clean_line(one.get("title", "")):
            raise FieldProblemError(f"vacancies.{at}.title", "missing", "the title of the vacancy")
        closes = clean_line(one.get("valid_through", ""))
        if closes and parse_date(closes) is None:
            raise FieldProblemError(f"vacancies.{at}.valid_through", "date", "a date as YYYY-MM-DD")
        taken.append({name: one[name] for name in FIELDS if clean_line(one.get(name, ""))})
    return tuple(taken)


def understood(push: TextPush) -> tuple[PastedVacancy, ...]:
    """The vacancies of the text, without personal data.

    Raises:
        FieldProblemError: no line of it could be a title.
    """
    found = []
    for one in read_pasted(push.text, title=push.title, employer=push.employer):
        fields = {name: _clean(name, value) for name, value in one.fields.items()}
        kept = {name: value for name, value in fields.items() if value}
        title = _clean("title", one.title)
        if title:
            found.append(PastedVacancy(title=title, fields=kept, found=one.found))
    if not found:
        raise FieldProblemError("title", "not_found", "a title: the text names no position")
    return tuple(found)


def records_of(push: TextPush) -> tuple[Record, ...]:
    """Records to be pushed: as corrected, else as understood. The same text gives the same ids.

    Raises:
        FieldProblemError: no line of the text could be a title.
    """
    stated: Sequence[Mapping[str, str]] = push.vacancies or [
        {"title": one.title, **one.fields} for one in understood(push)
    ]
    text = " ".join(push.text.split()).casefold()
    taken: dict[str, int] = {}
    records = []
    for one in stated:
        fields = {name: _clean(name, value) for name, value in one.items()}
        title = fields.get("title", "")
        times = taken[title] = taken.get(title, 0) + 1
        identity = f"{text}\0{title.casefold()}\0{times}"
        digest = hashlib.blake2b(identity.encode("utf-8", "replace"), digest_size=12).hexdigest()
        if push.province:
            fields.setdefault("job_location", provinces()[push.province].name_en)
        if push.seen_on is not None:
            fields["date_posted"] = push.seen_on.isoformat()
        kept = {name: value for name, value in fields.items() if value}
        records.append({"id": f"text-{digest}", **kept})
    return tuple(records)


def _clean(name: str, value: str) -> str:
    """A field without personal data; in a title not even a mark in their place."""
    if name == "valid_through":
        day = parse_date(clean_line(value))
        return day.isoformat() if day else ""
    plain = redact(clean_lines(value) if name == "description" else clean_line(value)).text
    if name == "description":
        return plain
    return clean_line(_PLACEHOLDER.sub(" ", plain)).strip(" -–—:,;|/")
