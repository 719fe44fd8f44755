"""Empties the outboxes: history into the warehouse, messages to the mail server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from clickhouse_connect.driver.client import Client

from alerts.notify.email import RefusedError, compose, send
from alerts.outbox import Message
from alerts.routing import Route, choose
from alerts.store import HISTORY, MESSAGES, AlertStore
from config.settings import Settings
from warehouse.deeds import write_actions, write_silences
from warehouse.history import write_alert_history, write_signals

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
) -> Delivered:
    """Send what waits. A message claimed by another process is left to it.

    If the process dies between sending and recording, the message is sent once more with the same
    Message-ID, by which mail systems know it; it is never lost.
    """
    sent = refused = 0
    for data, message in store.waiting_messages():
        if store.was_sent(message.message_id):
            store.done(MESSAGES, data)
        elif store.claim(message.message_id, owner):
            outcome = _send(message, settings, routes)
            if outcome == "later":
                break
            if outcome == "":
                store.sent(message.message_id, data, now)
                sent += 1
            else:
                store.refuse(data, outcome, now)
                refused += 1
    return Delivered(sent=sent, refused=refused, waiting=len(store.waiting_messages()))


def _send(message: Message, settings: Settings, routes: Sequence[Route]) -> str:
    """Send one message: "" when it went out, "later", or why it never will."""
    route = choose(routes, message.alert)
    if route is None:
        return "no route fits"
    try:
        mail = compose(message, settings, route.to or (settings.mail_to,), route.languages)
        send(mail, settings)
    except RefusedError as error:
        _log.error("alert_refused", alert=message.alert.alert_id, why=str(error))
        return str(error)
    except OSError as error:
        _log.warning("mail_server_away", why=repr(error))
        return "later"
    return ""
