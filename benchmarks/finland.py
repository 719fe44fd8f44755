"""Finland's registered vacancies and unemployed, and the mismatch index published of them.

Statistics Finland by way of github.com/pttry/kohtaantoindeksit: 214 months, four levels of
ISCO-08, 856 published points at α = ½. Each figure is made a record as of a national institution.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from config.topics import SUPPLY
from scrapers.codec import encode
from scrapers.items import SupplyRecord
from warehouse.batch import build_batch
from warehouse.plan import Plan

if TYPE_CHECKING:
    from warehouse.store import Store

DATA: Final = Path(__file__).parent / "data"
SOURCE: Final = "statistics-finland"
VACANCIES: Final = "vacancies_registered"
UNEMPLOYED: Final = "unemployed_registered"
LEVELS: Final = (1, 2, 3, 4)
PUBLISHED_AT: Final = datetime(2023, 11, 21, 6, tzinfo=UTC)
_BATCH: Final = 100_000


@dataclass(frozen=True)
class _Message:
    """A record as the broker delivers it."""

    value: bytes
    key: bytes = b""
    timestamp: int = 0


def published() -> dict[tuple[date, int], float]:
    """The published index by month (its first day) and level."""
    with gzip.open(DATA / "finland_mismatch_published.csv.gz", "rt", encoding="utf-8") as text:
        return {
            (_first(row["month"]), int(row["level"])): float(row["mismatch"])
            for row in csv.DictReader(text)
        }


def records(
    levels: Collection[int] = LEVELS,
    months: Collection[str] | None = None,
    *,
    issue: datetime = PUBLISHED_AT,
    factor: float = 1.0,
) -> Iterator[SupplyRecord]:
    """Figures by month and occupation, and once a month the totals.

    Args:
        levels: 1 to 4 digits.
        months: like `2010-05`; default all.
        issue: when they were published.
        factor: of the vacancies of occupations but not of the total: another issue's figures.
    """
    seen: set[str] = set()
    with gzip.open(DATA / "finland_mismatch_inputs.csv.gz", "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            if int(row["level"]) not in levels or (months and row["month"] not in months):
                continue
            code = row["isco08"]
            cells = [(code, row["vacancies"], row["unemployed"], factor)]
            if row["month"] not in seen:
                seen.add(row["month"])
                cells.append(("", row["vacancies_total"], row["unemployed_total"], 1.0))
            for occupation, v, u, times in cells:
                yield _record(row["month"], occupation, VACANCIES, float(v) * times, issue)
                yield _record(row["month"], occupation, UNEMPLOYED, float(u), issue)


def store(target: Store, stated: Iterator[SupplyRecord], *, loaded_at: datetime) -> int:
    """Put records into the warehouse as the loader does, batch by batch; returns how many."""
    start = int(loaded_at.timestamp()) * 1_000_000
    first = start
    while part := list(islice(stated, _BATCH)):
        plan = Plan(
            topic=SUPPLY.name, partition=0, start=start, end=start + len(part), loaded_at=loaded_at
        )
        target.write(build_batch(plan, _messages(part)))
        start += len(part)
    return start - first


def _messages(part: Sequence[SupplyRecord]) -> list[_Message]:
    return [_Message(encode(record)) for record in part]


def _record(month: str, code: str, measure: str, count: float, issue: datetime) -> SupplyRecord:
    first = _first(month)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    identity = f"{SOURCE} {month} {code} {measure} {count!r} {issue.isoformat()}"
    return SupplyRecord(
        source_id=SOURCE,
        record_id=hashlib.blake2b(identity.encode(), digest_size=12).hexdigest(),
        province="",
        occupation=code,
        measure=measure,
        count=count,
        period_start=first,
        period_end=last,
        published_at=issue,
        received_at=issue,
        unit="persons" if measure == UNEMPLOYED else "vacancies",
    )


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
