"""Postings of a simulated market as the crawler publishes them, each with its truth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from labourwatch.demo.serve import PORTS_NEEDED, addresses, make_sites
from labourwatch.demo.source_files import write_sources
from labourwatch.demo.state import MarketFile, open_market
from scrapers.codec import encode
from scrapers.items import JobPosting
from scrapers.parsing.posting import make_posting
from scrapers.publish import partition_key
from scrapers.reading import archived_entry
from scrapers.source_files import load_sources

_NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
_DAYS: Final = 60
_PER_VACANCY: Final = 1.3
"""Postings that a simulated vacancy has, at least: what the market is made large enough by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A posting as it is published, and what nobody who reads it is told."""

    posting: JobPosting
    key: bytes
    payload: bytes
    vacancy: str
    """The vacancy that it truly advertises."""
    isco1: str
    """True major group of ISCO-08."""


def market_postings(seed: int, count: int) -> list[Offered]:
    """The first `count` sound postings of a market of sixty days, in the order of posting."""
    with tempfile.TemporaryDirectory() as place:
        found = list(islice(_offered(Path(place), seed, count), count))
    if len(found) < count:
        raise ValueError(f"the market has {len(found)} postings, not {count}")
    return found


def _offered(folder: Path, seed: int, count: int) -> Iterator[Offered]:
    daily = max(20.0, _PER_VACANCY * count / _DAYS)
    begun = MarketFile(
        seed=seed, anchor=_NOW.isoformat(), history_days=_DAYS, mean_per_day=daily
    )  # fmt: skip
    market = open_market(folder, begun, lambda: _NOW)
    ports = list(range(1, PORTS_NEEDED + 1))
    write_sources(folder / "sources", addresses(ports))
    sources = {source.id: source for source in load_sources(folder / "sources")}
    by_number = {site.number: site for site in make_sites(market, ports)}
    try:
        for index in np.argsort(market.store.posted_at, kind="stable"):
            row = market.store.row(int(index))
            site = by_number[row.board]
            source = sources[site.source_id]
            raw = msgspec.json.encode(site.native(market.advert(int(index))))
            entry = archived_entry(source, msgspec.json.decode(raw), raw)
            if entry is None:
                continue
            seen = datetime.fromtimestamp(row.posted_at, UTC)
            posting = make_posting(
                entry.fields, source=source, posting_id=entry.posting_id, fetched_at=seen
            )
            if isinstance(posting, JobPosting):
                occupation = market.opening(row.key).occupation
                yield Offered(
                    posting=posting,
                    key=partition_key(posting.hiring_organization, posting.posting_key),
                    payload=encode(posting),
                    vacancy=market.vacancy_id(row.key),
                    isco1=market.scenario.labour.occupations[occupation].isco08[0],
                )
    finally:
        market.live.close()
