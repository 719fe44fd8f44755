"""The desk: what is learned from whom, what waits, what is taken back, all of it once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from streams.classify.learner import EMPTY, Learner, taught
from streams.classify.lessons import Case, Lesson
from streams.codes import Candidate, Codes
from streams.desk import Desk, Session
from streams.desk_state import decode_desk, encode_desk
from streams.opinions import CorrectedField, Correction, CorrectionMode, Standing
from streams.shadow import Anchors, Trial, sign_test, try_out
from streams.trust import MOST_CONFLICTS, MOST_ONE_SIDED, Account, Reason, contradicts
from tests.factories_opinions import AFTER, a_correction, normalised
from tests.factories_streams import FixedCoder, a_posting

MINUTE = timedelta(minutes=1)
WEAK = FixedCoder().code([normalised(a_posting())])[0]
STRONG = replace(WEAK, isco08_probability=0.9, isco08_reason="title_exact")
NO_ANCHORS = Anchors(())


def a_desk(codes: Codes = WEAK, anchors: Anchors = NO_ANCHORS) -> Desk:
    return Desk(lambda _: codes, anchors)


def said(number: int, title: str = "", **changes: Any) -> Correction:
    """An officer's correction of vacancy `number`, minutes apart."""
    advert = a_posting(posting_id=str(number), title=title or f"job of kind {number}")
    given = {"vacancy_id": f"v{number}", "corrected_at": AFTER + number * MINUTE, **changes}
    return a_correction(advert=advert, **given)


def standings(session: Session) -> dict[str, tuple[str, str]]:
    return {one.correction_id: (one.standing, one.reason) for one in session.decisions}


def of(session: Session, correction: Correction) -> tuple[str, str]:
    return standings(session)[correction.correction_id]


def test_a_correction_is_learned_once_and_told_again_the_same() -> None:
    desk, one = a_desk(), said(1)
    first = desk.sit([one])
    assert of(first, one) == (Standing.LEARNED, Reason.NOT_WORSE)
    state = desk.learner.state
    assert first.decisions[0].learner_state == state != EMPTY
    again = desk.sit([one, one])
    assert again.decisions == first.decisions
    assert desk.learner.state == state
    assert len(desk.learner.lessons) == 1


def test_a_batch_is_judged_as_its_records_one_by_one() -> None:
    records = [said(n, officer=f"o{n % 3}") for n in range(12)]
    whole, single = a_desk(), a_desk()
    whole.sit(records)
    for record in records:
        single.sit([record])
    assert {m: memo.standing for m, memo in whole.state.memos.items()} == {
        m: memo.standing for m, memo in single.state.memos.items()
    }
    assert set(whole.learner.lessons) == set(single.learner.lessons)


def test_what_is_remembered_survives_being_stored() -> None:
    desk = a_desk(STRONG)
    desk.sit([said(n, officer=f"o{n % 2}") for n in range(6)])
    again = decode_desk(encode_desk(desk.state))
    assert encode_desk(again) == encode_desk(desk.state)
    assert decode_desk(None).memos == {}


def test_other_fields_and_blind_codes_teach_nothing() -> None:
    desk = a_desk()
    place = said(1, field=CorrectedField.PROVINCE, after="LA-SV")
    blind = said(2, mode=CorrectionMode.DOUBLE_CODING, before="")
    nothing = said(3, after="")
    session = desk.sit([place, blind, nothing])
    assert of(session, place) == (Standing.APPLIED, Reason.FIELD_NOT_LEARNED)
    assert of(session, blind) == (Standing.APPLIED, Reason.DOUBLE_CODING)
    assert of(session, nothing) == (Standing.APPLIED, Reason.NOT_CODABLE)
    assert desk.learner.state == EMPTY


def test_what_contradicts_strong_evidence_waits_for_a_second_officer() -> None:
    desk = a_desk(STRONG)
    one = said(1, "senior accountant")
    assert of(desk.sit([one]), one) == (Standing.HELD, Reason.STRONG_EVIDENCE)
    assert desk.sit([one]).blocked == frozenset()
    assert desk.learner.state == EMPTY
    same = said(2, "Senior Accountant", officer="officer-1")
    assert of(desk.sit([same]), same)[0] == Standing.HELD
    second = said(3, "senior accountant", officer="officer-2")
    session = desk.sit([second])
    assert of(session, second) == (Standing.LEARNED, Reason.NOT_WORSE)
    assert of(session, one) == (Standing.LEARNED, Reason.SECOND_OFFICER)
    assert len(desk.learner.lessons) == 3


def test_a_candidate_of_the_coder_contradicts_nothing() -> None:
    candidates = (
        Candidate(isco08="2411", probability=0.9),
        Candidate(isco08="3313", probability=0.08),
    )
    nowhere: frozenset[str] = frozenset()
    assert contradicts(STRONG, nowhere, "3313")
    assert not contradicts(replace(STRONG, candidates=candidates), nowhere, "3313")
    assert not contradicts(STRONG, nowhere, "2411")
    assert not contradicts(WEAK, nowhere, "3313")
    assert not contradicts(replace(STRONG, isco08=""), nowhere, "3313")


def test_a_title_of_a_dictionary_is_strong_evidence_however_sure_the_coder() -> None:
    anchors = Anchors([("book keeper", "3313"), ("ນັກ ບັນຊີ", "2411"), ("book keeper", "4311")])
    assert anchors.codes_of("Senior book keeper (2)") == {"3313", "4311"}
    assert anchors.codes_of("ນັກບັນຊີ") == {"2411"}
    assert anchors.codes_of("!!") == frozenset()
    assert contradicts(WEAK, anchors.codes_of("book keeper"), "9112")
    assert not contradicts(WEAK, anchors.codes_of("book keeper"), "4311")
    desk = a_desk(WEAK, anchors)
    one = said(1, "book keeper", after="9112")
    assert of(desk.sit([one]), one) == (Standing.HELD, Reason.STRONG_EVIDENCE)


