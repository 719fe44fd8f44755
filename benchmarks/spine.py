"""The spine's figures: `python -m benchmarks.spine [--quick] [--json]`.

Two stacks are started as a person starts them. The first is what `make run` gives and is left
alone: time to a populated dashboard, memory, throughput, latency to the screen. The second holds
more than 100,000 postings; every part of it is killed once during the load; then the sums are
checked over the whole history and alerts are compared with the planted events. The sums of the
first stack are checked too. With `--quick` one small stack serves for both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import redis
from aiokafka.errors import KafkaConnectionError

from alerts.backlog import backlog
from alerts.calendar import local_day
from alerts.parameters import load_parameters
from alerts.store import AlertStore
from benchmarks import detection, kills, latency
from benchmarks.report import Figure, document, table, write
from benchmarks.stack import (
    Stack,
    cpu_seconds,
    memory_mib,
    running,
    supervision_mib,
    wait_until,
)
from benchmarks.sums import Sums, check_sums
from labourwatch.parts import parts_of
from warehouse.client import connect, fetch

SEED: Final = 20260901
_UNDER_LOAD_S: Final = 15.0
"""Of backfill before the first kill, so that every part is at work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a run is: days and vacancies a day of history, postings timed, parts killed."""

    days: int
    daily: float
    killed_days: int
    killed_daily: float
    timed: int
    killed: tuple[str, ...]
    idle_s: float


FULL: Final = Size(
    days=420,
    daily=60.0,
    killed_days=420,
    killed_daily=170.0,
    timed=50,
    killed=tuple(part.name for part in parts_of(demonstration=True)),
    idle_s=30.0,
)
QUICK: Final = Size(
    days=60,
    daily=8.0,
    killed_days=0,
    killed_daily=0.0,
    timed=3,
    killed=("load",),
    idle_s=1.0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """How the first filling went. Times in seconds since the command."""

    parts_up_s: float
    first_figures_s: float
    populated_s: float
    fill_s: float
    """From the first part up to everything stored and judged."""
    cpu_s: dict[str, float]


def main() -> int:
    """Run, write the results, and say what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spine", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small size, within a minute")
    parser.add_argument("--json", action="store_true", help="print the JSON last")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep", action="store_true", help="keep the state directories")
    asked = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="labourwatch-spine-"))
    at = datetime.now(UTC)
    try:
        figures, more = measure(QUICK if asked.quick else FULL, place, asked.seed)
    finally:
        if not asked.keep:
            shutil.rmtree(place, ignore_errors=True)
    result = document("spine", figures, seed=asked.seed, quick=asked.quick, at=at, more=more)
    markdown = table("spine", figures, seed=asked.seed, quick=asked.quick, at=at)
    write("spine", result, markdown, quick=asked.quick)
    print(markdown)
    if asked.json:
        print(json.dumps(result, default=str))
    return 0


def _environment(seed: int, days: int, daily: float) -> dict[str, str]:
    return {
        "LABOURWATCH_SEED": str(seed),
        "LABOURWATCH_DEMO_DAYS": str(days),
        "LABOURWATCH_DEMO_DAILY": str(daily),
    }


