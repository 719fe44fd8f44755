"""The main journeys by mouse and by keyboard alone, in a browser that finds no other host."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from benchmarks.dashboard_house import enter
from benchmarks.journeys import JOURNEYS, Journey, UnreachedError, Walker
from dashboard.accounts.records import Role
from tests.browser_stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.functional]


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
def test_it_arrives(held: Stack, browser: Browser, journey: Journey, way: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    enter(context, held, Role.POLICYMAKER)
    try:
        journey(Walker(context.new_page(), way == "keyboard"), held.url)
    finally:
        context.close()


def test_the_walker_notices_what_no_key_reaches(held: Stack, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{held.url}/en/bulletins")
    page.set_content("<main><p id='mute'>no link</p><a href='#'>one</a></main>")
    with pytest.raises(UnreachedError, match="never comes"):
        Walker(page, by_keyboard=True).press(page.locator("#mute"))
    page.close()
