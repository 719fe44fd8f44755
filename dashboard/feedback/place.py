"""Which page feedback is about, and as of what: kept from the link in a page's footer. Pure.

What comes back in the address is anybody's text: only pages of ours are taken from it, and never
the secret part of an address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboard.addresses import DRAWN_APART, Apart, asking, feedback_path, parse
from dashboard.language import CODES
from dashboard.released import NATION, WEEKLY
from streams.redact import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.scene import Scene

LONGEST: Final = 400
_QUERY: Final = re.compile(r"[A-Za-z0-9_.=&%*:+,-]*")
_RELEASE: Final = re.compile(r"W\d{4}-W\d{2}\.\d{1,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page and its vintage."""

    page: str = ""
    """"" where it is none of ours."""
    as_of: datetime | None = None
    release_id: str = ""


def place_of(scene: Scene) -> Place:
    """The place that a reader of this scene is at."""
    newest = scene.figures.newest(NATION, "flow", WEEKLY)
    return Place(
        page=kept_page(scene.address.path), as_of=scene.snapshot.loaded_at,
        release_id=newest.release_id if newest else "",
    )  # fmt: skip


def link_to_form(scene: Scene) -> str:
    """The address of the form, for the footer of a page."""
    return form_path(scene.lang.code, place_of(scene))


def form_path(code: str, place: Place) -> str:
    """The address of the form about a place."""
    return asking(feedback_path(code), urlencode(words_of(place)))


def words_of(place: Place) -> dict[str, str]:
    """A place as the words that the form carries along."""
    as_of = place.as_of.astimezone(UTC).isoformat() if place.as_of else ""
    words = {"page": place.page, "as_of": as_of, "release": place.release_id}
    return {name: text for name, text in words.items() if text}


def place_in(words: Mapping[str, str], now: datetime) -> Place:
    """The place that words name; what cannot be one of ours is left out, never refused."""
    release = words.get("release", "")
    return Place(
        page=kept_page(words.get("page", "")), as_of=_moment(words.get("as_of", ""), now),
        release_id=release if _RELEASE.fullmatch(release) else "",
    )  # fmt: skip


def kept_page(path: str) -> str:
    """The part of an address that is kept: a page with its item, the explorer with its question.

    Of other pages drawn apart the name alone: the rest is a ticket, a token, or an alert.
    """
    bare, _, query = path.partition("?")
    if not bare.startswith("/") or len(path) > LONGEST or redact(path).removed:
        return ""
    if parse(bare) is not None:
        return bare
    parts = [part for part in bare.split("/") if part]
    code = f"/{parts.pop(0)}" if parts and parts[0] in CODES else ""
    if not parts or parts[0] not in DRAWN_APART:
        return ""
    asked = query and parts[0] == Apart.EXPLORE and _QUERY.fullmatch(query)
    return f"{code}/{parts[0]}?{query}" if asked else f"{code}/{parts[0]}"


def _moment(text: str, now: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and found <= now else None
