"""`python -m labourwatch.demo`: serve the demonstration's boards."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from datetime import datetime
from pathlib import Path

from labourwatch.demo.events import STANDARD_MEAN
from labourwatch.demo.serve import PACE_S, PORTS_NEEDED, serve_market
from labourwatch.demo.state import StateError


def main(argv: list[str] | None = None) -> int:
    """Parse the command line and serve until SIGTERM or SIGINT."""
    asked = _parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(_run(asked))
    except (StateError, OSError, ValueError) as error:
        print(f"boards: {error}", file=sys.stderr)
        return 1
    return 0


async def _run(asked: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve_market(
        asked.dir,
        control_port=asked.control_port,
        ports=asked.ports,
        seed=asked.seed,
        anchor=asked.anchor,
        history_days=asked.history_days,
        mean_per_day=asked.mean_per_day,
        pace_s=asked.pace_s,
        stop=stop,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m labourwatch.demo", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="keeps the market between runs")
    parser.add_argument("--control-port", type=int, required=True)
    parser.add_argument("--ports", type=_ports, required=True, help=f"{PORTS_NEEDED}, by commas")
    parser.add_argument("--seed", type=int, default=20260901)
    parser.add_argument("--anchor", type=_moment, default=None, help="ISO 8601; default: now")
    parser.add_argument("--history-days", type=int, default=420)
    parser.add_argument("--mean-per-day", type=float, default=STANDARD_MEAN)
    parser.add_argument("--pace-s", type=float, default=PACE_S)
    return parser


def _ports(text: str) -> list[int]:
    return [int(port) for port in text.split(",")]


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("expected a moment with its zone, 2026-09-01T08:00+07:00")
    return moment


if __name__ == "__main__":
    raise SystemExit(main())
