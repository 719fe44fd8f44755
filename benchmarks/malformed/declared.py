"""Declarations of the sources whose readers are given malformed inputs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from scrapers.sources import Source

_RULES: Final = {
    "id": "id",
    "title": "title",
    "hiring_organization": "company.name",
    "date_posted": "posted",
    "url": "url",
    "base_salary": "salary",
}
_CSS: Final = {
    "title": "h2::text",
    "url": "a::attr(href)",
    "hiring_organization": "xpath://span[@class='by']",
    "job_location": "label:Location",
}


@lru_cache(maxsize=32)
def source_of(name: str) -> Source:
    """The source of a kind, or of one of the names below."""
    base = {"id": "board", "name": "board", "base_url": "https://board.example"}
    kinds: dict[str, dict[str, Any]] = {
        "sitemap": {
            "kind": "sitemap_jsonld",
            "list": {"url": "/s.xml", "id_pattern": r"/jobs/(?P<id>\d+)"},
            "detail": {},
        },
        "html_page": {
            "kind": "html_list",
            "list": {"url": "/jobs", "items": "div.job", "id_pattern": r"/jobs/(?P<id>\d+)"},
            "detail": {"fields": _CSS},
        },
        "html_list": {
            "kind": "html_list",
            "list": {
                "url": "/jobs",
                "items": "div.job",
                "id_pattern": r"/jobs/(?P<id>\d+)",
                "fields": _CSS,
            },
        },
        "xml_feed": {
            "kind": "xml_feed",
            "list": {"url": "/f.xml", "items": "job", "fields": {"id": "id", "title": "title"}},
        },
        "json_list": {
            "kind": "json_api",
            "list": {"url": "/api", "items": "jobs", "fields": _RULES},
        },
        "json_detail": {
            "kind": "json_api",
            "list": {"url": "/api", "items": "jobs", "fields": _RULES},
            "detail": {"root": "data", "fields": _RULES},
        },
    }
    declared = kinds.get(name, {"kind": name, "list": {"url": "/x"}})
    return Source.model_validate({**base, **declared})
