"""What runs beside the pages: that its death is noticed, and that its end is none."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from dashboard.app import _alive


class Running:
    """A task that runs until cancelled, or dies at once."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.ended = False

    async def run(self) -> None:
        try:
            if self._error is not None:
                raise self._error
            await asyncio.Event().wait()
        finally:
            self.ended = True

    async def close(self) -> None:
        self.ended = True


async def lived(*tasks: Running) -> tuple[list[bool], list[Any]]:
    """Whether the process was told to end, and what was logged, while the application lived."""
    hub, measuring, box = tasks
    told: list[bool] = []
    app = FastAPI()
    app.state.give_up = lambda: told.append(True)
    pushes: Any = SimpleNamespace(close=Running().close)
    with capture_logs() as logged:
        async with _alive(hub, pushes, measuring, box)(app):  # type: ignore[arg-type]
            await asyncio.sleep(0.01)
    assert all(task.ended for task in tasks)
    return told, list(logged)


async def test_a_task_that_dies_ends_the_process_and_says_why() -> None:
    """A record that cannot be read once left pages of that moment standing, with nobody told."""
    told, logged = await lived(Running(ValueError("unreadable")), Running(), Running())
    assert told == [True]
    assert [(one["log_level"], one["event"]) for one in logged] == [("critical", "task_died")]
    assert "unreadable" in repr(logged[0]["exc_info"])


async def test_the_end_of_the_application_is_no_death() -> None:
    assert await lived(Running(), Running(), Running()) == ([], [])


@pytest.mark.parametrize("at", range(3))
async def test_whichever_dies_is_noticed(at: int) -> None:
    tasks = [Running(OSError("gone")) if at == each else Running() for each in range(3)]
    told, _ = await lived(*tasks)
    assert told == [True]
