"""Marked periods: how they begin, last and end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scrapers.health_records import MarkEnd, Verdict
from tests.factories_health import START, Watching, advert

DAY = timedelta(days=1)


@pytest.fixture
def board() -> Watching:
    watching = Watching()
    watching.live(40)
    return watching


def broken(board: Watching) -> None:
    """The place is gone from every advert."""
    assert board.crawl([advert(n, lost=["place"]) for n in range(5)]).marks


def test_a_period_begins_at_the_last_healthy_run(board: Watching) -> None:
    found = board.crawl([advert(n, lost=["place"]) for n in range(5)])
    (mark,) = found.marks
    assert (mark.kind, mark.from_at, mark.to_at) == (Verdict.CHANGED, START + 40 * DAY, None)
    assert mark.issue == START + 41 * DAY
    assert mark.reason == "coverage_of_place_fell"
    assert "to 0 (n 5)" in mark.evidence
    assert mark.mark_id == f"b:{mark.from_at.isoformat()}"


def test_it_lasts_while_nothing_speaks_for_the_metric(board: Watching) -> None:
    broken(board)
    found = board.crawl()
    assert (found.verdict, found.marks, found.holds_closing) == (Verdict.CHANGED, (), True)


def test_known_adverts_close_it_and_doubtful_ones_are_read_again(board: Watching) -> None:
    broken(board)
    doubtful = board.history.doubtful
    assert len(doubtful) == 5
    found = board.crawl(again=board.kept())
    (mark,) = found.marks
    assert (mark.reason, mark.to_at) == (MarkEnd.RECOVERED, START + 42 * DAY)
    assert (found.verdict, found.holds_closing) == (Verdict.HEALTHY, False)
    assert (found.read_again, board.history.doubtful) == (doubtful, ())


def test_what_is_cleared_does_not_come_back_by_old_evidence(board: Watching) -> None:
    broken(board)
    board.crawl(again=board.kept())
    found = board.crawl([advert(2)], again=board.kept())
    assert (found.verdict, found.marks) == (Verdict.HEALTHY, ())


def test_an_outage_closes_with_the_first_answer(board: Watching) -> None:
    first = board.crawl(answered=False)
    assert [(m.kind, m.reason) for m in first.marks] == [(Verdict.OUTAGE, "no_answer")]
    assert board.crawl(answered=False).marks == ()
    assert [m.reason for m in board.crawl().marks] == ["recovered"]


def test_an_outage_after_which_all_is_different_is_stated_again(board: Watching) -> None:
    board.crawl(answered=False)
    found = board.crawl(gone=29, listed=5)
    assert [(m.kind, m.reason) for m in found.marks] == [(Verdict.CHANGED, "listing_shrank")]
    assert found.marks[0].from_at == START + 40 * DAY


def test_an_operator_accepts(board: Watching) -> None:
    broken(board)
    lost = [advert(n, lost=["place"]) for n in range(5)]
    found = board.crawl(lost, accepted=True)
    assert [m.reason for m in found.marks] == [MarkEnd.ACCEPTED]
    assert found.verdict is Verdict.HEALTHY
    assert board.crawl(lost).verdict is Verdict.HEALTHY


def test_a_smaller_listing_becomes_normal_after_a_week_and_ten_runs(board: Watching) -> None:
    verdicts, ends = [], []
    for _ in range(30):
        found = board.crawl(gone=20, listed=10, hours=12)
        verdicts.append(found.verdict)
        ends += [mark.reason for mark in found.marks if mark.to_at]
        if ends:
            break
    assert ends == [MarkEnd.REBASELINED]
    assert len(verdicts) >= 10


def test_a_lost_field_never_becomes_normal_by_itself(board: Watching) -> None:
    for _ in range(60):
        found = board.crawl([advert(n, lost=["place"]) for n in range(3)])
    assert found.verdict is Verdict.CHANGED


def test_a_listing_that_stays_cut_does_not_recover_by_waiting(board: Watching) -> None:
    ends = [
        mark.reason
        for _ in range(9)
        for mark in board.crawl(gone=20, listed=10, hours=96).marks
        if mark.to_at
    ]
    assert ends == []


def test_adverts_that_do_not_answer_are_an_outage(board: Watching) -> None:
    found = board.crawl(failed=6)
    assert [(m.kind, m.reason) for m in found.marks] == [(Verdict.OUTAGE, "adverts_failed")]
    assert board.crawl().verdict is Verdict.OUTAGE
    assert board.crawl([advert(1), advert(2)]).verdict is Verdict.HEALTHY
