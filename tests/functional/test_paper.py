"""An alert on paper: one A4 page by Chromium's own printing, however much there is to say."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.dashboard_house import enter, house
from benchmarks.dashboard_pages import STANDING
from dashboard.accounts.records import Role
from tests.browser_stack import Stack
from tests.factories_dashboard import NOW, alert, history
from tests.served_dashboard import get
from warehouse.client import connect
from warehouse.history import AlertRecord, write_alert_history

pytestmark = [pytest.mark.browser, pytest.mark.functional]
LONGEST = "1009e57a1e271009"
POINTS_OF_A4 = (595, 842)


@pytest.fixture(scope="module")
def held() -> Iterator[Stack]:
    with house() as made:
        write_alert_history(connect(made.settings), long_history())
        made.redis.publish("labourwatch:live", '{"tables": ["alert_history"]}')
        until = time.monotonic() + 60
        while LONGEST not in get(f"{made.url}/alerts").text:
            assert time.monotonic() < until, "the alert never came"
            time.sleep(0.2)
        yield made


def long_history() -> list[AlertRecord]:
    """A national alert of thirty sources that began and ended three hundred times."""
    sources = tuple(f"a-board-with-a-long-name-{number:02d}" for number in range(30))
    long = alert(alert_id=LONGEST, province="", isco1="", sources=sources)
    shared = {one.name for one in fields(AlertRecord)} & {one.name for one in fields(long)}
    first = AlertRecord(
        **{name: getattr(long, name) for name in shared}, at=NOW, recorded_at=NOW,
        previous_state="pending", notified=True,
    )  # fmt: skip
    states = [change.state for change in history()]
    return [
        replace(first, at=NOW - timedelta(hours=back), state=states[-1 - back % 2])
        for back in range(300)
    ]


@pytest.mark.parametrize("scripts", [True, False], ids=["live", "light"])
@pytest.mark.parametrize("front", ["", "/en"], ids=["lo", "en"])
def test_an_alert_is_one_page(held: Stack, browser: Browser, front: str, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    enter(context, held, Role.POLICYMAKER)
    page = context.new_page()
    for item in (LONGEST,) if scripts else (LONGEST, "a1b2c3d4e5f60718", STANDING):
        page.goto(f"{held.url}{front}/alerts/{item}")
        if scripts:
            page.wait_for_selector("#app .frame h1", timeout=60_000)
        printed = page.pdf(prefer_css_page_size=True)
        sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, f"{item} takes more than a page"
        assert [tuple(round(float(side)) for side in size) for size in sizes] == [POINTS_OF_A4]
    context.close()


def test_paper_shows_the_evidence_and_says_what_it_leaves_out(
    held: Stack, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 703, "height": 1034}, java_script_enabled=False
    )
    enter(context, held, Role.POLICYMAKER)
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(f"{held.url}/en/alerts/{LONGEST}")
    expect(page.locator("svg.evidence")).to_be_visible()
    expect(page.get_by_text("all of them stand on the page of this alert")).to_be_visible()
    sheet, key = page.locator(".frame").bounding_box(), page.locator(".legend").bounding_box()
    assert sheet is not None
    assert key is not None
    assert sheet["height"] <= 1040
    assert key["y"] + key["height"] < sheet["y"] + sheet["height"]
    context.close()
