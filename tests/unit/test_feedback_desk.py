"""The desk of feedback under a flood, and its box while stores fail without a word."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from starlette.requests import Request

from config.settings import Settings
from dashboard.feedback import box as boxes
from dashboard.feedback.box import FeedbackBox
from dashboard.feedback.routes import ALL_A_MINUTE, SENT_A_MINUTE, FeedbackDesk
from tests.unit.test_dashboard_app import Seeded

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


def request_of(address: str) -> Request:
    return Request({"type": "http", "headers": [], "client": (address, 1)})


def test_one_who_floods_does_not_shut_others_out() -> None:
    settings = Settings()
    desk = FeedbackDesk(settings, Seeded(), FeedbackBox(settings), lambda: NOW)
    flood = [desk._is_too_much(request_of("10.0.0.1"), NOW) for _ in range(2 * ALL_A_MINUTE)]
    assert flood.count(False) == SENT_A_MINUTE
    assert not desk._is_too_much(request_of("10.0.0.2"), NOW)


def test_all_together_are_limited_too() -> None:
    settings = Settings()
    desk = FeedbackDesk(settings, Seeded(), FeedbackBox(settings), lambda: NOW)
    asked = [request_of(f"10.0.0.{number}") for number in range(ALL_A_MINUTE + 3)]
    assert [desk._is_too_much(one, NOW) for one in asked].count(False) == ALL_A_MINUTE


async def test_storing_goes_on_after_a_fault_without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boxes, "EVERY_S", 0.0)
    box, tries, again = FeedbackBox(Settings()), 0, asyncio.Event()
    loop = asyncio.get_running_loop()

    def store() -> int:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ConnectionResetError
        loop.call_soon_threadsafe(again.set)
        return 0

    monkeypatch.setattr(box, "store", store)
    running = asyncio.create_task(box.run())
    try:
        await asyncio.wait_for(again.wait(), 10)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
