"""What browser tests of the dashboard share: a stack, and a page whose complaints are noted."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import redis
from playwright.sync_api import ConsoleMessage, Page, expect
from pydantic import SecretStr

from alerts.alert import Alert, State
from alerts.cells import Cell
from alerts.signal import Classification, Direction
from alerts.store import CURRENT, HEADER
from config.settings import Settings
from dashboard.accounts.records import Role
from dashboard.app import create_app
from dashboard.data import Register
from dashboard.desk import Desk
from tests.factories_dashboard import NOW, ONSET
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from tests.logged_in import enter
from tests.seeding_dashboard import seed
from tests.served_dashboard import get, served
from warehouse.client import connect

UNDRAWN = ".plot:not(:has(.main-svg))"


@dataclass(frozen=True, slots=True)
class Stack:
    """A running dashboard and what it reads from."""

    url: str
    settings: Settings
    redis: redis.Redis


@dataclass
class Watched:
    """A page whose complaints and requests are noted."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    @property
    def is_wide(self) -> bool:
        """Whether this is a desk's screen."""
        size = self.page.viewport_size
        return size is not None and size["width"] > 1000

    def log_in(self, stack: Stack, role: Role) -> None:
        """Be somebody of this role from now on."""
        enter(self.page.context, stack.url, stack.settings, role)

    def open(self, url: str) -> None:
        """Open an address and wait until the live page has drawn its charts."""
        self.page.goto(url)
        live(self.page)
        expect(self.page.locator(UNDRAWN)).to_have_count(0, timeout=15_000)


def live(page: Page) -> None:
    """Wait until the live page is there and what the server drew at first has made room for it."""
    page.wait_for_selector("#app .frame h1")
    page.wait_for_selector("#first-paint", state="detached")


@contextmanager
def dashboard_stack(folder: Path, standing: Mapping[str, str]) -> Iterator[Stack]:
    """The dashboard in this process over a seeded warehouse and Redis, its first figures read.

    Args:
        folder: where warehouse and Redis keep their state.
        standing: by id the provinces of alerts that stand in the store only, to be answered.
    """
    with (
        start_warehouse(folder / "warehouse") as (host, port, secret),
        start_redis(folder / "redis") as redis_url,
        redis.Redis.from_url(redis_url) as client,
    ):
        settings = Settings(
            var_dir=folder, redis_url=redis_url, clickhouse_host=host, clickhouse_port=port,
            clickhouse_password=SecretStr(secret),
        )  # fmt: skip
        seed(connect(settings, database="default"))
        for alert_id, province in standing.items():
            alert = standing_alert(alert_id, province)
            client.hset(CURRENT, alert.key, msgspec.json.encode(alert))
        client.set(HEADER, json.dumps({"generation": 0}))
        desk = Desk(client)
        register = Register(
            partial(connect, settings, readonly=True), desk.standing, phase=desk.phase,
            clock=lambda: NOW,
        )  # fmt: skip
        with served(create_app(settings, register, desk.acknowledge)) as url:
            while json.loads(get(f"{url}/api/summary").body)["figures"] is None:
                time.sleep(0.05)
            yield Stack(url, settings, client)


def standing_alert(alert_id: str, province: str) -> Alert:
    """A firing alert of one province, as the store holds it."""
    return Alert(
        alert_id=alert_id, kind=Classification.LABOUR, cell=Cell(province, "7"),
        direction=Direction.DOWN, state=State.FIRING, opened_at=NOW, changed_at=NOW, seen_at=NOW,
        onset_on=ONSET, detected_on=ONSET + timedelta(days=9), observed=12.0, expected=31.0,
        ratio=0.39, ratio_lower=0.2, ratio_upper=0.67, score=9.0, n=12, employers=7,
        sources=("lao-jobs",), evidence_days=9, detail="",
    )  # fmt: skip
