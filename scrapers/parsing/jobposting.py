"""A schema.org JobPosting node, from JSON-LD, microdata or RDFa → raw fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from scrapers.parsing.fields import RawFields
from scrapers.parsing.jsonld import Node
from scrapers.parsing.text import clean_line, html_to_text

_EMPTY_WORDS: Final = frozenset(
    {"undefined", "null", "none", "n/a", "na", "-", "--", "[object object]", "nan", "unknown"}
)
_UNITS: Final = {
    "hour": "hour", "hourly": "hour", "hur": "hour", "day": "day", "daily": "day", "week": "week",
    "weekly": "week", "wee": "week", "month": "month", "monthly": "month", "mon": "month",
    "year": "year", "yearly": "year", "annual": "year", "annually": "year", "ann": "year",
    "mth": "month", "pt1h": "hour", "p1d": "day", "p1w": "week", "p1m": "month", "p30d": "month",
    "p1y": "year", "p12m": "year",
}  # fmt: skip
_REMOTE: Final = "telecommute"
_ADDRESS: Final = ("streetAddress", "addressLocality", "addressRegion", "addressCountry")


def jobposting_fields(node: Node) -> RawFields:
    """Raw fields of a JobPosting node; never raises."""
    fields = {
        "id": _text(node.get("identifier"), "value", "name", "propertyID"),
        "url": _text(node.get("url"), "@id") or _web_id(node),
        "title": _text(node.get("title")) or _text(node.get("name")),
        "description": _description(node),
        "hiring_organization": _text(node.get("hiringOrganization"), "name", "legalName"),
        "job_location": _place(node),
        "date_posted": _text(node.get("datePosted")) or _text(node.get("datePublished")),
        "valid_through": _text(node.get("validThrough")) or _text(node.get("expires")),
        "base_salary": _salary(node) or _pay(node.get("estimatedSalary"), ""),
        "employment_type": _text(node.get("employmentType"), "name"),
        "occupational_category": _text(node.get("occupationalCategory"), "name", "codeValue"),
        "industry": _text(node.get("industry"), "name"),
        "education": _text(
            node.get("educationRequirements"), "credentialCategory", "name", "description"
        ),
        "experience": _experience(node.get("experienceRequirements")),
        "total_job_openings": _text(node.get("totalJobOpenings")),
    }
    return {name: value for name, value in fields.items() if value}


def choose_posting(nodes: Sequence[Node], url: str, listed: RawFields) -> Node | None:
    """The node that the page is about; pages also carry the postings beside it.

    Told by its address, its identifier or its title; else the first that has a description.
    """
    if not nodes:
        return None
    return max(nodes, key=lambda node: _fit(jobposting_fields(node), url, listed))


def _fit(fields: RawFields, url: str, listed: RawFields) -> tuple[bool, bool, bool, bool]:
    title, id_ = clean_line(fields.get("title", "")), fields.get("id", "")
    return (
        _same_page(fields.get("url", ""), url),
        bool(id_) and (id_ == listed.get("id") or id_ in re.split(r"[/?=&_-]", url)),
        bool(title) and title == clean_line(listed.get("title", "")),
        bool(fields.get("description")) and bool(title),
    )


def _same_page(stated: str, url: str) -> bool:
    if not stated or not url:
        return False
    try:
        one, two = urlsplit(stated), urlsplit(url)
    except ValueError:
        return False
    ours, theirs = unquote(one.path).rstrip("/"), unquote(two.path).rstrip("/")
    return ours == theirs and one.query == two.query and bool(ours or one.query)


def _web_id(node: Node) -> str:
    name = node.get("@id")
    return name if isinstance(name, str) and name.startswith(("http://", "https://", "/")) else ""


def _text(value: Any, *keys: str) -> str:
    """Scalars as text, objects by the first of `keys` that has one, lists joined by comma."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value.strip().casefold() in _EMPTY_WORDS else value.strip()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.10g}" if isinstance(value, float) else str(value)
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, (_text(item, *keys) for item in value))))
    if isinstance(value, dict):
        candidates = (_text(value.get(key)) for key in ("@value", *keys) if key in value)
        return next(filter(None, candidates), "")
    return ""


def _description(node: Node) -> str:
    """The description, and parts that some sites keep in properties of their own."""
    parts = [_text(node.get("description"))]
    for name in ("responsibilities", "qualifications", "skills", "jobBenefits", "incentives"):
        more = _text(node.get(name), "name", "description")
        if more and html_to_text(more) not in html_to_text(parts[0]):
            parts.append(more)
    return "\n".join(filter(None, parts))


def _place(node: Node) -> str:
    stated = _location(node.get("jobLocation"))
    if stated:
        return stated
    if _text(node.get("jobLocationType")).casefold() == _REMOTE:
        return _text(node.get("applicantLocationRequirements"), "name")
    return ""


def _location(value: Any) -> str:
    """Distinct address parts, most exact first; several places are joined by `; `."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, map(_location, value))))
    if not isinstance(value, dict) or "@value" in value:
        return _text(value)
    address = value.get("address", value)
    if isinstance(address, list):
        return _location(address)
    if not isinstance(address, dict) or "@value" in address:
        return _text(address) or _text(value.get("name"), "@value")
    parts: list[str] = []
    for part in (_text(address.get(name), "name", "@id") for name in _ADDRESS):
        if part and not any(part.casefold() in other.casefold() for other in parts):
            parts.append(part)
    return ", ".join(parts) or _text(value.get("name")) or _text(address.get("name"))


def _salary(node: Node) -> str:
    return _pay(node.get("baseSalary"), _text(node.get("salaryCurrency")))


def _pay(value: Any, currency: str) -> str:
    """Pay as text. A currency property is only used where the value's own text has no word."""
    if isinstance(value, list):
        return "; ".join(dict.fromkeys(filter(None, (_pay(item, currency) for item in value))))
    if not isinstance(value, dict):
        figures, outer, amount = _amount(value), {}, {}
    else:
        outer, amount = value, _first_object(value.get("value", value))
        figures = _figures(amount) or _amount(value.get("price"))
    if not figures or re.search(r"[^\W\d_]", figures):
        return figures
    named = _text(outer.get("currency")) or _text(outer.get("priceCurrency")) or currency
    named = named or _text(amount.get("currency"))
    unit = _text(amount.get("unitText")) or _text(outer.get("unitText"))
    unit = unit or _text(amount.get("unitCode")) or _text(outer.get("duration"))
    unit = unit.casefold().removeprefix("per ").strip()
    period = _UNITS.get(unit, unit)
    return " ".join(filter(None, (figures, named, period and f"per {period}")))


def _first_object(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict) and "@value" not in value:
        return value
    return {"value": value}


def _figures(amount: dict[str, Any]) -> str:
    value = amount.get("value")
    if isinstance(value, list):
        return " - ".join(dict.fromkeys(filter(None, map(_amount, value))))
    stated = _amount(value) or _amount(amount.get("median"))
    if stated:
        return stated
    bounds = [_amount(amount.get(name)) for name in ("minValue", "maxValue")]
    return " - ".join(dict.fromkeys(filter(None, bounds)))


def _amount(value: Any) -> str:
    """An amount as text; sites write 0 where they know none."""
    text = _text(value, "value", "name")
    return "" if re.fullmatch(r"0*(?:[.,]0*)?", text) else text


def _experience(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_experience, value)))
    if isinstance(value, dict) and "monthsOfExperience" in value:
        months = _text(value["monthsOfExperience"])
        return f"{months} months" if months else ""
    return _text(value, "name", "description")
