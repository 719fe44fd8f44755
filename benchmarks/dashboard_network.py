"""What a phone in a remote district waits for: bytes and seconds on emulated 3G, with and without
scripts, and whether anything is asked of another host.

3G is Chromium's own emulation (`Network.emulateNetworkConditions`): 1.6 Mbit/s down, 0.75 up,
300 ms to and fro. Each measurement is a first visit: an empty cache. The seconds to the first
paint are Chromium's first contentful paint by the Paint Timing API; the headline is on the screen
when Chromium has painted the largest text of the first paint, which both pages name in `more`. The
page is interactive when the live page has taken over. (Runs before 26 November fell back to the
devices' `FirstMeaningfulPaint`, which waits for the last change of the layout.)
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.dashboard_house import chromium, house, phone, shared_house
from benchmarks.dashboard_pages import STANDING
from benchmarks.report import Figure
from tests.browser_stack import Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_DOWN: Final = 1_600_000 / 8
_UP: Final = 750_000 / 8
_LATENCY_MS: Final = 300
_NOTE: Final = """
window.painted = [];
new PerformanceObserver(list => {
  for (const one of list.getEntries()) {
    const at = one.element;
    window.painted.push({at: one.startTime, size: one.size, server: !at || !at.closest("#app"),
                         text: at ? at.textContent.trim().slice(0, 80) : ""});
  }
}).observe({type: "largest-contentful-paint", buffered: true});
"""
"""Notes what Chromium takes for the largest thing so far, before any other script runs."""
_PAGES: Final = {"now": "/", "alert": f"/alerts/{STANDING}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One first visit."""

    bytes: int
    paint_s: float
    headline_s: float | None
    """None without scripts, where Chromium tells of no element."""
    headline: str
    interactive_s: float | None
    """None without scripts: it is as interactive as it will be with the paint."""
    hosts: frozenset[str]


def measure(_: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Bytes and seconds of the first page and of an alert."""
    rounds = 1 if quick else 5
    with (shared_house if quick else house)() as held, chromium() as browser:
        visits = {
            (name, scripts): [_visit(browser, held, path, scripts) for _ in range(rounds)]
            for name, path in _PAGES.items()
            for scripts in (True, False)
        }
    more = {
        f"{name}{'' if scripts else '_light'}": {
            "bytes": max(one.bytes for one in found),
            "paint_s": round(statistics.median(one.paint_s for one in found), 2),
            "headline_s": _median(found, lambda one: one.headline_s),
            "headline": found[0].headline,
            "interactive_s": _median(found, lambda one: one.interactive_s),
        }
        for (name, scripts), found in visits.items()
    }
    own = held.url.removeprefix("http://")
    foreign = {host for found in visits.values() for one in found for host in one.hosts} - {own}
    return _figures(more, len(foreign)), {"network": more, "foreign_hosts": sorted(foreign)}


def _median(found: list[Visit], of: Callable[[Visit], float | None]) -> float | None:
    values = [value for one in found if (value := of(one)) is not None]
    return round(statistics.median(values), 2) if values else None


def _figures(more: dict[str, Any], foreign: int) -> list[Figure]:
    scripted = [more[name] for name in _PAGES]
    light = [more[f"{name}_light"] for name in _PAGES]
    told = (
        ("bytes_3g", max(one["bytes"] for one in scripted), "≤ 1000000",
         "bytes of a first visit to Now or an alert, the greater, everything that was loaded"),
        ("first_paint_3g_s", max(one["paint_s"] for one in scripted), "≤ 2",
         "first contentful paint (headline figures, alerts), median of visits, the later page"),
        ("headline_paint_3g_s", max(one["headline_s"] for one in scripted), "≤ 2",
         "until the largest text of the server's page was painted, likewise"),
        ("interactive_3g_s", max(one["interactive_s"] for one in scripted), "≤ 8",
         "until the live page has taken over, likewise"),
        ("light_bytes_3g", max(one["bytes"] for one in light), "",
         "the same without JavaScript"),
        ("light_paint_3g_s", max(one["paint_s"] for one in light), "",
         "the same without JavaScript"),
        ("third_party_requests", foreign, "0", "hosts other than ours that any page asked"),
    )  # fmt: skip
    return [
        Figure(key=key, value=value, goal=goal, about=about) for key, value, goal, about in told
    ]


def _visit(browser: Browser, held: Stack, path: str, scripts: bool) -> Visit:
    context = phone(browser, scripts=scripts)
    try:
        return _first_visit(context, held.url + path, scripts)
    finally:
        context.close()


def _first_visit(context: BrowserContext, url: str, scripts: bool) -> Visit:
    page, loaded, hosts = context.new_page(), [0.0], set[str]()
    devices = context.new_cdp_session(page)
    devices.send("Network.enable")
    devices.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": _LATENCY_MS, "downloadThroughput": _DOWN,
         "uploadThroughput": _UP},
    )  # fmt: skip

    def finished(event: dict[str, Any]) -> None:
        loaded[0] += event["encodedDataLength"]

    page.add_init_script(_NOTE)
    devices.on("Network.loadingFinished", finished)
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(url, wait_until="load")
    interactive = _wait_live(page) if scripts else None
    page.wait_for_timeout(1500)  # what is loaded later counts, too
    headline, headline_s = _headline(page) if scripts else ("", None)
    return Visit(
        bytes=int(loaded[0]), paint_s=_paint(page), headline_s=headline_s, headline=headline,
        interactive_s=interactive, hosts=frozenset(hosts),
    )  # fmt: skip


def _wait_live(page: Page) -> float:
    page.wait_for_selector("#app .frame h1", timeout=60_000)
    return float(page.evaluate("performance.now()")) / 1000


def _paint(page: Page) -> float:
    """Seconds from the navigation's start to the first contentful paint, with or without scripts.

    Raises:
        RuntimeError: nothing was painted.
    """
    paints = page.evaluate("performance.getEntriesByType('paint').map(e => [e.name, e.startTime])")
    for name, at in paints:
        if name == "first-contentful-paint":
            return float(at) / 1000
    raise RuntimeError("Chromium says nothing of the first paint")


def _headline(page: Page) -> tuple[str, float]:
    """The largest thing of the server's page, and the seconds until it was painted.

    Raises:
        RuntimeError: Chromium tells of none.
    """
    noted = page.evaluate("window.painted")
    if not noted:
        raise RuntimeError("Chromium says nothing of what it painted")
    first = min(noted, key=lambda one: one["at"])
    largest = max(
        (one for one in noted if one["server"]), key=lambda one: one["size"], default=first
    )
    return str(largest["text"]), float(largest["at"]) / 1000
