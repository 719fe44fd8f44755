"""Waiting for the signal to stop."""

from __future__ import annotations

import asyncio
import signal


async def until_stopped() -> None:
    """Return when this process receives SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await stopped.wait()
