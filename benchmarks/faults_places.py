"""Faults of places: torn networks, full and slow disks, wrong clocks, a Redis that lost everything,
a warehouse that is away for ten minutes, and a delivery that repeats and shuffles.

The same stack, load and judge as `benchmarks.faults_kills`; brokers of Kafka stand on hosts of
their own behind a switch. Where there are no namespaces (not root) or no compiler, the faults that
need them are left out, and `left_out` says why.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from benchmarks.faults_load import endure
from benchmarks.faults_places_deeds import (
    LASTS_S,
    ON_ANY_STACK,
    ONLY_ON_KAFKA,
    Place,
    blow_of,
)
from benchmarks.faults_places_stack import Places, places
from benchmarks.faults_table import TITLE, Row, of_rows
from benchmarks.report import Figure
from tests.fixtures_ground import why_no_ground
from tests.fixtures_kafka import KafkaCluster, kafka_version
from tests.fixtures_shim import why_no_shim
from tests.integration.loading_stack import loading_stack

RUNS: Final = 20
OUTAGE_S: Final = 600.0
_BROKERS: Final = 3


def why_left_out() -> str:
    """Why faults that need their own ground cannot be made here; "" where they can."""
    return why_no_ground() or why_no_shim()


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Every fault on the embedded stack, and on Kafka where its jars are.

    Quick, none: the stack that they need is the one of `faults_kills`, and a minute is for one.
    """
    if quick:
        return [], {"left_out": "places are torn at full size only"}
    table: list[Row] = []
    restarted: list[dict[str, Any]] = []
    for kafka in (0, _BROKERS) if kafka_version() else (0,):
        with tempfile.TemporaryDirectory() as place, standing(Path(place), kafka=kafka) as at:
            for fault in faults_on(kafka):
                table.append(made(at, fault, seed, runs=RUNS, lasts_s=LASTS_S))
                restarted.append({"fault": fault, "stack": table[-1].stack,
                                  "parts": list(at.revived)})  # fmt: skip
                at.revived.clear()
    more = {
        "tables": {TITLE: [asdict(row) for row in table]},
        "restarted": [entry for entry in restarted if entry["parts"]],
        "left_out": why_left_out(),
    }
    return (of_rows(table) if table else []), more


def faults_on(kafka: int) -> Sequence[Place]:
    """Those that this machine can make on a stack."""
    found = [place for place in Place if kafka or place not in ONLY_ON_KAFKA]
    return [place for place in found if place in ON_ANY_STACK] if why_left_out() else found


@contextmanager
def standing(directory: Path, *, kafka: int) -> Iterator[Places]:
    """The stack on ground of its own, or on plain ground where there is none."""
    if not why_left_out():
        with places(directory, kafka=kafka) as at:
            yield at
    else:
        with loading_stack(directory, kafka=kafka) as stack:
            cluster = stack.broker if isinstance(stack.broker, KafkaCluster) else None
            yield Places(stack=stack, cluster=cluster)


def made(
    at: Places, fault: Place, seed: int, *, runs: int, lasts_s: float, outage_s: float = OUTAGE_S
) -> Row:
    """The line of one fault. An outage is made once, however many runs are asked for."""
    if fault is Place.OUTAGE:
        runs, lasts_s = 1, outage_s
    seed += list(Place).index(fault)
    blow = blow_of(at, fault, seed, runs=runs, lasts_s=lasts_s)
    name = f"Kafka {kafka_version()}, {_BROKERS} brokers" if at.cluster else "embedded"
    return endure(at.stack, blow, seed=seed, runs=runs, name=name)
