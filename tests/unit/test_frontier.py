"""What a listing means for what is known; which answers stop us; how a crawl is judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from scrapers.frontier import Known, Standing, Visit, decide_visit, expire, reconcile
from scrapers.items import RunOutcome, WithdrawalReason
from scrapers.politeness import (
    Obstacle,
    find_obstacle,
    forbidden_address,
    next_delay_s,
    retry_after,
)
from scrapers.publish import partition_key, partition_of
from scrapers.report import Report, judge

NOW = datetime(2026, 1, 10, 3, tzinfo=UTC)
KNOWN = Known(
    standing=Standing.OPEN,
    digest="d",
    hiring_organization="Mekong",
    closes_on=None,
    last_seen_at=NOW - timedelta(days=5),
)
HOUR = timedelta(hours=1)


def run(frontier: dict[str, Known], listed: set[str], *, k: int = 2):  # type: ignore[no-untyped-def]
    return reconcile(frontier, listed, now=NOW, previous_run=NOW - HOUR, unseen_runs=k)


def test_nothing_changes_while_all_are_listed() -> None:
    outcome = run({"a": KNOWN}, {"a", "b"})
    assert (outcome.changed, outcome.forgotten, outcome.withdrawn) == ({}, [], ())


def test_the_first_miss_notes_when_it_was_last_seen() -> None:
    outcome = run({"a": KNOWN}, set())
    assert outcome.changed["a"].misses == 1
    assert outcome.changed["a"].last_seen_at == NOW - HOUR
    assert outcome.withdrawn == ()


def test_k_misses_withdraw_and_forget() -> None:
    outcome = run({"a": replace(KNOWN, misses=1)}, set())
    assert [(w.posting_id, w.reason) for w in outcome.withdrawn] == [("a", WithdrawalReason.UNSEEN)]
    assert outcome.forgotten == ["a"]


def test_coming_back_clears_the_misses() -> None:
    outcome = run({"a": replace(KNOWN, misses=1)}, {"a"})
    assert outcome.changed["a"].misses == 0
    assert outcome.changed["a"].last_seen_at == NOW


def test_a_closing_day_withdraws_once_though_still_listed() -> None:
    closing = replace(KNOWN, closes_on=date(2026, 1, 9))
    outcome = run({"a": closing}, {"a"})
    assert [w.reason for w in outcome.withdrawn] == [WithdrawalReason.EXPIRED]
    again = run({"a": outcome.changed["a"]}, {"a"})
    assert again.withdrawn == ()
    assert run({"a": replace(closing, closes_on=date(2026, 1, 10))}, {"a"}).withdrawn == ()


def test_what_was_refused_is_forgotten_without_a_withdrawal() -> None:
    outcome = run({"a": replace(KNOWN, standing=Standing.REFUSED, misses=1)}, set())
    assert (outcome.withdrawn, outcome.forgotten) == ((), ["a"])


def test_expiry_without_a_listing() -> None:
    frontier = {"a": replace(KNOWN, closes_on=date(2026, 1, 9)), "b": KNOWN}
    assert [w.posting_id for w in expire(frontier, now=NOW).withdrawn] == ["a"]


@pytest.mark.parametrize(
    ("known", "digest", "modified", "visit"),
    [
        (None, "d", None, Visit.NEW),
        (KNOWN, "d", None, Visit.UNCHANGED),
        (KNOWN, "e", None, Visit.CHANGED),
        (replace(KNOWN, adopt=True), "e", None, Visit.ADOPTED),
        (replace(KNOWN, adopt=True), "e", NOW - 2 * HOUR, Visit.ADOPTED),
        (replace(KNOWN, adopt=True), "e", NOW, Visit.CHANGED),
    ],
)
def test_visits(known: Known | None, digest: str, modified: datetime | None, visit: Visit) -> None:
    assert decide_visit(known, digest, modified, NOW - HOUR) is visit


@pytest.mark.parametrize(
    ("status", "headers", "body", "outcome"),
    [
        (200, {}, b"<title>Jobs</title>", None),
        (200, {"content-type": "application/json"}, b'"captcha"', None),
        (200, {}, b"<title>Just a moment...</title>", RunOutcome.REFUSED),
        (429, {}, b"Vercel Security Checkpoint", RunOutcome.REFUSED),
        (200, {"x-vercel-mitigated": "challenge"}, b"", RunOutcome.REFUSED),
        (403, {}, b"", RunOutcome.REFUSED),
        (429, {"retry-after": "30"}, b"slow down", RunOutcome.FAILED),
        (503, {}, b"", RunOutcome.FAILED),
        (522, {}, b"", RunOutcome.FAILED),
    ],
)
def test_obstacles(
    status: int, headers: dict[str, str], body: bytes, outcome: RunOutcome | None
) -> None:
    found = find_obstacle(status, headers, body, now=NOW)
    assert (found.outcome if found else None) == outcome


def test_waiting_is_what_the_source_asks() -> None:
    assert retry_after("30", NOW) == 30
    assert retry_after("Sat, 10 Jan 2026 03:01:00 GMT", NOW) == 60
    assert retry_after("9" * 9, NOW) == 30 * 86_400
    assert retry_after("soon", NOW) is None
    assert next_delay_s(4, 0) == 4
    assert next_delay_s(4, 99) == 32


@pytest.mark.parametrize(
    ("address", "bad"),
    [
        ("93.184.216.34", False),
        ("10.0.0.1", True),
        ("169.254.169.254", True),
        ("127.0.0.1", True),
        ("::1", True),
        ("::ffff:10.0.0.1", True),
        ("fe80::1%eth0", True),
        ("224.0.0.1", True),
        ("0.0.0.0", True),  # noqa: S104
    ],
)
def test_private_addresses_are_not_asked(address: str, bad: bool) -> None:
    assert (forbidden_address([address], loopback_allowed=False) is not None) == bad
    assert forbidden_address(["127.0.0.1", "::1"], loopback_allowed=True) is None


def test_an_empty_listing_is_a_fault_where_many_were_open() -> None:
    report = Report()
    report.pages_read = 1
    assert judge(report, listed=0, open_before=20)[0] is RunOutcome.FAILED
    assert judge(report, listed=0, open_before=2)[0] is RunOutcome.OK
    report.details_failed = 1
    assert judge(report, listed=5, open_before=5)[0] is RunOutcome.PARTIAL
    report.listing_failed(Obstacle(outcome=RunOutcome.FAILED, detail="HTTP 503"))
    assert judge(report, listed=5, open_before=5) == (RunOutcome.PARTIAL, "listing: HTTP 503")


def test_one_employer_one_partition() -> None:
    assert partition_key(" Mekong  TRADING ", "s:1") == partition_key("mekong trading", "t:2")
    assert partition_key("  ", "s:1") == b"s:1"
    assert partition_of(b"mekong trading", 4) in range(4)
