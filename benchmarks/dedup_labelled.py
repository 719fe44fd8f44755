"""A labelled pair of postings, and those written by hand (docs/dedup-protocol.md)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Final

from scrapers.items import JobPosting
from tests.factories_streams import START

HAND: Final = Path(__file__).parent.parent / "tests" / "pages" / "duplicate_pairs.csv"
KINDS: Final = ("full", "semantic", "temporal", "partial", "translated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two postings, the kind of duplicate ("none": two vacancies), and what makes it hard."""

    name: str
    origin: str
    """`hand` or `simulated`."""
    kind: str
    trap: str
    one: JobPosting
    other: JobPosting

    @property
    def is_duplicate(self) -> bool:
        """The label."""
        return self.kind != "none"

    @property
    def is_test(self) -> bool:
        """Whether the pair is measured on; weights are fitted on the others alone."""
        return blake2b(self.name.encode(), digest_size=2).digest()[0] % 2 == 0


def hand_pairs() -> list[Pair]:
    """The pairs of `tests/pages/duplicate_pairs.csv`."""
    with HAND.open(encoding="utf-8") as table:
        return [
            Pair(
                name=row["pair"],
                origin="hand",
                kind=row["kind"],
                trap=row["trap"],
                one=_from_row(row, "a"),
                other=_from_row(row, "b"),
            )
            for row in csv.DictReader(table)
        ]


def _from_row(row: dict[str, str], side: str) -> JobPosting:
    seen = START + timedelta(days=int(row[f"{side}_day"] or 0))
    return JobPosting(
        source_id=f"board-{side}",
        posting_id=row["pair"],
        url=f"https://board-{side}.example/{row['pair']}",
        fetched_at=seen,
        title=row[f"{side}_title"],
        description=row[f"{side}_text"],
        hiring_organization=row[f"{side}_employer"],
        job_location_raw=row[f"{side}_place"],
        date_posted=seen.date(),
        base_salary_raw=row[f"{side}_pay"],
        education_raw=row[f"{side}_education"],
        experience_raw=row[f"{side}_experience"],
        total_job_openings_raw=row[f"{side}_openings"],
    )
