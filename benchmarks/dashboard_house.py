"""A dashboard over a real warehouse and Redis, with a year of a made-up market, for measuring."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import redis
from pydantic import SecretStr

from alerts.alert import Alert, State
from alerts.cells import Cell
from alerts.signal import Classification, Direction
from alerts.store import CURRENT, HEADER
from config.settings import Settings
from dashboard.accounts.passwords import hash_of
from dashboard.accounts.records import Role
from dashboard.app import create_app
from dashboard.data import Register
from dashboard.desk import Desk
from tests.factories_dashboard import NOW, ONSET
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from tests.logged_in import COOKIE, session_of
from tests.seeding_dashboard import seed
from tests.served_dashboard import served
from warehouse.client import connect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

STANDING: Final = "feedbeeffeedbeef"
"""An alert that an officer can answer."""
SECOND: Final = "beefbeefbeefbeef"
"""Another one."""
PASSWORD: Final = "a long made-up password"  # noqa: S105 - of an account that lives a minute
CLOSED: Final = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",)
"""Chromium that finds no host but this machine: what a page needs from elsewhere fails."""


@dataclass(frozen=True, slots=True)
class House:
    """A dashboard that answers."""

    url: str
    settings: Settings


@contextmanager
def house() -> Iterator[House]:
    """The dashboard in this process, its warehouse and Redis in processes of their own."""
    with tempfile.TemporaryDirectory(prefix="labourwatch-dashboard-") as place:
        folder = Path(place)
        with (
            start_warehouse(folder / "warehouse") as (host, port, secret),
            start_redis(folder / "redis") as redis_url,
            redis.Redis.from_url(redis_url) as store,
        ):
            settings = Settings(
                var_dir=folder, redis_url=redis_url, clickhouse_host=host, clickhouse_port=port,
                clickhouse_password=SecretStr(secret),
            )  # fmt: skip
            seed(connect(settings, database="default"))
            _stand(store)
            desk = Desk(store)
            register = Register(
                partial(connect, settings, readonly=True), desk.standing, phase=desk.phase,
                clock=lambda: NOW,
            )  # fmt: skip
            with served(create_app(settings, register, desk.acknowledge)) as url:
                yield House(url, settings)


def _stand(store: redis.Redis) -> None:
    for alert_id, province in ((STANDING, "LA-SV"), (SECOND, "LA-CH")):
        alert = _alert(alert_id, province)
        store.hset(CURRENT, alert.key, msgspec.json.encode(alert))
    store.set(HEADER, json.dumps({"generation": 0}))


def _alert(alert_id: str, province: str) -> Alert:
    return Alert(
        alert_id=alert_id, kind=Classification.LABOUR, cell=Cell(province, "7"),
        direction=Direction.DOWN, state=State.FIRING, opened_at=NOW, changed_at=NOW, seen_at=NOW,
        onset_on=ONSET, detected_on=ONSET + timedelta(days=9), observed=12.0, expected=31.0,
        ratio=0.39, ratio_lower=0.2, ratio_upper=0.67, score=9.0, n=12, employers=7,
        sources=("lao-jobs",), evidence_days=9, detail="",
    )  # fmt: skip


def enter(context: BrowserContext, held: House, role: Role, province: str = "") -> None:
    """Log a browser in, as the form would."""
    token = session_of(held.settings, role, province, password=hash_of(PASSWORD))
    context.add_cookies([{"name": COOKIE, "value": token, "url": held.url}])


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
