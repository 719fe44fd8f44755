"""Where the next page begins, as one opaque word: the question, its moment and the last row's key.

The moment is pinned by the first page, so that all pages give the knowledge of that moment. Pure.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from dashboard.v1.refusing import AskedError
from warehouse.client import millis
from warehouse.published import PageKey

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = 2_000
_MOST_MS: Final = 10_413_792_000_000
"""The year 2300."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place in an answer that was begun at `as_of`."""

    as_of: datetime
    after: PageKey


def question_mark(asked: Mapping[str, str]) -> str:
    """A short name of a question: everything asked but the page and its size."""
    text = json.dumps({k: asked[k] for k in sorted(asked) if k not in ("cursor", "limit")})
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def write_cursor(cursor: Cursor, mark: str) -> str:
    """The word for a place."""
    held = [1, mark, millis(cursor.as_of), *cursor.after]
    raw = json.dumps(held, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(word: str, mark: str, shape: tuple[type, ...]) -> Cursor:
    """The place behind a word.

    Args:
        word: as `write_cursor` made it.
        mark: of the question that is asked now.
        shape: types of the key's parts.

    Raises:
        AskedError: it is none, or of another question.
    """
    try:
        padded = word + "=" * (-len(word) % 4)
        held = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        version, of, at, *after = held
    except (binascii.Error, ValueError, TypeError) as error:
        raise _strange() from error
    fits = len(after) == len(shape) and all(
        type(part) is kind for part, kind in zip(after, shape, strict=True)
    )
    if len(word) > _LONGEST or version != 1 or type(at) is not int or not fits:
        raise _strange()
    if of != mark:
        raise AskedError("cursor", "a cursor of this very question: change nothing between pages")
    if not 0 <= at < _MOST_MS or any(type(p) is int and not -(2**62) < p < 2**62 for p in after):
        raise _strange()
    return Cursor(as_of=_EPOCH + timedelta(milliseconds=at), after=tuple(after))


def _strange() -> AskedError:
    return AskedError("cursor", "the word that stood in `next` of the page before")
