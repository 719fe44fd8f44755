"""What releases are computed from leaves out what may not be released."""

from __future__ import annotations

from datetime import UTC, date, datetime
from unittest.mock import create_autospec

import pytest
from clickhouse_connect.driver.client import Client

from alerts.releases.evidence import Evidence
from warehouse import facts

CUTOFF = datetime(2026, 11, 26, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def people(count: float, *, releasable: bool) -> facts.People:
    return facts.People(
        source_id="office", province="LA-CH", isco1="5", measure="jobseekers_waiting",
        period_start=FIRST, period_end=LAST, persons=count, releasable=releasable,
    )  # fmt: skip


def test_small_counts_of_persons_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [people(3, releasable=False), people(30, releasable=True)]
    monkeypatch.setattr(facts, "read_people", lambda *_, **__: rows)
    client = create_autospec(Client, instance=True)
    evidence = Evidence(client, cutoff=CUTOFF, since=FIRST, until=LAST)
    assert evidence.people(["jobseekers_waiting"], LAST) == rows[1:]
