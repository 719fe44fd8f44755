"""Postings a second from topic to warehouse, beside their limits and beside a script by cron."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from benchmarks.latency import quantile
from benchmarks.rate_judge import Judged, Truth, judge
from benchmarks.rate_market import Offered, market_postings
from benchmarks.rate_peer import Outcome, run_script
from benchmarks.rate_stack import RateStack, Worked, consume_bare, rate_stack, trickle
from benchmarks.report import Figure
from benchmarks.scale_model import predicted
from benchmarks.scale_sizes import MEASURED
from streams.classify.pipeline import load_coder
from streams.normalise import normalise
from streams.records import NormalisedPosting

_BATCH: Final = 200
_WORKERS: Final = (2, 4)
_NOT: Final = "not measured with --quick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Points at which the model is checked (postings settled so far), and what else is measured."""

    points: tuple[int, ...]
    trickled: int
    workers: tuple[int, ...]
    """Further numbers of workers, each with a stack of its own, up to the second point."""
    run_of: int
    """Postings of one run of the script."""
    classified: bool


FULL: Final = Size(
    points=(300, 3_000, 12_000), trickled=1_500, workers=_WORKERS, run_of=1_000, classified=True
)
QUICK: Final = Size(points=(300,), trickled=0, workers=(), run_of=100, classified=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was measured. `worked` and `costs` of one worker, by point."""

    worked: list[Worked]
    costs: list[dict[str, float]]
    """Processor seconds of all parts, and growth in bytes, since nothing was sent."""
    cpu_ms: dict[str, float]
    """Of one posting, by part, up to the last point."""
    consumer_s: float
    delays: list[float]
    memory_mib: dict[str, float]
    made: dict[str, str]
    codes: dict[str, str]
    several: dict[int, Worked] = field(default_factory=dict)


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Rates of one run; only ratios within it carry over to another machine."""
    size = QUICK if quick else FULL
    last = size.points[-1]
    market = market_postings(seed, last + size.trickled)
    run, offered = measure_alone(market, size), market[:last]
    for workers in size.workers:
        run.several[workers] = _burst_of(market, workers, size)
    with tempfile.TemporaryDirectory() as place:
        asked = [(one.posting.posting_key, one.payload) for one in offered]
        script = run_script(asked, Path(place), size.run_of)
    coder_s = classify_alone(offered, run.made) if size.classified else None
    judged = _judged(offered, run.made, run.codes), _judged(offered, script.made, script.codes)
    figures = [
        *_rates(run, script, coder_s),
        *_rightness(*judged),
        *_beside(run),
    ]
    return figures, _details(size, run, script, judged)


def measure_alone(market: Sequence[Offered], size: Size) -> Run:
    """One worker on one partition: each point, then a trickle at half of the last rate."""
    with tempfile.TemporaryDirectory() as place, rate_stack(Path(place), 1) as stack:
        empty, idle, first = stack.disk_bytes(), stack.cpu_s(), 0
        worked, costs = list[Worked](), list[dict[str, float]]()
        for point in size.points:
            worked.append(stack.work_off(market[first:point]))
            costs.append(_so_far(stack, empty, idle))
            first = point
        spent = {name: used - idle[name] for name, used in stack.cpu_s().items()}
        made, codes = stack.answers()
        consumer_s = asyncio.run(consume_bare(stack.loading, 1, first))
        pace = worked[-1].postings / worked[-1].stored_s / 2
        delays = asyncio.run(trickle(stack, market[first:], pace)) if size.trickled else []
        return Run(
            worked=worked, costs=costs, consumer_s=consumer_s, delays=delays, made=made,
            codes=codes, memory_mib=stack.memory_mib(),
            cpu_ms={name: round(1_000 * used / first, 3) for name, used in spent.items()},
        )  # fmt: skip


def _so_far(
    stack: RateStack, empty: Mapping[str, float], idle: Mapping[str, float]
) -> dict[str, float]:
    spent = sum(stack.cpu_s().values()) - sum(idle.values())
    return {"cpu_s": spent} | {k: value - empty[k] for k, value in stack.disk_bytes().items()}


def _burst_of(market: Sequence[Offered], workers: int, size: Size) -> Worked:
    """The burst between the first two points, with as many partitions as workers."""
    first, second = size.points[:2]
    with tempfile.TemporaryDirectory() as place, rate_stack(Path(place), workers) as stack:
        stack.work_off(market[:first])
        return stack.work_off(market[first:second])


def classify_alone(offered: Sequence[Offered], made: Mapping[str, str]) -> float:
    """Seconds in which the coder, alone, codes the postings that opened a vacancy."""
    opening: dict[str, NormalisedPosting] = {}
    for one in offered:
        vacancy = made.get(one.posting.posting_key)
        if vacancy is not None and vacancy not in opening:
            cleaned = normalise(one.posting)
            if isinstance(cleaned, NormalisedPosting):
                opening[vacancy] = cleaned
    coder, postings = load_coder(), list(opening.values())
    coder.code(postings[:1])  # tables are read at the first posting
    begun = time.perf_counter()
    for at in range(0, len(postings), _BATCH):
        coder.code(postings[at : at + _BATCH])
    return time.perf_counter() - begun


def _judged(
    offered: Sequence[Offered], made: Mapping[str, str], codes: Mapping[str, str]
) -> Judged:
    truths = [
        Truth(posting=one.posting.posting_key, vacancy=one.vacancy, isco1=one.isco1)
        for one in offered
    ]
    return judge(truths, made, codes)


def _rates(run: Run, script: Outcome, coder_s: float | None) -> list[Figure]:
    rate = run.worked[-1].postings / run.worked[-1].stored_s
    sent = sum(burst.postings for burst in run.worked)
    consumer, other = sent / run.consumer_s, sent / script.seconds
    coder = sent / coder_s if coder_s else 0.0
    return [
        Figure(key="postings_per_s", value=round(rate, 1),
               about="stream and loader end to end on the embedded stack, one worker: from the "
               "topic to rows that can be read"),
        Figure(key="bare_consumer_ratio", value=round(rate / consumer, 5),
               about="of the rate at which the same client reads the same payload from the same "
               f"broker and drops it ({consumer:,.0f}/s)"),
        Figure(key="classifier_ratio", value=round(rate / coder, 3) if coder else _NOT,
               about="of the rate that would be left if all that took time were classification of "
               f"the vacancies that the postings open, alone ({coder:,.0f}/s)"),
        Figure(key="peer_ratio", value=round(rate / other, 3),
               about="of the rate of a script by cron: pandas, regular expressions, "
               f"drop_duplicates, {script.database} ({other:,.0f}/s). Below 1: the script is "
               "faster, and does less"),
    ]  # fmt: skip


def _rightness(ours: Judged, peer: Judged) -> list[Figure]:
    return [
        Figure(key="duplicates_found", value=round(ours.duplicates_found, 3),
               about=f"share of {ours.duplicates:,} true duplicates joined with their vacancy"),
        Figure(key="peer_duplicates_found", value=round(peer.duplicates_found, 3),
               about="the same of the script"),
        Figure(key="joined_wrongly", value=round(ours.joined_wrongly / ours.vacancies, 3),
               about="share of true vacancies joined with another at their first posting; no "
               "posting is withdrawn in this run, so old vacancies stay open for new ones to meet"),
        Figure(key="peer_joined_wrongly", value=round(peer.joined_wrongly / peer.vacancies, 3),
               about="the same of the script"),
        Figure(key="count_error", value=round(ours.count_error, 3),
               about=f"vacancies counted too many, as a share of {ours.vacancies:,} true ones"),
        Figure(key="peer_count_error", value=round(peer.count_error, 3),
               about="the same of the script"),
        Figure(key="group_right", value=round(ours.right_of_all, 3),
               about="share of true vacancies whose first posting got the right major group"),
        Figure(key="peer_group_right", value=round(peer.right_of_all, 3),
               about="the same of the script"),
    ]  # fmt: skip


def _beside(run: Run) -> list[Figure]:
    delays = {share: quantile(run.delays, share) for share in (0.5, 0.95)} if run.delays else {}
    told = {share: round(delays[share], 2) if delays else _NOT for share in (0.5, 0.95)}
    figures = [
        Figure(key="latency_p50_s", value=told[0.5],
               about="from publishing to readable in the warehouse, postings coming evenly at half "
               "of that rate; the loader lets records of a steady stream wait up to 8 s"),
        Figure(key="latency_p95_s", value=told[0.95], about="the same, 95th percentile"),
        Figure(key="memory_mb", value=round(sum(run.memory_mib.values()) * 2**20 / 1e6),
               about="proportional memory of worker, loader, broker, Redis and warehouse, after"),
    ]  # fmt: skip
    for workers in _WORKERS:
        found = run.several.get(workers)
        ratio = _pace(found) / _pace(run.worked[1]) if found else None
        figures.append(
            Figure(key=f"workers_{workers}_ratio", value=round(ratio, 2) if ratio else _NOT,
                   about=f"pace of the stream with {workers} workers on {workers} partitions over "
                   "that of one on one: same postings, and the same cores for everything")
        )  # fmt: skip
    return figures


def _pace(burst: Worked) -> float:
    return burst.postings / burst.stream_s


def _details(
    size: Size, run: Run, script: Outcome, judged: tuple[Judged, Judged]
) -> dict[str, Any]:
    checks = [
        {"postings": point, "what": what, "model": round(of_model, 2),
         "measured": round(cost[what], 2), "measured / model": round(cost[what] / of_model, 2)}
        for point, cost in zip(size.points, run.costs, strict=True)
        for what, of_model in predicted(MEASURED, point).items()
    ]  # fmt: skip
    return {
        "cpu_ms_per_posting": run.cpu_ms,
        "memory_mib": {name: round(value) for name, value in run.memory_mib.items()},
        "bursts": [asdict(burst) for burst in run.worked],
        "several": {str(workers): asdict(burst) for workers, burst in run.several.items()},
        "peer": script.database,
        "judged": {"ours": asdict(judged[0]), "peer": asdict(judged[1])},
        "tables": {
            "Cost model beside measurement (bytes; processor seconds without the crawler)": checks
        },
    }
