"""Officers of forms: an access code, or the ticket that stands for it between two steps.

Every submission needs one of the two in its body, or a session that may do it; and the form's
token, so that no other site can make a browser send it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from dashboard.accounts.policy import Action, Resource, may
from dashboard.accounts.records import Viewer
from dashboard.accounts.visiting import is_own_form, present
from dashboard.push.access import require
from dashboard.push.bodies import FORM_TYPE, read_body
from dashboard.push.problems import ProblemError, told_as_problems
from dashboard.push.service import PushService
from dashboard.push.text import FieldProblemError
from scrapers.parsing.text import clean_line
from scrapers.push.providers import Provider, Right

_MOST_FIELDS: Final = 1_000
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)
TOLD: Final = {401: "code", 403: "right", 429: "busy", 503: "away", 413: "too_long"}
"""What an officer is told about a problem, by its status; anything else is "other"."""


def told_of(problem: ProblemError) -> tuple[str, str]:
    """The field a problem stands at ("" for none), and what is said of it."""
    if problem.code == "foreign_form":
        return "", "foreign"
    return "code" if problem.status in (401, 403) else "", TOLD.get(problem.status, "other")


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a submitted form; of repeated names the last.

    Every form of ours is read here, so none is taken that another site made.

    Raises:
        ProblemError: no form, too large, not UTF-8, or not made for the browser that sends it.
    """
    _, body = await read_body(request, (FORM_TYPE,))
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise ProblemError(422, "schema", "Expected a form in UTF-8.") from error
    values = dict(pairs)
    if not is_own_form(values.pop("form", "")):
        raise ProblemError(403, "foreign_form", "This form was not made for this browser; reload.")
    return values


def logged_in_officer(viewer: Viewer, right: Right) -> Provider | None:
    """The officer that a logged-in account is, where its role has the right; else nobody.

    Its name is what is kept of the officer: the same as of a provider called so.
    """
    if right is not Right.CORRECT:
        return None
    if not may(viewer, "", Action.ACT, Resource.CORRECTIONS).allowed:
        return None
    return Provider(
        id=viewer.name, name=viewer.name, rights=(right,), legal_basis="account of the dashboard",
        contact="", owner="", created_at=_NO_TIME,
    )  # fmt: skip


async def identified(
    service: PushService, values: Mapping[str, str], right: Right
) -> tuple[Provider, str]:
    """Who submits, and a ticket for the next step; it holds for half an hour after its last use.

    An account that may correct codes needs neither code nor ticket: its session stands for it.

    Raises:
        FieldProblemError: the ticket is over.
        ProblemError: 401, 403 without the right, 429 over the limit, 503.
    """
    own = logged_in_officer(present().viewer, right)
    if own is not None:
        return own, ""
    ticket = values.get("ticket", "")
    with told_as_problems():
        if ticket:
            provider_id = await service.memory.ticket_of(ticket)
            if provider_id is None:
                raise FieldProblemError("code", "ticket", "your access code")
            provider = await service.access.named(provider_id, service.clock())
        else:
            code = clean_line(values.get("code", ""))
            provider = await service.access.holder(code, service.clock())
            ticket = await service.memory.new_ticket(provider.id)
    require(provider, right)
    return provider, ticket
