"""One record of a push → raw fields, or what was expected where. Pure.

Field names are those of schema.org's JobPosting, in camelCase (JSON-LD) or in snake_case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from scrapers.parsing.dates import parse_date
from scrapers.parsing.fields import RawFields
from scrapers.parsing.jobposting import jobposting_fields

_DEEPEST: Final = 8
_LONGEST_ID: Final = 300
_LARGEST: Final = 1e15
_CAMEL: Final = re.compile(r"_([a-z])")
_RENAMED: Final = {
    "id": "identifier",
    "education": "educationRequirements",
    "experience": "experienceRequirements",
    "employer": "hiringOrganization",
}
_TEXT, _NUMBER, _OBJECT, _LIST = "text", "number", "object", "list"
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "identifier": (_TEXT, _NUMBER, _OBJECT),
    "title": (_TEXT,),
    "name": (_TEXT,),
    "description": (_TEXT,),
    "url": (_TEXT,),
    "hiringOrganization": (_TEXT, _OBJECT),
    "jobLocation": (_TEXT, _OBJECT, _LIST),
    "datePosted": (_TEXT,),
    "validThrough": (_TEXT,),
    "baseSalary": (_TEXT, _NUMBER, _OBJECT, _LIST),
    "estimatedSalary": (_TEXT, _NUMBER, _OBJECT, _LIST),
    "employmentType": (_TEXT, _LIST),
    "occupationalCategory": (_TEXT, _OBJECT, _LIST),
    "industry": (_TEXT, _OBJECT, _LIST),
    "educationRequirements": (_TEXT, _OBJECT, _LIST),
    "experienceRequirements": (_TEXT, _OBJECT, _LIST),
    "totalJobOpenings": (_TEXT, _NUMBER),
    "responsibilities": (_TEXT, _LIST),
    "qualifications": (_TEXT, _OBJECT, _LIST),
    "skills": (_TEXT, _OBJECT, _LIST),
    "jobBenefits": (_TEXT, _LIST),
    "incentives": (_TEXT, _LIST),
}
_IGNORED_QUIETLY: Final = ("@context", "@type", "@id", "@graph")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with a field; quotes nothing of the record."""

    field: str
    """As the provider wrote it, in snake_case where it is missing; "" for the whole record."""
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One usable record; `ignored` are the names of fields that mean nothing here."""

    posting_id: str
    fields: RawFields
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """Every field that is not as expected; `posting_id` where it could be read."""

    posting_id: str
    errors: tuple[FieldError, ...]


def read_pushed(record: Any) -> Pushed | Unusable:
    """The posting in one decoded JSON record. Never raises."""
    if not isinstance(record, dict):
        return _unusable("", FieldError(field="", expected="an object"))
    flaw = _flaw(record)
    if flaw:
        return _unusable("", FieldError(field="", expected=flaw))
    written = {_camel(name): name for name in record}
    node = {_camel(name): _renamed(value) for name, value in record.items()}
    errors = [*_type_errors(node, written), *_value_errors(node, written)]
    fields = jobposting_fields(node)
    posting_id = " ".join(fields.pop("id", "").split())
    if len(posting_id) > _LONGEST_ID:
        expected = f"at most {_LONGEST_ID} characters"
        errors.append(FieldError(field=written["identifier"], expected=expected))
        posting_id = ""
    if not posting_id and not any(error.field == written.get("identifier") for error in errors):
        errors.append(FieldError(field="id", expected="your own identifier of the posting"))
    if "title" not in fields and not any(error.field == written.get("title") for error in errors):
        errors.append(FieldError(field="title", expected="text that is not empty"))
    if errors:
        return Unusable(posting_id=posting_id, errors=tuple(errors))
    ignored = (
        written[name] for name in node if name not in _KINDS and name not in _IGNORED_QUIETLY
    )
    return Pushed(
        posting_id=posting_id, fields=fields, ignored=tuple(name[:60] for name in ignored)
    )


def _unusable(posting_id: str, *errors: FieldError) -> Unusable:
    return Unusable(posting_id=posting_id, errors=errors)


def _camel(name: str) -> str:
    return _RENAMED.get(name) or _CAMEL.sub(lambda match: match[1].upper(), name)


def _renamed(value: Any) -> Any:
    """Names of nested objects in camelCase too (`min_value`); JSON-LD's `@value` stays."""
    if isinstance(value, dict):
        return {
            _CAMEL.sub(lambda match: match[1].upper(), name): _renamed(held)
            for name, held in value.items()
        }
    return [_renamed(item) for item in value] if isinstance(value, list) else value


def _flaw(value: Any, depth: int = 0) -> str:
    """What is expected where a record is nested too deeply or holds a number beyond all sense."""
    if depth > _DEEPEST:
        return f"at most {_DEEPEST} levels of nesting"
    if isinstance(value, int | float):
        return "" if abs(value) <= _LARGEST else "numbers of at most 15 digits"
    held: Iterable[Any] = ()
    if isinstance(value, dict):
        held = value.values()
    elif isinstance(value, list):
        held = value
    return next(filter(None, (_flaw(item, depth + 1) for item in held)), "")


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return _TEXT
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return _NUMBER
    return _OBJECT if isinstance(value, dict) else _LIST


def _type_errors(node: Mapping[str, Any], written: Mapping[str, str]) -> list[FieldError]:
    return [
        FieldError(field=written[name], expected=" or ".join(kinds))
        for name, kinds in _KINDS.items()
        if node.get(name) is not None and _kind(node[name]) not in kinds
    ]


def _value_errors(node: Mapping[str, Any], written: Mapping[str, str]) -> list[FieldError]:
    errors = []
    for name in ("datePosted", "validThrough"):
        value = node.get(name)
        if isinstance(value, str) and value.strip() and parse_date(value) is None:
            errors.append(FieldError(field=written[name], expected="a date as YYYY-MM-DD"))
    url = node.get("url")
    if isinstance(url, str) and url.strip() and not url.strip().startswith(("http://", "https://")):
        errors.append(FieldError(field=written["url"], expected="an http or https address"))
    openings = node.get("totalJobOpenings")
    if isinstance(openings, int | float) and (openings != int(openings) or openings < 1):
        errors.append(FieldError(field=written["totalJobOpenings"], expected="a whole number > 0"))
    return errors
