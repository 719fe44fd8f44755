"""A dashboard with a session of every role, which notes what it was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import requests

from config.settings import Settings
from dashboard.accounts.records import Role
from dashboard.app import create_app
from dashboard.v1.limiting import Windows
from dashboard.v1.reading import Reading
from tests.fixtures_redis import start_redis
from tests.logged_in import COOKIE, session_of
from tests.served_dashboard import served
from tests.unit.test_account_views import ALERT, HELD
from tests.unit.test_dashboard_app import Seeded
from warehouse.disclosure.records import View

WHO: Final = ("nobody", *Role)
EXACT: Final = frozenset({Role.POLICYMAKER, Role.ANALYST})
"""Who is told exact figures of every cell; written here by hand, not taken from the policy."""
SAMPLES: Final = {
    "posting_id:path": "p1", "receipt_id": "r1", "reference": "q", "alert_id": ALERT,
    "name": "provinces", "code": "1", "path:path": "nothing-here", "rest:path": "dataflow/all",
    "feedback_id": "f" * 32,
    "notice_id": "n", "purpose": "ack", "token": "t", "secret": "s", "item": ALERT,
}  # fmt: skip
ITEMS: Final = {"/provinces": "LA-CH", "/sectors": "F", "/occupations": "5"}
MARK: Final = "2.71"
"""The ratio of the alert in Champasak, on its page and in its list."""


@dataclass
class House:
    """A served dashboard, sessions of every role, and what it was asked for."""

    url: str
    sessions: dict[Any, str]
    views: list[View] = field(default_factory=list)
    acknowledged: list[tuple[str, str]] = field(default_factory=list)

    def ask(self, who: Any, method: str, path: str, **more: Any) -> requests.Response:
        cookie = {} if who == "nobody" else {COOKIE: self.sessions[who]}
        return requests.request(
            method, self.url + path, cookies=cookie, allow_redirects=False, timeout=30, **more
        )


@contextmanager
def matrix_house(folder: Path) -> Iterator[House]:
    """The dashboard, without a warehouse: whoever is let in finds that it does not answer."""
    patched = pytest.MonkeyPatch()
    found = House("", {})
    asked = Reading.view

    async def noted(self: Reading, request: Any) -> View:
        view = await asked(self, request)
        found.views.append(view)
        return view

    def no_warehouse(_: Reading) -> None:
        raise OSError("there is no warehouse here")

    def acknowledge(alert_id: str, _now: object, officer: str) -> bool:
        found.acknowledged.append((alert_id, officer))
        return True

    patched.setattr(Reading, "view", noted)
    patched.setattr(Reading, "client", no_warehouse)
    patched.setattr(Windows, "wait_s", lambda *_: None)
    register = Seeded()
    register.snapshot = HELD
    with start_redis(folder) as redis_url:
        settings = Settings(var_dir=folder, redis_url=redis_url)
        found.sessions = {
            role: session_of(settings, role, "LA-CH" if role is Role.PROVINCIAL else "")
            for role in Role
        }
        with served(create_app(settings, register, acknowledge)) as url:
            found.url = url
            yield found
    patched.undo()


def filled(path: str) -> str:
    for start, item in ITEMS.items():
        if path.startswith(start):
            path = path.replace("{item}", item)
    return re.sub(r"\{([\w:]+)\}", lambda name: SAMPLES[name[1]], path)


def updated(path: str) -> dict[str, Any]:
    """What the browser sends when it is at a new address."""
    return {
        "output": "app.children",
        "outputs": {"id": "app", "property": "children"},
        "inputs": [{"id": "url", "property": "pathname", "value": path}],
        "state": [{"id": "url", "property": "search", "value": ""}],
        "changedPropIds": ["url.pathname"],
        "parsedChangedPropsIds": ["url.pathname"],
    }


def acknowledging(alert_id: str) -> dict[str, Any]:
    """What the browser sends when the button is pressed."""
    return {
        "output": "acknowledge-result.children",
        "outputs": {"id": "acknowledge-result", "property": "children"},
        "inputs": [{"id": "acknowledge", "property": "n_clicks", "value": 1}],
        "changedPropIds": ["acknowledge.n_clicks"],
        "parsedChangedPropsIds": ["acknowledge.n_clicks"],
        "state": [{"id": "url", "property": "pathname", "value": f"/en/alerts/{alert_id}"}],
    }


ELSEWHERE: Final = next(one.alert_id for one in HELD.alerts if one.province == "LA-XA")
NATIONAL: Final = next(one.alert_id for one in HELD.alerts if not one.province)
