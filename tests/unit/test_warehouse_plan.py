"""A batch's plan survives as offset metadata, and batches are due for a named reason."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest

from warehouse.plan import FEW_RECORDS, MAX_RECORDS, Due, Plan, PlanError, read_plan, when_due

NOW = datetime(2026, 11, 20, 3, 0, 0, 123000, tzinfo=UTC)
PLAN = Plan(topic="vacancies", partition=2, start=10, end=25, loaded_at=NOW)


def test_the_first_few_of_the_next_burst_wait_for_their_company() -> None:
    few = partial(when_due, records=3, waited_s=0.5, quiet_for_s=0.5, rested_s=2.0)
    assert few(before=1) is Due.FEW
    assert few(before=500) is Due.WAIT


def test_a_plan_is_read_back_from_its_metadata() -> None:
    assert read_plan("vacancies", 2, 10, PLAN.metadata()) == PLAN


def test_token_names_topic_partition_range_and_time() -> None:
    assert PLAN.token == f"vacancies-2-10-25@{int(NOW.timestamp() * 1000)}"
    again = read_plan("vacancies", 2, 10, PLAN.metadata())
    assert again is not None
    assert again.token == PLAN.token  # a repeated batch is known by it


def test_no_metadata_is_no_plan() -> None:
    assert read_plan("vacancies", 2, 10, "") is None


@pytest.mark.parametrize(
    "metadata",
    [
        "worker-7",
        "[]",
        "null",
        '{"end": 25}',
        '{"end": "x", "loaded_at": "2026-11-20T03:00:00+00:00"}',
        '{"end": 10, "loaded_at": "2026-11-20T03:00:00+00:00"}',
        '{"end": 25, "loaded_at": "2026-11-20T03:00:00"}',
    ],
)
def test_foreign_metadata_is_refused(metadata: str) -> None:
    with pytest.raises(PlanError, match="vacancies-2 at 10"):
        read_plan("vacancies", 2, 10, metadata)


@pytest.mark.parametrize(
    ("records", "waited_s", "quiet_for_s", "rested_s", "due"),
    [
        (0, 99.0, 99.0, 99.0, Due.WAIT),
        (1, 0.0, 0.0, 99.0, Due.WAIT),
        (1, 0.2, 0.2, 99.0, Due.FEW),
        (1, 0.2, 0.2, 0.5, Due.WAIT),
        (FEW_RECORDS, 0.2, 0.0, 1.0, Due.FEW),
        (FEW_RECORDS + 1, 0.2, 0.1, 99.0, Due.WAIT),
        (FEW_RECORDS + 1, 3.0, 2.5, 0.0, Due.QUIET),
        (FEW_RECORDS + 1, 8.0, 0.0, 0.0, Due.OLD),
        (MAX_RECORDS, 0.0, 0.0, 0.0, Due.FULL),
    ],
)
def test_when_due(
    records: int, waited_s: float, quiet_for_s: float, rested_s: float, due: Due
) -> None:
    found = when_due(records=records, waited_s=waited_s, quiet_for_s=quiet_for_s, rested_s=rested_s)
    assert found is due


@pytest.mark.parametrize(
    ("position", "due"), [(24, Due.WAIT), (25, Due.PLANNED), (90, Due.PLANNED)]
)
def test_a_begun_batch_waits_for_exactly_its_records(position: int, due: Due) -> None:
    found = when_due(
        records=MAX_RECORDS,
        waited_s=9,
        quiet_for_s=9,
        rested_s=9,
        plan=PLAN,
        position=position,
    )
    assert found is due
