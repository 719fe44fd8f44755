"""Empties the outboxes: history into the warehouse, messages to the mail server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from clickhouse_connect.driver.client import Client

from alerts.actions import LONGEST_OFFICER
from alerts.boxes import HISTORY, MESSAGES, SERVER
from alerts.links import Purpose, addresses, read_keys
from alerts.metrics import MESSAGES as TOLD
from alerts.metrics import MESSAGES_WAITING
from alerts.notify.clean import clean
from alerts.notify.email import AwayError, Beside, RefusedError, compose
from alerts.notify.endpoints import tell
from alerts.notify.kinds import counts_vacancies, kind_of
from alerts.notify.webhook import HookRefusedError
from alerts.notify.weeks import Weeks, first_day, weeks_of
from alerts.notify.wording import words
from alerts.outbox import Message
from alerts.recipients import post
from alerts.retrying import Attempts, Fate, Outcome, postponed
from alerts.routing import Route, choose
from alerts.store import AlertStore
from alerts.transition import TOLD_AT_END
from config.settings import Settings
from warehouse.deeds import write_actions, write_silences
from warehouse.history import write_alert_history, write_signals
from warehouse.openings import read_openings

_ZONE: Final = ZoneInfo("Asia/Vientiane")
EMAIL: Final = "email"
"""The channel that is no endpoint."""
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
    """Send what waits and is due. A message claimed by another process is left to it.

    If the process dies between sending and recording, the message is sent once more with the same
    Message-ID, by which mail systems know it; it is never lost. What fails for now is tried again
    after a while that doubles (`alerts.retrying`), and becomes a dead letter of which operators are
    told when it is refused or was put off for three days. With a `client` of the warehouse,
    e-mails carry a picture of the weeks.
    """
    post = Post(
        store=store, settings=settings, routes=routes, client=client, now=now,
        failed=store.attempts(),
    )  # fmt: skip
    sent = refused = 0
    for data, message in store.waiting_messages():
        if store.was_sent(message.message_id):
            store.done(MESSAGES, data)
        elif post.is_waiting(message):
            continue
        elif store.claim(message.message_id, owner):
            outcome = post.deliver(message, data)
            if outcome.fate is Fate.SENT:
                store.sent(message.message_id, data, now)
                sent += 1
                TOLD.labels("sent").inc()
            elif outcome.fate is Fate.REFUSED:
                _log.error("alert_refused", message=message.message_id, why=outcome.why)
                store.refuse(data, outcome.why, now)
                refused += 1
                TOLD.labels("refused").inc()
            elif outcome.fate is Fate.AWAY:
                break
    waiting = len(store.waiting_messages())
    MESSAGES_WAITING.set(waiting)
    return Delivered(sent=sent, refused=refused, waiting=waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One round of delivery."""

    store: AlertStore
    settings: Settings
    routes: Sequence[Route]
    client: Client | None
    now: datetime
    failed: Mapping[str, Attempts]

    def is_waiting(self, message: Message) -> bool:
        """Whether its route is in quiet hours, or its next attempt is not due."""
        route = way_of(message, self.routes)
        quiet = route is not None and route.waits(message.alert, self.now)
        names = [message.message_id]
        if route is None or EMAIL in route.channels:
            names.append(SERVER)
        return quiet or any(
            name in self.failed and self.now < self.failed[name].next_at for name in names
        )

    def deliver(self, message: Message, data: bytes) -> Outcome:
        """Tell every channel of the route that was not told yet."""
        route = way_of(message, self.routes)
        if route is None:
            return Outcome(fate=Fate.REFUSED, why="no route fits")
        told = Outcome(fate=Fate.SENT)
        name = f"{message.message_id}@{EMAIL}"
        several = route.channels != (EMAIL,)
        if EMAIL in route.channels and not (several and self.store.was_sent(name)):
            told = self._mail(message, data, route)
            if told.fate is Fate.SENT and several:
                self.store.passed(message.message_id, EMAIL, self.now)
        if told.fate is Fate.SENT:
            told = self._tell_endpoints(message, data, route)
        return self._later(message, told) if told.fate is Fate.LATER else told

    def _mail(self, message: Message, data: bytes, route: Route) -> Outcome:
        settings = self.settings
        try:
            beside = Beside(
                weeks=None if self.client is None else weeks_before(self.client, message),
                links=links_in(message, route, settings),
            )
            to = route.to or (settings.mail_to,)
            mail = compose(message, settings, to, route.languages, beside)
            posted = post(self.store, message.message_id, mail, settings)
        except RefusedError as error:
            return Outcome(fate=Fate.REFUSED, why=str(error))
        except AwayError as error:
            self.store.postpone(SERVER, postponed(self.failed.get(SERVER), str(error), self.now))
            _log.warning("mail_server_away", why=str(error))
            return Outcome(fate=Fate.AWAY, why=str(error))
        except OSError as error:
            return Outcome(fate=Fate.LATER, why=str(error))
        for refusal in posted.refused:
            self.store.refuse(data, str(refusal), self.now, stays=True)
        if SERVER in self.failed:
            self.store.reached(SERVER)
        return Outcome(fate=Fate.LATER if posted.put_off else Fate.SENT, why=posted.why)

    def _tell_endpoints(self, message: Message, data: bytes, route: Route) -> Outcome:
        """Endpoints one by one; one that refuses or is hopeless becomes a dead letter."""
        before, why = self.failed.get(message.message_id), ""
        for name in route.channels:
            if name == EMAIL or self.store.was_sent(f"{message.message_id}@{name}"):
                continue
            try:
                tell(message, name, route.languages[0], self.settings, self.now)
            except HookRefusedError as error:
                _log.error("endpoint_refused", endpoint=name, why=str(error))
                self.store.refuse(data, str(error), self.now, channel=name, stays=True)
            except OSError as error:
                if before is None or not before.is_hopeless(self.now):
                    why = f"{name}: {error!r}"
                    continue
                _log.error("endpoint_given_up", endpoint=name, why=repr(error))
                self.store.refuse(data, repr(error), self.now, channel=name, stays=True)
            self.store.passed(message.message_id, name, self.now)
        return Outcome(fate=Fate.LATER, why=why) if why else Outcome(fate=Fate.SENT)

    def _later(self, message: Message, told: Outcome) -> Outcome:
        """Put off; given up where that has gone on for too long."""
        before = self.failed.get(message.message_id)
        if before is not None and before.is_hopeless(self.now):
            return Outcome(fate=Fate.REFUSED, why=f"given up: {told.why}")
        attempts = postponed(before, told.why, self.now)
        self.store.postpone(message.message_id, attempts)
        _log.warning("put_off", message=message.message_id, tries=attempts.tries, why=told.why)
        return told


def way_of(message: Message, routes: Sequence[Route]) -> Route | None:
    """The way of this telling: the first route that fits, at the level it was escalated to."""
    route = choose(routes, message.alert)
    return None if route is None else route.telling(message.alert, message.reason)


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
