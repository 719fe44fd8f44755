"""The page on which an alert is answered, over a real warehouse: what was done is read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import requests

from alerts.actions import Action, Channel, action_of
from alerts.alert import State
from alerts.delivery import write_history
from alerts.store import CURRENT, AlertStore, read_alerts
from dashboard.accounts.records import Role
from tests.browser_stack import Stack, dashboard_stack
from tests.logged_in import COOKIE, session_of
from warehouse.client import connect
from warehouse.deeds import read_actions, read_silences

pytestmark = pytest.mark.integration
ALERT, BESIDE, ELSEWHERE = "feedbeeffeedbeef", "beefbeefbeefbeef", "deadbeefdeadbeef"
PATH = f"/en/answer/{ALERT}"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    standing = {ALERT: "LA-SV", BESIDE: "LA-CH", ELSEWHERE: "LA-VT"}
    with dashboard_stack(tmp_path_factory.mktemp("answering"), standing) as made:
        yield made


@pytest.fixture
def officer(stack: Stack) -> requests.Session:
    browser = requests.Session()
    browser.cookies.set(COOKIE, session_of(stack.settings, Role.PROVINCIAL, "LA-SV"))
    return browser


def form_of(page: str) -> dict[str, str]:
    return {name: re.findall(rf'name="{name}" value="([0-9a-f]+)"', page)[0]
            for name in ("form", "once")}  # fmt: skip


def write_down(stack: Stack) -> None:
    """What the alert process does with what was put into the outbox."""
    write_history(AlertStore(stack.redis), connect(stack.settings))


def history_of(page: str) -> str:
    """The list of deeds as words."""
    listed = page.rpartition("What was done about it")[2].partition("</ol>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", listed).split())


def test_deeds_come_back_in_the_history_once_and_newest_first(
    stack: Stack, officer: requests.Session
) -> None:
    url = stack.url + PATH
    empty = officer.get(url, timeout=30).text
    assert "Nothing so far." in empty
    verdict = {
        **form_of(empty),
        "step": "verdict",
        "verdict": "true",
        "done": "visited",
        "note": "",
    }
    for _ in range(2):
        assert officer.post(url, data=verdict, timeout=30).status_code == 200  # followed
    note = {**form_of(empty), "step": "note", "note": "two mills closed, call 020 5555 1234"}
    officer.post(url, data=note, timeout=30)
    write_down(stack)
    held = history_of(officer.get(url, timeout=30).text)
    assert held.index("Note (test-provincial)") < held.index("Judged: It is true")
    assert held.count("Judged") == held.count("two mills closed") == held.count("visited") == 1
    assert "5555" not in held
    kept = read_actions(connect(stack.settings), alert_id=ALERT)
    assert [one.action for one in kept] == ["verdict", "note"]


def test_a_deed_of_another_door_stands_in_the_same_history(
    stack: Stack, officer: requests.Session
) -> None:
    deed = action_of(
        Action.NOTE, ALERT, officer="desk-7", channel=Channel.COMMAND,
        at=datetime.now(UTC), note="from the shell",
    )  # fmt: skip
    AlertStore(stack.redis).record(deed)
    write_down(stack)
    assert "from the shell" in history_of(officer.get(stack.url + PATH, timeout=30).text)


def test_a_preview_names_what_a_silence_hides_and_no_more(
    stack: Stack, officer: requests.Session
) -> None:
    held = {alert.alert_id: alert for alert in read_alerts(stack.redis)}
    assert {ALERT, BESIDE, ELSEWHERE} <= {key for key, one in held.items() if one.is_open}
    url = stack.url + PATH
    wanted = {"scope": "kind", "days": "28", "why": "the harvest <every> year"}
    form = {**form_of(officer.get(url, timeout=30).text), "step": "preview", **wanted}
    page = officer.post(url, data=form, timeout=30).text
    assert "Open alerts it would hide now: 1" in page
    shown = page.split("would hide now")[1].split("</ul>")[0]
    assert "Savannakhet" in shown
    assert "Champasak" not in shown
    assert "the harvest &lt;every&gt; year" in page, "what was written is still in the form"
    assert re.search(r'value="28" selected', page)
    assert re.search(r'value="kind" required checked', page)
    before = read_silences(connect(stack.settings))
    form = {**form_of(page), "step": "silence", **wanted}
    for _ in range(2):
        page = officer.post(url, data=form, timeout=30).text
    assert "The silence is set." in page
    assert page.count("End it now") == 1
    write_down(stack)
    (kept,) = [one for one in read_silences(connect(stack.settings)) if one not in before]
    assert (kept.officer, kept.to_at - kept.from_at) == ("test-provincial", timedelta(days=28))


def test_a_preview_of_one_alert_is_of_that_alert(stack: Stack, officer: requests.Session) -> None:
    url = stack.url + PATH
    form = {**form_of(officer.get(url, timeout=30).text), "step": "preview", "scope": "this",
            "days": "7", "why": "known"}  # fmt: skip
    assert "Open alerts it would hide now: 1" in officer.post(url, data=form, timeout=30).text
    held = next(one for one in read_alerts(stack.redis) if one.alert_id == ALERT)
    gone = replace(held, state=State.RESOLVED)
    stack.redis.hset(CURRENT, held.key, msgspec.json.encode(gone))
    try:
        assert not gone.is_open
        assert "Open alerts it would hide now: 0" in officer.post(url, data=form, timeout=30).text
    finally:
        stack.redis.hset(CURRENT, held.key, msgspec.json.encode(held))


def test_what_was_written_is_not_lost_where_something_was_missing(
    stack: Stack, officer: requests.Session
) -> None:
    url = stack.url + PATH
    form = {**form_of(officer.get(url, timeout=30).text), "step": "verdict", "done": "asked three"}
    answer = officer.post(url, data=form, timeout=30)
    assert answer.status_code == 422
    assert "asked three" in answer.text
