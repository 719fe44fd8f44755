"""Pictures of every page, desktop and phone, in Lao and English."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from dashboard.accounts.demonstration import DEMO_PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

SIZES: Final = {"desktop": (1280, 900), "phone": (360, 780)}
PATHS: Final = {
    "now": "/",
    "alerts": "/alerts",
    "vacancies": "/vacancies",
    "provinces": "/provinces",
    "province": "/provinces/LA-CH",
    "sectors": "/sectors",
    "sector": "/sectors/F",
    "occupations": "/occupations",
    "occupation": "/occupations/5",
    "skills": "/skills",
    "skill": "/skills/1973c966-f236-40c9-b2d4-5d71a89019be",
    "forecasts": "/forecasts",
    "strategy": "/strategy",
    "sources": "/sources",
    "about": "/about",
}
PLAIN: Final = {
    "submit": "/submit",
    "crawler": "/crawler",
    "corrections": "/corrections",
    "explore": "/explore?indicator=flow&indicator2=flow&province2=LA-VT&indicator3=stock",
    "methods": "/methods",
}
"""Pages without script: they are whole as they come."""
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


def take(url: str, folder: Path, code: str = "") -> list[Path]:
    """Write all pictures to `folder`; the first open alert gets its own.

    Args:
        code: an officer's access code, with which the queue of corrections is pictured too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with browser() as opened:
        for size, (width, height) in SIZES.items():
            page = opened.new_page(viewport={"width": width, "height": height})
            for language, prefix in (("lo", ""), ("en", "/en")):
                for name, path in _addresses(page, f"{url}{prefix}").items():
                    page.goto(path)
                    if name not in PLAIN:
                        settle(page)
                    taken.append(_picture(page, folder / f"{name}-{size}-{language}.png"))
                steps = _corrections(page, f"{url}{prefix}", code) if code else ()
                names = (folder / f"{name}-{size}-{language}.png" for name in steps)
                taken.extend(_picture(page, target) for target in names)
                inside = _inside(page, f"{url}{prefix}")
                names = (folder / f"{name}-{size}-{language}.png" for name in inside)
                taken.extend(_picture(page, target) for target in names)
                page.context.clear_cookies()
            page.close()
    return taken


def _picture(page: Page, target: Path) -> Path:
    page.screenshot(path=target, full_page=True)
    lighten(target)
    return target


def _corrections(page: Page, start: str, code: str) -> Iterator[str]:
    """The officer's steps, each with its name while it is on the screen; nothing is saved."""
    page.goto(f"{start}/corrections")
    page.locator("#code").fill(code)
    page.locator("button[value=queue]").click()
    page.locator("button[name=open]").first.wait_for()
    yield "corrections-queue"
    page.locator("button[name=open]").first.click()
    page.locator("#query").wait_for()
    yield "corrections-vacancy"


def _inside(page: Page, start: str) -> Iterator[str]:
    """What a log-in shows, by an account of the demonstration; nothing elsewhere."""
    page.goto(f"{start}/log-in")
    yield "log-in"
    if not page.get_by_text(DEMO_PASSWORD).count():
        return
    page.locator("#name").fill("demo-champasak")
    page.locator("#password").fill(DEMO_PASSWORD)
    page.locator("main form button").click()
    settle(page)
    yield "now-inside"
    page.goto(f"{start}/account")
    yield "account"


def lighten(picture: Path) -> None:
    """Write a PNG again with 128 colours: a page of few colours at a quarter of the size."""
    with Image.open(picture) as image:
        few = image.convert("RGB").quantize(colors=128, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)


def _addresses(page: Page, start: str) -> dict[str, str]:
    paths = {**PATHS, **PLAIN}
    found = {name: f"{start}{'' if path == '/' else path}" for name, path in paths.items()}
    page.goto(found["alerts"])
    settle(page)
    links = page.locator("#app .alert-link")
    if links.count():
        found["alert"] = page.url.split("/alerts")[0].removesuffix("/en") + str(
            links.first.get_attribute("href")
        )
    return found


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8050")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--code", default="", help="access code of an officer who may correct")
    given = parser.parse_args()
    for path in take(given.url.rstrip("/"), given.out, given.code):
        print(path)


if __name__ == "__main__":
    main()
