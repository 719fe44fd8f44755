"""An advert that attacks its readers is shown as the text it is, on pages that show adverts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser_stack import Watched, dashboard_stack
from tests.factories_dashboard import NOW, vacancy
from tests.seeding_dashboard import insert_opening
from warehouse.client import connect

pytestmark = [pytest.mark.browser, pytest.mark.functional]
ATTACKS = (
    "<img src=x onerror=window.owned=1>",
    "</script><script>window.owned=2</script>",
    '"><svg onload=window.owned=3>',
    "[a](javascript:window.owned=4)",
    "<iframe srcdoc='<script>parent.owned=5</script>'>",
    "{{constructor.constructor('window.owned=6')()}}",
)
SHOWING = ("/vacancies", "")
"""Pages that show adverts; the others tell figures of them."""
PAGES = (*SHOWING, "/occupations/2", "/provinces/LA-VT", "/sources")


@pytest.fixture
def watched(browser: Browser, tmp_path: Path) -> Iterator[tuple[str, Watched]]:
    """A dashboard whose newest vacancies attack, and a browser that is logged in there."""
    with (
        dashboard_stack(tmp_path, {}) as stack,
        connect(stack.settings) as client,
    ):
        note = {"rows": 2 * len(ATTACKS), "tables": ["vacancies", "vacancy_events"]}
        for number, attack in enumerate(ATTACKS):
            row = replace(
                vacancy(number), vacancy_id=f"hostile{number}", title=attack, employer=attack,
                province="LA-VT", isco08="2411",
                first_seen=NOW + timedelta(hours=1, minutes=number),
            )  # fmt: skip
            insert_opening(client, row)
        stack.redis.publish("labourwatch:live", json.dumps(note))
        page = Watched(browser.new_page(viewport={"width": 1440, "height": 900}))
        yield stack.url, page
        page.page.close()


def test_no_page_runs_what_an_advert_says(watched: tuple[str, Watched]) -> None:
    url, page = watched
    dialogs: list[str] = []
    page.page.on("dialog", lambda one: dialogs.append(one.message))
    for path in PAGES:
        page.open(f"{url}/en{path}")
        if path in SHOWING:
            first = page.page.locator("#app tbody tr", has_text=ATTACKS[0]).first
            expect(first).to_be_visible(timeout=60_000)
        if path == "/vacancies":
            shown = page.page.inner_text("body")
            assert [attack for attack in ATTACKS if attack not in shown] == []
        assert page.page.evaluate("window.owned") is None, path
        assert page.page.evaluate("document.querySelectorAll('#app iframe').length") == 0
        links = "[...document.links].filter(a => a.protocol === 'javascript:').length"
        assert page.page.evaluate(links) == 0
    assert dialogs == []
    assert page.hosts == {url.removeprefix("http://")}
    assert page.complaints == []
