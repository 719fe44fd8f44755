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

from benchmarks.faults_load import POISON_KEY, Blow, endure
from benchmarks.faults_table import TITLE, Row, of_rows
from benchmarks.loading_records import Sent, mixed_records
from benchmarks.report import Figure
from config import topics
from tests.fixtures_kafka import kafka_version
from tests.integration.loading_stack import LoadingStack, loading_stack

_FROZEN_S: Final = 5.0
"""Longer than brokers wait for each other: another becomes the leader."""
_BROKERS: Final = 3
_FOR_A_RUN: Final = 600
"""Vacancies: more than can be published until a fault is over."""
_BETWEEN_POISON: Final = 60


class Fault(StrEnum):
    """What is done to the running parts."""

    LOADER_KILLED = "kill -9 of the loader"
    WAREHOUSE_KILLED = "kill -9 of the warehouse"
    BROKER_KILLED = "kill -9 of a broker (of its leader)"
    BROKER_FROZEN = "a broker cut off for 5 s (stopped and continued)"
    WAREHOUSE_AWAY = "the warehouse away for a while"
    POISON = "poison messages between the others"


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Every fault on both stacks; on Kafka only where its jars are.

    Quick, one broker of Kafka is killed and comes back (the embedded one where there is no Kafka):
    three of them, or both stacks, take more than a minute's processor to start.
    """
    table: list[Row] = []
    for kafka in _stacks(quick):
        with (
            tempfile.TemporaryDirectory() as place,
            loading_stack(Path(place), kafka=kafka) as stack,
        ):
            faults = (Fault.BROKER_KILLED,) if quick else tuple(Fault)
            name = _called(kafka)
            for number, fault in enumerate(faults):
                row = suffer(stack, fault, seed + number, runs=1 if quick else 20, name=name,
                             away_s=2.0 if quick else 30.0)  # fmt: skip
                table.append(row)
    return _figures(table), {"tables": {TITLE: [asdict(row) for row in table]}}


def _stacks(quick: bool) -> tuple[int, ...]:
    """Brokers of Kafka of each stack; 0: the embedded one."""
    if not kafka_version():
        return (0,)
    return (1,) if quick else (0, _BROKERS)


def _called(kafka: int) -> str:
    if not kafka:
        return "embedded"
    return f"Kafka {kafka_version()}, {kafka} broker{'s' if kafka > 1 else ''}"


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
    runs = max(1, runs // 10) if fault is Fault.WAREHOUSE_AWAY else runs
    is_poison = fault is Fault.POISON
    poison = _poisoned(seed, runs) if is_poison else []
    good = mixed_records(seed, 200 + (_BETWEEN_POISON if is_poison else _FOR_A_RUN) * runs)
    blow = Blow(
        fault=fault, happen=_deeds(stack, away_s)[fault], to_the_end=is_poison,
        sent=_mixed(good, poison, random.Random(seed)),
    )  # fmt: skip
    return endure(stack, blow, seed=seed, runs=runs, name=name)


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
        stack.start_warehouse()

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
        Sent(
            topics.VACANCIES.name, dice.choice(shapes) + b"%d" % number, POISON_KEY + b"%d" % number
        )
        for number in range(count)
    ]


def _mixed(sent: list[Sent], more: list[Sent], dice: random.Random) -> list[Sent]:
    mixed = list(sent)
    for record in more:
        mixed.insert(dice.randrange(len(mixed)), record)
    return mixed
