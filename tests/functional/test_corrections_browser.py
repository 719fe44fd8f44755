"""An officer corrects codes by keyboard alone in a real browser: both languages, two sizes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from scrapers.push.providers import Right
from tests.coding_stack import CodingStack, coding_stack
from tests.push_stack import agreed

pytestmark = [pytest.mark.browser, pytest.mark.functional]

SIZES = {"desktop": (1440, 900), "phone": (360, 780)}
PREFIXES = {"lo": "", "en": "/en"}
TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodingStack]:
    with coding_stack(tmp_path_factory.mktemp("coding")) as running:
        yield running


def clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", PREFIXES)
def test_from_the_access_code_to_the_effect_by_keyboard(
    stack: CodingStack, browser: Browser, language: str, size: str
) -> None:
    width, height = SIZES[size]
    token = agreed(stack.settings, f"office-{language}-{size}", rights=(Right.CORRECT,))
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=True
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(f"{stack.url}{PREFIXES[language]}/corrections")
    clean(page)
    page.locator("#code").focus()
    page.keyboard.type("lw.wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#code[aria-invalid=true]")).to_be_visible(timeout=30_000)
    page.locator("#code").focus()
    page.keyboard.insert_text(token)
    page.keyboard.press("Enter")
    first = page.locator("button[name=open]").first
    expect(first).to_be_visible(timeout=30_000)
    clean(page)
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_be_visible(timeout=30_000)
    clean(page)
    page.locator("#query").focus()
    page.keyboard.insert_text("ຄົນຂັບລົດ" if language == "lo" else "cashier")
    page.keyboard.press("Enter")
    found = page.locator("input[id^=found-]").first
    expect(found).to_be_visible(timeout=30_000)
    clean(page)
    found.focus()
    page.keyboard.press("Space")
    page.locator("#why").focus()
    page.keyboard.insert_text("the text says so")
    for _ in range(3):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "save":
            break
    page.keyboard.press("Enter")
    expect(page.locator("section[role=status] h2")).to_be_visible(timeout=30_000)
    clean(page)
    assert stack.corrections()[-1].why == "the text says so"
    assert hosts == {stack.url.removeprefix("http://")}
    context.close()
