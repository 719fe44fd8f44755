"""What readers say of pages, and what was done about it. Append-only, without who wrote.

Storing the same again changes nothing; of several statements the latest counts.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.history import append, insert_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client


class FeedbackKind(StrEnum):
    """What it is about."""

    NUMBER = "number"
    """A figure that seems wrong."""
    UNCLEAR = "unclear"
    FAULT = "fault"
    """Something that does not work."""
    IDEA = "idea"


class FeedbackState(StrEnum):
    """How it stands."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Closing(StrEnum):
    """Why a piece of feedback was closed."""

    CORRECTED = "corrected"
    EXPLAINED = "explained"
    PLANNED = "planned"
    DUPLICATE = "duplicate"
    UNFOUNDED = "unfounded"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """One piece of feedback as it came, redacted."""

    feedback_id: str
    received_at: datetime
    kind: str
    text: str
    removed: int
    """Pieces of personal data that were taken out of the text."""
    page: str
    """Address within the dashboard, for example `/en/provinces/LA-CH`; "" for none."""
    page_as_of: datetime | None
    """Moment that the page was as of when it was drawn."""
    held_as_of: datetime | None
    """Moment that the dashboard was as of when the form was sent."""
    release_id: str
    """Newest weekly release that the page could show; "" before the first."""
    language: str
    audience: str
    """`public`, or the role of the account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackStatement:
    """What an operator says of a piece of feedback."""

    statement_id: str
    feedback_id: str
    state: FeedbackState
    reason: str
    """A `Closing` where the state is closed, else ""."""
    text: str
    account: str
    stated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackItem:
    """A piece of feedback with all that was said of it, the oldest first."""

    feedback: Feedback
    statements: tuple[FeedbackStatement, ...] = ()

    @property
    def state(self) -> FeedbackState:
        """As the latest statement has it."""
        return self.statements[-1].state if self.statements else FeedbackState.OPEN


_FEEDBACK: Final = tuple(field.name for field in fields(Feedback))
_STATEMENT: Final = tuple(field.name for field in fields(FeedbackStatement))


def write_feedback(client: Client, given: Sequence[Feedback]) -> None:
    """Append feedback; the same sequence again changes nothing."""
    append(client, "feedback", given, insert_token(one.feedback_id for one in given))


def write_statement(client: Client, statement: FeedbackStatement) -> None:
    """Append a statement; the same again changes nothing."""
    append(client, "feedback_statements", [statement], insert_token([statement.statement_id]))


def read_feedback(
    client: Client, *, beginning: str = "", open_only: bool = False, limit: int = 1000
) -> list[FeedbackItem]:
    """Feedback with what was said of it, the newest first.

    Args:
        beginning: of the identity; "" for all.
        open_only: leave out what is closed.
    """
    rows = fetch(
        client,
        f"""SELECT {", ".join(_FEEDBACK)} FROM feedback
        WHERE startsWith(feedback_id, {{beginning:String}})
          AND ({{every:UInt8}} OR feedback_id NOT IN (SELECT feedback_id FROM
            (SELECT feedback_id, argMax(state, (stated_at, statement_id)) AS last
             FROM feedback_statements GROUP BY feedback_id) WHERE last = 'closed'))
        ORDER BY received_at DESC, feedback_id LIMIT 1 BY feedback_id LIMIT {{limit:UInt32}}""",
        beginning=beginning, every=int(not open_only), limit=limit,
    )  # fmt: skip
    found = [Feedback(**dict(zip(_FEEDBACK, row, strict=True))) for row in rows]
    said = _statements(client, [one.feedback_id for one in found])
    return [
        FeedbackItem(feedback=one, statements=tuple(said.get(one.feedback_id, ()))) for one in found
    ]


def _statements(client: Client, ids: Sequence[str]) -> dict[str, list[FeedbackStatement]]:
    rows = fetch(
        client,
        f"""SELECT {", ".join(_STATEMENT)} FROM feedback_statements
        WHERE feedback_id IN {{ids:Array(String)}}
        ORDER BY stated_at, statement_id LIMIT 1 BY statement_id""",
        ids=list(ids),
    )
    found: dict[str, list[FeedbackStatement]] = {}
    for row in rows:
        held = dict(zip(_STATEMENT, row, strict=True))
        one = FeedbackStatement(**held | {"state": FeedbackState(held["state"])})
        found.setdefault(one.feedback_id, []).append(one)
    return found
