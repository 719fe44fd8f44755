"""What `labourwatch feedback` does: each gives the lines that are said."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import uuid4

from config.settings import Settings
from streams.normalise import VIENTIANE
from streams.redact import redact
from warehouse.client import connect
from warehouse.feedback import (
    Closing,
    FeedbackItem,
    FeedbackState,
    FeedbackStatement,
    read_feedback,
    write_statement,
)

LONGEST: Final = 2_000
_SHOWN: Final = 90


class FeedbackError(ValueError):
    """An answer that cannot be accepted; the message says what was expected."""


def listing(settings: Settings, *, every: bool, limit: int) -> list[str]:
    """A line each, the newest first; `every`: closed ones too."""
    with closing(connect(settings, readonly=True)) as client:
        found = read_feedback(client, open_only=not every, limit=limit)
    return [_line(item) for item in found] or ["no feedback" if every else "no open feedback"]


def rows(settings: Settings, *, every: bool, limit: int) -> list[dict[str, object]]:
    """The same as data."""
    with closing(connect(settings, readonly=True)) as client:
        found = read_feedback(client, open_only=not every, limit=limit)
    return [
        {
            **asdict(item.feedback),
            "state": item.state,
            "statements": [asdict(one) for one in item.statements],
        }
        for item in found
    ]


def whole(settings: Settings, beginning: str) -> list[str]:
    """One piece with its page, its vintage and all that was said of it.

    Raises:
        FeedbackError: none or several begin so.
    """
    with closing(connect(settings, readonly=True)) as client:
        item = _only(read_feedback(client, beginning=beginning, limit=2), beginning)
    one = item.feedback
    lines = [
        f"id:        {one.feedback_id}",
        f"received:  {_at(one.received_at)}",
        f"kind:      {one.kind}   state: {item.state}   from: {one.audience}, {one.language}",
        f"page:      {one.page or 'none in particular'}",
        f"vintage:   page as of {_at(one.page_as_of)}, release {one.release_id or 'none'}",
        f"sent when the dashboard was as of {_at(one.held_as_of)}",
        f"text ({one.removed} pieces of personal data taken out):",
        one.text,
    ]
    for said in item.statements:
        reason = f" ({said.reason})" if said.reason else ""
        lines.append(f"{_at(said.stated_at)} {said.state}{reason} by {said.account}: {said.text}")
    return lines


def state(
    settings: Settings, beginning: str, *, reason: str, text: str, account: str, now: datetime
) -> list[str]:
    """Answer a piece of feedback, or close it where a reason is given.

    Args:
        beginning: of its identity.
        reason: a `Closing`; "" answers and leaves it open.
        text: what its writer may read; redacted.

    Raises:
        FeedbackError: none or several begin so, or something is missing.
    """
    said, who = text.strip(), account.strip()
    if reason and reason not in set(Closing):
        raise FeedbackError(f"--reason {reason!r}: expected one of {', '.join(Closing)}")
    if not reason and not said:
        raise FeedbackError("--text: expected the answer")
    if not who or len(who) > LONGEST or len(said) > LONGEST:
        raise FeedbackError(f"--account, --text: expected up to {LONGEST} characters")
    with closing(connect(settings)) as client:
        item = _only(read_feedback(client, beginning=beginning, limit=2), beginning)
        new = FeedbackState.CLOSED if reason else FeedbackState.ANSWERED
        statement = FeedbackStatement(
            statement_id=uuid4().hex, feedback_id=item.feedback.feedback_id, state=new,
            reason=reason, text=redact(said).text, account=who, stated_at=now,
        )  # fmt: skip
        write_statement(client, statement)
    return [f"{item.feedback.feedback_id[:8]}: {new}{f' ({reason})' if reason else ''}"]


def _only(found: list[FeedbackItem], beginning: str) -> FeedbackItem:
    if len(found) != 1:
        many = "several pieces of" if found else "no"
        raise FeedbackError(f"{many} feedback begins with {beginning!r}; see `feedback list --all`")
    return found[0]


def _line(item: FeedbackItem) -> str:
    one = item.feedback
    text = " ".join(one.text.split())
    shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return (
        f"{one.feedback_id[:8]}  {_at(one.received_at)}  {one.kind:<8} {item.state:<9} "
        f"{one.page or '-'}  as of {_at(one.page_as_of)}  {shown}"
    )


def _at(at: datetime | None) -> str:
    return f"{at.astimezone(VIENTIANE):%Y-%m-%d %H:%M}" if at else "not known"
