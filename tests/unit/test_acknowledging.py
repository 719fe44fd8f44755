"""The button by which an officer takes an alert on says what became of the press."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from redis.exceptions import ConnectionError as RedisAwayError

from alerts.store import LostLeadershipError
from dashboard.accounts.records import Role, Viewer
from dashboard.accounts.seeing import Views
from dashboard.accounts.visiting import _PRESENT, Visit
from dashboard.callbacks import Callbacks
from dashboard.data import Part, Register
from dashboard.language import CODES, language
from tests.factories_dashboard import NOW, snapshot

POLICYMAKER = Viewer(name="minister", role=Role.POLICYMAKER)


@pytest.fixture
def logged_in() -> Iterator[None]:
    before = _PRESENT.set(Visit(viewer=POLICYMAKER))
    yield
    _PRESENT.reset(before)


def pressed(code: str, outcome: bool | Exception) -> tuple[str, list[Any]]:
    """What the button says, and what was noted or announced."""
    register = Register(lambda: pytest.fail("asked"), tuple, phase=str, clock=lambda: NOW)
    register.snapshot = snapshot(days=70)
    alert = next(one for one in register.snapshot.alerts if one.state == "firing")
    happened: list[Any] = []

    def acknowledge(_alert: str, _now: object, _officer: str) -> bool:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def answered(*deed: object) -> None:
        happened.append(deed)

    def announce(parts: frozenset[Part]) -> None:
        happened.append(parts)

    page = Callbacks(
        register=register, views=Views(), acknowledge=acknowledge, answered=answered,
        announce=announce, demonstration=True,
    )  # fmt: skip
    prefix = "/en" if code == "en" else ""
    said = asyncio.run(page.officer_acknowledges(1, f"{prefix}/alerts/{alert.alert_id}"))
    return str(said), happened


@pytest.mark.usefixtures("logged_in")
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("error", [RedisAwayError("away"), LostLeadershipError("five times")])
def test_a_press_that_could_not_be_kept_says_so(code: str, error: Exception) -> None:
    """It said nothing at all: the officer thought it done, and the alert escalated."""
    assert pressed(code, error) == (language(code).say("answer_said_busy"), [])


@pytest.mark.usefixtures("logged_in")
def test_a_press_is_recorded_noted_and_shown() -> None:
    said, happened = pressed("en", True)
    assert said.startswith("Recorded: acknowledged")
    assert len(happened) == 2
    assert pressed("en", False) == ("Not recorded: the alert's state has changed meanwhile.", [])
