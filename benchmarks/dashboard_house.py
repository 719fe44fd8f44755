"""A dashboard over a real warehouse and Redis, with a year of a made-up market, for measuring."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from benchmarks.dashboard_pages import STANDING
from dashboard.accounts.passwords import hash_of
from dashboard.accounts.records import Role
from tests import logged_in
from tests.browser_stack import Stack, dashboard_stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

SECOND: Final = "beefbeefbeefbeef"
"""Another one."""
PASSWORD: Final = "a long made-up password"  # noqa: S105 - of an account that lives a minute
CLOSED: Final = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",)
"""Chromium that finds no host but this machine: what a page needs from elsewhere fails."""


@contextmanager
def house() -> Iterator[Stack]:
    """The dashboard in this process, its warehouse and Redis in processes of their own."""
    with (
        tempfile.TemporaryDirectory(prefix="labourwatch-dashboard-") as place,
        dashboard_stack(Path(place), {STANDING: "LA-SV", SECOND: "LA-CH"}) as made,
    ):
        yield made


@dataclass(slots=True)
class _Shared:
    """A house begun by the first who wants it and ended by the last."""

    turn: Lock = field(default_factory=Lock)
    wanted: int = 0
    open: ExitStack = field(default_factory=ExitStack)
    made: Stack | None = None


_SHARED: Final = _Shared()


@contextmanager
def shared_house() -> Iterator[Stack]:
    """`house`, begun once for all threads of this process that want it at the same time.

    One after another is in it, so that none disturbs another's times.
    """
    _SHARED.wanted += 1
    with _SHARED.turn:
        try:
            _SHARED.made = _SHARED.made or _SHARED.open.enter_context(house())
            yield _SHARED.made
        finally:
            _SHARED.wanted -= 1
            if not _SHARED.wanted:
                _SHARED.made = None
                _SHARED.open.close()


def enter(context: BrowserContext, held: Stack, role: Role, province: str = "") -> None:
    """Log a browser in, as the form would."""
    logged_in.enter(context, held.url, held.settings, role, province, password=hash_of(PASSWORD))


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """The system's Chromium, closed to the world.

    Raises:
        FileNotFoundError: there is none.
    """
    from playwright.sync_api import sync_playwright

    from benchmarks.screenshots import FLAGS, find_chromium

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=find_chromium(), args=[*FLAGS, *CLOSED, *more]
        )
        yield opened
        opened.close()


def phone(browser: Browser, *, scripts: bool = True) -> BrowserContext:
    """A context as a small phone has it."""
    return browser.new_context(
        viewport={"width": 360, "height": 740}, device_scale_factor=2, is_mobile=True,
        has_touch=True, java_script_enabled=scripts,
    )  # fmt: skip
