"""Whether everybody can use the dashboard: axe-core on every page, language and size, journeys by
mouse and by keyboard alone, strings that one language lacks, pages that scroll sideways.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.sync_playwright import Axe

from benchmarks.dashboard_house import chromium, enter, house
from benchmarks.dashboard_pages import STANDING, in_language, pages
from benchmarks.journeys import JOURNEYS, Walker
from benchmarks.report import Figure
from benchmarks.screenshots import settle
from dashboard.accounts.records import Role
from dashboard.language import CODES, language
from tests.browser_stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_SIZES: Final = {"desktop": (1440, 900), "phone": (360, 780), "zoomed": (320, 640)}
"""The last is what a screen of 1280 points leaves at a zoom of 400 %."""
_WAYS: Final[tuple[tuple[str, Role | None, dict[str, Any]], ...]] = (
    ("phone", None, {"color_scheme": "dark"}),
    ("phone", None, {}),
    ("desktop", Role.POLICYMAKER, {}),
    ("desktop", Role.POLICYMAKER, {"color_scheme": "dark"}),
    ("phone", Role.PROVINCIAL, {}),
    ("desktop", Role.ANALYST, {"color_scheme": "dark"}),
    ("desktop", Role.ADMIN, {}),
    ("phone", Role.ADMIN, {"color_scheme": "dark"}),
    ("phone", Role.CORRECTOR, {"reduced_motion": "reduce"}),
    ("zoomed", Role.POLICYMAKER, {"forced_colors": "active"}),
)
"""Size, who looks, and what the reader set: dark, less motion, the colours of high contrast."""
_QUICK: Final = 1
_FORMS: Final = ("/submit", "/corrections", "/log-in", "/feedback", f"/answer/{STANDING}")
"""Forms that are also looked at with what they say of a wrong submission."""


_PROSE: Final = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def measure(_: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Violations, journeys and strings."""
    with house() as held, chromium() as browser:
        found = _violations(browser, held, quick=quick)
    # A house of its own: forms that were sent to look at their refusals have acknowledged an alert.
    with house() as held, chromium() as browser:
        failed = {way: _walk(browser, held, way == "keyboard") for way in ("mouse", "keyboard")}
    lacking = untranslated()
    count = len(JOURNEYS)
    told = (
        ("pages", found["pages"], "", "pages with an address of their own, in each language"),
        ("languages", len(CODES), "2", "Lao and English"),
        ("axe_violations", sum(found["axe"].values()), "0",
         f"nodes that axe-core finds at fault, all pages × languages × {len(found['ways'])} ways"),
        ("sideways", found["sideways"], "0", "pages that scroll sideways at 320 points or more"),
        ("complaints", found["complaints"], "0", "errors and warnings in the browser's console"),
        ("mouse_journeys_passed", count - len(failed["mouse"]), f"{count}",
         "main journeys by mouse"),
        ("keyboard_journeys_passed", count - len(failed["keyboard"]), f"{count}",
         "the same by keyboard alone, with a visible focus"),
        ("untranslated", len(lacking), "0", "strings missing in a language, or not in its letters"),
    )  # fmt: skip
    figures = [Figure(key=k, value=v, goal=g, about=a) for k, v, g, a in told]
    return figures, {**found, "axe": dict(found["axe"]), "failed": failed, "untranslated": lacking}


def untranslated() -> list[str]:
    """Keys that one language lacks, or that say in both the same words, not names alone."""
    lao, english = language("lo").strings, language("en").strings
    same = {key for key, text in lao.items() if english.get(key) == text}
    return sorted(
        (set(lao) ^ set(english)) | {key for key in same if _PROSE.search(_words(lao[key]))}
    )


def _words(text: str) -> str:
    """What a string says without its placeholders."""
    return re.sub(r"\{\w+\}", "", text)


def _violations(browser: Browser, held: Stack, *, quick: bool) -> dict[str, Any]:
    axe, counted, sideways, complaints = Axe(), Counter[str](), 0, list[str]()
    ways, seen = _WAYS[:_QUICK] if quick else _WAYS, set[str]()
    for size, role, media in ways:
        width, height = _SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **media)
        if role is not None:
            enter(context, held, role, "LA-SV" if role is Role.PROVINCIAL else "")
        cookies = {one["name"]: one["value"] for one in context.cookies()}
        paths = pages(held.url, cookies)
        seen.update(paths)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for code in CODES:
            for path in paths:
                address = in_language(path, code)
                page.goto(held.url + address)
                if page.locator("#first-paint, #app").count():  # Dash adds the second in time
                    settle(page)
                page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
                counted.update(faults(axe, page, address))
                wide = "document.documentElement.scrollWidth - window.innerWidth"
                sideways += page.evaluate(wide) > 0
                if path in _FORMS and _sent_empty(page):
                    counted.update(faults(axe, page, f"{address} (refused)"))
        context.close()
    named = [f"{size}, {role or 'public'}, {media or 'plain'}" for size, role, media in ways]
    return {
        "axe": counted, "pages": len(seen), "sideways": sideways, "complaints": len(complaints),
        "ways": named, "said": complaints[:10],
    }  # fmt: skip


_SEND: Final = "one => { one.noValidate = true; one.requestSubmit(one.querySelector('button')) }"


def faults(axe: Axe, page: Page, name: str) -> dict[str, int]:
    """Nodes at fault by rule, of the page as it stands."""
    found = axe.run(page).response["violations"]
    return {f"{one['id']} {name}": len(one["nodes"]) for one in found}


def _sent_empty(page: Page) -> bool:
    """Send the page's first form as it is, past the browser's own checks; whether it has one."""
    form = page.locator("main form[method=post]").first
    if not form.count():
        return False
    with page.expect_navigation():
        form.evaluate(_SEND)
    return True


def _walk(browser: Browser, held: Stack, by_keyboard: bool) -> dict[str, str]:
    """Journeys that failed, with why."""
    failed = {}
    for journey in JOURNEYS:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        enter(context, held, Role.POLICYMAKER)
        page = context.new_page()
        try:
            journey(Walker(page, by_keyboard), held.url)
        except (AssertionError, _timeout()) as error:
            failed[journey.__name__] = str(error).splitlines()[0]
        context.close()
    return failed


def _timeout() -> type[Exception]:
    from playwright.sync_api import TimeoutError as TooLateError

    return TooLateError
