"""Fifty viewers at ten million vacancies: how long a page takes to answer, and what a viewer costs.

One real browser chooses provinces while the other viewers, as a browser would, hold the live socket
and ask for the same parts of the page at random moments: their requests are what that browser sent,
with other provinces. Times are from the choice to the changed text on the screen. The light pages
are asked for by as many readers without scripts.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import psutil
import redis

from benchmarks.dashboard_house import chromium, enter
from benchmarks.report import Figure
from benchmarks.warehouse_queries import SIZES, Size, fill_folder, quantile
from config.settings import Settings
from dashboard.accounts.records import Role
from dashboard.geography import provinces
from tests.browser_stack import Stack
from tests.fixtures_redis import start_redis
from tests.fixtures_warehouse import start_warehouse
from tests.processes import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Page

_UPDATE: Final = "/_dash-update-component"
_PAUSE_S: Final = (2.0, 8.0)
"""A viewer looks at what came for so long before the next choice."""


@dataclass(slots=True)
class Crowd:
    """Viewers without a screen, in a thread of their own."""

    url: str
    asked: list[tuple[str, dict[str, str]]]
    """Bodies that a browser sent for the choice of one province, and the headers with them."""
    chosen: str
    """That province."""
    viewers: int
    seed: int
    times: list[float] = field(default_factory=list)
    """Milliseconds until the slowest part of a choice had come."""
    failed: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    trouble: Exception | None = None
    """What ended the viewers before their time."""

    def run(self) -> None:
        """Look and choose until `over`."""
        try:
            asyncio.run(self._all())
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.trouble = error

    async def _all(self) -> None:
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            looking = [self._view(session, number) for number in range(self.viewers)]
            await asyncio.gather(*looking)

    async def _view(self, session: aiohttp.ClientSession, number: int) -> None:
        rng = random.Random(self.seed * 1000 + number)
        codes = list(provinces())
        await asyncio.sleep(rng.uniform(0, 3))
        async with session.get(self.url, headers=self._cookie()) as answer:
            await answer.read()
        house = self.url.rsplit("/", 1)[0]
        async with session.ws_connect(f"{house}/live", origin=house, headers=self._cookie()):
            while not self.over.is_set():
                code, begun = rng.choice(codes), time.perf_counter()
                await asyncio.gather(*(self._ask(session, one, code) for one in self.asked))
                self.times.append((time.perf_counter() - begun) * 1000)
                await asyncio.sleep(rng.uniform(*_PAUSE_S))

    def _cookie(self) -> dict[str, str]:
        return {"cookie": self.asked[0][1]["cookie"]}

    async def _ask(
        self, session: aiohttp.ClientSession, one: tuple[str, dict[str, str]], code: str
    ) -> None:
        body, headers = one
        address = self.url.rsplit("/", 1)[0] + _UPDATE
        async with session.post(
            address, data=body.replace(self.chosen, code), headers=headers
        ) as answer:
            await answer.read()
            self.failed += answer.status not in {200, 204}


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Times of choices and of light pages, and memory."""
    size, viewers, choices = (SIZES["quick"], 10, 8) if quick else (SIZES["full"], 50, 60)
    with _at(size, seed) as (held, process), chromium() as browser:
        alone = process.memory_info().rss
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        enter(context, held, Role.POLICYMAKER)
        page = context.new_page()
        page.goto(f"{held.url}/en")
        page.wait_for_selector("#choice-province", timeout=60_000)
        quiet = _choices(page, random.Random(seed), 3 if quick else 5)
        crowd = Crowd(f"{held.url}/en", *_sent(page), viewers - 1, seed)
        thread = threading.Thread(target=crowd.run)
        thread.start()
        time.sleep(4)
        before, asked = _seconds(process), len(crowd.times)
        times = _choices(page, random.Random(seed + 1), choices)
        worked = (_seconds(process) - before) / (len(times) + len(crowd.times) - asked)
        crowded = process.memory_info().rss
        crowd.over.set()
        thread.join()
        if crowd.trouble:
            raise RuntimeError("the viewers gave up") from crowd.trouble
        light = _light(held, viewers, seed)
    more = {
        "quiet_p50_ms": round(statistics.median(quiet)),
        "crowd_p50_ms": round(quantile(crowd.times, 0.5)),
        "crowd_p95_ms": round(quantile(crowd.times, 0.95)),
        "server_ms_per_choice": round(1000 * worked, 1),
        "memory_mib": round(crowded / 2**20),
        "vacancies": size.vacancies,
    }
    return _figures(times, light, viewers, (crowded - alone) / viewers, crowd), {"load": more}


