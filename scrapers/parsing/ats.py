"""Applicant tracking systems' public job feeds. The spine reads Greenhouse's."""

from __future__ import annotations

import html as html_entities
from typing import Any, Final

from scrapers.parsing.fields import RawFields, merged
from scrapers.parsing.json_paths import json_fields
from scrapers.source_specs import FieldRule, FieldRules

GREENHOUSE_ITEMS: Final = "jobs"
_GREENHOUSE: Final[FieldRules] = {
    "id": FieldRule(paths=["id"]),
    "url": FieldRule(paths=["absolute_url"]),
    "title": FieldRule(paths=["title"]),
    "description": FieldRule(paths=["content"]),
    "hiring_organization": FieldRule(paths=["company_name"]),
    "job_location": FieldRule(
        paths=["location.name", "offices[].location", "offices[].name"], pick="first", join=", "
    ),
    "date_posted": FieldRule(paths=["first_published", "updated_at"], pick="first"),
    "occupational_category": FieldRule(paths=["departments[].name"], join=", "),
}


def greenhouse_fields(job: Any, rules: FieldRules) -> RawFields:
    """Fields of one Greenhouse job: the source's rules first. `content` is HTML escaped as text."""
    fields = merged(json_fields(job, rules), json_fields(job, _GREENHOUSE))
    if "description" in fields:
        fields["description"] = html_entities.unescape(fields["description"])
    return fields
