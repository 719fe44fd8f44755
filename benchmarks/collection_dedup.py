"""De-duplication: right and wrong links on the labelled pairs that nothing was tuned on, and the
speed and memory of the register.

Pairs and labels: docs/dedup-protocol.md. Every pair goes through the stream's own decision, from
the posting as published to blocks, buckets, evidence and judgement. A second check sends all
simulated pairs of the test half at once through a real Redis and counts links within that crowd.
"""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.dedup_judges import Judge, Service, arrival, before, cosine, records_of
from benchmarks.dedup_labelled import KINDS, Pair, hand_pairs
from benchmarks.dedup_pairs import simulated_pairs
from benchmarks.report import Figure
from scrapers.codec import encode
from streams.batches import BatchProcess
from streams.classify.pipeline import load_coder
from streams.classify.place import Gazetteer
from streams.deduplicate import compared, no_code
from streams.matching import judge
from streams.records import NormalisedPosting
from streams.register import Register
from streams.settle import Settling
from streams.traits import state_of, traits_of
from streams.unpack import Incoming
from streams.worker import connect_register
from tests.factories_streams import START, FixedCoder, a_market, province_double
from tests.fixtures_redis import start_redis

BATCH: Final = 500
_PAIRS: Final = {False: 2_400, True: 500}
_POSTINGS: Final = {False: 1_000_000, True: 4_000}
_EMPLOYERS_PER: Final = 20


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures of the de-duplication and, by kind and origin, the counts behind them."""
    pairs = hand_pairs() + simulated_pairs(seed, _PAIRS[quick])
    test = [pair for pair in pairs if pair.is_test]
    code_of = load_coder().occupation_of
    service = Service(code_of)
    said = {pair.name: service(pair) for pair in test}
    judged = _scores(test, lambda pair: said[pair.name])
    crowd = asyncio.run(_crowd([p for p in test if p.origin == "simulated"], code_of))
    speed = asyncio.run(_speed(_POSTINGS[quick], seed))
    figures = [
        Figure(
            key=f"dedup_{name}",
            value=judged[name],
            goal=goal,
            about=f"{name} of links on {len(test)} labelled pairs of the test half",
        )
        for name, goal in (("precision", ""), ("recall", ""), ("f1", "0.94; aim 0.97"))
    ]
    figures += [
        Figure(
            key="dedup_false_merge_rate",
            value=judged["false_merge_rate"],
            about="share of the hard negatives of the test half that are merged",
        ),
        Figure(
            key="dedup_f1_in_crowd",
            value=crowd["f1"],
            about="the same for the simulated pairs sent all at once through a real Redis",
        ),
        Figure(
            key="dedup_postings_per_s",
            value=speed["postings_per_s"],
            about=f"records a second through read, compare and store, {_POSTINGS[quick]:,} records",
        ),
        Figure(
            key="dedup_pairs_per_s",
            value=speed["pairs_per_s"],
            about="pairs of posting and vacancy compared in full a second, one core",
        ),
        Figure(
            key="dedup_redis_mib_per_million",
            value=speed["redis_mib_per_million"],
            about="Redis memory for a million records"
            + (" (extrapolated from few)" if quick else ""),
        ),
    ]
    return figures, {
        "pairs": {"all": len(pairs), "test": len(test), "hand": len(hand_pairs())},
        "service": judged,
        "by_kind": _by_kind(test, said),
        "tables": {"Duplicates by kind": _kinds_told(_by_kind(test, said))},
        "by_origin": {
            origin: _scores([p for p in test if p.origin == origin], lambda p: said[p.name])
            for origin in ("hand", "simulated")
        },
        "by_trap": _by_trap(test, said),
        "crowd": crowd,
        "baselines": {
            "rules_of_0_1": _scores(test, before),
            "tfidf_and_employer": _scores(test, cosine(pairs)),
        },
        "speed": speed,
    }


def _scores(pairs: Sequence[Pair], judge: Judge) -> dict[str, float]:
    counts = dict.fromkeys(itertools.product((True, False), repeat=2), 0)
    for pair in pairs:
        counts[pair.is_duplicate, judge(pair)] += 1
    hit, missed = counts[True, True], counts[True, False]
    wrong, kept = counts[False, True], counts[False, False]
    precision = hit / (hit + wrong) if hit + wrong else 1.0
    recall = hit / (hit + missed) if hit + missed else 1.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * hit / max(2 * hit + wrong + missed, 1), 4),
        "false_merge_rate": round(wrong / max(wrong + kept, 1), 4),
        "duplicates": hit + missed,
        "negatives": wrong + kept,
    }


def _by_kind(pairs: Sequence[Pair], said: dict[str, bool]) -> dict[str, dict[str, float]]:
    """Recall by kind; a kind's F1 counts the wrong links among all negatives in its proportion."""
    negatives = [pair for pair in pairs if not pair.is_duplicate]
    share = sum(said[pair.name] for pair in negatives) / max(len(negatives), 1)
    found: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        of_kind = [pair for pair in pairs if pair.kind == kind]
        hit = sum(said[pair.name] for pair in of_kind)
        wrong = share * len(of_kind)
        found[kind] = {
            "pairs": len(of_kind),
            "recall": round(hit / max(len(of_kind), 1), 4),
            "f1": round(2 * hit / max(hit + wrong + len(of_kind), 1), 4),
        }
    return found


