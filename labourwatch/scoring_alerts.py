"""What `labourwatch scorecard` and `labourwatch events` do: each gives the lines that are said."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Final

from alerts.scorecard.card import NATION, card_of, last_day
from alerts.scorecard.registering import Told, event_of, withdrawn
from alerts.scorecard.told import as_data, markdown
from config.settings import Settings
from warehouse.client import connect
from warehouse.labour_events import LabourEvent, read_labour_events, write_labour_events
from warehouse.scorecard import read_score_facts

PERIOD: Final = timedelta(days=365)


def scorecard(
    settings: Settings, *, province: str | None, since: date | None, until: date | None,
    as_of: datetime, as_json: bool,
) -> list[str]:  # fmt: skip
    """The scorecard of the last year, or of the days asked for.

    Raises:
        ValueError: the first day lies after the last.
    """
    last = until or last_day(as_of)
    first = since or last - PERIOD
    if first > last:
        raise ValueError(f"the first day, {first}, lies after the last, {last}")
    with connect(settings, readonly=True) as client:
        facts = read_score_facts(client, as_of=as_of)
    card = card_of(
        facts, since=first, until=last, as_of=as_of, budget=settings.alert_budget,
        province=None if province is None else province.removeprefix(NATION),
    )  # fmt: skip
    return [json.dumps(as_data(card), indent=1)] if as_json else list(markdown(card))


def add(settings: Settings, told: Told, *, now: datetime) -> list[str]:
    """Register an event, or state one anew.

    Raises:
        ValueError: what is wrong with it.
    """
    event = event_of(told, now)
    with connect(settings) as client:
        write_labour_events(client, [event])
    return [f"{event.event_id} is registered: {_line(event)}"]


def listing(settings: Settings, *, every: bool) -> list[str]:
    """Registered events, a line each; withdrawn ones too where `every`."""
    with connect(settings, readonly=True) as client:
        events = read_labour_events(client, withdrawn=every)
    return [f"{event.event_id}  {_line(event)}" for event in events] or ["no event is registered"]


def withdraw(settings: Settings, begin: str, *, officer: str, why: str, now: datetime) -> list[str]:
    """State that an event did not happen after all.

    Raises:
        ValueError: none, or several, begin with `begin`; no account, no reason.
    """
    with connect(settings) as client:
        known = [e for e in read_labour_events(client) if begin and e.event_id.startswith(begin)]
        if len(known) != 1:
            raise ValueError(f"{len(known) or 'no'} events begin with {begin!r}; see `events list`")
        event = withdrawn(known[0], now, officer=officer, why=why)
        write_labour_events(client, [event])
    return [f"{event.event_id} is withdrawn by {event.officer}"]


def _line(event: LabourEvent) -> str:
    what = " ".join(text for text in (event.occupation, event.industry) if text) or "all"
    until = f"to {event.ended_on}" if event.ended_on else "on"
    gone = "  withdrawn" if event.withdrawn else ""
    return (
        f"{event.province or NATION:<8}{what:<6}{event.direction:<5}from {event.started_on} "
        f"{until}  {event.basis}: {event.citation}{gone}"
    )