def _seconds(process: psutil.Process) -> float:
    """Processor time that the dashboard has taken: the same however busy the machine is."""
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _figures(
    times: list[float], light: list[float], viewers: int, each: float, crowd: Crowd
) -> list[Figure]:
    told = (
        ("interaction_p50_ms", round(quantile(times, 0.5)), "≤ 300",
         f"from choosing a province to the changed text, in a browser, {len(times)} choices"),
        ("interaction_p95_ms", round(quantile(times, 0.95)), "≤ 1000", "the same, 95th percentile"),
        ("viewers", viewers, "50", "that look and choose at once, on these cores with everything"),
        ("memory_per_viewer_mib", round(max(each, 0) / 2**20, 2), "",
         "growth of the dashboard's memory with them, for each"),
        ("light_p50_ms", round(quantile(light, 0.5)), "",
         "a light page, as many readers at once, each asks again at once"),
        ("light_p95_ms", round(quantile(light, 0.95)), "", "the same, 95th percentile"),
        ("failed_answers", crowd.failed, "0", "answers to viewers that were errors"),
    )  # fmt: skip
    return [Figure(key=k, value=v, goal=g, about=a) for k, v, g, a in told]


@contextmanager
def _at(size: Size, seed: int) -> Iterator[tuple[Stack, psutil.Process]]:
    """A dashboard over a generated market, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="labourwatch-load-") as place:
        folder = Path(place)
        database = fill_folder(folder, size, seed)
        with (
            start_warehouse(folder / "warehouse") as (host, port, _),
            start_redis(folder / "redis") as redis_url,
            redis.Redis.from_url(redis_url) as store,
        ):
            own = free_port()
            command = [sys.executable, "-m", "benchmarks.dashboard_served",
                       str(port), redis_url, str(own), database]  # fmt: skip
            process = subprocess.Popen(command)
            try:
                url = f"http://{host}:{own}"
                _wait(url, process)
                settings = Settings(redis_url=redis_url)
                yield Stack(url, settings, store), psutil.Process(process.pid)
            finally:
                process.terminate()
                process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the dashboard has read the warehouse.

    Raises:
        RuntimeError: it ended, or read nothing within five minutes.
    """
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the dashboard ended with status {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}/api/summary", timeout=5) as answer:  # noqa: S310
                if json.load(answer)["version"] > 0:
                    return
        except OSError:
            pass  # not listening yet
        time.sleep(0.5)
    raise RuntimeError("the dashboard read nothing")


def _choices(page: Page, rng: random.Random, count: int) -> list[float]:
    """Milliseconds from each choice to the text that names the province."""
    codes, times, last = list(provinces()), [], ""
    for _ in range(count):
        code = rng.choice([one for one in codes if one != last])
        name, last = provinces()[code].name("en"), code
        begun = time.perf_counter()
        page.select_option("#choice-province", code)
        page.locator("#app .summary", has_text=f"{name}:").first.wait_for(timeout=60_000)
        times.append((time.perf_counter() - begun) * 1000)
        page.wait_for_timeout(150)
    return times


def _sent(page: Page) -> tuple[list[tuple[str, dict[str, str]]], str]:
    """What a browser asks for when one province is chosen.

    Raises:
        RuntimeError: it asks for nothing.
    """
    held: list[str] = []

    def note(request: Any) -> None:
        if _UPDATE in request.url:
            held.append(request.post_data or "")

    page.select_option("#choice-province", "all")
    page.wait_for_timeout(2000)
    page.on("request", note)
    page.select_option("#choice-province", "LA-OU")
    page.wait_for_timeout(3000)
    page.remove_listener("request", note)
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    headers = {"content-type": "application/json", "cookie": cookies}
    asked = [(body, headers) for body in held if "LA-OU" in body]
    if not asked:
        raise RuntimeError("choosing a province asks the dashboard for nothing")
    return asked, "LA-OU"


def _light(held: Stack, readers: int, seed: int) -> list[float]:
    """Milliseconds of light pages, several readers asking again and again."""
    times: list[float] = []
    rng = random.Random(seed)
    paths = [rng.choice(("/", "/en", "/alerts", "/en/alerts")) for _ in range(readers * 4)]

    async def read(session: aiohttp.ClientSession, mine: list[str]) -> None:
        for path in mine:
            begun = time.perf_counter()
            async with session.get(held.url + path) as answer:
                await answer.read()
            times.append((time.perf_counter() - begun) * 1000)

    async def everybody() -> None:
        async with aiohttp.ClientSession() as session:
            await asyncio.gather(*(read(session, paths[at::readers]) for at in range(readers)))

    # In a thread of its own: the browser has a loop running in this one.
    reading = threading.Thread(target=lambda: asyncio.run(everybody()))
    reading.start()
    reading.join()
    return times
