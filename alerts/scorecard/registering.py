"""An event of the labour market as an officer tells it, made a statement for the register. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from alerts.actions import account, plain
from alerts.calendar import local_day
from alerts.signal import Direction
from config.vocabulary import industries, occupations, provinces
from warehouse.labour_events import LabourEvent


class EventFaultError(ValueError):
    """The event cannot be registered; the message says what was found and what was expected."""


class Basis(StrEnum):
    """What an event is known by."""

    OFFICIAL = "official"
    """A statistic, or a notice of an authority."""
    OFFICER = "officer"
    """An officer found it out."""
    NEWS = "news"
    PLANTED = "planted"
    """Of a simulated market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of an event."""

    province: str = ""
    occupation: str = ""
    industry: str = ""
    direction: str
    started_on: date
    ended_on: date | None = None
    confirmed_on: date | None = None
    """None: today."""
    basis: str
    citation: str
    officer: str
    event_id: str = ""
    """"": made of what, where, which way and since when."""


def event_of(told: Told, now: datetime) -> LabourEvent:
    """The statement; the same event stated again, with another end, is a further statement of it.

    Raises:
        EventFaultError: a code that is not listed, days in the wrong order or to come, no source.
        alerts.actions.ActionFaultError: no account.
    """
    _refuse(told, local_day(now))
    what = (
        told.province, told.occupation, told.industry, told.direction, told.started_on.isoformat()
    )  # fmt: skip
    event_id = told.event_id or _digest(*what)[:12]
    event = LabourEvent(
        event_id=event_id, statement_id="", province=told.province, occupation=told.occupation,
        industry=told.industry, direction=told.direction, started_on=told.started_on,
        ended_on=told.ended_on, confirmed_on=told.confirmed_on or local_day(now),
        basis=told.basis, citation=plain(told.citation), officer=account(told.officer),
        withdrawn=False, recorded_at=now,
    )  # fmt: skip
    return _stated(event)


def withdrawn(event: LabourEvent, now: datetime, *, officer: str, why: str) -> LabourEvent:
    """The statement that it did not happen after all.

    Raises:
        EventFaultError: no reason.
        alerts.actions.ActionFaultError: no account.
    """
    reason = plain(why)
    if not reason:
        raise EventFaultError("no reason is given: say in a few words why it is withdrawn")
    gone = replace(
        event, withdrawn=True, officer=account(officer), citation=reason, recorded_at=now
    )
    return _stated(gone)


def _stated(event: LabourEvent) -> LabourEvent:
    said = _digest(
        event.event_id, str(event.ended_on), str(event.confirmed_on), event.basis, event.citation,
        event.officer, str(event.withdrawn), event.recorded_at.isoformat(),
    )  # fmt: skip
    return replace(event, statement_id=said[:24])


def _refuse(told: Told, today: date) -> None:
    """Raise what is wrong with it."""
    for name, code, listed in (
        ("province", told.province, provinces()),
        ("occupation", told.occupation, occupations()),
        ("industry", told.industry, [code for code in industries() if len(code) == 1]),
        ("direction", told.direction, list(Direction)),
        ("basis", told.basis, list(Basis)),
    ):
        optional = name in ("province", "occupation", "industry") and not code
        if not optional and code not in listed:
            raise EventFaultError(f"{name}: {code!r} is not listed")
    if told.started_on > today:
        raise EventFaultError(f"it begins on {told.started_on}, which is still to come")
    if told.ended_on is not None and told.ended_on < told.started_on:
        raise EventFaultError(f"it ends on {told.ended_on}, before it begins on {told.started_on}")
    if not plain(told.citation):
        raise EventFaultError("no source is given: say where it can be looked up")


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
