"""How fast all coders read the adverts of a market: those of the demonstration's boards, in Lao and
English, as their archives hand them over. Titles and sentences repeat as markets repeat them; no
advert comes twice."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import psutil

from benchmarks.report import Figure
from labourwatch.demo.serve import PORTS_NEEDED, addresses, make_sites
from labourwatch.demo.source_files import write_sources
from labourwatch.demo.state import MarketFile, open_market
from scrapers.items import JobPosting
from scrapers.parsing.posting import make_posting
from scrapers.reading import archived_entry
from scrapers.source_files import load_sources
from streams.classify.pipeline import MarketCoder, load_coder
from streams.normalise import normalise
from streams.records import NormalisedPosting

_NOW: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
_ADVERTS: Final = {False: 6_000, True: 900}
_WARM: Final = 200
_BATCH: Final = 200


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Adverts a second on one core, new ones in batches and one by one, and the coder's memory."""
    adverts = market_adverts(seed, _ADVERTS[quick])
    before = psutil.Process().memory_info().rss
    begun = time.process_time()
    coder = load_coder()
    start = time.process_time() - begun
    half = len(adverts) // 2
    _code(coder, adverts[:_WARM], _BATCH)
    batches = _code(coder, adverts[_WARM:half], _BATCH)
    singly = _code(coder, adverts[half:], 1)
    memory = (psutil.Process().memory_info().rss - before) / 2**20
    length = sum(len(advert.description) for advert in adverts) / len(adverts)
    figures = [
        Figure(
            key="market_postings_per_s",
            value=round(1 / batches),
            goal="≥ 300 on 2 cores",
            about=f"new adverts of the demonstration's market (mean {length:,.0f} letters) through "
            "all coders, in batches, per second of one core's processor time",
        ),
        Figure(
            key="market_postings_per_s_single",
            value=round(1 / singly),
            about="the same, one by one",
        ),
        Figure(key="coder_start_cpu_s", value=round(start, 1), about="to load all coders"),
        Figure(key="coder_mib", value=round(memory), about="memory of all coders at work"),
    ]
    return figures, {"adverts": len(adverts)}


def market_adverts(seed: int, count: int) -> list[NormalisedPosting]:
    """`count` adverts of a simulated market as they come to the coders, in random order."""
    with tempfile.TemporaryDirectory() as place:
        found = list(_adverts(Path(place), seed))
    random.Random(seed).shuffle(found)
    return found[:count]


def _adverts(folder: Path, seed: int) -> Iterator[NormalisedPosting]:
    begun = MarketFile(seed=seed, anchor=_NOW.isoformat(), history_days=60, mean_per_day=120.0)
    market = open_market(folder, begun, lambda: _NOW)
    ports = list(range(1, PORTS_NEEDED + 1))
    write_sources(folder / "sources", addresses(ports))
    sources = {source.id: source for source in load_sources(folder / "sources")}
    by_number = {site.number: site for site in make_sites(market, ports)}
    for index in range(len(market.store)):
        site = by_number[market.store.row(index).board]
        source, advert = sources[site.source_id], market.advert(index)
        raw = msgspec.json.encode(site.native(advert))
        entry = archived_entry(source, msgspec.json.decode(raw), raw)
        if entry is None:
            continue
        posting = make_posting(
            entry.fields, source=source, posting_id=entry.posting_id, fetched_at=_NOW
        )
        cleaned = normalise(posting) if isinstance(posting, JobPosting) else None
        if isinstance(cleaned, NormalisedPosting):
            yield cleaned
    market.live.close()


def _code(coder: MarketCoder, adverts: Sequence[NormalisedPosting], size: int) -> float:
    """Processor seconds for one advert, in batches of `size`."""
    begun = time.process_time()
    for at in range(0, len(adverts), size):
        coder.code(adverts[at : at + size])
    return (time.process_time() - begun) / len(adverts)
