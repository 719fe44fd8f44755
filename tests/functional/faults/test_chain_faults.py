"""The whole chain is killed part by part, and a board answers garbage: `make faults` only.

`make test` kills schedulers at every step of their tick (`test_alert_engine_crashes.py`) and
brokers under load; a chain of ten processes takes minutes to kill.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from benchmarks.faults_chain import EMBEDDED, KAFKA, live_through
from tests.fixtures_kafka import require_kafka

pytestmark = [
    pytest.mark.functional,
    pytest.mark.skipif(
        "LABOURWATCH_FAULTS" not in os.environ, reason="takes minutes: make faults runs it"
    ),
]

RUNS = int(os.environ.get("LABOURWATCH_FAULTS", "1"))


@pytest.mark.parametrize("kafka", [False, True], ids=["embedded", "kafka"])
def test_nothing_is_lost_doubled_or_told_twice(*, kafka: bool) -> None:
    if kafka:
        require_kafka()
    rows, spoilt = live_through(7, replace(KAFKA if kafka else EMBEDDED, rounds=RUNS), kafka=kafka)
    for row in rows:
        told = (row.notices_lost, row.double_notified)
        assert (row.lost, row.doubled, row.unrecovered, *told) == (0, 0, 0, 0, 0), row
    assert all(one.closed_falsely == 0 for one in spoilt)