def _kinds_told(found: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    return [{"kind": kind, **counts} for kind, counts in found.items()]


def _by_trap(pairs: Sequence[Pair], said: dict[str, bool]) -> dict[str, dict[str, int]]:
    traps: dict[str, dict[str, int]] = defaultdict(lambda: {"pairs": 0, "merged": 0})
    for pair in pairs:
        if not pair.is_duplicate:
            traps[pair.trap]["pairs"] += 1
            traps[pair.trap]["merged"] += said[pair.name]
    return dict(traps)


async def _crowd(pairs: Sequence[Pair], code_of: Callable[[str], str]) -> dict[str, float]:
    """Pairs in the presence of all others, through the register in Redis."""
    records = [arrival(record) for pair in pairs for record in records_of(pair)]
    arrivals = sorted(records, key=lambda found: found.event_time)
    settling = Settling(FixedCoder(), Gazetteer().code, code_of)
    vacancy: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as place, start_redis(Path(place)) as url:
        redis = connect_register(url)
        register = Register(redis, settling.probe)
        settle = partial(settling.settle, processed_at=START)
        for batch in _cut(arrivals):
            settlement = await register.transact(batch, settle)
            for answer in settlement.answers:
                if answer.update is not None and answer.update.posting is not None:
                    vacancy[answer.update.posting_key] = answer.update.vacancy_id
        await redis.aclose()
    same = {
        pair.name: vacancy[pair.one.posting_key] == vacancy[pair.other.posting_key]
        for pair in pairs
    }
    return _scores(pairs, lambda pair: same[pair.name])


def _cut(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]


async def _speed(number: int, seed: int) -> dict[str, float]:
    """Records through the stream's stages without classification, against a real Redis."""
    settling = Settling(FixedCoder(), province_double)
    with tempfile.TemporaryDirectory() as place, start_redis(Path(place)) as url:
        redis = connect_register(url)
        before_memory = (await redis.info("memory"))["used_memory"]
        process = BatchProcess(Register(redis, settling.probe), settling, lambda: datetime.now(UTC))
        market = a_market(number, seed, max(number // _EMPLOYERS_PER, 20))
        spent = 0.0
        for batch in iter(lambda: list(itertools.islice(market, BATCH)), []):
            messages = [Incoming(key=b"", payload=encode(record)) for record in batch]
            started = time.process_time()
            await process.process(messages)
            spent += time.process_time() - started
        after_memory = (await redis.info("memory"))["used_memory"]
        await redis.aclose()
    per_million = (after_memory - before_memory) / number * 1e6 / 2**20
    return {
        "records": number,
        "postings_per_s": round(number / spent),
        "cpu_us_per_record": round(1e6 * spent / number, 1),
        "pairs_per_s": _pairs_per_s(seed),
        "redis_mib_per_million": round(per_million),
    }


def _pairs_per_s(seed: int) -> int:
    found = [arrival(pair.one).record for pair in simulated_pairs(seed, 60)]
    traits = [traits_of(r, province_double) for r in found if isinstance(r, NormalisedPosting)]
    states = [state_of(each) for each in traits]
    started = time.process_time()
    for one in traits:
        for other in states:
            judge(compared(one, other, no_code))
    return round(len(traits) * len(states) / (time.process_time() - started))
