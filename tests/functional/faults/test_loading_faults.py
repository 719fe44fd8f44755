"""Parts die under load, on the embedded broker and on three brokers of Apache Kafka.

`make test` kills a broker once; `make faults` every one twenty times (the warehouse away: twice)
(`LABOURWATCH_FAULTS=20`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from benchmarks.faults_kills import Fault, suffer
from benchmarks.loading_records import mixed_records
from config.topics import VACANCIES
from tests.integration.loading_stack import LoadingStack, loading_stack

pytestmark = pytest.mark.functional

RUNS = int(os.environ.get("LABOURWATCH_FAULTS", "1"))
FAULTS = list(Fault) if RUNS > 1 else [Fault.BROKER_KILLED]


@pytest.fixture(scope="module", params=[0, 3], ids=["embedded", "kafka"])
def stack(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LoadingStack]:
    with loading_stack(tmp_path_factory.mktemp("faults"), kafka=request.param) as running:
        yield running


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_acknowledged_is_lost_or_doubled(stack: LoadingStack, fault: Fault) -> None:
    left_by_a_fault_before = [
        (record.key, record.value)
        for record in mixed_records(8, 20)
        if record.topic == VACANCIES.name
    ]
    stack.publish(VACANCIES.name, left_by_a_fault_before)
    row = suffer(stack, fault, 7, runs=RUNS, name="", away_s=30.0)
    assert (row.lost, row.doubled, row.unrecovered) == (0, 0, 0)
