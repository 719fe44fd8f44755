"""What the coder learns from corrections: `python -m benchmarks.coding --part learning`.

Simulated officers code the development half of the hahu postings, in time order, and the
double-coded Lao titles; each posting is coded before its officer speaks (prequentially). Nothing
in the learner was chosen on either: its kinds were compared on dictionary titles. Then one account
relabels fifty titles, and a correction is followed through broker, Redis and the stream worker.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks import correction_effect
from benchmarks.report import Figure
from benchmarks.simulated_officers import (
    Known,
    a_desk,
    accuracy,
    english,
    lao,
    posting,
    relabelled,
    repeating,
    teach,
)
from streams.classify.learner import Learner, taught
from streams.classify.lessons import Case, Lesson, case_of
from streams.classify.pipeline import load_coder
from streams.classify.retrieval import known_titles
from streams.desk import Desk
from streams.desk_state import lesson_of
from streams.opinions import Standing
from streams.records import NormalisedPosting
from streams.shadow import Anchors, shipped_anchors

WRONG: Final = "9112"
"""Cleaners in offices and hotels: what poisoned titles are relabelled to."""
POISONED: Final = 50
_WINDOWS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured: postings of each kind, corrections a sitting, rounds on the stack."""

    english: int
    lao: int
    repeated: int
    sitting: int
    timed: int
    rounds: int


FULL: Final = Size(english=10_000, lao=10_000, repeated=400, sitting=2, timed=1_000, rounds=9)
QUICK: Final = Size(english=40, lao=40, repeated=60, sitting=20, timed=60, rounds=1)


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """All figures of learning, and tables of the curves and of the attacks."""
    size = QUICK if quick else FULL
    coder, anchors = load_coder(), shipped_anchors()

    def known(given: Sequence[tuple[NormalisedPosting, str]]) -> list[Known]:
        codes = coder.code([one for one, _ in given])
        return [
            Known(posting=one, isco08=code, codes=said)
            for (one, code), said in zip(given, codes, strict=True)
        ]

    sets = {
        "English (hahu, development)": known(english()[: size.english]),
        "Lao (double-coded titles)": known(lao(seed)[: size.lao]),
        "Repeating (hahu jobs, drawn anew)": known(repeating(english(), size.repeated, seed)),
    }
    curves, figures = [], []
    for name, postings in sets.items():
        desk = a_desk(postings, anchors)
        right = teach(desk, postings, seed, size.sitting)
        curves += _curve(name, postings, right, desk)
        figures += _gain(name.split()[0].lower(), postings, right)
    attacks = _attacks(sets["English (hahu, development)"], known, anchors, seed, size)
    caught = sum(row["caught"] for row in attacks) / sum(row["relabelled"] for row in attacks)
    figures += _attack_figures(attacks, caught)
    figures += _speed(size)
    figures += _effect(size)
    return figures, {"tables": {"Learning curves": curves, "Poisoned batches": attacks}}


