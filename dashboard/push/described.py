"""How the interface describes itself at `/api/openapi.json`: bodies, answers and examples."""

from __future__ import annotations

from typing import Any, Final

_ID: Final = {
    "type": ["string", "integer"],
    "description": "your own identifier, at most 300 characters",
}
_PLACE: Final = {"description": "text, or schema.org Place"}
_POSTING: Final[dict[str, Any]] = {
    "type": "object",
    "description": "schema.org JobPosting, in snake_case or camelCase; other properties are not "
    "used, and named in the remarks",
    "required": ["id", "title"],
    "properties": {
        "id": _ID,
        "title": {"type": "string", "maxLength": 500},
        "description": {"type": "string", "maxLength": 100_000, "description": "text or HTML"},
        "hiring_organization": {"description": "name, or schema.org Organization"},
        "job_location": _PLACE,
        "date_posted": {"type": "string", "format": "date"},
        "valid_through": {"type": "string", "format": "date"},
        "base_salary": {"description": "text, number, or schema.org MonetaryAmount"},
        "employment_type": {"type": ["string", "array"]},
        "occupational_category": {"type": ["string", "object", "array"]},
        "industry": {"type": ["string", "object", "array"]},
        "education": {"type": ["string", "object", "array"]},
        "experience": {"type": ["string", "object", "array"]},
        "total_job_openings": {"type": ["integer", "string"], "minimum": 1},
        "url": {"type": "string", "format": "uri"},
    },
}
_ONE: Final = {
    "id": "VTE-2026-0817",
    "title": "ພະນັກງານບັນຊີ",
    "hiring_organization": "Mekong Logistics",
    "job_location": "Vientiane Capital",
    "date_posted": "2026-11-20",
    "valid_through": "2026-12-20",
    "base_salary": "4,500,000 - 6,000,000 LAK per month",
    "total_job_openings": 2,
}
_LINKED: Final = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "value": "VTE-2026-0818"},
    "title": "Electrician",
    "hiringOrganization": {"@type": "Organization", "name": "Mekong Logistics"},
    "jobLocation": {"@type": "Place", "address": {"addressRegion": "Savannakhet"}},
    "validThrough": "2026-12-31",
}
_IDS: Final = {"type": "array", "items": {"type": "string"}}
_PUSH: Final = {
    "type": "object",
    "properties": {
        "postings": {"type": "array", "maxItems": 1000, "items": _POSTING},
        "withdrawn": {**_IDS, "description": "postings that are no longer open"},
        "complete": {"type": "boolean", "description": "whatever is not named here is withdrawn"},
        "listed": {**_IDS, "description": "postings sent earlier that are still open"},
        "confirmed": {"type": "boolean", "description": "withdraw even most of what is open"},
    },
}
_ROW: Final = {
    "type": "object",
    "description": "columns of the feed: period, measure, its dimensions, value",
    "additionalProperties": {"type": ["string", "number", "null"]},
}
_ROW_EXAMPLE: Final = {
    "period": "2026-08",
    "measure": "jobseekers_registered",
    "province": "LA-VT",
    "value": 381,
}
_COUNTS: Final = ("accepted", "updated", "unchanged", "refused", "withdrawn", "errors_omitted")
_RECEIPT: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "receipt_id": {"type": "string"},
        "provider": {"type": "string"},
        "kind": {"enum": ["postings", "supply", "text"]},
        "received_at": {"type": "string", "format": "date-time"},
        **{name: {"type": "integer"} for name in _COUNTS},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "index": {"type": "integer", "description": "position in the push, from 0"},
                    "id": {"type": "string"},
                    "field": {"type": "string"},
                    "reason": {"type": "string"},
                    "expected": {"type": "string"},
                },
            },
        },
        "remarks": {"type": "array", "items": {"type": "object"}},
        "status_url": {"type": "string"},
    },
}
_PROBLEM: Final = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
_WORDS: Final = {
    400: "not readable",
    401: "no token, or one that opens nothing",
    403: "the agreement does not cover it",
    404: "no such receipt",
    408: "the body came too slowly",
    409: "a complete push would withdraw most of what is open",
    413: "too large",
    415: "media type or content encoding",
    422: "not as described here",
    429: "over the limit; see Retry-After",
    503: "not delivered; send it again",
}


def _problems(*codes: int) -> dict[int, dict[str, Any]]:
    content = {"application/problem+json": {"schema": _PROBLEM}}
    return {code: {"description": _WORDS[code], "content": content} for code in codes}


def _receipt(code: int) -> dict[int, dict[str, Any]]:
    content = {"application/json": {"schema": _RECEIPT}}
    return {code: {"description": "the receipt", "content": content}}


def _extra(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


_TAKING: Final = {**_receipt(202), **_problems(400, 401, 403, 408, 413, 415, 422, 429, 503)}
_POSTINGS_BODY: Final = {
    "application/json": {
        "schema": _PUSH,
        "examples": {
            "new": {"value": {"postings": [_ONE]}},
            "gone": {"value": {"withdrawn": ["VTE-2026-0790"]}},
            "complete": {"value": {"complete": True, "listed": ["VTE-2026-0817"]}},
        },
    },
    "application/ld+json": {"schema": _POSTING, "example": _LINKED},
    "application/x-ndjson": {"schema": _POSTING, "example": _ONE},
}
_SUPPLY_BODY: Final = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["feed", "records"],
            "properties": {
                "feed": {"type": "string", "description": "id of a declared feed"},
                "records": {"type": "array", "maxItems": 1000, "items": _ROW},
            },
        },
        "example": {"feed": "ess", "records": [_ROW_EXAMPLE]},
    },
    # Feed in the query: /v1/supply?feed=ess
    "application/x-ndjson": {"schema": _ROW, "example": _ROW_EXAMPLE},
}
POSTINGS: Final[dict[str, Any]] = {
    "responses": {**_TAKING, **_problems(409)},
    "openapi_extra": _extra(_POSTINGS_BODY),
}
_TEXT: Final = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "maxLength": 20_000},
        "title": {"type": "string", "description": "the text is of this one vacancy"},
        "employer": {"type": "string"},
        "channel": {"type": "string", "description": "where it was seen"},
        "seen_on": {"type": "string", "format": "date"},
        "province": {
            "type": "string",
            "description": "ISO 3166-2:LA: where the text names none",
        },
        "preview": {"type": "boolean", "description": "only say what is understood"},
        "vacancies": {"type": "array", "description": "as corrected after a preview"},
    },
}
_TEXT_EXAMPLE: Final = {
    "text": "ບໍລິສັດ ແມ່ຂອງ ຮັບສະໝັກ:\n1. ຊ່າງໄຟຟ້າ 2 ຄົນ\n2. ຄົນຂັບລົດ 3 ຄົນ",
    "channel": "Vientiane jobs group",
    "seen_on": "2026-11-24",
    "province": "LA-VT",
    "preview": True,
}
TEXT: Final[dict[str, Any]] = {
    "responses": {
        200: {"description": "with `preview`: the vacancies as understood"},
        **_TAKING,
    },
    "openapi_extra": _extra({"application/json": {"schema": _TEXT, "example": _TEXT_EXAMPLE}}),
}
WITHDRAWAL: Final[dict[str, Any]] = {
    "responses": {**_receipt(202), **_problems(401, 403, 422, 429, 503)},
}
SUPPLY: Final[dict[str, Any]] = {"responses": _TAKING, "openapi_extra": _extra(_SUPPLY_BODY)}
RECEIPT: Final[dict[str, Any]] = {
    "responses": {**_receipt(200), **_problems(401, 404, 429, 503)},
}
