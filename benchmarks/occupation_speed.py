"""Time and memory of coding occupations, on one core, with nothing remembered and with all."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import psutil

from benchmarks.occupation_sets import Coded
from streams.classify.evidence import Case
from streams.classify.occupation import OccupationCoder, load_occupation_coder
from streams.classify.pipeline import load_coder
from streams.records import NormalisedPosting

_WARM: Final = 20  # postings coded before the clock starts: some tables are made at first use


def loaded() -> tuple[OccupationCoder, dict[str, float]]:
    """The coder, with the seconds and MiB that loading it took."""
    before = psutil.Process().memory_info().rss
    started = time.perf_counter()
    coder = load_occupation_coder()
    seconds = time.perf_counter() - started
    after = psutil.Process().memory_info().rss
    return coder, {"seconds": round(seconds, 2), "mib": round((after - before) / 2**20)}


def speeds(coder: OccupationCoder, coded: Sequence[Coded]) -> list[dict[str, Any]]:
    """Postings per second: batch and single, new and remembered, with and without texts."""
    full = [each.case for each in coded]
    titles = [Case(title=case.title) for case in full]
    market = load_coder()
    postings = [_posting(number, each) for number, each in enumerate(coded)]
    market.code(postings[:_WARM])
    return [
        _timed("occupation, new, batches", full, lambda cases: _fresh(coder, cases)),
        _timed("occupation, remembered", full, coder.code),
        _timed("occupation, new, one by one", full, lambda cases: _singly(coder, cases)),
        _timed("occupation, new, titles alone", titles, lambda cases: _fresh(coder, cases)),
        _timed("all coders, new, batches", postings[_WARM:], market.code),
        _timed("all coders, occupation remembered", postings[_WARM:], market.code),
    ]


def _fresh(coder: OccupationCoder, cases: Sequence[Case]) -> None:
    coder.forget()
    coder.code(cases)


def _singly(coder: OccupationCoder, cases: Sequence[Case]) -> None:
    coder.forget()
    for case in cases:
        coder.code([case])


def _timed(what: str, items: Sequence[Any], run: Callable[[Any], object]) -> dict[str, Any]:
    """Wall and CPU time, the latter because other processes share the machine."""
    wall, cpu = time.perf_counter(), time.process_time()
    run(items)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "what": what,
        "postings_per_s": round(len(items) / wall),
        "cpu_us_per_posting": round(1e6 * cpu / len(items)),
    }


def _posting(number: int, coded: Coded) -> NormalisedPosting:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    return NormalisedPosting(
        posting_key=f"speed-{number}",
        source_id="speed",
        posting_id=str(number),
        record_id=str(number),
        content_hash=str(number),
        url="https://speed.example/",
        fetched_at=at,
        published_at=None,
        title=coded.case.title,
        description=coded.case.description,
        employer="",
        location_raw="",
        salary_raw="",
        employment_type_raw="",
        category_raw=coded.case.category,
        industry_raw="",
        education_raw="",
        experience_raw="",
        openings=1,
        language=coded.case.language,
        opened_on=date(2026, 11, 2),
        valid_through=None,
        redactions=0,
    )
