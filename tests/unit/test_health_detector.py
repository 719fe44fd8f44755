"""Each crawl judged against its source's own history: what is noticed, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from scrapers.health.evidence import Level, Rate, Share, fall, learned, pooled, tail, vanishing
from scrapers.health.history import History
from scrapers.health.notes import Notes, script_of, seen
from scrapers.health.sentinels import due_sentinels
from scrapers.health_records import HealthReason, Verdict
from scrapers.items import JobPosting
from tests.factories_health import START, Watching, advert

R = HealthReason
HEALTHY, CHANGED, OUTAGE = Verdict.HEALTHY, Verdict.CHANGED, Verdict.OUTAGE


@pytest.fixture
def board() -> Watching:
    watching = Watching()
    assert {found.verdict for found in watching.live(40)} == {HEALTHY}
    return watching


def reasons(board: Watching, **run: object) -> tuple[Verdict, set[HealthReason]]:
    found = board.crawl(**run)  # type: ignore[arg-type]
    return found.verdict, {finding.reason for finding in found.findings}


def test_a_posting_without_pay_place_or_employer_is_no_alarm(board: Watching) -> None:
    for lost in ("pay", "place", "employer"):
        assert board.crawl([advert(2, lost=[lost])]).verdict is HEALTHY


def test_a_layout_that_loses_three_fields_is_noticed_in_one_crawl(board: Watching) -> None:
    lost = [advert(n, lost=["employer", "place"]) for n in range(3)]
    verdict, found = reasons(board, new=lost)
    assert verdict is CHANGED
    assert found >= {R.EMPLOYER_COVERAGE_FELL, R.PLACE_COVERAGE_FELL}


def test_lost_titles_are_refusals_and_are_noticed(board: Watching) -> None:
    verdict, found = reasons(board, refused=["title_missing"] * 3)
    assert (verdict, found >= {R.TITLE_COVERAGE_FELL, R.PARSE_FAILURES_ROSE}) == (CHANGED, True)


@pytest.mark.parametrize("field", ["employer", "place", "date_posted", "pay"])
def test_known_adverts_tell_when_nothing_is_new(board: Watching, field: str) -> None:
    assert board.crawl(again=board.lost(field)).verdict is CHANGED


def test_known_adverts_that_are_refused_now_are_noticed(board: Watching) -> None:
    assert board.crawl(again=[None, None, None]).verdict is CHANGED


def test_swapped_fields_are_noticed(board: Watching) -> None:
    swapped = [replace(s, title=s.employer, employer=s.title) for s in board.kept() if s]
    verdict, found = reasons(board, again=swapped)
    assert (verdict, R.FIELDS_SWAPPED in found) == (CHANGED, True)
    fresh = [advert(n) for n in range(5)]
    board = Watching()
    board.live(40)
    turned = [replace(s, title=s.employer, employer=s.title) for s in fresh]
    assert reasons(board, new=turned) == (CHANGED, {R.FIELDS_SWAPPED})


def test_a_big_employer_who_states_no_pay_is_no_alarm(board: Watching) -> None:
    big = [advert(1, employer="big", language="latin") for _ in range(25)]
    assert board.crawl(big, again=board.kept()).verdict is HEALTHY


def test_other_content_beside_unchanged_known_adverts_is_content(board: Watching) -> None:
    others = [advert(n, language="latin") for n in range(8)]
    assert board.crawl(others, again=board.kept()).verdict is HEALTHY


def test_a_site_in_another_language_is_noticed(board: Watching) -> None:
    turned = [replace(s, language="latin") for s in board.kept() if s]
    verdict, found = reasons(board, new=[advert(1, language="latin")], again=turned)
    assert (verdict, R.LANGUAGE_CHANGED in found) == (CHANGED, True)


def test_small_evidence_of_many_runs_adds_up(board: Watching) -> None:
    verdicts = [board.crawl([advert(n, lost=["place"])]).verdict for n in range(4)]
    assert verdicts[0] is HEALTHY
    assert CHANGED in verdicts


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ({"gone": 20}, R.LISTING_SHRANK),
        ({"gone": 30, "listed": 0}, R.EMPTY_LISTING),
        ({"repeats": 60}, R.DUPLICATES_ROSE),
        ({"unread": 60, "listed": 90}, R.LISTING_EXPLODED),
    ],
)
def test_changes_of_the_listing(board: Watching, run: dict[str, int], reason: HealthReason) -> None:
    found = board.crawl(**run)  # type: ignore[arg-type]
    assert (found.verdict, found.findings[0].reason) == (CHANGED, reason)
    assert found.holds_closing


def test_ordinary_closings_and_a_busy_day_are_none_of_them(board: Watching) -> None:
    assert board.crawl(gone=6).verdict is HEALTHY
    assert board.crawl([advert(n) for n in range(9)]).verdict is HEALTHY


def test_slow_answers_are_told_but_hold_nothing(board: Watching) -> None:
    found = board.crawl(latency_s=9.0)
    assert (found.verdict, found.holds_closing) == (Verdict.SUSPICIOUS, False)
    assert found.findings[0].reason is R.LATENCY_ROSE


def test_a_mark_of_lost_dates_ends_with_the_first_adverts_that_have_them_again(
    board: Watching,
) -> None:
    whole = [advert(n) for n in range(8)]
    undated = [advert(n, lost=["date_posted", "valid_through"]) for n in range(8)]
    assert board.crawl(undated).verdict is CHANGED
    for _ in range(3):
        assert board.crawl(again=board.lost("date_posted", "valid_through")).verdict is CHANGED
    found = board.crawl(whole)
    assert (found.verdict, [mark.reason for mark in found.marks]) == (HEALTHY, ["recovered"])
    assert board.crawl(again=board.kept()).verdict is HEALTHY


def test_a_mark_ends_though_known_adverts_had_been_read_during_an_unnoticed_fault(
    board: Watching,
) -> None:
    wrong = [
        replace(sentinel, seen=replace(sentinel.seen, language="latin"))
        for sentinel in board.history.sentinels
    ]
    board.history = replace(board.history, sentinels=tuple(wrong))
    undated = [advert(n, lost=["date_posted"]) for n in range(8)]
    assert board.crawl(undated).verdict is CHANGED
    right = [replace(seen, language="lo") for seen in board.kept() if seen]
    found = board.crawl([advert(n) for n in range(8)], again=right)
    assert (found.verdict, [mark.reason for mark in found.marks]) == (HEALTHY, ["recovered"])


def test_texts_encoded_twice_are_told_hold_nothing_and_are_not_read_again(board: Watching) -> None:
    found = board.crawl([advert(1)], texts=3, twice=2)
    assert (found.verdict, found.holds_closing, found.marks) == (Verdict.SUSPICIOUS, False, ())
    assert [finding.reason for finding in found.findings] == [R.ENCODED_TWICE]
    assert board.history.doubtful == ()
    assert board.crawl(texts=3).verdict is HEALTHY


def test_one_page_of_many_encoded_twice_is_an_employers_own(board: Watching) -> None:
    assert board.crawl(texts=20, twice=1).verdict is HEALTHY


def test_slow_answers_in_a_marked_period_do_not_make_its_adverts_believable(
    board: Watching,
) -> None:
    board.crawl(again=[None, None, None])
    board.crawl([advert(1)], latency_s=9.0)
    assert board.history.doubtful


def test_a_board_of_two_cannot_change_its_size_suspiciously_for_ever() -> None:
    board = Watching(listed=2)
    board.live(20, each=0)
    held = [board.crawl(gone=2, listed=0).holds_closing for _ in range(5)]
    assert held == [True, True, True, False, False]


def test_a_source_that_never_answered_has_no_period() -> None:
    board = Watching()
    found = board.crawl(answered=False)
    assert (found.verdict, found.marks, found.holds_closing) == (OUTAGE, (), True)


def test_a_fault_is_not_learned(board: Watching) -> None:
    before = board.history.shares["field:place"]
    for n in range(10):
        board.crawl([advert(n, lost=["place"])] * 5)
    after = board.history.shares["field:place"]
    assert (after.hits, after.n) == (before.hits, before.n)


def test_sentinels_are_read_once_a_day_and_whenever_in_doubt(board: Watching) -> None:
    now = START.replace(year=2027)
    assert len(due_sentinels(board.history, now)) == 12
    rested = replace(board.history, sentinels_at=now)
    assert due_sentinels(rested, now) == frozenset()
    assert len(due_sentinels(replace(rested, suspicious=1), now)) == 12


def test_the_snapshot_is_exact(board: Watching) -> None:
    board.crawl([advert(n, lost=["place"]) for n in range(9)])
    data = msgspec.json.encode(board.history)
    assert msgspec.json.decode(data, type=History) == board.history


def test_evidence_is_the_likelihood_ratio() -> None:
    share = learned(Share(), 98, 98)
    assert share.expected == pytest.approx(98.5 / 99)
    assert fall(share, 1, 1) == pytest.approx(-1.204, abs=1e-3)
    assert pooled(Share(evidence=1.0), -3).evidence == 0
    assert pooled(Share(), 99).evidence == 20


def test_the_tail_of_the_beta_binomial() -> None:
    assert tail(0, 5, 1, 1) == pytest.approx(1)
    assert tail(5, 5, 1, 1) == pytest.approx(1 / 6)
    assert vanishing(Rate(), 0, 20, 1) == 0
    assert vanishing(Rate(), 20, 20, 1) > vanishing(Rate(), 10, 20, 1) > 5


def test_levels_average_first_and_fade_later() -> None:
    level = Level()
    for value in (1.0, 3.0):
        level = level.learn(value, 0.1)
    assert (level.mean, level.runs) == (2.0, 2)


def test_what_is_noted_of_a_posting() -> None:
    posting = JobPosting(
        source_id="b", posting_id="1", url="", fetched_at=datetime(2026, 3, 2, tzinfo=UTC),
        title="Mekong Co., Ltd", job_location_raw="---", date_posted_raw="soon",
    )  # fmt: skip
    noted = seen(posting)
    assert noted.filled == {"title"}
    assert noted.company_title
    assert [script_of(t) for t in ("ພະນັກງານບັນຊີ", "Driver", "พนักงาน", "会计")] == [
        "lo", "latin", "th", "zh",
    ]  # fmt: skip


def test_a_run_is_measured() -> None:
    notes = Notes(new=2)
    notes.answer(200, 0.1, 100)
    notes.answer(503, 0.3, 20)
    health = notes.measured()
    assert (health.answers, health.bytes_read, health.statuses) == (2, 120, {"200": 1, "503": 1})
    assert health.latency_median_s == pytest.approx(0.2)
