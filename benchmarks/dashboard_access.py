"""Whether everybody can use the dashboard: axe-core on every page, language and size, journeys by
mouse and by keyboard alone, strings that one language lacks, pages that scroll sideways.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from axe_playwright_python.sync_playwright import Axe

from benchmarks.dashboard_house import chromium, enter, house, shared_house
from benchmarks.dashboard_pages import STANDING, in_language, pages
from benchmarks.journeys import JOURNEYS, Journey, Walker
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
"""Ways looked at with `--quick`; nobody is logged in, so that no form changes anything."""
_WALKED_QUICKLY: Final[Mapping[str, Sequence[Journey]]] = {
    "mouse": JOURNEYS[1::2],
    "keyboard": JOURNEYS[::2],
}
"""Journeys by how one points, with `--quick`."""
_EVERY: Final = 5
"""With `--quick` one page of so many is looked at, each in one language by turns."""
_FORMS: Final = ("/submit", "/corrections", "/log-in", "/feedback", f"/answer/{STANDING}")
"""Forms that are also looked at with what they say of a wrong submission."""


_Seen = TypeVar("_Seen")
_ALL: Final = "all pages × languages"
_PROSE: Final = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")


def measure(_: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Violations, journeys and strings."""
    found, failed = _quickly() if quick else _wholly()
    lacking = untranslated()
    looked = f"{found.pop('looked')} pages, Lao and English by turns" if quick else _ALL
    walked = _WALKED_QUICKLY if quick else dict.fromkeys(_WALKED_QUICKLY, JOURNEYS)
    passed = {way: len(those) - len(failed[way]) for way, those in walked.items()}
    part = f", one way each of all {len(JOURNEYS)}" if quick else ""
    told = (
        ("pages", found["pages"], "", "pages with an address of their own, in each language"),
        ("languages", len(CODES), "2", "Lao and English"),
        ("axe_violations", sum(found["axe"].values()), "0",
         f"nodes that axe-core finds at fault, {looked} × {len(found['ways'])} ways"),
        ("sideways", found["sideways"], "0",
         f"pages that scroll sideways at 320 points or more, {looked}"),
        ("complaints", found["complaints"], "0",
         f"errors and warnings in the browser's console, {looked}"),
        ("mouse_journeys_passed", passed["mouse"], f"{len(walked['mouse'])}",
         f"main journeys by mouse{part}"),
        ("keyboard_journeys_passed", passed["keyboard"], f"{len(walked['keyboard'])}",
         f"the same by keyboard alone, with a visible focus{part}"),
        ("untranslated", len(lacking), "0", "strings missing in a language, or not in its letters"),
    )  # fmt: skip
    figures = [Figure(key=k, value=v, goal=g, about=a) for k, v, g, a in told]
    return figures, {**found, "axe": dict(found["axe"]), "failed": failed, "untranslated": lacking}


def _wholly() -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """What is wrong with pages, and journeys that failed by way; one after the other."""
    with house() as held, chromium() as browser:
        found = _violations(browser, held, quick=False)
    # A house of its own: forms that were sent to look at their refusals have acknowledged an alert.
    with house() as held, chromium() as browser:
        return found, {way: _walk(browser, held, way) for way in _WALKED_QUICKLY}


def _quickly() -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """The same side by side in one house: of a sample of pages, and each journey one way."""
    with shared_house() as held, ThreadPoolExecutor(2) as threads:
        walking = threads.submit(_apart, partial(_walk_on, held=held))
        looking = threads.submit(_apart, partial(_violations, held=held, quick=True))
        return looking.result(), walking.result()


def _apart(look: Callable[[Browser], _Seen]) -> _Seen:
    """What somebody sees in a browser of their own."""
    with chromium() as browser:
        return look(browser)


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
    axe, counted, complaints = Axe(), Counter[str](), list[str]()
    sideways = looked = 0
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
        views = _sample(paths) if quick else [(path, code) for code in CODES for path in paths]
        for path, code in views:
            address = in_language(path, code)
            page.goto(held.url + address)
            if page.locator("#first-paint, #app").count():  # Dash adds the second in time
                settle(page)
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            counted.update(faults(axe, page, address))
            sideways += page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0
            if path in _FORMS and _sent_empty(page):
                counted.update(faults(axe, page, f"{address} (refused)"))
        looked += len(views)
        context.close()
    named = [f"{size}, {role or 'public'}, {media or 'plain'}" for size, role, media in ways]
    return {
        "axe": counted, "pages": len(seen), "sideways": sideways, "complaints": len(complaints),
        "ways": named, "said": complaints[:10], "looked": looked,
    }  # fmt: skip


def _sample(paths: Sequence[str]) -> list[tuple[str, str]]:
    """Some of the pages, each with a language."""
    return [(path, CODES[at % len(CODES)]) for at, path in enumerate(paths[::_EVERY])]


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


def _walk(browser: Browser, held: Stack, way: str) -> dict[str, str]:
    """Journeys that failed, with why; each in a window of its own."""
    failed: dict[str, str] = {}
    for journey in JOURNEYS:
        page = _window(browser, held)
        failed |= _walked(journey, Walker(page, way == "keyboard"), held)
        page.context.close()
    return failed


def _walk_on(browser: Browser, held: Stack) -> dict[str, dict[str, str]]:
    """Journeys that failed by way, with why; all in one window, which has loaded our scripts."""
    page, failed = _window(browser, held), dict[str, dict[str, str]]()
    for way, journeys in _WALKED_QUICKLY.items():
        walker = Walker(page, way == "keyboard")
        failed[way] = {
            name: why for one in journeys for name, why in _walked(one, walker, held).items()
        }
    return failed


def _window(browser: Browser, held: Stack) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    enter(context, held, Role.POLICYMAKER)
    return context.new_page()


def _walked(journey: Journey, walker: Walker, held: Stack) -> dict[str, str]:
    """Why a journey failed, by its name; nothing where it did not."""
    try:
        journey(walker, held.url)
    except (AssertionError, _timeout()) as error:
        return {journey.__name__: str(error).splitlines()[0]}
    return {}


def _timeout() -> type[Exception]:
    from playwright.sync_api import TimeoutError as TooLateError

    return TooLateError
