"""Learning from corrections: at once, in order, to the last bit, and no further than it should."""

from __future__ import annotations

import pytest

from streams.classify.learner import EMPTY, Kind, Learner, Weighed, taught
from streams.classify.learning_coder import LearningCoder
from streams.classify.lessons import Case, Lesson, features_of, title_key
from streams.classify.pooling import pool
from tests.factories_opinions import normalised
from tests.factories_streams import FixedCoder, a_posting

TRADES = {
    "rice miller": "8160",
    "loom weaver": "7318",
    "boat pilot": "8350",
    "silk dyer": "8154",
    "ນັກຂັບເຮືອ": "8350",
    "ຊ່າງຕັດຜົມ": "5141",
}


def lesson(title: str, code: str, number: int = 0, officer: str = "o1") -> Lesson:
    case = Case(title=title, language="en")
    return Lesson(f"c{number}-{title}", case, code, "9999", officer)


def a_course(rounds: int = 4) -> list[Lesson]:
    return [
        lesson(title if not turn else f"{title} {turn}", code, turn)
        for turn in range(rounds)
        for title, code in TRADES.items()
    ]


def test_one_lesson_tells_its_own_title_and_decoration_does_not_hide_it() -> None:
    learner = taught([lesson("Rice Miller", "8160")])
    opinions = learner.opinions(Case(title="URGENT: rice miller (2)", language="en"))
    assert opinions[0].kind is Kind.SAME
    assert opinions[0].shares == {"8160": 1.0}
    assert learner.opinions(Case(title="accountant")) != opinions


def test_titles_alike_are_told_by_their_words() -> None:
    learner = taught(a_course())
    kinds = {one.kind: one for one in learner.opinions(Case(title="rice miller at night"))}
    assert max(kinds[Kind.ALIKE].shares, key=kinds[Kind.ALIKE].shares.__getitem__) == "8160"
    assert max(kinds[Kind.MODEL].shares, key=kinds[Kind.MODEL].shares.__getitem__) == "8160"


def test_a_lao_title_has_words_without_spaces() -> None:
    whole, longer = Case(title="ຊ່າງຕັດຜົມ"), Case(title="ຊ່າງຕັດຜົມຊາຍ")
    shared = features_of(whole).keys() & features_of(longer).keys()
    assert len(shared) > len(features_of(whole)) / 2
    assert features_of(Case(title="!!")) == {}
    assert title_key("!!") == ""


def test_equal_lessons_in_equal_order_give_an_equal_state_to_the_last_bit() -> None:
    one, two = taught(a_course()), taught(a_course())
    assert one.snapshot() == two.snapshot()
    assert one.state != taught(reversed(a_course())).state
    assert Learner().state == EMPTY


def test_a_restored_learner_answers_and_learns_on_as_if_never_stored() -> None:
    learner = taught(a_course())
    again = Learner.restore(learner.snapshot())
    more = lesson("reed mat weaver", "7317", 9)
    for title in ("loom weaver", "silk weaver", "boatman", ""):
        assert learner.opinions(Case(title=title)) == again.opinions(Case(title=title))
    learner.learn(more)
    again.learn(more)
    assert learner.snapshot() == again.snapshot()


def test_old_lessons_are_rehearsed() -> None:
    course = a_course(2) + [lesson(f"truck driver route{n}", "8332", n) for n in range(60)]
    learner = taught(course)
    case = Case(title="loom weaver village")
    kept = {one.kind: one.shares for one in learner.blind_opinions(case)}[Kind.MODEL]
    assert max(kept, key=kept.__getitem__) == "7318"


def test_the_latest_word_of_an_officer_on_a_title_counts() -> None:
    learner = taught([lesson("picker", "9211", 1), lesson("picker", "9333", 2)])
    assert learner.opinions(Case(title="picker"))[0].shares == {"9333": 1.0}
    both = taught([lesson("picker", "9211", 1), lesson("picker", "9333", 2, officer="o2")])
    assert both.opinions(Case(title="picker"))[0].shares == {"9211": 0.5, "9333": 0.5}


def weighed(learned: float, coder: float, **shares: float) -> Weighed:
    named = {code.strip("c"): share for code, share in shares.items()}
    return Weighed(kind=Kind.ALIKE, shares=named, learned=learned, coder=coder, bin="")


@pytest.mark.parametrize(
    ("coder", "learned", "leader", "by"),
    [
        ({"2411": 0.85}, weighed(0.3, 0.6, c9112=1.0), "2411", None),
        ({"2411": 0.85}, weighed(0.6, 0.3, c9112=1.0), "9112", Kind.ALIKE),
        ({"2411": 0.5, "3313": 0.3}, weighed(0.5, 0.2, c3313=0.7, c9112=0.3), "3313", Kind.ALIKE),
        ({}, weighed(0.9, 0.0, c9112=1.0), "9112", Kind.ALIKE),
        ({}, weighed(0.3, 0.0, c9112=0.6, c5120=0.4), "9112", None),
        ({"2411": 0.6}, None, "2411", None),
        ({"2411": 0.6, "3313": 0.4}, weighed(0.97, 0.0, c2411=1.0), "2411", None),
    ],
)
def test_who_has_more_often_been_right_wins(
    coder: dict[str, float], learned: Weighed | None, leader: str, by: Kind | None
) -> None:
    pooled = pool(coder, learned)
    assert pooled.candidates[0][0] == leader
    assert pooled.decided_by == by
    assert sum(share for _, share in pooled.candidates) <= 1.0 + 1e-9


def test_a_similar_title_does_not_overrule_a_sure_coder_and_the_same_title_does() -> None:
    learner = taught(a_course())
    sure, unsure = {"2411": 0.85}, {"2411": 0.2}
    alike, same = Case(title="rice miller at night"), Case(title="Rice miller")
    for case, coder, leader in (
        (alike, sure, "2411"),
        (alike, unsure, "8160"),
        (same, sure, "8160"),
    ):
        assert pool(coder, learner.weigh(case, coder)).candidates[0][0] == leader


def test_evidence_that_proves_wrong_loses_its_weight() -> None:
    learner = Learner()
    weights = []
    for number in range(40):
        case = Case(title=f"machine operator line{number}", language="en")
        weighed_now = learner.weigh(case, {"9112": 0.3})
        weights.append(weighed_now.learned if weighed_now else 1.0)
        code = f"{8100 + number % 9}"
        learner.learn(Lesson(f"c{number}", case, code, "", "o1", "", "9112", 0.3))
    assert max(weights[-5:]) < min(0.3, max(weights[1:5]))


def test_two_that_agree_are_not_less_sure_than_one() -> None:
    learner = taught(a_course())
    agreed = learner.weigh(Case(title="rice miller by day"), {"8160": 0.7})
    assert agreed is not None
    assert agreed.learned >= 0.7
    assert learner.weigh(Case(title="zzz"), {}) is None or agreed.coder == 0.0


def test_a_coder_that_has_learned_says_so_in_its_version_and_reason() -> None:
    posting = normalised(a_posting())
    coder = LearningCoder(FixedCoder())
    assert coder.version == "double-1"
    assert coder.code([posting])[0].isco08 == "2411"
    learner = taught([lesson("Senior Accountant", "3313")])
    coder.serve(learner)
    codes = coder.code([posting])[0]
    assert (codes.isco08, codes.isco08_reason) == ("3313", "learned_same_title")
    assert codes.coder_version == coder.version == f"double-1+{learner.state}"
    assert codes.candidates[0].isco08 == "3313"
    assert sum(one.probability for one in codes.candidates) <= 1.001
