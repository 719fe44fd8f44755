"""How the reading interface describes itself at `/api/openapi.json`: parameters, answers, examples.

Made of the same columns and words that answer, so that description and answer cannot part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboard.push.problems import MEDIA_TYPE
from dashboard.v1 import columns
from dashboard.v1.formats import WRITTEN, Format
from dashboard.v1.tables import Column, Kind

_TYPES: Final[Mapping[Kind, dict[str, Any]]] = {
    Kind.TEXT: {"type": "string"},
    Kind.WHOLE: {"type": ["integer", "null"]},
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.DAY: {"type": ["string", "null"], "format": "date"},
    Kind.MOMENT: {"type": ["string", "null"], "format": "date-time"},
    Kind.TRUTH: {"type": ["boolean", "null"]},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
}
_TEXT: Final = {"type": "string"}
_PROBLEM: Final = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "detail": {"type": "string"}, "field": {"type": "string"}, "expected": {"type": "string"},
    },
}  # fmt: skip
ABOUT: Final = {
    "type": "object",
    "required": ["title", "view", "as_of", "data_kind", "publisher", "licence", "citation"],
    "properties": {
        "title": _TEXT, "view": {"enum": ["public", "department"]},
        "as_of": {"type": ["string", "null"], "format": "date-time"},
        "data_kind": {"enum": ["demonstration data", "observed data"]}, "publisher": _TEXT,
        "licence": _TEXT, "methods": _TEXT, "citation": _TEXT, "note": _TEXT,
    },
}  # fmt: skip
_PROBLEMS: Final = {
    401: "the token is not known, or the public may not ask for this",
    403: "the agreement of the token does not cover reading",
    404: "there is nothing of this name",
    406: "none of the accepted formats can be written",
    422: "a parameter is not as expected; `field` and `expected` say which and what",
    429: "too many requests; Retry-After says when",
    503: "the data cannot be read at the moment",
}

_WORDS: Final[Mapping[str, tuple[str, dict[str, Any], str]]] = {
    "indicator": ("codes of /v1/indicators, separated by commas", _TEXT, "flow"),
    "province": ("ISO 3166-2:LA codes; `_T` the nation (counts by departments: `_U` not known)",
                 _TEXT, "LA-VT"),
    "district": ("P-codes; departments", _TEXT, "LA0101"),
    "occupation": ("ISCO-08 codes of 1 to 4 digits; `_T` all; in series `25*`: all below", _TEXT,
                   "2"),
    "sector": ("ISIC Rev. 4 sections; `_T` all", _TEXT, "F"),
    "skill": ("codes of /v1/codelists/skills; `_T` none in particular", _TEXT, "LA-S001"),
    "source": ("ids of /v1/sources; departments", _TEXT, "demo"),
    "frequency": ("D, W or M", _TEXT, "W"),
    "release": ("ids of /v1/releases", _TEXT, "W2026-W47.0"),
    "standing": ("warehouse.series.Standing", _TEXT, "assessable"),
    "since": ("first day: a day, week, month or year", _TEXT, "2026-01"),
    "until": ("last day: a day, week, month or year", _TEXT, "2026-W47"),
    "as_of": ("as was known then: a moment with its zone, or a day's end in Vientiane", _TEXT,
              "2026-11-25T04:00:00Z"),
    "vintages": ("every issue of a figure instead of the latest", {"enum": ["true", "false"]},
                 "false"),
    "measure": ("opened in the period, or open at its end", {"enum": ["new", "open"]}, "new"),
    "grain": ("length of periods; the public: week or month",
              {"enum": ["day", "week", "month", "all"]}, "week"),
    "by": ("province, occupation, sector; departments also district, skill, source, language",
           _TEXT, "province"),
    "digits": ("of ISCO-08 with by=occupation; departments",
               {"type": "integer", "minimum": 1, "maximum": 4}, "1"),
    "kind": ("daily, weekly, monthly", _TEXT, "weekly"),
    "state": ("states of alerts", _TEXT, "firing"),
    "group": ("of a scorecard: all, province, kind, severity, month, province_month", _TEXT,
              "all"),
    "number": ("numbers of the strategy's indicators, separated by commas", _TEXT, "1.2"),
    "history": ("every transition instead of the latest", {"enum": ["true", "false"]}, "false"),
    "limit": ("rows at most; 100 in JSON, all in files",
              {"type": "integer", "minimum": 1, "maximum": 1_000_000}, "100"),
    "cursor": ("`next` of the page before; nothing else may change", _TEXT, ""),
    "format": ("instead of Accept", {"enum": [*Format]}, "json"),
}  # fmt: skip
_COMMON: Final = ("limit", "cursor", "format")
_FIGURES: Final = ("since", "until", "as_of")
_ADDRESSES: Final[Mapping[str, tuple[str, Sequence[str], Sequence[Column]]]] = {
    "/v1/series": (
        "Published figures of indicators by cell, with interval, standing, grade and release.",
        ("indicator", "province", "occupation", "sector", "skill", "frequency", "release",
         "standing", *_FIGURES, "vintages", *_COMMON), columns.SERIES,
    ),
    "/v1/vacancies": (
        "Counts of vacancies by period and cell. The public is answered from decided tables.",
        ("measure", "grain", "by", "digits", "province", "district", "occupation", "sector",
         "skill", "source", *_FIGURES, *_COMMON), columns.COUNTS,
    ),
    "/v1/vacancies/records": (
        "Single vacancies as coded, newest day first. Departments only.",
        ("province", "district", "occupation", "sector", "skill", "source", *_FIGURES, *_COMMON),
        columns.VACANCIES,
    ),
    "/v1/forecasts": (
        "The newest forecasts of new vacancies by cell and horizon; since, until: weeks forecast.",
        ("province", "occupation", "sector", *_FIGURES, *_COMMON), columns.FORECASTS,
    ),
    "/v1/indicators": ("The glossary of indicators.", _COMMON, columns.INDICATORS),
    "/v1/releases": ("What was published when.", ("kind", "as_of", *_COMMON), columns.RELEASES),
    "/v1/alerts": (
        "The latest state of every alert.", ("state", "since", "as_of", "history", *_COMMON),
        columns.ALERTS,
    ),
    "/v1/alerts/{alert_id}": ("The history of one alert.", _COMMON, columns.ALERTS),
    "/v1/scorecard": (
        "How right, how soon and how well answered alerts were: precision, recall, delay, 7-1-7.",
        ("group", "province", "since", "until", "as_of", *_COMMON), columns.SCORECARD,
    ),
    "/v1/strategy": (
        "The strategy's indicators by day: found by the service, or entered with their source.",
        ("number", "since", "until", "as_of", *_COMMON), columns.STRATEGY,
    ),
    "/v1/sources": ("What is collected, on which basis, and how it is doing.", _COMMON,
                    columns.SOURCES),
    "/v1/codelists": ("Which codelists there are.", _COMMON, columns.LISTS),
    "/v1/codelists/{name}": ("The codes of a list.", _COMMON, columns.CODES),
}  # fmt: skip


def reading(path: str) -> dict[str, Any]:
    """Arguments of the route at `path`."""
    says, words, shown = _ADDRESSES[path]
    return {
        "summary": says,
        "name": f"read {path}",
        "operation_id": f"get{path.replace('/', '_').replace('{', '').replace('}', '')}",
        "response_model": None,
        "responses": {200: answer(shown), 304: {"description": "as it was"}, **problems()},
        "openapi_extra": {"parameters": [_parameter(word) for word in words]},
    }


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Problem details by status."""
    return {
        code: {"description": says, "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}
        for code, says in _PROBLEMS.items()
        if not codes or code in codes
    }


def answer(shown: Sequence[Column] | None) -> dict[str, Any]:
    """The answer of 200 in every format; the rows' columns where they are known beforehand."""
    row: dict[str, Any] = {"type": "object"}
    if shown is not None:
        properties = {
            each.name: {**_TYPES[each.kind], "description": each.meaning} for each in shown
        }
        row |= {"properties": properties, "required": [each.name for each in shown]}
    body = {
        "type": "object",
        "required": ["about", "columns", "data", "next"],
        "properties": {
            "about": ABOUT,
            "columns": {"type": "object", "additionalProperties": {"type": "string"}},
            "data": {"type": "array", "items": row},
            "next": {"type": ["string", "null"], "description": "cursor of the next page"},
        },
    }
    files: dict[str, Any] = {
        written.media_type.split(";")[0]: {"schema": {"type": "string", "format": "binary"}}
        for kind, written in WRITTEN.items()
        if kind is not Format.JSON
    }
    return {"description": "the answer", "content": {"application/json": {"schema": body}, **files}}


def _parameter(name: str) -> dict[str, Any]:
    says, schema, example = _WORDS[name]
    described = {"name": name, "in": "query", "required": False, "description": says}
    return {**described, "schema": schema, **({"example": example} if example else {})}
