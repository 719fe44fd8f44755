"""Logging in by keyboard in a real browser, without scripts of ours, on a phone and a desktop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from config.settings import Settings
from dashboard.accounts.passwords import hash_of
from dashboard.accounts.records import Role
from tests.fixtures_redis import start_redis
from tests.functional.test_dashboard_browser import SIZES
from tests.logged_in import COOKIE, session_of
from tests.push_stack import dashboard

pytestmark = [pytest.mark.browser, pytest.mark.functional]
PASSWORD = "rice grows by the river"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("accounts")
    with start_redis(folder) as redis_url:
        settings = Settings(var_dir=folder, redis_url=redis_url)
        session_of(settings, Role.ADMIN, password=hash_of(PASSWORD))
        with dashboard(settings) as address:
            yield address


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_admin_logs_in_and_out_by_keyboard(
    url: str, browser: Browser, size: str, prefix: str
) -> None:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{url}{prefix}/log-in")
    clean(page)
    page.locator("#name").focus()
    page.keyboard.type("test-admin")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_be_visible()
    clean(page)
    page.locator("#password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}{prefix or '/'}")
    page.goto(f"{url}{prefix}/accounts")
    clean(page)
    page.goto(f"{url}{prefix}/account")
    clean(page)
    page.locator("form button").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}{prefix or '/'}")
    assert not [one for one in page.context.cookies() if one["name"] == COOKIE]
    page.close()
