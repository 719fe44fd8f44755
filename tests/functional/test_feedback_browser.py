"""A reader without scripts, by keyboard alone, tells what is wrong and reads the receipt."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from dashboard.feedback.box import FeedbackBox
from tests.browser_stack import Stack, dashboard_stack
from warehouse.client import connect
from warehouse.feedback import read_feedback

pytestmark = [pytest.mark.browser, pytest.mark.functional]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with dashboard_stack(tmp_path_factory.mktemp("feedback"), {}) as made:
        yield made


def test_a_reader_tells_by_keyboard_without_scripts(stack: Stack, browser: Browser) -> None:
    page = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 780}
    ).new_page()
    page.goto(f"{stack.url}/en/provinces/LA-CH")
    page.locator("footer a.tell").press("Enter")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose what it is about.")
    page.locator("#kind-number").press("Space")
    page.locator("#text").focus()
    page.keyboard.insert_text("I know of more; call 020 5551 2345")
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    number = page.locator("code.number").inner_text()
    FeedbackBox(stack.settings).store()
    page.reload()
    expect(page.locator(".written")).to_have_text("I know of more; call [phone]")
    page.context.close()
    with connect(stack.settings) as client:
        (found,) = read_feedback(client, beginning=number)
    assert found.feedback.page == "/en/provinces/LA-CH"
    assert found.feedback.page_as_of is not None
