"""From a vacancy on a board to a row on a screen: seconds, split by stage.

A real browser keeps the page of newest vacancies open and notes when each title appears; all
other moments are the service's own time stamps. One machine, one clock.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from benchmarks.screenshots import settle
from benchmarks.stack import Stack, wait_until
from warehouse.client import connect, fetch

if TYPE_CHECKING:
    from playwright.sync_api import Page

_APPEAR_SECONDS = 60.0
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")

# Notes the first moment at which each marked title stands in the page.
_WATCH = """
() => {
  window.seen = {};
  const look = () => {
    const text = document.body.innerText;
    for (const [mark] of text.matchAll(/LW-[0-9a-f]{8}/g)) {
      if (!(mark in window.seen)) window.seen[mark] = Date.now() / 1000;
    }
  };
  new MutationObserver(look).observe(
    document.body, {childList: true, subtree: true, characterData: true});
  look();
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Moments of one posting, as seconds since the epoch."""

    posted: float
    crawled: float
    published: float
    processed: float
    loaded: float
    on_screen: float

    def seconds(self) -> dict[str, float]:
        """Seconds of each stage, and from the crawl and from the posting to the screen."""
        return {
            "posted_to_crawl": self.crawled - self.posted,
            "crawl_to_topic": self.published - self.crawled,
            "stream": self.processed - self.published,
            "load": self.loaded - self.processed,
            "screen": self.on_screen - self.loaded,
            "crawl_to_screen": self.on_screen - self.crawled,
            "posted_to_screen": self.on_screen - self.posted,
        }


def quantile(values: Sequence[float], share: float) -> float:
    """The `share` quantile by linear interpolation between order statistics."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


@contextmanager
def vacancies_page(stack: Stack, chromium: str) -> Iterator[Page]:
    """The page of newest vacancies in a real Chromium, watched for marked titles."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        try:
            page = browser.new_page()
            page.goto(f"{stack.settings.dashboard_url}/en/vacancies")
            settle(page)
            page.evaluate(_WATCH)
            yield page
        finally:
            browser.close()


def measure(stack: Stack, chromium: str, *, count: int, seed: int) -> list[Journey]:
    """Add `count` vacancies to the boards in turn and follow each to the screen.

    Raises:
        benchmarks.stack.NotReadyError: a vacancy did not appear within a minute.
    """
    random_state = random.Random(seed)
    boards = sorted(stack.get(f"{stack.settings.demo_url}/totals")["boards"])
    posted: dict[str, float] = {}
    seen: dict[str, float] = {}
    with vacancies_page(stack, chromium) as page:
        for number in range(count):
            mark = f"LW-{random_state.getrandbits(32):08x}"
            body = _vacancy(boards[number % len(boards)], mark)
            answer = stack.post(f"{stack.settings.demo_url}/vacancies", body)
            posted[mark] = datetime.fromisoformat(answer["posted_at"]).timestamp()
            page.wait_for_timeout(random_state.uniform(200, 1500))
        deadline = time.monotonic() + _APPEAR_SECONDS
        while posted.keys() - seen.keys() and time.monotonic() < deadline:
            page.wait_for_timeout(250)
            seen = page.evaluate("() => window.seen")
    wait_until(lambda: posted.keys() <= seen.keys(), 0, f"{len(posted) - len(seen)} not on screen")
    return _journeys(stack, posted, seen)


def _vacancy(board: str, mark: str) -> dict[str, str]:
    return {
        "board": board,
        "title": f"Accountant {mark}",
        "employer": f"Measured Trading {mark}",
        "description": f"Keeps the books of the measured company {mark}. Vientiane, full time.",
        "province": "LA-VT",
        "isco08": "2411",
    }


def _journeys(stack: Stack, posted: dict[str, float], seen: dict[str, float]) -> list[Journey]:
    with connect(stack.settings, readonly=True) as client:
        rows = fetch(
            client,
            """SELECT extract(title, 'LW-[0-9a-f]{8}') AS mark, min(fetched_at),
              min(published_at), min(processed_at), min(loaded_at)
            FROM postings WHERE mark != '' GROUP BY mark""",
        )
    stored = {row[0]: [_seconds(value) for value in row[1:]] for row in rows}
    return [
        Journey(
            posted=posted[mark],
            crawled=stored[mark][0],
            published=stored[mark][1],
            processed=stored[mark][2],
            loaded=stored[mark][3],
            on_screen=seen[mark],
        )
        for mark in posted
    ]


def _seconds(value: Any) -> float:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
