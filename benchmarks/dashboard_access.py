"""Whether everybody can use the dashboard: axe-core on every page, language and size, journeys by
mouse and by keyboard alone, strings that one language lacks, pages that scroll sideways.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from axe_playwright_python.sync_playwright import Axe

from benchmarks.dashboard_house import STANDING, chromium, enter, house
from benchmarks.journeys import JOURNEYS, Walker
from benchmarks.report import Figure
from benchmarks.screenshots import settle
from dashboard.accounts.records import Role
from dashboard.addresses import Address, Page
from dashboard.language import CODES, language
from tests.browser_stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_SIZES: Final = {"desktop": (1440, 900), "phone": (360, 780), "zoomed": (320, 640)}
"""The last is what a screen of 1280 points leaves at a zoom of 400 %."""
_APART: Final = (
    "/submit", "/corrections", "/crawler", "/bulletins", "/log-in", "/account", "/methods",
    "/explore?indicator=flow&indicator2=flow&province2=LA-VT&indicator3=growth", "/operations",
)  # fmt: skip
_WAYS: Final[tuple[tuple[str, Role | None, dict[str, Any]], ...]] = (
    ("phone", None, {}),
    ("desktop", Role.POLICYMAKER, {}),
    ("desktop", Role.ADMIN, {}),
    ("phone", Role.CORRECTOR, {"reduced_motion": "reduce"}),
    ("zoomed", Role.POLICYMAKER, {"forced_colors": "active"}),
)
"""Size, who looks, and what the reader set: among others the colours of high contrast."""


_PROSE: Final = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def addresses(code: str) -> list[str]:
    """Every page in one language, an alert's own and those drawn apart among them."""
    front = "" if code == "lo" else f"/{code}"
    pages = [Address(language=code, page=page).path for page in Page]
    alert = Address(language=code, page=Page.ALERTS, item=STANDING).path
    return [*pages, alert, *(front + path for path in _APART)]


def measure(_: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Violations, journeys and strings."""
    with house() as held, chromium() as browser:
        found = _violations(browser, held, quick=quick)
        failed = {way: _walk(browser, held, way == "keyboard") for way in ("mouse", "keyboard")}
    lacking = untranslated()
    count = len(JOURNEYS)
    told = (
        ("pages", len(addresses("lo")), "", "pages with an address of their own, in each language"),
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
    ways = _WAYS[:1] if quick else _WAYS
    for size, role, media in ways:
        width, height = _SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **media)
        if role is not None:
            enter(context, held, role)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for code in CODES:
            for address in addresses(code):
                page.goto(held.url + address)
                if page.locator("#first-paint, #app").count():  # Dash adds the second in time
                    settle(page)
                answer = axe.run(page)
                for one in answer.response["violations"]:
                    counted[f"{one['id']} {address}"] += len(one["nodes"])
                wide = "document.documentElement.scrollWidth - window.innerWidth"
                sideways += page.evaluate(wide) > 0
        context.close()
    named = [f"{size}, {role or 'public'}, {media or 'plain'}" for size, role, media in ways]
    return {"axe": counted, "sideways": sideways, "complaints": len(complaints), "ways": named,
            "said": complaints[:10]}  # fmt: skip


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
