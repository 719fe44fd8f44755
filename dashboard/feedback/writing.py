"""What a reader wrote → feedback that may be kept, or what is missing. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from dashboard.feedback.place import Place, place_in
from scrapers.parsing.text import clean_lines
from streams.redact import redact
from warehouse.feedback import Feedback, FeedbackKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.accounts.records import Viewer

LONGEST: Final = 2_000
PUBLIC: Final = "public"


class Fault(StrEnum):
    """What stands in the way; each has a string `feedback_error_…`."""

    KIND = "kind"
    EMPTY = "empty"
    LONG = "long"
    FOREIGN = "foreign"
    BUSY = "busy"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a submission holds; with faults by the field they stand at nothing is kept."""

    feedback: Feedback | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)


def written(
    values: Mapping[str, str], *, viewer: Viewer, secret: str, language: str,
    held_as_of: datetime | None, now: datetime,
) -> Written:  # fmt: skip
    """Feedback without personal data, or what is missing.

    Args:
        values: fields of the form.
        viewer: who sends it; its role alone is kept.
        secret: of the sender's browser. The same text sent twice within a day is one.
        language: of the form.
        held_as_of: moment that the dashboard is as of.
        now: moment of sending.
    """
    text, kind = clean_lines(values.get("text", "")), values.get("kind", "")
    faults: dict[str, Fault] = {}
    if kind not in set(FeedbackKind):
        faults["kind"] = Fault.KIND
    if not text:
        faults["text"] = Fault.EMPTY
    elif len(text) > LONGEST:
        faults["text"] = Fault.LONG
    if faults:
        return Written(faults=faults)
    place, cut = place_in(values, now), redact(text)
    return Written(
        feedback=Feedback(
            feedback_id=_identity(secret, kind, text, place, now), received_at=now, kind=kind,
            text=cut.text, removed=min(cut.removed, 65_535), page=place.page,
            page_as_of=place.as_of, held_as_of=held_as_of, release_id=place.release_id,
            language=language, audience=str(viewer.role) if viewer.role else PUBLIC,
        )
    )  # fmt: skip


def _identity(secret: str, kind: str, text: str, place: Place, now: datetime) -> str:
    """Cannot be guessed, and tells nothing: the secret has 256 bits and is kept nowhere."""
    parts = (secret, kind, text, place.page, f"{now:%Y-%m-%d}")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
