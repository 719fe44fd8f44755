"""How the SQL door describes itself at `/api/openapi.json`."""

from __future__ import annotations

from typing import Any, Final

from dashboard.v1.described import answer, problems

_VALUES: Final = {
    "type": "object",
    "additionalProperties": {"type": ["string", "number"]},
    "description": "values of {name:Type} in the statement, by name",
}
_SQL: Final = {"type": "string", "maxLength": 32_768, "description": "one SELECT"}
_SAVED: Final = {
    "type": "object",
    "required": ["query_id", "name", "version", "owner", "sql"],
    "properties": {
        "query_id": {"type": "string"}, "name": {"type": "string"},
        "version": {"type": "integer"}, "owner": {"type": "string"},
        "description": {"type": "string"}, "sql": {"type": "string"},
        "parameters": {"type": "object"},
        "as_of": {"type": ["string", "null"], "format": "date-time"},
        "saved_at": {"type": "string", "format": "date-time"},
    },
}  # fmt: skip
_PROBLEMS: Final = problems(401, 403, 406, 422, 429, 503)
_BODY_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": says, "content": _PROBLEMS[422]["content"]}
    for status, says in (
        (400, "the body cannot be read"), (413, "the body is too large"),
        (415, "the body is no JSON"),
    )
}  # fmt: skip


def _body(properties: dict[str, Any], required: list[str], example: dict[str, Any]) -> Any:
    schema = {
        "type": "object", "required": required, "properties": properties,
        "additionalProperties": False,
    }  # fmt: skip
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def _kept() -> dict[str, Any]:
    return {"description": "as it is kept", "content": {"application/json": {"schema": _SAVED}}}


SQL: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": {200: answer(None), **_BODY_PROBLEMS, **_PROBLEMS},
    "openapi_extra": _body(
        {"sql": _SQL, "parameters": _VALUES},
        ["sql"],
        {
            "sql": "SELECT province, count() AS n FROM vacancies_current"
            " WHERE opened_on >= {since:Date} GROUP BY province ORDER BY n DESC",
            "parameters": {"since": "2026-01-01"},
        },
    ),
}
SAVE: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": {201: _kept(), **_BODY_PROBLEMS, **_PROBLEMS},
    "openapi_extra": _body(
        {
            "name": {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,60}$"},
            "description": {"type": "string", "minLength": 1, "maxLength": 1000},
            "sql": _SQL,
            "parameters": _VALUES,
            "as_of": {"type": ["string", "null"], "description": "pinned moment, or a day's end"},
        },
        ["name", "description", "sql"],
        {
            "name": "new-by-province",
            "description": "New vacancies by province as known at the pinned moment",
            "sql": "SELECT province, uniqExact(vacancy_id) AS n FROM vacancies"
            " WHERE loaded_at <= {as_of:DateTime64(3)} GROUP BY province",
            "as_of": "2026-11-25T04:00:00Z",
        },
    ),
}
LIST: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": {200: answer(None), **_PROBLEMS},
}
RUNS: Final = LIST
ONE: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": {200: _kept(), **_PROBLEMS, **problems(404)},
}
RESULT: Final[dict[str, Any]] = {
    "response_model": None,
    "responses": {200: answer(None), **_PROBLEMS, **problems(404)},
}