def _curve(
    name: str, postings: Sequence[Known], right: Sequence[bool], desk: Desk
) -> list[dict[str, Any]]:
    """Accuracy of each quarter of the stream, with and without what was learned before it."""
    rows = []
    step = max(1, len(postings) // _WINDOWS)
    held = Counter(memo.standing for memo in desk.state.memos.values())[Standing.HELD]
    for begin in range(0, step * _WINDOWS, step):
        part = slice(begin, begin + step)
        rows.append(
            {
                "postings": name,
                "corrections before": begin,
                "n": len(postings[part]),
                "without learner": round(accuracy(None, postings[part]), 3),
                "with learner": round(sum(right[part]) / len(right[part]), 3),
                "held of all": held,
            }
        )
    return rows


def _gain(language: str, postings: Sequence[Known], right: Sequence[bool]) -> list[Figure]:
    half = len(postings) // 2
    without = accuracy(None, postings[half:])
    learned = sum(right[half:]) / max(1, len(right[half:]))
    about = f"4 digits, second half of the {language} stream, coded before it was corrected"
    return [
        Figure(
            key=f"{language}_learned_top1",
            value=round(learned, 3),
            about=f"{about}; without the learner {without:.3f}",
        ),
        Figure(
            key=f"{language}_learning_gain",
            value=round(learned - without, 3),
            about="the same, less the coder alone",
        ),
    ]


def _attacks(
    postings: Sequence[Known], known: Any, anchors: Anchors, seed: int, size: Size
) -> list[dict[str, Any]]:
    """One account relabels fifty titles: of one code of the dictionary; of whatever is unsure."""
    half = len(postings) // 2
    target = Counter(one.isco08 for one in postings).most_common(1)[0][0]
    titles = sorted({t for t, code, trust in known_titles() if code == target and trust >= 1.0})
    dictionary = known(
        [(posting(20_000 + n, title), target) for n, title in enumerate(titles[:POISONED])]
    )
    unsure = sorted(postings[:half], key=lambda one: one.codes.isco08_probability)[:POISONED]
    rows = []
    for name, attacked in (("titles of one code", dictionary), ("unsure titles", unsure)):
        rest = [*postings[half:], *attacked]
        guarded = a_desk([*postings, *attacked], anchors)
        teach(guarded, postings[:half], seed, max(size.sitting, 4))
        before = accuracy(guarded, rest)
        poison = relabelled(attacked, guarded, WRONG, half)
        for begin in range(0, len(poison), size.sitting):
            guarded.sit(poison[begin : begin + size.sitting])
        bad = {said.correction_id for said in poison}
        taken = sum(lesson.correction_id in bad for lesson in guarded.learner.lessons)
        bare = a_desk([*postings, *attacked], anchors)
        bare.learner = taught(
            [
                *guarded.learner.lessons,
                *(lesson_of(said, one.codes) for said, one in zip(poison, attacked, strict=True)),
            ]
        )
        blocked = sum(guarded.state.memos[one].standing == Standing.BLOCKED for one in bad)
        rows.append(
            {
                "attack": name,
                "relabelled": len(poison),
                "caught": len(poison) - taken,
                "not even applied": blocked,
                "accuracy before": round(before, 3),
                "after, guarded": round(accuracy(guarded, rest), 3),
                "after, unguarded": round(accuracy(bare, rest), 3),
            }
        )
    return rows


def _attack_figures(attacks: Sequence[dict[str, Any]], caught: float) -> list[Figure]:
    worst = max(attacks, key=lambda row: row["accuracy before"] - row["after, unguarded"])
    return [
        Figure(
            key="poison_caught",
            value=round(caught, 3),
            about="share of poisoned corrections that taught nothing in the end",
            goal="a poisoned batch is caught",
        ),
        Figure(
            key="poison_accuracy",
            value=[worst["accuracy before"], worst["after, guarded"], worst["after, unguarded"]],
            about=f"4 digits before; after with guards; after without them ({worst['attack']})",
        ),
    ]


def _speed(size: Size) -> list[Figure]:
    """Costs on dictionary titles, as many as `size` says, learned one by one."""
    wanted = [(title, code) for title, code, trust in known_titles() if trust >= 1.0]
    chosen = wanted[:: max(1, len(wanted) // size.timed)][: size.timed]
    lessons = [
        Lesson(f"c{n}", Case(title=title, language="en"), code, "", f"o{n % 5}")
        for n, (title, code) in enumerate(chosen)
    ]
    learner, taken = Learner(), []
    for lesson in lessons:
        began = time.perf_counter()
        learner.learn(lesson)
        taken.append(time.perf_counter() - began)
    fresh = [case_of(posting(n, f"{title} assistant")) for n, (title, _) in enumerate(chosen[:200])]
    asked = []
    for case in fresh:
        began = time.perf_counter()
        learner.opinions(case)
        asked.append(time.perf_counter() - began)
    snapshot = learner.snapshot()
    began = time.perf_counter()
    Learner.restore(snapshot)
    restored = time.perf_counter() - began
    count = len(lessons)
    return [
        Figure(
            key="learner_update_us",
            value=round(statistics.median(taken[-100:]) * 1e6),
            about=f"one lesson with two rehearsed, after {count}, all groups active; median",
        ),
        Figure(
            key="learner_predict_us",
            value=round(statistics.median(asked) * 1e6),
            about=f"a title not seen before, after {count} lessons; later ones are looked up",
        ),
        Figure(
            key="learner_snapshot_mib",
            value=round(len(snapshot) / 2**20, 2),
            about=f"state of {count} lessons; restored in {restored:.2f} s",
        ),
    ]


def _effect(size: Size) -> list[Figure]:
    seconds = correction_effect.measure(size.rounds)
    return [
        Figure(
            key="correction_to_effect_s",
            value=round(seconds["vacancy"], 3),
            about="correction published → vacancy coded anew on the topic of the loader; median of "
            f"{size.rounds}, worst of all {seconds['worst']:.2f} s",
            goal="≤ 10 s",
        ),
        Figure(
            key="correction_to_next_advert_s",
            value=round(seconds["next_advert"], 3),
            about="the same → the next advert of that title coded so",
            goal="≤ 10 s",
        ),
    ]
