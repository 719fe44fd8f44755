"""Whatever a board does: snapshots are exact, faults teach nothing, order says nothing."""

from __future__ import annotations

import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.simulated_boards import HEALTHY, Board, Fault, Step, make_board, step
from benchmarks.simulated_faults import FAULTS
from scrapers.health.history import History, share_of
from scrapers.health_records import Verdict
from tests.factories_health import Watching, advert

SEEDS = st.integers(0, 10_000)
PLANS = st.lists(st.sampled_from((HEALTHY, HEALTHY, HEALTHY, *FAULTS)), min_size=1, max_size=12)


def board(seed: int) -> Board:
    return make_board(0, random.Random(seed), 60)


def live(seed: int, plan: list[Fault], *, through_json: bool) -> list[Step]:
    held, history, steps = board(seed), History(), []
    for fault in [HEALTHY] * 15 + plan:
        held.advance()
        found = step(held, history, fault)
        history = found.assessed.history
        if through_json:
            history = msgspec.json.decode(msgspec.json.encode(history), type=History)
        steps.append(found)
    return steps


@settings(max_examples=15, deadline=None)
@given(SEEDS, PLANS)
def test_a_history_restored_after_each_run_judges_as_one_that_stayed(
    seed: int, plan: list[Fault]
) -> None:
    stayed, restored = (live(seed, plan, through_json=way) for way in (False, True))
    assert [s.assessed for s in stayed] == [s.assessed for s in restored]


@settings(max_examples=15, deadline=None)
@given(SEEDS, PLANS)
def test_only_healthy_runs_teach_and_only_doubtful_ones_hold(seed: int, plan: list[Fault]) -> None:
    before = History()
    for found in live(seed, plan, through_json=False):
        after, verdict = found.assessed.history, found.assessed.verdict
        if verdict is not Verdict.HEALTHY:
            for key, share in after.shares.items():
                known = share_of(before, key)  # a share never seen is what is presumed of it
                assert (share.hits, share.n) == (known.hits, known.n)
        else:
            assert not found.assessed.holds_closing
        assert all(0 <= share.evidence <= 20 for share in after.shares.values())
        assert (after.period is not None) == (verdict in (Verdict.CHANGED, Verdict.OUTAGE))
        before = after


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(8)), st.sampled_from([(), ("place",), ("employer", "pay")]))
def test_the_order_of_adverts_says_nothing(order: list[int], lost: tuple[str, ...]) -> None:
    verdicts = []
    for numbers in (range(8), order):
        watching = Watching()
        watching.live(12)
        found = watching.crawl([advert(number, lost=lost) for number in numbers])
        verdicts.append((found.verdict, {f.reason: round(f.score, 9) for f in found.findings}))
    assert verdicts[0] == verdicts[1]
