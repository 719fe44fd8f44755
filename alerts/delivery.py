"""Empties the outboxes: history into the warehouse, messages to the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from clickhouse_connect.driver.client import Client

from alerts.actions import LONGEST_OFFICER
from alerts.links import Purpose, addresses, read_keys
from alerts.notify.clean import clean
from alerts.notify.email import Beside, RefusedError, compose, send
from alerts.notify.endpoints import tell
from alerts.notify.kinds import counts_vacancies, kind_of
from alerts.notify.webhook import HookRefusedError
from alerts.notify.weeks import Weeks, first_day, weeks_of
from alerts.notify.wording import words
from alerts.outbox import Message
from alerts.routing import Route, choose
from alerts.store import HISTORY, MESSAGES, AlertStore
from alerts.transition import TOLD_AT_END
from config.settings import Settings
from warehouse.deeds import write_actions, write_silences
from warehouse.history import write_alert_history, write_signals
from warehouse.openings import read_openings

_ZONE: Final = ZoneInfo("Asia/Vientiane")
EMAIL: Final = "email"
"""The channel that is no endpoint."""
_GIVEN_UP: Final = timedelta(days=3)
_LABELS: Final = {
    Purpose.ACKNOWLEDGE: "acknowledge_label",
    Purpose.VERDICT: "verdict_label",
}
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What one round of delivery did."""

    sent: int
    refused: int
    waiting: int


def write_history(store: AlertStore, client: Client) -> int:
    """Move all waiting history into the warehouse; how many items.

    Raises:
        clickhouse_connect.driver.exceptions.Error: what is left stays in the outbox. An item that
            was stored but not yet dropped is stored again under the same insert token: once.
    """
    moved = 0
    while (found := store.next_history()) is not None:
        data, item = found
        write_signals(client, item.signals)
        write_alert_history(client, item.alerts)
        write_actions(client, item.actions)
        write_silences(client, item.silences)
        store.done(HISTORY, data)
        moved += 1
    return moved


def send_messages(
    store: AlertStore,
    settings: Settings,
    routes: Sequence[Route],
    *,
    owner: str,
    now: datetime,
    client: Client | None = None,
) -> Delivered:
    """Send what waits. A message claimed by another process is left to it.

    If the process dies between sending and recording, the message is sent once more with the same
    Message-ID, by which mail systems know it; it is never lost. With a `client` of the warehouse,
    e-mails carry a picture of the weeks.
    """
    sent = refused = 0
    for data, message in store.waiting_messages():
        if store.was_sent(message.message_id):
            store.done(MESSAGES, data)
        elif _waits(message, routes, now):
            continue
        elif store.claim(message.message_id, owner):
            outcome = _mail_once(store, message, settings, routes, client, now)
            if outcome == "later":
                break
            if outcome == "" and not _tell_endpoints(store, message, settings, routes, now):
                continue
            if outcome == "":
                store.sent(message.message_id, data, now)
                sent += 1
            else:
                store.refuse(data, outcome, now)
                refused += 1
    return Delivered(sent=sent, refused=refused, waiting=len(store.waiting_messages()))


def _waits(message: Message, routes: Sequence[Route], now: datetime) -> bool:
    """Whether its route is in quiet hours; the message stays in the outbox until they end."""
    route = choose(routes, message.alert)
    return route is not None and route.waits(message.alert, now)


def _mail_once(
    store: AlertStore,
    message: Message,
    settings: Settings,
    routes: Sequence[Route],
    client: Client | None,
    now: datetime,
) -> str:
    """As `_send`, but not again while other channels of the message still wait."""
    route = choose(routes, message.alert)
    if route is None or route.channels == (EMAIL,):
        return _send(message, settings, routes, client)
    if EMAIL not in route.channels or store.was_sent(f"{message.message_id}@{EMAIL}"):
        return ""
    outcome = _send(message, settings, routes, client)
    if outcome == "":
        store.passed(message.message_id, EMAIL, now)
    return outcome


def _tell_endpoints(
    store: AlertStore,
    message: Message,
    settings: Settings,
    routes: Sequence[Route],
    now: datetime,
) -> bool:
    """Tell the endpoints of the route that were not told yet; whether none is left.

    One that refuses, or was not reached for three days, is given up and logged.
    """
    route = choose(routes, message.alert)
    names = [] if route is None else [name for name in route.channels if name != EMAIL]
    left = False
    for name in names:
        if store.was_sent(f"{message.message_id}@{name}"):
            continue
        try:
            tell(message, name, route.languages[0] if route else "lo", settings, now)
        except HookRefusedError as error:
            _log.error("endpoint_refused", endpoint=name, why=str(error))
        except OSError as error:
            if now - message.at < _GIVEN_UP:
                _log.warning("endpoint_away", endpoint=name, why=repr(error))
                left = True
                continue
            _log.error("endpoint_given_up", endpoint=name, why=repr(error))
        store.passed(message.message_id, name, now)
    return not left


def _send(
    message: Message, settings: Settings, routes: Sequence[Route], client: Client | None
) -> str:
    """Send one message: "" when it went out, "later", or why it never will."""
    route = choose(routes, message.alert)
    if route is None:
        return "no route fits"
    try:
        to = route.to or (settings.mail_to,)
        beside = Beside(
            weeks=None if client is None else weeks_before(client, message),
            links=links_in(message, route, settings),
        )
        mail = compose(message, settings, to, route.languages, beside)
        send(mail, settings)
    except RefusedError as error:
        _log.error("alert_refused", alert=message.alert.alert_id, why=str(error))
        return str(error)
    except OSError as error:
        _log.warning("mail_server_away", why=repr(error))
        return "later"
    return ""


def links_in(
    message: Message, route: Route, settings: Settings
) -> dict[str, list[tuple[str, str]]]:
    """By language, labels and addresses by which the recipient acts; none without link keys.

    The deed is recorded under the route's name.
    """
    keys = read_keys(settings.link_keys.get_secret_value())
    if keys is None:
        return {}
    found = addresses(
        message.alert.alert_id, clean(route.name, LONGEST_OFFICER), message.at, keys,
        settings.dashboard_url, over=message.reason in TOLD_AT_END,
    )  # fmt: skip
    return {
        language: [(words(language)[_LABELS[one]], link) for one, link in links.items()]
        for language, links in found.items()
    }


def weeks_before(client: Client, message: Message) -> Weeks | None:
    """The weeks up to the day of the message, for its picture; None for other kinds."""
    alert = message.alert
    if not counts_vacancies(kind_of(alert)):
        return None
    through = alert.seen_at.astimezone(_ZONE).date() - timedelta(days=1)
    openings = read_openings(client, since=first_day(through), until=through)
    return weeks_of(openings, alert.cell, through, alert.onset_on)
