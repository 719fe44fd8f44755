"""A mail server that answers as it is told, and an office whose alerts go through it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from alerts.delivery import send_messages
from alerts.links import Keys, read_keys
from alerts.outbox import HistoryItem, Message
from alerts.parameters import load_parameters
from alerts.routing import Route
from alerts.store import AlertStore
from config.settings import Settings
from tests.processes import free_port

NOW: Final = datetime(2026, 11, 25, 4, tzinfo=UTC)
OFFICE, HEAD, MINISTRY = "office@example.org", "head@example.org", "ministry@example.org"


class Mailroom:
    """Keeps what it takes; answers recipients as it is told."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[tuple[list[str], str]] = []

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:  # fmt: skip
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append((list(envelope.rcpt_tos), content.decode()))
        return "250 taken"

    @property
    def addressed(self) -> list[list[str]]:
        return [to for to, _ in self.taken]


@contextmanager
def served(room: Mailroom, **given: Any) -> Iterator[int]:
    port = free_port()
    server = Controller(room, hostname="127.0.0.1", port=port, **given)
    server.start()
    try:
        yield port
    finally:
        server.stop()


class Office:
    """A store on a real Redis, a mail server, and routes."""

    def __init__(self, client: redis.Redis, room: Mailroom, port: int) -> None:
        self.client, self.room = client, room
        self.settings = Settings(smtp_port=port)
        self.store = AlertStore(client)
        self.routes: tuple[Route, ...] = (
            Route(name="all", provinces=(), kind="", to=(OFFICE,), languages=("en",)),
        )

    def put(self, *messages: Message) -> None:
        store = AlertStore(self.client)
        monitor = store.load(load_parameters())
        store.save(monitor, HistoryItem(signals=[], alerts=[]), messages, NOW)

    def round(self, now: datetime = NOW, owner: str = "one") -> tuple[int, int, int]:
        done = send_messages(self.store, self.settings, self.routes, owner=owner, now=now)
        return done.sent, done.refused, done.waiting


def some_keys(text: str) -> Keys:
    """The keys that `text` holds; a test's own text holds some."""
    keys = read_keys(text)
    assert keys is not None
    return keys
