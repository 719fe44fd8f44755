"""Pictures of every page, desktop and phone, in both languages, logged in where it shows more."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from config.settings import load_settings
from dashboard.accounts.records import Role
from tests.logged_in import enter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Browser, Page

SIZES: Final = {"desktop": (1280, 900), "phone": (360, 780)}
LONGEST: Final = {"desktop": 2200, "phone": 2600}
"""A picture ends there: what follows is more of the same table."""
PATIENCE_MS: Final = 120_000
EXPLORED: Final = "/explore?indicator=flow&indicator2=flow&province2=LA-VT&indicator3=stock"


FIRST: Final[Mapping[str, tuple[str, str]]] = {
    "ALERT": ("/alerts", ".alert-link"), "ANSWER": ("/alerts", ".alert-link"),
    "BULLETIN": ("/bulletins", "main a[href*='/bulletins/'][href$='.html']"),
}  # fmt: skip
"""Pages whose address depends on the data: where their links stand, the first of which is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Who looks, and at which pages by the name of their picture."""

    pages: Mapping[str, str]
    role: Role | None = None
    province: str = ""
    dark: bool = False


PUBLIC: Final = Way(
    pages={
        "now": "/", "alerts": "/alerts", "alert": "ALERT", "vacancies": "/vacancies",
        "provinces": "/provinces", "province": "/provinces/LA-CH", "sectors": "/sectors",
        "sector": "/sectors/F", "occupations": "/occupations", "occupation": "/occupations/5",
        "skills": "/skills", "skill": "/skills/1973c966-f236-40c9-b2d4-5d71a89019be",
        "forecasts": "/forecasts", "strategy": "/strategy", "sources": "/sources",
        "about": "/about", "explore": EXPLORED, "methods": "/methods", "bulletins": "/bulletins",
        "bulletin": "BULLETIN",
        "feedback": "/feedback", "submit": "/submit", "corrections": "/corrections",
        "crawler": "/crawler", "accessibility": "/accessibility", "log-in": "/log-in",
    }
)  # fmt: skip
WAYS: Final = (
    PUBLIC,
    Way(role=Role.POLICYMAKER, pages={
        "now-inside": "/", "alerts-inside": "/alerts", "alert-inside": "ALERT",
        "answer": "ANSWER", "province-inside": "/provinces/LA-CH", "account": "/account",
    }),
    Way(role=Role.PROVINCIAL, province="LA-CH", pages={
        "now-office": "/", "explore-office": "/explore?indicator=flow&province=LA-CH",
    }),
    Way(role=Role.CORRECTOR, pages={
        "corrections-queue": "/corrections", "corrections-vacancy": "CORRECTION",
    }),
    Way(role=Role.ADMIN, pages={"operations": "/operations", "accounts": "/accounts"}),
    Way(role=Role.POLICYMAKER, dark=True, pages={
        "now-dark": "/", "alert-dark": "ALERT", "province-dark": "/provinces/LA-CH",
    }),
)  # fmt: skip
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
)


def find_chromium() -> str:
    """The system's Chromium.

    Raises:
        FileNotFoundError: there is none.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise FileNotFoundError("no Chromium: sudo apt-get install chromium")
    return chromium


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window.

    Raises:
        FileNotFoundError: there is none.
    """
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        yield opened
        opened.close()


def settle(page: Page) -> None:
    """Wait until the live page has taken over from the first paint and its charts are drawn."""
    page.wait_for_selector("#app .frame")
    expect(page.locator("#first-paint")).to_have_count(0, timeout=60_000)
    expect(page.locator(".plot:not(:has(.main-svg))")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(400)  # the last fonts and label positions


def take(
    url: str, folder: Path, var: Path | None, only: frozenset[str] = frozenset()
) -> Iterator[Path]:
    """Write all pictures to `folder`, each given back as it is made.

    Args:
        url: of a running installation, without a slash at the end.
        folder: where to.
        var: state directory of the same installation, in whose store sessions are begun; without
            one only what the public sees is pictured.
        only: names of pictures; all where there are none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as opened:
        for way in (_among(each, only) for each in (WAYS if var else (PUBLIC,))):
            for size, (width, height) in SIZES.items() if way.pages else ():
                context = opened.new_context(
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if way.dark else "light",
                )
                context.set_default_timeout(PATIENCE_MS)
                if way.role is not None and var is not None:
                    enter(context, url, load_settings(var), way.role, way.province)
                yield from pictures(context.new_page(), url, folder, way, size)
                context.close()


def _among(way: Way, only: frozenset[str]) -> Way:
    kept = {name: path for name, path in way.pages.items() if not only or name in only}
    return replace(way, pages=kept)


def pictures(page: Page, url: str, folder: Path, way: Way, size: str) -> Iterator[Path]:
    """Pictures of all pages of a way in both languages, each given back as it is made."""
    for language, prefix in (("lo", ""), ("en", "/en")):
        for name, path in way.pages.items():
            address = _address(page, f"{url}{prefix}", path)
            if not address:
                continue
            page.goto(address)
            if page.locator("#first-paint, #app").count():
                settle(page)
            if path == "CORRECTION":  # the first of the queue
                with page.expect_navigation():
                    page.locator(".queue button, .queue a").first.click()
            target = folder / f"{name}-{size}-{language}.png"
            page.screenshot(path=target, full_page=True)
            lighten(target, LONGEST[size])
            yield target


def _address(page: Page, start: str, path: str) -> str:
    """The address of a page in the language of `start`; "" where the data have none such."""
    if path == "CORRECTION":
        return f"{start}/corrections"
    if path not in FIRST:
        return f"{start}{'' if path == '/' else path}"
    listed, links = FIRST[path]
    page.goto(f"{start}{listed}")
    found = page.locator(links)
    href = found.first.get_attribute("href") if found.count() else ""
    whole = urljoin(page.url, href) if href else ""
    return whole.replace("/alerts/", "/answer/") if path == "ANSWER" else whole


def lighten(picture: Path, longest: int) -> None:
    """Write a PNG again with 96 colours, cut at `longest`: a page at a quarter of the size."""
    with Image.open(picture) as image:
        cut = image.convert("RGB").crop((0, 0, image.width, min(image.height, longest)))
    few = cut.quantize(colors=96, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8050")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--var", type=Path, help="its state directory: pictures of each role too")
    parser.add_argument("--only", default="", help="names of pictures, separated by commas")
    given = parser.parse_args()
    only = frozenset(filter(None, given.only.split(",")))
    for path in take(given.url.rstrip("/"), given.out, given.var, only):
        print(path, flush=True)


if __name__ == "__main__":
    main()