def measure(size: Size, place: Path, seed: int) -> tuple[list[Figure], dict[str, Any]]:
    """All figures of one run, and details beside them."""
    quick = size.killed_days == 0
    with running(place / "calm", _environment(seed, size.days, size.daily)) as stack:
        filled = fill(stack)
        time.sleep(size.idle_s)
        memory = {**memory_mib(stack.pids()), "supervision": supervision_mib(stack.process.pid)}
        calm = settled_sums(stack)
        journeys = latency.measure(stack, _chromium(), count=size.timed, seed=seed)
        if quick:
            killed = kills.kill_each_once(stack, size.killed, pause_s=0.5)
            sums = settled_sums(stack)
            score = detection.judge(stack)
    if not quick:
        environment = _environment(seed, size.killed_days, size.killed_daily)
        with running(place / "killed", environment) as stack:
            wait_until(lambda: stack.progress().phase == "backfill", 180, "backfill did not begin")
            time.sleep(_UNDER_LOAD_S)
            killed = kills.kill_each_once(stack, size.killed, pause_s=1.0)
            wait_filled(stack)
            sums = settled_sums(stack)
            score = detection.judge(stack)
    stages = [journey.seconds() for journey in journeys]
    split = {
        name: {
            "p50": round(latency.quantile([stage[name] for stage in stages], 0.5), 3),
            "p95": round(latency.quantile([stage[name] for stage in stages], 0.95), 3),
        }
        for name in stages[0]
    }
    slowest = max(filled.cpu_s, key=lambda name: filled.cpu_s[name])
    rate = calm.served / filled.fill_s
    figures = [
        Figure(key="first_start_s", value=round(filled.populated_s, 1), goal="≤ 180",
               about="command to dashboard with the whole history stored, judged and shown"),
        Figure(key="first_figures_s", value=round(filled.first_figures_s, 1),
               about="command to the first vacancies on the dashboard"),
        Figure(key="parts_up_s", value=round(filled.parts_up_s, 1),
               about="command to every part healthy"),
        Figure(key="idle_mib", value=round(sum(memory.values())), goal="≤ 2,560",
               about="proportional memory of all processes at rest, whole history loaded"),
        Figure(key="posted_to_screen_p50_s", value=split["posted_to_screen"]["p50"],
               about="added on a board to shown in a browser, crawl interval included"),
        Figure(key="posted_to_screen_p95_s", value=split["posted_to_screen"]["p95"],
               about="the same, 95th percentile"),
        Figure(key="crawl_to_screen_p50_s", value=split["crawl_to_screen"]["p50"],
               about="crawled to shown in a browser"),
        Figure(key="crawl_to_screen_p95_s", value=split["crawl_to_screen"]["p95"], goal="≤ 5",
               about="the same, 95th percentile"),
        Figure(key="postings_served", value=sums.served, goal="≥ 100,000",
               about="distinct postings a visitor of the boards could have seen"),
        Figure(key="stored", value=sums.stored, about="of these, opened a vacancy"),
        Figure(key="refused", value=sums.refused, about="refused with a reason"),
        Figure(key="duplicates_linked", value=sums.linked,
               about="linked to the vacancy of another posting"),
        Figure(key="lost", value=calm.lost + sums.lost, goal="0",
               about="neither stored nor linked nor refused, both stacks"),
        Figure(key="doubled", value=calm.doubled + sums.doubled, goal="0",
               about="records, events or roll-up counts too many, both stacks"),
        Figure(key="kills", value=len(killed), about="parts ended by kill -9 during load"),
        Figure(key="unrecovered", value=sum(kill.seconds is None for kill in killed), goal="0",
               about="of these, not healthy again within 90 s"),
        Figure(key="postings_per_s", value=round(rate, 1),
               about="backfill end to end, postings served per second until all are judged"),
        Figure(key="slowest_stage", value=slowest, about="the part that used most CPU"),
        Figure(key="planted_events", value=score.events,
               about="labour shocks in the history after 90 days of learning"),
        Figure(key="events_found", value=len(score.found),
               about="of these, found by an alert that leads to their cell"),
        Figure(key="false_alerts", value=len(score.false_alerts),
               about="alerts that match no planted labour shock, collection faults included"),
        Figure(key="median_delay_days", value=score.median_delay_days if score.found else None,
               about="from the start of an event to the day of its first alert"),
    ]  # fmt: skip
    more = {
        "sums": asdict(sums),
        "sums_of_first_start": asdict(calm),
        "sums_balanced": sums.balanced and calm.balanced,
        "latency_by_stage_s": split,
        "recovery_s": {kill.part: kill.seconds for kill in killed},
        "memory_mib": {name: round(value) for name, value in memory.items()},
        "cpu_ms_per_posting": {
            name: round(1000 * spent / calm.served, 3) for name, spent in filled.cpu_s.items()
        },
        "events_missed": score.missed,
        "redundant_alerts": score.redundant,
        "false_per_cell_year": round(score.false_per_cell_year, 4),
    }
    return figures, more


def fill(stack: Stack) -> Filled:
    """Wait for the first filling to end."""
    wait_until(lambda: stack.progress().phase != "", 240, "the crawler did not start", every=0.1)
    up = time.monotonic()
    wait_until(lambda: _has_figures(stack), 240, "the dashboard stayed empty", every=0.2)
    shown = time.monotonic()
    wait_filled(stack)
    populated = time.monotonic()
    return Filled(
        parts_up_s=up - stack.begun,
        first_figures_s=shown - stack.begun,
        populated_s=populated - stack.begun,
        fill_s=populated - up,
        cpu_s=cpu_seconds(stack.pids()),
    )


def _has_figures(stack: Stack) -> bool:
    with connect(stack.settings, readonly=True) as client:
        return int(fetch(client, "SELECT count() FROM vacancies")[0][0]) > 0


def wait_filled(stack: Stack) -> None:
    """Until the history is crawled, every topic is worked off, and detection has caught up."""
    wait_until(lambda: stack.progress().phase == "live", 1500, "the backfill did not end")
    wait_until(lambda: _worked_off(stack), 900, "topics were not worked off")
    wait_until(lambda: _judged(stack), 300, "detection did not catch up")


def _worked_off(stack: Stack) -> bool:
    """Whether no record waits; after a restart the broker may not answer yet."""
    try:
        return not any(asyncio.run(backlog(stack.settings)).values())
    except KafkaConnectionError:
        return False


def _judged(stack: Stack) -> bool:
    """Whether detectors have seen every day that is over; today is not."""
    with redis.Redis.from_url(stack.settings.redis_url) as client:
        monitor = AlertStore(client).load(load_parameters())
    today = local_day(datetime.now(UTC))
    return date.fromordinal(max(1, monitor.fed_through)) >= today - timedelta(days=1)


def settled_sums(stack: Stack) -> Sums:
    """The sum check once it balances; at the latest after two minutes, as it then stands."""
    deadline = time.monotonic() + 120
    while True:
        sums = check_sums(stack)
        if sums.balanced or time.monotonic() > deadline:
            return sums
        time.sleep(2)


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    sys.exit("the latency figure needs Chromium: sudo apt-get install chromium")


if __name__ == "__main__":
    raise SystemExit(main())
