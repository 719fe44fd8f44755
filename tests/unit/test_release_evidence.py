"""What releases are computed from leaves out what may not be released."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest.mock import create_autospec

import pytest
from clickhouse_connect.driver.client import Client

from alerts.releases import evidence as releases_evidence
from alerts.releases.evidence import Evidence
from warehouse import facts
from warehouse.health import RunDay

CUTOFF = datetime(2026, 11, 26, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)


def people(count: float, *, releasable: bool) -> facts.People:
    return facts.People(
        source_id="office", province="LA-CH", isco1="5", measure="jobseekers_waiting",
        period_start=FIRST, period_end=LAST, persons=count, releasable=releasable,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("brought", "seen"),
    [((90, 10), 1 - 0.1 * 3 / 7), ((10, 90), 1 - 0.9 * 3 / 7), ((0, 0), 1 - 0.5 * 3 / 7)],
)
def test_a_period_is_seen_by_what_its_sources_usually_bring(
    monkeypatch: pytest.MonkeyPatch, brought: tuple[int, int], seen: float
) -> None:
    """A small board that is out for three days takes little of the week, the largest much."""
    monday = date(2026, 10, 5)
    out = {monday + timedelta(days=n) for n in (2, 3)}  # the day before is seen by neither visit
    runs = [
        RunDay(source_id=name, day=day, ok=int(name == "large" or day not in out), failed=0,
               listed=0, published=bring if day == monday - timedelta(weeks=2) else 0)
        for name, bring in zip(("large", "small"), brought, strict=True)
        for n in range(90) if (day := monday + timedelta(days=n - 70))
    ]  # fmt: skip
    monkeypatch.setattr(releases_evidence, "run_days", lambda *_, **__: runs)
    client = create_autospec(Client, instance=True)
    evidence = Evidence(client, cutoff=CUTOFF, since=FIRST, until=LAST)
    assert evidence.observed(monday, monday + timedelta(days=6)) == pytest.approx(seen)
    assert evidence.observed(monday + timedelta(weeks=1), monday + timedelta(days=13)) == 1.0


def test_small_counts_of_persons_stay_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [people(3, releasable=False), people(30, releasable=True)]
    monkeypatch.setattr(facts, "read_people", lambda *_, **__: rows)
    client = create_autospec(Client, instance=True)
    evidence = Evidence(client, cutoff=CUTOFF, since=FIRST, until=LAST)
    assert evidence.people(["jobseekers_waiting"], LAST) == rows[1:]
