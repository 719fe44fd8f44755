"""Faults under load, on the embedded broker and on three brokers of Apache Kafka.

Records of every topic that the loader reads, a tenth of them a second time and out of order, are
published at a steady rate while one part is hurt again and again. The judge knows what was
acknowledged: afterwards every identity must be stored once, and roll-ups equal their rows.
The alert side of the same faults is `benchmarks.warning --part engine`.
"""

from __future__ import annotations

import random
import signal
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.faults_table import TITLE, Row, of_rows
from benchmarks.latency import quantile
from benchmarks.loading_kills import ROWS, Stream, count_against, wait_for_all
from benchmarks.loading_records import Sent, expected_rows, mixed_records
from benchmarks.report import Figure
from benchmarks.warehouse_loading import empty
from config import topics
from tests.fixtures_kafka import kafka_version
from tests.fixtures_warehouse import launch_warehouse
from tests.integration.loading_stack import PATIENCE_S, LoadingStack, loading_stack

_LONGEST_S: Final = 1.0
_FROZEN_S: Final = 5.0
"""Longer than brokers wait for each other: another becomes the leader."""
_PER_SECOND: Final = 100
_BROKERS: Final = 3


class Fault(StrEnum):
    """What is done to the running parts."""

    LOADER_KILLED = "kill -9 of the loader"
    WAREHOUSE_KILLED = "kill -9 of the warehouse"
    BROKER_KILLED = "kill -9 of a broker (of its leader)"
    BROKER_FROZEN = "a broker cut off for 5 s (stopped and continued)"
    WAREHOUSE_AWAY = "the warehouse away for a while"
    POISON = "poison messages between the others"


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Every fault on both stacks; on Kafka only where its jars are."""
    table: list[Row] = []
    for kafka in (0, _BROKERS) if kafka_version() else (0,):
        with (
            tempfile.TemporaryDirectory() as place,
            loading_stack(Path(place), kafka=kafka) as stack,
        ):
            faults = (Fault.BROKER_KILLED,) if quick else tuple(Fault)
            name = f"Kafka {kafka_version()}, {kafka} brokers" if kafka else "embedded"
            for number, fault in enumerate(faults):
                row = suffer(stack, fault, seed + number, runs=1 if quick else 20, name=name,
                             away_s=2.0 if quick else 30.0)  # fmt: skip
                table.append(row)
    return _figures(table), {"tables": {TITLE: [asdict(row) for row in table]}}


def _figures(table: list[Row]) -> list[Figure]:
    return [
        *of_rows(table),
        Figure(key="kafka_version", value=kafka_version() or "none: its jars could not be had",
               about="Apache Kafka that the faults were made on too"),
    ]  # fmt: skip


def suffer(
    stack: LoadingStack, fault: Fault, seed: int, *, runs: int, name: str, away_s: float
) -> Row:
    """Load into empty tables while `fault` happens `runs` times; then count by identity."""
    empty(stack)
    runs = max(1, runs // 10) if fault is Fault.WAREHOUSE_AWAY else runs
    sent = mixed_records(seed, 200 + 300 * runs)
    must = expected_rows(sent)
    dice, waits, under_load = random.Random(seed), list[float | None](), 0
    happen = _deeds(stack, away_s)[fault]
    stack.start_loader()
    poison = _poisoned(seed, runs) if fault is Fault.POISON else []
    with Stream(stack, _mixed(sent, poison, dice), _PER_SECOND) as stream:
        for _ in range(runs):
            stack.wait_for(ROWS, 1)
            time.sleep(dice.uniform(0, _LONGEST_S))
            under_load += stream.flows
            waits.append(_recovery(stack, stream, happen))
    wait_for_all(stack, must)
    letters = stack.wait_for(_LETTERS, len(must["dead_letters"]) + len(poison))
    stack.stop_loader()
    found = count_against(stack.client(), must)
    told = letters - len(must["dead_letters"])
    took = [wait for wait in waits if wait is not None]
    return Row(
        fault=fault, stack=name, runs=runs, under_load=under_load,
        rows=sum(map(len, must.values())) + len(poison),
        lost=found["lost"] + max(0, len(poison) - told),
        doubled=found["doubled"] - min(told, len(poison)) + found["rollup_differences"],
        unrecovered=len(waits) - len(took),
        recovery_p95_s=round(quantile(took, 0.95), 2) if took else float(PATIENCE_S),
    )  # fmt: skip


_LETTERS: Final = "SELECT count() FROM dead_letters"


def _recovery(stack: LoadingStack, stream: Stream, happen: Callable[[], None]) -> float | None:
    """Seconds from the fault until one more row is stored than before it; `None`: never."""
    before = stack.wait_for(ROWS, 0)
    begun = time.monotonic()
    happen()
    try:
        if stream.flows:
            stack.wait_for(ROWS, before + 1)
    except TimeoutError:
        return None
    return time.monotonic() - begun


def _deeds(stack: LoadingStack, away_s: float) -> Mapping[Fault, Callable[[], None]]:
    def loader() -> None:
        stack.kill_loader()
        stack.start_loader()

    def frozen() -> None:
        stack.broker.send_signal(signal.SIGSTOP)
        time.sleep(_FROZEN_S)
        stack.broker.send_signal(signal.SIGCONT)

    def away() -> None:
        stack.warehouse.kill()
        time.sleep(away_s)
        place = stack.directory / "warehouse"
        stack.warehouse = launch_warehouse(place, stack.settings.clickhouse_port)

    return {
        Fault.LOADER_KILLED: loader,
        Fault.WAREHOUSE_KILLED: stack.kill_warehouse,
        Fault.BROKER_KILLED: stack.kill_broker,
        Fault.BROKER_FROZEN: frozen,
        Fault.WAREHOUSE_AWAY: away,
        Fault.POISON: partial(time.sleep, 0.0),
    }


def _poisoned(seed: int, count: int) -> list[Sent]:
    """Messages that are no records: cut short, of another format, bytes of nothing."""
    dice = random.Random(seed)
    shapes = (b"", b"{", b'{"type": "VacancyUpdate"}', b"\xff\xfe", b"[1, 2]", b"null")
    return [
        Sent(topics.VACANCIES.name, dice.choice(shapes) + b"%d" % number, b"poison-%d" % number)
        for number in range(count)
    ]


def _mixed(sent: list[Sent], more: list[Sent], dice: random.Random) -> list[Sent]:
    mixed = list(sent)
    for record in more:
        mixed.insert(dice.randrange(len(mixed)), record)
    return mixed
