"""The live hub: what a message makes stale, and that waiting browsers hear of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from dashboard.data import EVERYTHING, Part, Register
from dashboard.live import Hub, _announced, rest_after, same_origin
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
        self.trouble = None
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


class Failing(Counting):
    """A register whose warehouse fails the second reading."""

    def refresh(self, parts: frozenset[Part] = EVERYTHING) -> bool:
        changed = super().refresh(parts)
        self.trouble = "away" if len(self.asked) == 2 else None
        return changed


async def test_what_could_not_be_read_is_read_with_the_next_news() -> None:
    """A release is announced once: a warehouse that failed just then must not lose it."""
    register = Failing()
    hub = Hub(register, NOWHERE)
    running = asyncio.create_task(hub.run())
    seen = await asyncio.wait_for(hub.next_version(0), 5)
    for part in (Part.RELEASES, Part.COUNTS):
        hub.announce(frozenset({part}))
        seen = await asyncio.wait_for(hub.next_version(seen), 5)
    running.cancel()
    assert register.asked[1:3] == [
        frozenset({Part.RELEASES}), frozenset({Part.RELEASES, Part.COUNTS}),
    ]  # fmt: skip


async def test_everything_is_read_again_though_other_news_never_cease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An announcement lost on the way is made good while vacancies go on coming."""
    monkeypatch.setattr("dashboard.live._WHOLE_S", 1.0)
    register = Counting()
    hub = Hub(register, NOWHERE)
    running = asyncio.create_task(hub.run())
    seen = 0
    for _ in range(6):
        seen = await asyncio.wait_for(hub.next_version(seen), 5)
        hub.announce(frozenset({Part.COUNTS}))
    running.cancel()
    assert EVERYTHING in register.asked[1:]
    assert frozenset({Part.COUNTS}) in register.asked


def test_a_slow_reading_does_not_keep_news_away_for_minutes() -> None:
    assert rest_after(0.01) == 0.5
    assert rest_after(1.0) == 4.0
    assert rest_after(100.0) == 15.0


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
