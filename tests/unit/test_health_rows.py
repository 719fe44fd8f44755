"""Health and marks of a run: on the wire, and as rows."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers.codec import decode, encode
from scrapers.health_records import Finding, HealthReason, RunHealth, SourceMark, Verdict
from scrapers.items import RunOutcome, SourceRun
from warehouse.rows import run_rows
from warehouse.tables import SOURCE_HEALTH, SOURCE_MARKS, SOURCE_RUNS

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
OLD = (
    b'{"type":"SourceRun","v":1,"record":{"source_id":"a","run_id":"a:1",'
    b'"started_at":"2026-03-02T05:00:00Z","finished_at":"2026-03-02T05:00:00Z","outcome":"ok"}}'
)


def run() -> SourceRun:
    finding = Finding(
        reason=HealthReason.PLACE_COVERAGE_FELL, before=0.98, after=0.0, n=5, score=17.2
    )
    mark = SourceMark(
        mark_id="a:2026-03-01", source_id="a", kind=Verdict.CHANGED, from_at=AT, to_at=None,
        reason=finding.reason.value, evidence="0.98 to 0.00", run_id="a:1", issue=AT,
    )  # fmt: skip
    health = RunHealth(
        verdict=Verdict.CHANGED, findings=(finding,), read=5, filled={"title": 5, "place": 0},
        statuses={"200": 6}, languages={"lo": 5},
    )  # fmt: skip
    return SourceRun(
        source_id="a", run_id="a:1", started_at=AT, finished_at=AT, outcome=RunOutcome.OK,
        listed=5, health=health, marks=(mark,),
    )  # fmt: skip


def test_health_and_marks_survive_the_wire() -> None:
    assert decode(encode(run())) == run()


def test_records_of_older_releases_are_read() -> None:
    old = decode(OLD)
    assert (old.health, old.marks) == (None, ())
    assert [table for table, _ in run_rows(old)] == [SOURCE_RUNS]


def test_a_run_becomes_rows_of_three_tables() -> None:
    rows = run_rows(run())
    assert [table for table, _ in rows] == [SOURCE_RUNS, SOURCE_HEALTH, SOURCE_MARKS]
    for table, row in rows:
        assert len(row) == len(table.columns), table.name
    health = dict(zip(SOURCE_HEALTH.columns, rows[1][1], strict=True))
    assert (health["reasons"], health["after"]) == (["coverage_of_place_fell"], [0.0])
    assert health["filled"] == {"place": 0, "title": 5}


def test_the_same_statement_has_the_same_identity() -> None:
    first, second = run_rows(run())[2][1], run_rows(run())[2][1]
    assert first == second
