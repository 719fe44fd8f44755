"""Officers answer an alert by forms: each deed is kept under the account's name, once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import redis
import requests

from alerts.boxes import HISTORY
from alerts.silences import Matchers, silence_of
from alerts.store import CURRENT, AlertStore
from config.settings import Settings
from dashboard.accounts.records import Role, Viewer
from dashboard.answering import routes
from dashboard.answering.deeds import matchers_of, may_end
from dashboard.app import create_app
from tests.browser_stack import standing_alert
from tests.fixtures_redis import start_redis
from tests.logged_in import COOKIE, session_of
from tests.served_dashboard import served
from tests.unit.test_account_views import ALERT, CHAMPASAK, HELD
from tests.unit.test_dashboard_app import Seeded

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
PATH = f"/en/answer/{ALERT}"


@dataclass
class Office:
    """A served dashboard and a browser that is logged in for Champasak."""

    url: str
    browser: requests.Session
    store: redis.Redis
    acknowledged: list[tuple[str, str]]

    def send(self, **fields: str) -> requests.Response:
        return self.post(**self.drawn(), **fields)

    def drawn(self) -> dict[str, str]:
        """What a form that was just drawn carries without being asked."""
        page = self.browser.get(self.url + PATH, timeout=30)
        found = {name: re.search(rf'name="{name}" value="([0-9a-f]+)"', page.text)
                 for name in ("form", "once")}  # fmt: skip
        return {name: one[1] for name, one in found.items() if one}

    def post(self, **fields: str) -> requests.Response:
        return self.browser.post(self.url + PATH, data=fields, allow_redirects=False, timeout=30)

    def noted(self) -> list[tuple[str, ...]]:
        """What the audit log holds: actor, deed, alert, detail."""
        entries = [msgspec.json.decode(one) for one in self.store.lrange("lw:account:audit", 0, -1)]
        return [(e["actor"], e["deed"], e["target"], e["detail"]) for e in entries]

    def deeds(self) -> list[dict[str, Any]]:
        items = [msgspec.json.decode(item) for item in self.store.lrange(HISTORY, 0, -1)]
        return [deed for item in items for deed in item["actions"]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    acknowledged: list[tuple[str, str]] = []

    def acknowledge(alert_id: str, _now: object, officer: str) -> bool:
        acknowledged.append((alert_id, officer))
        return len(acknowledged) == 1

    def no_warehouse(*_: object, **__: object) -> None:
        raise OSError("there is no warehouse here")

    patched = pytest.MonkeyPatch()
    patched.setattr(routes, "connect", no_warehouse)
    register = Seeded()
    register.snapshot = HELD
    with start_redis(folder) as redis_url:
        settings = Settings(var_dir=folder, redis_url=redis_url)
        browser = requests.Session()
        browser.cookies.set(COOKIE, session_of(settings, Role.PROVINCIAL, "LA-CH"))
        with (
            redis.Redis.from_url(redis_url) as store,
            served(create_app(settings, register, acknowledge)) as url,
        ):
            yield Office(url, browser, store, acknowledged)
    patched.undo()


def test_an_alert_is_acknowledged_once_under_the_accounts_name(office: Office) -> None:
    first, second = office.send(step="acknowledge"), office.send(step="acknowledge")
    assert (first.status_code, first.headers["location"]) == (303, f"{PATH}?said=acknowledged")
    assert second.status_code == 409
    assert set(office.acknowledged) == {(ALERT, "test-provincial")}


def test_a_verdict_is_kept_redacted_and_leads_back(office: Office) -> None:
    answer = office.send(step="verdict", verdict="true", done="called 020 5555 1234", note="")
    assert answer.status_code == 303
    deed = office.deeds()[-1]
    kept = [deed[name] for name in ("alert_id", "action", "verdict", "officer", "channel")]
    assert kept == [ALERT, "verdict", "true", "test-provincial", "dashboard"]
    assert "5555" not in deed["done"]
    assert "Your verdict is kept" in office.browser.get(
        office.url + answer.headers["location"], timeout=30
    ).text  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [{"step": "verdict", "verdict": "maybe"}, {"step": "note", "note": " "}, {"step": "burn"},
     {"step": "silence", "scope": "this", "days": "7", "why": ""},
     {"step": "silence", "scope": "this", "days": "9999", "why": "x"},
     {"step": "end", "silence": "none"}],
)  # fmt: skip
def test_what_is_incomplete_is_said_and_nothing_is_kept(
    office: Office, fields: dict[str, str]
) -> None:
    before = office.store.llen(HISTORY)
    assert office.send(**fields).status_code == 422
    assert office.store.llen(HISTORY) == before


def test_a_form_sent_twice_is_kept_once_and_answered_alike(office: Office) -> None:
    form = {**office.drawn(), "step": "note", "note": "the mill has closed"}
    before = office.store.llen(HISTORY)
    answers = [office.post(**form) for _ in range(3)]
    assert {answer.headers["location"] for answer in answers} == {f"{PATH}?said=note"}
    assert office.store.llen(HISTORY) == before + 1
    assert office.post(**{**form, "note": "the mill has closed for good"}).status_code == 303
    assert office.post(**{**form, **office.drawn()}).status_code == 303, "another form, another day"
    assert office.store.llen(HISTORY) == before + 3


def test_an_acknowledgement_sent_twice_is_not_refused(office: Office) -> None:
    office.acknowledged.clear()
    form = {**office.drawn(), "step": "acknowledge"}
    assert {office.post(**form).status_code for _ in range(2)} == {303}
    assert len(office.acknowledged) == 1


def test_a_form_without_a_name_of_its_own_does_nothing(office: Office) -> None:
    form = office.drawn()["form"]
    assert office.post(form=form, step="note", note="x").status_code == 422


def test_a_silence_is_previewed_before_it_is_set(office: Office) -> None:
    fields = {"scope": "kind", "days": "14", "why": "fair in Pakse"}
    shown = office.send(step="preview", **fields)
    assert shown.status_code == 200
    assert "would hide now: 0" in shown.text
    assert AlertStore(office.store).silences() == []
    assert office.send(step="silence", **fields).status_code == 303
    (kept,) = AlertStore(office.store).silences()
    assert (kept.matchers.province, kept.officer) == ("LA-CH", "test-provincial")
    assert kept.to_at - kept.from_at == timedelta(days=14)


def test_every_deed_is_in_the_audit_log_once_without_free_text(office: Office) -> None:
    office.acknowledged.clear()
    sent = [
        {"step": "acknowledge"},
        {"step": "verdict", "verdict": "false", "done": "", "note": "ask Dara, 020 5555 1234"},
        {"step": "note", "note": "ask Dara"},
        {"step": "silence", "scope": "this", "days": "7", "why": "ask Dara"},
    ]
    held = standing_alert(ALERT, "LA-CH")
    office.store.hset(CURRENT, held.key, msgspec.json.encode(held))
    before = len(office.noted())
    for fields in [*sent, {"step": "note", "note": ""}, {"step": "preview", "scope": "kind"}]:
        form = {**office.drawn(), **fields}
        for _ in range(2):  # a button pressed twice
            office.post(**form)
    (silence,) = [s for s in AlertStore(office.store).silences() if s.why == "ask Dara"]
    office.send(step="end", silence=silence.silence_id)
    assert office.noted()[before:] == [
        ("test-provincial", deed, ALERT, detail)
        for deed, detail in (
            ("alert_acknowledged", ""), ("alert_judged", "false"), ("alert_noted", ""),
            ("alert_silenced", "this 7 days"), ("silence_ended", silence.silence_id),
        )
    ]  # fmt: skip


def test_a_form_of_another_site_does_nothing(office: Office) -> None:
    before = office.store.llen(HISTORY)
    answer = office.browser.post(
        office.url + PATH, data={"step": "note", "note": "x"}, timeout=30, allow_redirects=False
    )
    assert answer.status_code == 403
    assert office.store.llen(HISTORY) == before


def test_a_province_ends_only_silences_of_its_own() -> None:
    alert = HELD.alert(ALERT)
    assert alert is not None
    national = Viewer(name="p-1", role=Role.POLICYMAKER)
    for matchers, own in (
        (matchers_of(alert, "this"), True),
        (matchers_of(alert, "kind"), True),
        (Matchers(kind=alert.kind), False),
        (Matchers(province="nation"), False),
    ):
        until = NOW + timedelta(days=1)
        silence = silence_of(matchers, from_at=NOW, to_at=until, officer="x", why="y")
        assert may_end(CHAMPASAK, alert, silence) == own
        assert may_end(national, alert, silence)
