"""The main journeys through the dashboard, each walked by mouse and by keyboard alone.

A step names what the reader wants to reach. By mouse it is clicked; by keyboard it is reached with
Tab from where the reader stands and pressed with Enter, as somebody does who has no mouse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.dashboard_house import PASSWORD, SECOND
from benchmarks.dashboard_pages import STANDING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_MOST_TABS: Final = 220
"""Presses after which something counts as out of reach."""


_SEEN: Final = """one => getComputedStyle(one).outlineStyle !== 'none'
  || [...one.querySelectorAll('path')].some(
    path => parseFloat(getComputedStyle(path).strokeWidth) >= 3)"""
"""Whether the focus can be seen: an outline, or in a drawing a heavy edge."""


class UnreachedError(AssertionError):
    """A step cannot be done so."""


@dataclass(frozen=True, slots=True)
class Walker:
    """One reader with one way of pointing."""

    page: Page
    by_keyboard: bool

    def press(self, target: Locator) -> None:
        """Follow a link or press a button.

        Raises:
            UnreachedError: Tab never comes there.
        """
        if not self.by_keyboard:
            target.click()
            return
        self._tab_to(target)
        self.page.keyboard.press("Enter")

    def choose(self, target: Locator, value: str) -> None:
        """Choose an option of a drop-down by its value.

        Raises:
            UnreachedError: Tab never comes there, or the option is none of its own.
        """
        if not self.by_keyboard:
            target.select_option(value)
            return
        self._tab_to(target)
        count = target.locator("option").count()
        self.page.keyboard.press("Home")
        for _ in range(count):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        if target.input_value() != value:
            raise UnreachedError(f"no key leads to the option {value}")

    def _tab_to(self, target: Locator) -> None:
        target.wait_for(state="attached")
        for _ in range(_MOST_TABS):
            if target.evaluate("one => one === document.activeElement"):
                if not target.evaluate(_SEEN):
                    raise UnreachedError("where the focus is cannot be seen")
                return
            self.page.keyboard.press("Tab")
        raise UnreachedError("Tab never comes there")

    def write(self, target: Locator, text: str) -> None:
        """Write into a field.

        Raises:
            UnreachedError: Tab never comes there.
        """
        if self.by_keyboard:
            self._tab_to(target)
        else:
            target.click()
        self.page.keyboard.type(text)

    def sees(self, selector: str, text: str = "") -> None:
        """Wait until something stands on the page."""
        found = self.page.locator(selector)
        (found.filter(has_text=text) if text else found).first.wait_for(timeout=20_000)


Journey = Callable[[Walker, str], None]


def _open(walker: Walker, address: str) -> None:
    walker.page.goto(address)
    walker.sees("#app .frame h1")


def read_now_and_change_language(walker: Walker, url: str) -> None:
    """What is going wrong, in the other language."""
    _open(walker, f"{url}/")
    walker.sees("#app .tile .value")
    walker.press(walker.page.locator("#app .languages a[hreflang=en]"))
    walker.sees("#app h1", "The labour market now")


def log_in(walker: Walker, url: str) -> None:
    """From the first page to one's account and back to it."""
    walker.page.context.clear_cookies()
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app a.account"))
    walker.write(walker.page.locator("#name"), "test-policymaker")
    walker.write(walker.page.locator("#password"), PASSWORD)
    walker.page.keyboard.press("Enter")
    walker.sees("#app a.account", "test-policymaker")


def skip_to_content(walker: Walker, url: str) -> None:
    """Past the menu to the content."""
    _open(walker, f"{url}/en")
    if walker.by_keyboard:
        walker.press(walker.page.locator("#app a.skip"))
    else:
        walker.page.locator("#main").click(position={"x": 2, "y": 2})
    walker.page.wait_for_function("document.activeElement.closest('#main') !== null")


def follow_an_alert(walker: Walker, url: str) -> None:
    """From the first page to an alert, its evidence as a table, and back to the list."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app .alert-link").first)
    walker.sees("#app #evidence-heading")
    walker.press(walker.page.locator("#app main summary").first)
    walker.sees("#app main details[open] table")


def acknowledge(walker: Walker, url: str) -> None:
    """An officer says that somebody looks into it."""
    alert = SECOND if walker.by_keyboard else STANDING
    _open(walker, f"{url}/en/alerts/{alert}")
    walker.press(walker.page.get_by_role("button", name="Acknowledge this alert"))
    walker.sees("#acknowledge-result", "Recorded")


def look_at_a_province(walker: Walker, url: str) -> None:
    """One province on the first page."""
    _open(walker, f"{url}/en")
    walker.choose(walker.page.locator("#choice-province"), "LA-SV")
    walker.sees("#app .summary", "Savannakhet")


def read_the_map_as_a_table(walker: Walker, url: str) -> None:
    """The map without seeing it."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app section:has(.chart.map) summary").first)
    walker.sees("#app section:has(.chart.map) details[open] table", "Savannakhet")


def change_the_measure_of_the_map(walker: Walker, url: str) -> None:
    """Change instead of level."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.get_by_role("button", name="Four-week change"))
    walker.sees("#app [aria-pressed=true]", "Four-week change")


def read_the_newest_vacancies(walker: Walker, url: str) -> None:
    """From the menu to the vacancies of one group."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app nav .row a[href='/en/vacancies']"))
    walker.sees("#app h1", "vacancies")
    walker.choose(walker.page.locator("#choice-group"), "2")
    walker.sees("#app tbody tr")


def check_the_sources(walker: Walker, url: str) -> None:
    """Whether what is shown can be believed."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app nav .row a[href='/en/sources']"))
    walker.sees("#app h1", "Sources")
    walker.sees("#app tbody tr")


def find_a_bulletin(walker: Walker, url: str) -> None:
    """From the foot of the page to the archive."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app footer a[href='/en/bulletins']"))
    walker.sees("h1", "Bulletins")


def compare_a_province(walker: Walker, url: str) -> None:
    """From the menu to one province with its neighbours."""
    _open(walker, f"{url}/en")
    walker.press(walker.page.locator("#app nav .row a[href='/en/provinces']"))
    walker.press(walker.page.locator("#app main a[href='/en/provinces/LA-SV']").first)
    walker.sees("#app h1", "Savannakhet")


JOURNEYS: Final[tuple[Journey, ...]] = (
    log_in, read_now_and_change_language, skip_to_content, follow_an_alert, acknowledge,
    look_at_a_province, read_the_map_as_a_table, change_the_measure_of_the_map,
    read_the_newest_vacancies, check_the_sources, find_a_bulletin,
    compare_a_province,
)  # fmt: skip
