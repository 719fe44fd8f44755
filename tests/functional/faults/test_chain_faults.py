"""The whole chain is killed part by part, and a board answers garbage: `make faults` only.

`make test` kills schedulers at every step of their tick (`test_alert_engine_crashes.py`) and
brokers under load; a chain of ten processes takes minutes to kill.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.faults_chain import EMBEDDED, KAFKA, live_through
from benchmarks.faults_chain_alerts import suffer_days
from benchmarks.faults_chain_garbage import suffer_garbage
from benchmarks.faults_chain_load import passing_days
from benchmarks.faults_chain_proxy import Garbage
from benchmarks.faults_chain_stack import chain
from benchmarks.faults_table import Row
from tests.fixtures_kafka import require_kafka

pytestmark = [
    pytest.mark.functional,
    pytest.mark.skipif(
        "LABOURWATCH_FAULTS" not in os.environ, reason="takes minutes: make faults runs it"
    ),
]

RUNS = int(os.environ.get("LABOURWATCH_FAULTS", "1"))


@pytest.fixture(params=[False, True], ids=["embedded", "kafka"])
def kafka(request: pytest.FixtureRequest) -> bool:
    if request.param:
        require_kafka()
    return bool(request.param)


def is_clean(row: Row) -> bool:
    wrong = (row.lost, row.doubled, row.unrecovered, row.notices_lost, row.double_notified)
    return not any(wrong)


def test_nothing_is_lost_or_doubled(*, kafka: bool) -> None:
    size = replace(KAFKA if kafka else EMBEDDED, rounds=RUNS, flushes=RUNS, garbage_readings=0)
    rows, _ = live_through(7, size, kafka=kafka)
    assert [row for row in rows if not is_clean(row)] == []


def test_every_decision_is_told_once(*, kafka: bool) -> None:
    row = suffer_days(7, RUNS, kafka=kafka)
    assert row.notices or RUNS < 10
    assert is_clean(row), row


def test_garbage_closes_nothing_and_is_told_to_no_province(tmp_path: Path) -> None:
    with chain(tmp_path, seed=7, days=60, daily=4.0, kafka=False) as made, passing_days(made):
        assert made.spoiler is not None
        row, spoilt = suffer_garbage(made, made.spoiler, 3)
    assert [one for one in spoilt if one.closed_falsely] == []
    assert (row.lost, row.doubled, row.notices) == (0, 0, 0)
    assert {one.garbage for one in spoilt if one.is_handled} >= {Garbage.EMPTY, Garbage.CUT}
