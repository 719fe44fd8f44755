"""Serves the demonstration's boards and their control interface, each on its own loopback port."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from config.settings import Settings
from labourwatch.demo.control import Control
from labourwatch.demo.events import STANDARD_MEAN
from labourwatch.demo.live import Live
from labourwatch.demo.market import Clock, Market, wall_clock
from labourwatch.demo.site import Site
from labourwatch.demo.site_agency import AgencySite
from labourwatch.demo.site_ats import AtsSite
from labourwatch.demo.site_board import BoardSite
from labourwatch.demo.site_cards import CardSite
from labourwatch.demo.site_closed import dead_api_site, refusing_site
from labourwatch.demo.site_feed import FeedSite
from labourwatch.demo.site_portal import PortalSite
from labourwatch.demo.source_files import write_sources
from labourwatch.demo.state import MarketFile, open_market

HOST: Final = "127.0.0.1"
SITES: Final[tuple[type[Site], ...]] = (
    AgencySite, BoardSite, CardSite, FeedSite, AtsSite, PortalSite,
)  # fmt: skip
PORTS_NEEDED: Final = len(SITES) + 2
"""Boards, the refusing site and the one with a dead API."""
REFUSING: Final = "gatekeeper"
DEAD_API: Final = "white-label"
PACE_S: Final = 15.0

log = logging.getLogger(__name__)


async def serve(settings: Settings) -> None:
    """Write the boards' source files, then serve the market in `<var>/demo` until cancelled.

    Raises:
        ValueError: `demo_url` or `demo_board_ports` do not name the ports that are needed.
        OSError: a port is taken. StateError: the stored market is unreadable.
    """
    control_port = urlsplit(settings.demo_url).port
    if control_port is None:
        raise ValueError(f"demo_url: expected an address with a port, found {settings.demo_url!r}")
    await serve_market(
        settings.var_dir / "demo",
        control_port=control_port,
        ports=[int(port) for port in settings.demo_board_ports.split(",") if port],
        sources_dir=settings.sources_dir,
        seed=settings.seed,
        history_days=settings.demo_days,
        mean_per_day=settings.demo_daily,
    )


async def serve_market(
    directory: Path,
    *,
    control_port: int,
    ports: Sequence[int],
    seed: int,
    sources_dir: Path | None = None,
    anchor: datetime | None = None,
    history_days: int = 420,
    mean_per_day: float = STANDARD_MEAN,
    pace_s: float = PACE_S,
    clock: Clock = wall_clock,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until cancelled, or until `stop` is set.

    Args:
        directory: holds `market.json` and `live.jsonl`; a market found there is continued and
            `seed`, `anchor`, `history_days` and `mean_per_day` are then not used.
        ports: `PORTS_NEEDED` ports, in the order of `SITES`, the refusing site, the dead API.
        sources_dir: receives the boards' source files; default: `directory/sources`.
        anchor: end of the history; default: now.
        pace_s: seconds between new vacancies after a start; 0 lets none appear by itself.

    Raises:
        ValueError: too few ports. OSError: a port is taken. StateError: the market is unreadable.
    """
    if len(ports) != PORTS_NEEDED:
        raise ValueError(f"{PORTS_NEEDED} ports are needed, {len(ports)} given")
    begun = MarketFile(
        seed=seed,
        anchor=(anchor or clock()).isoformat(),
        history_days=history_days,
        mean_per_day=mean_per_day,
    )
    async with AsyncExitStack() as running:
        market = open_market(directory, begun, clock)
        running.callback(market.live.close)
        market.live.catch_up(clock())
        write_sources(sources_dir or directory / "sources", addresses(ports))
        sites = make_sites(market, ports)
        control = Control(market=market, sites=sites, directory=directory)
        applications = [*(site.application() for site in sites), refusing_site(), dead_api_site()]
        for app, port in zip(applications, ports, strict=True):
            await _start(app, port, running)
        await _start(control.application(), control_port, running)
        log.info("boards serve %d postings; control: %d", len(market.store), control_port)
        pacing = asyncio.create_task(release_live(market.live, clock, pace_s)) if pace_s else None
        await _until_stopped(stop or asyncio.Event(), pacing)


def addresses(ports: Sequence[int]) -> dict[str, str]:
    """Address of each source by its id."""
    names = [*(kind.source_id for kind in SITES), REFUSING, DEAD_API]
    return {name: f"http://{HOST}:{port}" for name, port in zip(names, ports, strict=True)}


def make_sites(market: Market, ports: Sequence[int]) -> list[Site]:
    """The boards' sites, at their addresses."""
    return [kind(market, f"http://{HOST}:{port}") for kind, port in zip(SITES, ports, strict=False)]


async def release_live(live: Live, clock: Clock, pace_s: float) -> None:
    """Let new vacancies appear, one at a time, for ever."""
    released = 0
    while True:
        await asyncio.sleep(live.wait_s(clock(), released, pace_s))
        if live.release_next(clock()):
            released += 1


async def _until_stopped(stop: asyncio.Event, pacing: asyncio.Task[None] | None) -> None:
    """Wait for `stop`; a failure of the pacing ends the process rather than going unseen."""
    waiting = asyncio.create_task(stop.wait())
    tasks = {waiting, pacing} if pacing else {waiting}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()


async def _start(app: web.Application, port: int, running: AsyncExitStack) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    running.push_async_callback(runner.cleanup)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
