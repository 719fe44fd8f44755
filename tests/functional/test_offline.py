"""The installed dashboard in real Chromium: what is read without a connection, and by whom."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from playwright.sync_api import Browser, Page, expect

from benchmarks.dashboard_house import enter
from benchmarks.dashboard_pages import STANDING
from dashboard.accounts.records import Role
from dashboard.installing import worker
from tests.browser_stack import Stack
from tests.served_dashboard import served

pytestmark = [pytest.mark.browser, pytest.mark.functional]
ALERT = f"/en/alerts/{STANDING}"
OWN = "/en/provinces/LA-SV"
LONG_MS = 60_000
_PATHS = """async () => {
  const found = [];
  for (const name of await caches.keys())
    if (name.startsWith("pages-"))
      for (const one of await (await caches.open(name)).keys())
        found.push(new URL(one.url).pathname);
  return found;
}"""


def until(page: Page, holds: Callable[[Any], bool], expression: str) -> None:
    """Wait until what an expression gives, a promise or not, is as it should be."""
    late = time.monotonic() + LONG_MS / 1000
    while not holds(found := page.evaluate(expression)):
        assert time.monotonic() < late, f"still {found}"
        page.wait_for_timeout(200)


def until_kept(page: Page, *paths: str) -> None:
    until(page, set(paths).issubset, f"({_PATHS})()")


def test_it_can_be_installed(held: Stack, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{held.url}/en")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    devices = page.context.new_cdp_session(page)
    told: dict[str, Any] = devices.send("Page.getAppManifest")
    assert told["url"].endswith("/en/manifest.webmanifest")
    assert told["errors"] == []
    faults = devices.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in faults if one["errorId"] != "in-incognito"] == []
    page.close()


def test_an_office_reads_what_it_opened_and_nobody_after_it(held: Stack, browser: Browser) -> None:
    context = browser.new_context()
    enter(context, held, Role.PROVINCIAL, "LA-SV")
    page = context.new_page()
    page.goto(f"{held.url}{ALERT}")
    until_kept(page, "/en", OWN, ALERT)
    assert page.locator(".kept").is_hidden()

    context.set_offline(True)
    for path in (ALERT, OWN, "/en"):
        page.goto(held.url + path)
        expect(page.locator(".kept")).to_contain_text("No connection.")
        expect(page.locator(".kept")).to_contain_text("Data as of")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator(".connection")).to_be_hidden()
        assert page.locator("script").count() == 0
        assert page.evaluate("getComputedStyle(document.querySelector('.top')).color") == (
            "rgb(255, 255, 255)"
        )
    page.goto(f"{held.url}/en/sources")
    expect(page.locator("h1")).to_have_text("No connection")

    context.set_offline(False)
    page.goto(f"{held.url}/en")
    page.wait_for_selector("#app .frame h1", timeout=LONG_MS)
    expect(page.locator(".kept")).to_be_hidden()
    page.goto(f"{held.url}/en/account")
    page.locator("form[action$=log-out] button").click()
    page.wait_for_url(f"{held.url}/en")
    until(page, lambda kept: ALERT not in kept, f"({_PATHS})()")
    context.set_offline(True)
    page.goto(f"{held.url}{ALERT}")
    expect(page.locator("h1")).to_have_text("No connection")
    context.close()


def test_pages_of_one_log_in_are_gone_before_the_next(held: Stack, browser: Browser) -> None:
    context = browser.new_context()
    enter(context, held, Role.POLICYMAKER)
    page = context.new_page()
    page.goto(f"{held.url}{ALERT}")
    until_kept(page, ALERT)
    context.clear_cookies()  # the session ended without a log-out
    enter(context, held, Role.ANALYST)
    page.goto(f"{held.url}/en/alerts")
    until_kept(page, "/en/alerts")
    assert ALERT not in page.evaluate(f"({_PATHS})()")
    context.close()


ASSETS = files("dashboard").joinpath("assets")


def read_asset(name: str) -> bytes:
    return ASSETS.joinpath(name).read_bytes()


def empty() -> HTMLResponse:
    return HTMLResponse("<title>empty</title>")


def app_of(source: Callable[[], str]) -> FastAPI:
    """Empty pages beside a worker's source and the files that it keeps."""
    app = FastAPI()
    app.mount("/assets", StaticFiles(directory=str(ASSETS)))
    app.add_api_route("/worker.js", lambda: Response(source(), media_type="text/javascript"))
    for path in ("/", "/offline", "/en/offline"):
        app.add_api_route(path, empty)
    return app


def installed(browser: Browser, url: str) -> Page:
    """A page whose worker is ready."""
    page = browser.new_page()
    page.goto(url)
    page.evaluate("navigator.serviceWorker.register('/worker.js').then(() => true)")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def test_a_page_asked_for_before_a_log_out_is_not_kept_after_it(browser: Browser) -> None:
    app = app_of(lambda: worker(read_asset))
    asked, answer = threading.Event(), threading.Event()

    def slow() -> HTMLResponse:
        asked.set()
        answer.wait(LONG_MS / 1000)
        headers = {"Labourwatch-Reader": "a", "Labourwatch-Keep": "600"}
        return HTMLResponse("<title>somebody's alerts</title>", headers=headers)

    app.add_api_route("/alerts", slow)
    app.add_api_route("/log-out", empty, methods=["POST"])
    ask = "navigator.serviceWorker.controller.postMessage({ keep: ['/alerts'] })"
    with served(app) as url:
        page = installed(browser, url)
        until(page, bool, "navigator.serviceWorker.controller !== null")
        page.evaluate(ask)
        assert asked.wait(LONG_MS / 1000)
        page.evaluate("fetch('/log-out', { method: 'POST' }).then(() => true)")
        answer.set()
        page.wait_for_timeout(1500)
        assert page.evaluate(f"({_PATHS})()") == []
        page.evaluate(ask)
        until_kept(page, "/alerts")
        page.close()


def test_a_new_version_takes_the_place_of_the_old_one(browser: Browser) -> None:
    told = {"more": b""}

    def read(name: str) -> bytes:
        return read_asset(name) + (told["more"] if name == "mark.svg" else b"")

    names = "caches.keys().then(all => all.filter(one => one.startsWith('shell-')).join())"
    with served(app_of(lambda: worker(read))) as url:
        page = installed(browser, url)
        first = page.evaluate(names)
        told["more"] = b"<!-- another mark -->"
        page.evaluate("navigator.serviceWorker.ready.then(one => one.update()).then(() => true)")
        until(page, lambda now: now and now != first and "," not in now, names)
        page.close()
