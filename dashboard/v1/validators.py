"""ETag, Last-Modified and Cache-Control of an answer, and whether the asker has it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final

from dashboard.v1.citing import Stamp
from warehouse.disclosure.records import View

_AGES: Final = {
    View.PUBLIC: "public, max-age=60, must-revalidate",
    View.DEPARTMENT: "private, no-cache",
}
_EDITION: Final = "1"
"""Changes with the form of answers, so that no old one is taken for the same."""


def etag(path: str, words: Mapping[str, str], kind: str, view: View, stamp: Stamp) -> str:
    """A weak tag: equal for answers that say the same in the same format."""
    said = [_EDITION, path, sorted(words.items()), kind, view.value, stamp.mark]
    digest = hashlib.sha256(json.dumps(said).encode("utf-8", "surrogatepass")).hexdigest()
    return f'W/"{digest[:32]}"'


def headers_of(tag: str, view: View, stamp: Stamp) -> dict[str, str]:
    """Headers of an answer and of a 304 alike."""
    headers = {
        "ETag": tag,
        "Cache-Control": _AGES[view],
        "Vary": "Accept, Authorization, Accept-Encoding, Cookie",
    }
    if stamp.modified is not None:
        headers["Last-Modified"] = format_datetime(
            stamp.modified.astimezone(UTC).replace(microsecond=0), usegmt=True
        )
    return headers


def is_held(given: Mapping[str, str], tag: str, stamp: Stamp) -> bool:
    """Whether the asker already has this answer (RFC 9110: a tag goes before a date)."""
    tags = given.get("if-none-match")
    if tags is not None:
        named = [one.strip().removeprefix("W/") for one in tags.split(",")]
        return "*" in named or tag.removeprefix("W/") in named
    since = _moment(given.get("if-modified-since", ""))
    if since is None or stamp.modified is None:
        return False
    return stamp.modified.astimezone(UTC).replace(microsecond=0) <= since


def _moment(text: str) -> datetime | None:
    try:
        given = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return given if given.tzinfo else given.replace(tzinfo=UTC)
