"""The end of a posting is an interval between two crawls, or the closing date that it stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from scrapers.codec import decode, encode
from scrapers.frontier import Known, Standing, Withdrawal, expire, reconcile
from scrapers.items import PostingWithdrawn, WithdrawalReason
from streams.endings import end_of_day, ending_of
from streams.records import EndCause, PostingEnd

FIRST = datetime(2026, 3, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def at(day: float) -> datetime:
    return FIRST + day * DAY


def crawled(known: Known, listed: dict[int, bool], *, whole: bool = True) -> Withdrawal:
    """The withdrawal after crawls on the given days; the source failed on days not given."""
    frontier, previous = {"p": known}, None
    for day, present in sorted(listed.items()):
        now = at(day)
        done = (
            reconcile(
                frontier,
                {"p"} if present else set(),
                now=now,
                previous_run=previous,
                unseen_runs=2,
            )
            if whole
            else expire(frontier, now=now)
        )
        previous = now
        frontier.update(done.changed)
        if done.withdrawn:
            return done.withdrawn[0]
    raise AssertionError("never withdrawn")


def end_of(known: Known, listed: dict[int, bool], *, whole: bool = True) -> PostingEnd:
    gone = crawled(known, listed, whole=whole)
    return ending_of(
        PostingWithdrawn(
            source_id="s",
            posting_id="p",
            hiring_organization="",
            reason=gone.reason,
            last_seen_at=gone.known.last_seen_at,
            withdrawn_at=at(max(listed)),
            first_missed_at=gone.known.first_missed_at,
            closes_on=gone.known.closes_on if gone.known.closing_stated else None,
        )
    )


def a_known(closes: date | None = None, *, stated: bool = True) -> Known:
    return Known(
        standing=Standing.OPEN,
        digest="",
        hiring_organization="",
        closes_on=closes,
        closing_stated=stated and closes is not None,
        last_seen_at=at(0),
    )


def interval(end: PostingEnd) -> tuple[EndCause, datetime, datetime]:
    return end.cause, end.ended_after, end.ended_before


def test_an_unseen_posting_ended_between_its_last_sight_and_the_first_miss() -> None:
    end = end_of(a_known(), {1: True, 2: True, 3: False, 4: False})
    assert interval(end) == (EndCause.CLOSED, at(2), at(3))


def test_a_posting_that_vanished_in_an_outage_ended_somewhere_within_it() -> None:
    end = end_of(a_known(), {1: True, 9: False, 10: False})
    assert interval(end) == (EndCause.CLOSED, at(1), at(9))


def test_a_single_miss_is_forgiven_and_leaves_no_trace() -> None:
    listed = {1: True, 2: False, 3: True, 4: True, 5: False, 6: False}
    assert interval(end_of(a_known(), listed)) == (EndCause.CLOSED, at(4), at(5))


def test_a_listed_posting_past_its_date_ended_with_that_day() -> None:
    end = end_of(a_known(date(2026, 3, 4)), dict.fromkeys(range(1, 5), True))
    deadline = datetime(2026, 3, 4, 17, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 4)) == deadline
    assert interval(end) == (EndCause.EXPIRED, deadline, deadline)


def test_a_closing_date_that_passed_during_an_outage_is_taken_as_the_end() -> None:
    end = end_of(a_known(date(2026, 3, 4)), {1: True, 9: False})
    assert interval(end)[0] is EndCause.EXPIRED
    assert end.ended_before == end_of_day(date(2026, 3, 4))


def test_a_posting_missed_before_its_date_was_taken_down() -> None:
    end = end_of(a_known(date(2026, 3, 4)), {1: True, 2: True, 3: False, 9: False})
    assert interval(end) == (EndCause.CLOSED, at(2), at(3))


def test_without_listing_and_date_nothing_is_known_of_the_end() -> None:
    lapsed = end_of(a_known(date(2026, 3, 4), stated=False), {5: True}, whole=False)
    assert (lapsed.cause, lapsed.ended_after) == (EndCause.LAPSED, at(0))
    stated = end_of(a_known(date(2026, 3, 4)), {5: True}, whole=False)
    assert stated.cause is EndCause.EXPIRED


def test_a_withdrawal_says_when_a_listed_posting_was_last_seen() -> None:
    gone = crawled(a_known(date(2026, 3, 4)), dict.fromkeys(range(1, 5), True))
    assert gone.known.last_seen_at == at(4)


OLD = b"""{"type": "PostingWithdrawn", "v": 1, "record": {"source_id": "s", "posting_id": "p",
"hiring_organization": "", "reason": "%s", "last_seen_at": "2026-03-03T03:00:00Z",
"withdrawn_at": "2026-03-06T03:00:00Z"}}"""


@pytest.mark.parametrize(("reason", "cause"), [("unseen", "closed"), ("expired", "lapsed")])
def test_records_of_before_intervals_are_read(reason: str, cause: str) -> None:
    gone = decode(OLD % reason.encode())
    assert (gone.first_missed_at, gone.closes_on) == (None, None)
    end = ending_of(gone)
    assert (end.cause, end.ended_after, end.ended_before) == (cause, at(2), at(5))
    assert decode(encode(replace(gone, first_missed_at=at(3)))).first_missed_at == at(3)


def test_frontiers_of_before_intervals_are_read() -> None:
    stored = msgspec.json.encode(a_known())
    plain = {
        name: value
        for name, value in msgspec.json.decode(stored).items()
        if name not in ("first_missed_at", "closing_stated")
    }
    assert msgspec.json.decode(msgspec.json.encode(plain), type=Known) == a_known()
    assert str(WithdrawalReason.UNSEEN) == "unseen"
