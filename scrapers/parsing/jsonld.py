"""schema.org JobPosting in JSON-LD, in every shape that sites write it."""

from __future__ import annotations

import html as html_entities
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from scrapers.parsing.fields import RawFields
from scrapers.parsing.text import html_to_text

_BLOCK: Final = re.compile(
    r"<script\b[^>]*\btype\s*=\s*[\"']?\s*application/ld\+json[^>]*>(.*?)</script\s*>",
    re.IGNORECASE | re.DOTALL,
)
_WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?://\s*\]\]>|\]\]>|-->)\s*$"
)
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
_EMPTY_WORDS: Final = frozenset({"undefined", "null", "none", "n/a", "-", "[object object]", "nan"})
_LARGEST_BLOCK: Final = 1_000_000
_DEEPEST: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLd:
    """What the JSON-LD blocks of one page hold."""

    postings: tuple[dict[str, Any], ...]
    """Nodes of type JobPosting, in page order."""
    invalid: tuple[str, ...]
    """For each unreadable block, why."""


def read_jsonld(html: str) -> JsonLd:
    """Every JobPosting node of a page: any block, `@graph`, arrays, nested; never raises."""
    postings: list[dict[str, Any]] = []
    invalid: list[str] = []
    for number, match in enumerate(_BLOCK.finditer(html), start=1):
        try:
            postings.extend(_job_postings(_decode(match[1])))
        except (ValueError, RecursionError) as error:
            invalid.append(f"block {number}: {str(error) or 'nested too deeply'}")
    return JsonLd(postings=tuple(postings), invalid=tuple(invalid))


def _decode(block: str) -> Any:
    """Mistakes that many sites make are repaired: wrappers, raw line breaks, trailing commas."""
    if len(block) > _LARGEST_BLOCK:
        raise ValueError(f"{len(block)} characters, more than {_LARGEST_BLOCK}")
    text = _WRAPPING.sub("", block).strip().rstrip(";").strip()
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        for repaired in (_TRAILING_COMMA.sub(r"\1", text), html_entities.unescape(text)):
            try:
                return json.loads(repaired, strict=False)
            except json.JSONDecodeError:
                continue
        raise ValueError(f"invalid JSON at line {error.lineno}: {error.msg}") from error


def _job_postings(node: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(node, list):
        for item in node:
            yield from _job_postings(item, depth + 1)
    elif isinstance(node, dict):
        if is_job_posting(node):
            yield node
            return
        for key in ("@graph", "mainEntity", "itemListElement", "item"):
            yield from _job_postings(node.get(key), depth + 1)


def is_job_posting(node: dict[str, Any]) -> bool:
    """Whether the node's type is schema.org's JobPosting, in short or full form."""
    types = node.get("@type", ())
    names = types if isinstance(types, list) else [types]
    return any(
        isinstance(name, str) and re.split(r"[/:#]", name)[-1] == "JobPosting" for name in names
    )


def jobposting_fields(node: dict[str, Any]) -> RawFields:
    """Raw fields of a JobPosting node, whether from JSON-LD or microdata."""
    fields = {
        "id": _text(node.get("identifier"), "value", "name"),
        "url": _text(node.get("url"), "@id"),
        "title": _text(node.get("title")) or _text(node.get("name")),
        "description": _description(node),
        "hiring_organization": _text(node.get("hiringOrganization"), "name", "legalName"),
        "job_location": _location(node.get("jobLocation")),
        "date_posted": _text(node.get("datePosted")),
        "valid_through": _text(node.get("validThrough")),
        "base_salary": _salary(node.get("baseSalary")) or _salary(node.get("estimatedSalary")),
        "employment_type": _text(node.get("employmentType")),
        "occupational_category": _text(node.get("occupationalCategory"), "name", "codeValue"),
        "industry": _text(node.get("industry"), "name"),
        "education": _text(
            node.get("educationRequirements"), "credentialCategory", "name", "description"
        ),
        "experience": _experience(node.get("experienceRequirements")),
        "total_job_openings": _text(node.get("totalJobOpenings")),
    }
    return {name: value for name, value in fields.items() if value}


def _text(value: Any, *keys: str) -> str:
    """Scalars as text, objects by the first of `keys` that has one, lists joined by comma."""
    if isinstance(value, str):
        return "" if value.strip().casefold() in _EMPTY_WORDS else value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, (_text(item, *keys) for item in value))))
    if isinstance(value, dict):
        candidates = (_text(value.get(key)) for key in (*keys, "@value") if key in value)
        return next(filter(None, candidates), "")
    return ""


def _description(node: dict[str, Any]) -> str:
    """The description, and parts that some sites keep in properties of their own."""
    parts = [_text(node.get("description"))]
    for name in ("responsibilities", "qualifications", "skills", "jobBenefits", "incentives"):
        more = _text(node.get(name), "name", "description")
        if more and html_to_text(more) not in html_to_text(parts[0]):
            parts.append(more)
    return "\n".join(filter(None, parts))


def _location(value: Any) -> str:
    """Distinct address parts, most exact first; several places are joined by `; `."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_location, value))))
    if not isinstance(value, dict):
        return _text(value)
    address = value.get("address", value)
    if isinstance(address, list):
        return _location(address)
    if not isinstance(address, dict):
        return _text(address) or _text(value.get("name"))
    names = ("streetAddress", "addressLocality", "addressRegion", "addressCountry")
    parts = [_text(address.get(name), "name") for name in names]
    return ", ".join(dict.fromkeys(filter(None, parts))) or _text(value.get("name"))


def _salary(value: Any) -> str:
    """Pay as text. A currency property is only used where the value's own text has no word."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_salary, value)))
    if not isinstance(value, dict):
        return _text(value)
    amount = value.get("value", value)
    if not isinstance(amount, dict):
        amount = {"value": amount}
    stated = _text(amount.get("value"))
    bounds = [_text(amount.get(name)) for name in ("minValue", "maxValue")]
    figures = stated or " - ".join(dict.fromkeys(filter(None, bounds)))
    if not figures or re.search(r"[^\W\d_]", figures):
        return figures
    currency = _text(value.get("currency")) or _text(value.get("salaryCurrency"))
    unit = _text(amount.get("unitText")) or _text(value.get("unitText"))
    return " ".join(filter(None, (figures, currency, unit and f"per {unit.lower()}")))


def _experience(value: Any) -> str:
    if isinstance(value, dict) and "monthsOfExperience" in value:
        months = _text(value["monthsOfExperience"])
        return f"{months} months" if months else ""
    return _text(value, "name", "description")