def test_a_poisoned_batch_is_held_blocked_and_leaves_nothing_behind() -> None:
    desk = a_desk(STRONG)
    records = [said(n, after="9112") for n in range(50)]
    session = desk.sit(records)
    kinds = [of(session, record) for record in records]
    assert kinds.count((Standing.HELD, Reason.STRONG_EVIDENCE)) == MOST_CONFLICTS - 1
    assert kinds.count((Standing.BLOCKED, Reason.MANY_CONFLICTS)) == 51 - MOST_CONFLICTS
    assert len(session.blocked) == 51 - MOST_CONFLICTS
    assert desk.sit(records).blocked == session.blocked
    assert desk.learner.state == EMPTY


def test_one_accounts_run_against_weak_evidence_is_unlearned_when_it_shows() -> None:
    desk = a_desk()
    honest = said(100, officer="officer-2", after="5120", before="2411")
    desk.sit([honest])
    records = [said(n, after="9112") for n in range(MOST_ONE_SIDED + 1)]
    for record in records[:-1]:
        assert of(desk.sit([record]), record)[0] == Standing.LEARNED
    session = desk.sit([records[-1]])
    assert {of(session, record) for record in records} == {(Standing.HELD, Reason.ONE_SIDED)}
    assert desk.learner.snapshot() == taught([*desk.learner.lessons]).snapshot()
    assert [lesson.isco08 for lesson in desk.learner.lessons] == ["5120"]


def test_a_run_that_another_officer_supports_is_learned() -> None:
    desk = a_desk()
    desk.sit([said(100, after="9112", officer="officer-2")])
    records = [said(n, after="9112") for n in range(MOST_ONE_SIDED + 4)]
    session = desk.sit(records)
    assert {of(session, record)[0] for record in records} == {Standing.LEARNED}


def test_an_account_that_others_contradict_is_waited_for() -> None:
    desk = a_desk()
    for number in range(8):
        mode = CorrectionMode.DOUBLE_CODING
        desk.sit([said(number, after="2411", before="", mode=mode, officer="officer-2")])
        desk.sit([said(number, after="5120", before="", mode=mode)])
    assert desk.state.accounts["officer-1"].trust < 0.6
    late = said(50)
    assert of(desk.sit([late]), late) == (Standing.HELD, Reason.LOW_AGREEMENT)
    assert Account().trust == 0.8


def test_more_than_a_person_reads_in_an_hour_waits() -> None:
    desk = a_desk()
    records = [said(n, before=f"{n:04}", corrected_at=AFTER) for n in range(125)]
    session = desk.sit(records)
    assert of(session, records[0])[0] == Standing.LEARNED
    assert of(session, records[-1]) == (Standing.HELD, Reason.MANY_AT_ONCE)


def test_a_revoked_correction_is_unlearned_and_counts_against_its_account() -> None:
    desk = a_desk()
    keep, gone = said(1), said(2, after="5120")
    desk.sit([keep, gone])
    back = said(
        3, mode=CorrectionMode.REVOCATION, revokes=gone.correction_id, officer="chief", after=""
    )
    session = desk.sit([back])
    assert of(session, gone) == (Standing.REVOKED, Reason.REVOKED)
    assert [one.correction_id for one in desk.learner.lessons] == [keep.correction_id]
    assert desk.state.accounts["officer-1"].disagreed == 1


def test_what_was_blocked_is_closed_by_a_revocation_under_its_own_account() -> None:
    desk = a_desk(STRONG)
    records = [said(n, after="9112") for n in range(MOST_CONFLICTS)]
    assert of(desk.sit(records), records[-1])[0] == Standing.BLOCKED
    back = said(
        90,
        mode=CorrectionMode.REVOCATION,
        revokes=records[-1].correction_id,
        officer="chief",
        after="",
    )
    session = desk.sit([back])
    assert of(session, records[-1]) == (Standing.REVOKED, Reason.REVOKED)
    (told,) = [one for one in session.decisions if one.correction_id == back.revokes]
    assert told.officer == "officer-1"


def lesson(number: int, title: str, code: str) -> Lesson:
    return Lesson(f"l{number}", Case(title=title, language="en"), code, "", "o1")


def test_a_state_that_loses_what_dictionaries_know_does_not_serve() -> None:
    # Thirty titles of one kind relabelled: their neighbours in the dictionary would follow.
    titles = [(f"{what} accountant", "2411") for what in ("senior", "tax", "chief", "cost", "bank")]
    anchors = Anchors(titles)
    assert {anchor.case.title for anchor in anchors.like("Tax Accountant")} == {
        title for title, _ in titles
    }
    poison = [lesson(n, f"accountant {chr(97 + n)}{chr(98 + n)}", "9112") for n in range(20)]
    serving, new = Learner(), taught(poison * 3)
    trial = try_out(serving, new, poison, anchors)
    assert trial.anchors == 5
    assert trial.anchors_lost > 1
    assert not trial.passed


def test_the_paired_test_is_exact() -> None:
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 0) == 1 / 32
    assert Trial(anchors=0, anchors_lost=0, past=50, past_lost=5, past_won=0).is_worse
    assert not Trial(anchors=0, anchors_lost=0, past=50, past_lost=4, past_won=1).is_worse
