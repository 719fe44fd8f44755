"""The alert process is killed while days pass in which it decides and tells.

Broker, Redis, warehouse, loader and alert process are those of the chain. The market is prepared:
cell after cell doubles for a while, nobody acknowledges, so that openings, escalations and ends are
told. A further day is seen every other second; the mail server counts.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from alerts.calendar import end_of_day
from benchmarks.faults_chain_alert import CLOCK, set_present
from benchmarks.faults_chain_judge import notices_settled
from benchmarks.faults_chain_load import fed_through
from benchmarks.faults_chain_rounds import RECOVERY_S, leader
from benchmarks.faults_chain_stack import Chain, chain
from benchmarks.faults_table import Row
from benchmarks.latency import quantile
from benchmarks.stack import NotReadyError, wait_until
from tests.factories_alerts import FIRST, SOURCES, fill, poisson, visits
from warehouse.client import connect
from warehouse.migrate import lacking
from warehouse.openings import Opening

_PARTS: Final = ("redis", "broker", "warehouse", "load", "alert")
_PROVINCES: Final = ("LA-VT", "LA-SV", "LA-LP", "LA-CH", "LA-XA", "LA-KH")
_GROUPS: Final = ("5", "7", "9")
_A_DAY: Final = 3.0
_FACTOR: Final = 3.0
_QUIET_DAYS: Final = 100
"""For learning, seen at once."""
_LASTS: Final = 25
_DAYS: Final = 330
_DAY_S: Final = 2.0
_LONGEST_S: Final = 6.0
"""Before the next kill, at most; half the last recovery where that is longer, so that moments are
spread over deciding and telling on a slow machine too."""
_PATIENCE_S: Final = 600.0
_LOOK_S: Final = 0.2


def suffer_days(seed: int, runs: int, *, kafka: bool) -> Row:
    """Kill the alert process so often, at random moments; then compare decisions with mails."""
    dice, waits, under_load = random.Random(seed), list[float | None](), 0
    with (
        tempfile.TemporaryDirectory() as place,
        chain(
            Path(place), seed=seed, days=60, daily=1.0, kafka=kafka, only=_PARTS
        ) as made,
        _migrated(made) as client,
    ):  # fmt: skip
        fill(client, market(seed), visits(_QUIET_DAYS))
        with days_pass(made, client) as passing:
            for _ in range(runs):
                last = waits[-1] if waits else None
                time.sleep(dice.uniform(0, max(_LONGEST_S, (last or 0.0) / 2)))
                under_load += passing.is_set()
                waits.append(_recovery(made, passing))
        notices, lost, double = notices_settled(made)
    took = [wait for wait in waits if wait is not None]
    in_time = sum(wait <= RECOVERY_S for wait in took)
    return Row(
        fault="kill -9 of the alert process while days pass", stack=made.name, runs=runs,
        under_load=under_load, rows=notices, lost=0, doubled=0,
        unrecovered=runs - in_time, late=len(took) - in_time,
        recovery_p95_s=round(quantile(took, 0.95), 2) if took else None,
        notices=notices, notices_lost=lost, double_notified=double,
    )  # fmt: skip


@contextmanager
def _migrated(made: Chain) -> Iterator[Client]:
    """A client of the warehouse, once the loader has made its schema."""

    def is_whole() -> bool:
        try:
            with connect(made.stack.settings) as client:
                return not lacking(client)
        except Error:
            return False

    wait_until(is_whole, _PATIENCE_S, "no schema", every=_LOOK_S)
    with connect(made.stack.settings) as client:
        yield client


def market(seed: int) -> list[Opening]:
    """Openings of a year in which, cell after cell, more are looked for than usual."""
    dice = random.Random(seed)
    cells = [(province, group) for province in _PROVINCES for group in _GROUPS]
    dice.shuffle(cells)
    apart = (_DAYS - _QUIET_DAYS - _LASTS) // len(cells)
    rises = {cell: _QUIET_DAYS + 5 + apart * number for number, cell in enumerate(cells)}
    first = FIRST.toordinal()
    return [
        Opening(first + day, *cell, dice.randint(1, 60), (source,), (first + day,))
        for day in range(_DAYS)
        for cell, rise in rises.items()
        for _ in range(
            poisson(dice, _A_DAY * (_FACTOR if rise <= day < rise + _LASTS else 1.0))
        )
        for source in [dice.choice(SOURCES)]
    ]  # fmt: skip


@contextmanager
def days_pass(made: Chain, client: Client) -> Iterator[threading.Event]:
    """Every other second a further day has been seen; the event says that days are left."""
    stop, going = threading.Event(), threading.Event()
    place = made.stack.var_dir / CLOCK
    seen = visits(_DAYS)
    set_present(place, end_of_day(_day(_QUIET_DAYS - 1)))
    going.set()

    def pass_days() -> None:
        for day in range(_QUIET_DAYS, _DAYS):
            if stop.wait(_DAY_S):
                return
            rows = [row for row in seen if row[1] == _day(day).toordinal()]
            try:
                _see(client, rows)
            except Error:
                continue  # the next day tells that this one was missed
            set_present(place, end_of_day(_day(day)))
        going.clear()

    thread = threading.Thread(target=pass_days, daemon=True)
    thread.start()
    try:
        yield going
    finally:
        stop.set()
        thread.join()


def _day(number: int) -> date:
    return date.fromordinal(FIRST.toordinal() + number)


def _see(client: Client, rows: list[tuple[str, int, bool]]) -> None:
    """Store one day's visits."""
    runs = []
    for source, day, _ in rows:
        noon = datetime.combine(date.fromordinal(day), datetime.min.time()).replace(hour=5)
        runs.append((source, f"{source}{day}", noon, noon, "ok", noon))
    names = ["source_id", "run_id", "started_at", "finished_at", "outcome", "loaded_at"]
    client.insert("source_runs", runs, column_names=names)


def _recovery(made: Chain, passing: threading.Event) -> float | None:
    """Kill it; seconds until another leads and has taken in a further day, while there are any."""
    led = leader(made)
    wait_until(lambda: "alert" in made.stack.pids(), _PATIENCE_S, "does not run", every=_LOOK_S)
    made.kill("alert")
    begun = time.monotonic()
    try:
        _until(lambda: made.is_back("alert") and leader(made) not in (b"", led))
        fed = fed_through(made)
        _until(lambda: fed_through(made) > fed or not passing.is_set())
    except NotReadyError:
        return None
    return time.monotonic() - begun


def _until(condition: Callable[[], bool]) -> None:
    wait_until(condition, _PATIENCE_S, "the alert process did not come back", every=_LOOK_S)
