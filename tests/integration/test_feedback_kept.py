"""Feedback from the form to the warehouse, and back as an answer; nothing is lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest
import redis
import requests
from clickhouse_connect.driver.exceptions import Error

from config.settings import Settings
from dashboard.app import create_app
from dashboard.feedback import box as boxes
from dashboard.feedback.box import OUTBOX, UNREADABLE, BoxFullError, FeedbackBox
from dashboard.feedback.routes import SENT_A_MINUTE
from labourwatch.answering_feedback import FeedbackError, listing, rows, state, whole
from tests.fixtures_redis import start_redis
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from tests.served_dashboard import served
from tests.unit.test_dashboard_app import Seeded
from tests.unit.test_feedback import kept
from warehouse.client import connect
from warehouse.feedback import read_feedback

pytestmark = pytest.mark.integration
PLACE = {"page": "/en/provinces/LA-CH", "as_of": "2026-11-20T03:00:00+00:00"}
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)


@dataclass
class House:
    """A dashboard over real stores."""

    url: str
    settings: Settings
    store: redis.Redis
    box: FeedbackBox

    def page(self, browser: requests.Session) -> dict[str, str]:
        """The hidden fields of the form, as a browser gets them."""
        text = browser.get(f"{self.url}/en/feedback?{urlencode(PLACE)}", timeout=30).text
        return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))

    def send(self, browser: requests.Session, **fields: str) -> requests.Response:
        return browser.post(
            f"{self.url}/en/feedback", data={**self.page(browser), **fields},
            allow_redirects=False, timeout=30,
        )  # fmt: skip


@contextmanager
def house(folder: Path) -> Iterator[House]:
    with (
        running_warehouse(folder) as running,
        fresh_schema(running) as (_, database),
        start_redis(folder) as redis_url,
        redis.Redis.from_url(redis_url) as store,
    ):
        settings = running.model_copy(
            update={"clickhouse_database": database, "redis_url": redis_url, "var_dir": folder}
        )
        with served(create_app(settings, Seeded(), lambda *_: True)) as url:
            yield House(url, settings, store, FeedbackBox(settings))


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    patched = pytest.MonkeyPatch()
    patched.setattr(boxes, "EVERY_S", 3600.0)  # stored when a test says so
    with house(tmp_path_factory.mktemp("feedback")) as found:
        yield found
    patched.undo()


def test_feedback_is_kept_with_page_and_vintage_answered_and_closed(open_house: House) -> None:
    browser = requests.Session()
    first = open_house.send(browser, kind="number", text="Too high; call 020 5551 2345.")
    again = open_house.send(browser, kind="number", text="Too high; call 020 5551 2345.")
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"], "sent twice is one"
    receipt = open_house.url + first.headers["location"]
    assert "Thank you" in browser.get(receipt, timeout=30).text
    assert all("5551" not in str(value) for value in open_house.store.hvals(OUTBOX))
    assert open_house.box.store() == 1
    assert open_house.store.hlen(OUTBOX) == 0

    settings = open_house.settings
    with connect(settings) as client:
        (found,) = read_feedback(client)
        assert [one.feedback.kind for one in read_feedback(client, open_only=True)] == ["number"]
    one = found.feedback
    assert (one.page, one.page_as_of) == (PLACE["page"], datetime(2026, 11, 20, 3, tzinfo=UTC))
    assert one.held_as_of == Seeded().snapshot.loaded_at
    assert "Too high" in listing(settings, every=False, limit=9)[0]
    short = one.feedback_id[:8]
    state(settings, short, reason="", text="We look.", account="op", now=NOW)
    assert "We look." in browser.get(receipt, timeout=30).text
    state(settings, short, reason="corrected", text="", account="op",
          now=datetime.now(UTC))  # fmt: skip
    text = browser.get(receipt, timeout=30).text
    assert "it was wrong and is put right" in text
    assert listing(settings, every=False, limit=9) == ["no open feedback"]
    assert rows(settings, every=True, limit=9)[0]["state"] == "closed"
    assert any("closed (corrected) by op" in line for line in whole(settings, short))
    for beginning, reason, said in (("zz", "", "x"), (short, "because", "x"), (short, "", " ")):
        with pytest.raises(FeedbackError):
            state(settings, beginning, reason=reason, text=said, account="op", now=NOW)


def test_a_form_of_another_site_and_a_flood_are_refused(open_house: House) -> None:
    browser = requests.Session()
    held = open_house.store.hlen(OUTBOX)
    bare = {"kind": "idea", "text": "x", **PLACE}
    foreign = browser.post(f"{open_house.url}/feedback", data=bare, timeout=30)
    assert foreign.status_code == 403
    elsewhere = browser.post(
        f"{open_house.url}/feedback", data={**open_house.page(browser), **bare}, timeout=30,
        headers={"Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert elsewhere.status_code == 403
    missing = open_house.send(browser, kind="", text="kept in the form")
    assert missing.status_code == 422
    assert "kept in the form" in missing.text
    assert open_house.store.hlen(OUTBOX) == held
    codes = [
        open_house.send(browser, kind="idea", text=f"flood {number}").status_code
        for number in range(2 * SENT_A_MINUTE + 2)
    ]
    assert 429 in codes
    open_house.box.store()


def test_nothing_is_lost_while_the_warehouse_is_away(open_house: House) -> None:
    one = kept(text="While the warehouse sleeps.")
    away = FeedbackBox(open_house.settings.model_copy(update={"clickhouse_port": 1}))
    away.put(one)
    with pytest.raises((Error, OSError)):
        away.store()
    assert away.holds(one.feedback_id)
    first, second = FeedbackBox(open_house.settings), FeedbackBox(open_house.settings)
    assert first.store() == 1
    assert second.store() == 0
    second.put(one)  # a second dashboard had it too
    assert second.store() == 1
    with connect(open_house.settings) as client:
        assert len(read_feedback(client, beginning=one.feedback_id)) == 1


def test_what_cannot_be_read_is_set_aside_and_a_full_box_says_so(
    open_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_house.store.hset(OUTBOX, "old", msgspec.json.encode({"words": "of another version"}))
    open_house.store.hset(OUTBOX, "torn", '{"feedback_id": "to')
    assert open_house.box.store() == 0
    assert open_house.store.hexists(UNREADABLE, "old")
    assert open_house.store.hexists(UNREADABLE, "torn")
    monkeypatch.setattr(boxes, "MOST_WAITING", 0)
    with pytest.raises(BoxFullError):
        open_house.box.put(kept())


def test_an_unknown_number_leads_nowhere(open_house: House) -> None:
    assert requests.get(f"{open_house.url}/feedback/{'0' * 32}", timeout=30).status_code == 404
    assert requests.get(f"{open_house.url}/en/feedback/x", timeout=30).status_code == 404
