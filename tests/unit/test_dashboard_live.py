"""The live hub: what a message makes stale, and that waiting browsers hear of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from dashboard.data import EVERYTHING, Part, Register
from dashboard.live import Hub, _announced, same_origin
from dashboard.views import Snapshot
from tests.factories_dashboard import NOW

NOWHERE = "redis://127.0.0.1:1/0"


class Counting(Register):
    """A register that notes what it was asked to read again, and changes every time."""

    def __init__(self) -> None:
        super().__init__(
            lambda: pytest.fail("not to be connected"), tuple, phase=str, clock=lambda: NOW
        )
        self.asked: list[frozenset[Part]] = []

    def refresh(self, parts: frozenset[Part] = EVERYTHING) -> bool:
        self.asked.append(parts)
        self.snapshot = replace(self.snapshot, version=self.snapshot.version + 1)
        return True


def message(data: bytes, kind: str = "message") -> dict[str, Any]:
    return {"type": kind, "data": data}


def test_a_load_makes_stale_what_its_tables_feed() -> None:
    note = {
        "loaded_at": "2026-11-23T00:00:00Z",
        "rows": 3,
        "tables": ["vacancy_events", "dead_letters"],
    }
    assert _announced(message(json.dumps(note).encode())) == {Part.COUNTS, Part.REFUSALS}


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[]", b"7", b'{"alerts": 2}', b'{"tables": ["odd"]}']
)
def test_a_message_that_says_nothing_useful_makes_everything_stale(data: bytes) -> None:
    assert _announced(message(data)) == EVERYTHING


def test_the_confirmation_of_a_subscription_is_no_news() -> None:
    assert _announced({"type": "subscribe", "data": 1}) == frozenset()


async def test_browsers_hear_of_a_new_version_without_any_redis() -> None:
    register = Counting()
    hub = Hub(register, NOWHERE)
    running = asyncio.create_task(hub.run())
    first = await asyncio.wait_for(hub.next_version(0), 5)
    hub.announce(frozenset({Part.ALERTS}))
    second = await asyncio.wait_for(hub.next_version(first), 5)
    running.cancel()
    assert second > first
    assert register.asked[:2] == [EVERYTHING, frozenset({Part.ALERTS})]


def test_only_pages_of_this_address_may_listen() -> None:
    assert same_origin("http://127.0.0.1:8050", "127.0.0.1:8050")
    assert not same_origin("http://evil.example", "127.0.0.1:8050")
    assert not same_origin(None, "127.0.0.1:8050")
    assert not same_origin("null", "127.0.0.1:8050")


def test_a_warehouse_that_does_not_answer_leaves_the_snapshot_and_says_why() -> None:
    def refuse() -> Any:
        raise ConnectionRefusedError("nobody there")

    register = Register(refuse, tuple, phase=str, clock=lambda: NOW)
    register.snapshot = Snapshot(version=4)
    assert not register.refresh()
    assert register.snapshot.version == 4
    assert "nobody there" in str(register.trouble)
