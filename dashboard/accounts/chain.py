"""The audit log as a chain: each entry holds the mark of the one before. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

FIRST: Final = "0" * 64
"""What the first entry holds as the mark before it."""


class Deed(StrEnum):
    """What is noted."""

    LOGGED_IN = "logged_in"
    LOG_IN_REFUSED = "log_in_refused"
    LOCKED = "locked"
    LOGGED_OUT = "logged_out"
    ACCOUNT_ADDED = "account_added"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    ROLE_CHANGED = "role_changed"
    LINK_MADE = "link_made"
    PASSWORD_CHOSEN = "password_chosen"  # noqa: S105 - a name of a deed
    IDENTITY_BOUND = "identity_bound"
    SESSIONS_ENDED = "sessions_ended"
    ALERT_ACKNOWLEDGED = "alert_acknowledged"
    ALERT_JUDGED = "alert_judged"
    ALERT_NOTED = "alert_noted"
    ALERT_SILENCED = "alert_silenced"
    SILENCE_ENDED = "silence_ended"
    COMMAND = "command"
    """Something else was changed at the shell; the target begins with the command's words."""
    REFUSED = "refused"
    """Somebody logged in asked for what is not theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log."""

    number: int
    at: datetime
    actor: str
    """Name of an account, `shell USER` for a user of the operating system, `link NAME` for the
    route whose message held the link, or "" for nobody."""
    deed: Deed
    target: str = ""
    detail: str = ""
    before: str = FIRST
    """Mark of the entry before."""
    mark: str = ""
    """SHA-256 over all of the above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Where a chain is not whole."""

    number: int
    why: str


def following(last: Entry | None, entry: Entry) -> Entry:
    """`entry` as the next of the chain that ends with `last`."""
    number, before = (last.number + 1, last.mark) if last else (1, FIRST)
    placed = replace(entry, number=number, before=before, mark="")
    return replace(placed, mark=mark_of(placed))


def mark_of(entry: Entry) -> str:
    """The mark over an entry's content and place."""
    content = msgspec.json.encode(replace(entry, mark=""), order="deterministic")
    return hashlib.sha256(content).hexdigest()


def broken(entries: Iterable[Entry]) -> Break | None:
    """The first place at which entries were changed, removed or put in; `None` for a whole chain.

    What was cut off at the end is found by comparing the last mark with a copy kept elsewhere.
    """
    last: Entry | None = None
    for entry in entries:
        number, before = (last.number + 1, last.mark) if last else (1, FIRST)
        if entry.number != number:
            return Break(number=number, why=f"entry {number} is missing")
        if entry.before != before:
            return Break(number=number, why="it does not follow the entry before")
        if entry.mark != mark_of(entry):
            return Break(number=number, why="its content was changed")
        last = entry
    return None
