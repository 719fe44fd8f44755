"""Lifetimes told of the demonstration's market, against what its simulator planted.

A second opinion on `benchmarks.collection_lifetimes`: other law, real pages in six forms, copies,
re-posts, outages, and duplicates found by the register, not given.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from alerts.durations import duration
from benchmarks.lifetimes_watch import Collected, histories_of, settled, watches_of
from labourwatch.demo.market import Market
from labourwatch.demo.serve import PORTS_NEEDED, addresses, make_sites
from labourwatch.demo.site import Site
from labourwatch.demo.source_files import write_sources
from labourwatch.demo.state import MarketFile, open_market
from scrapers.frontier_store import SourceFrontier
from scrapers.items import RunOutcome, SourceRun
from scrapers.reading import archived_entry
from scrapers.runs import Run
from scrapers.source_files import load_sources
from scrapers.sources import Source
from streams.classify.place import Gazetteer
from streams.endings import end_of_day
from warehouse.spells import spells_of

ANCHOR: Final = datetime(2026, 11, 23, 5, tzinfo=UTC)
_DAY_S: Final = 86_400


async def of_the_demonstration(
    seed: int, *, days: int = 160, mean_per_day: float = 15.0
) -> dict[str, Any]:
    """What is told of the market's archive of `days`, and what is true of it."""
    with TemporaryDirectory() as name:
        directory = Path(name)
        wanted = MarketFile(
            seed=seed, anchor=ANCHOR.isoformat(), history_days=days, mean_per_day=mean_per_day
        )
        market = open_market(directory, wanted, lambda: ANCHOR)
        try:
            ports = list(range(1, PORTS_NEEDED + 1))
            write_sources(directory, addresses(ports))
            sites = make_sites(market, ports)
            sources = {source.id: source for source in load_sources(directory)}
            records, runs = await _archived(market, sites, sources)
            truth = sorted(true_spells(market))
        finally:
            market.live.close()
    gazetteer = Gazetteer()
    updates = list(settled(records, lambda text: gazetteer.locate(text).province))
    watches = watches_of(runs)
    spells = [s for history in histories_of(updates) for s in spells_of(history, watches)]
    told = duration(spells)
    lengths = np.array(truth)
    return {
        "true_median": round(float(np.median(lengths)), 2),
        "true_mean_60": round(float(np.minimum(lengths, 60).mean()), 2),
        "true_spells": len(lengths),
        "failed_crawls": sum(run.outcome is RunOutcome.FAILED for run in runs),
        "median": asdict(told.median),
        "mean_60": asdict(told.mean_60),
        "n": told.n,
        "ends": told.ends,
        "age_unknown": told.age_unknown,
    }


async def _archived(
    market: Market, sites: Sequence[Site], sources: dict[str, Source]
) -> tuple[list[Any], list[SourceRun]]:
    """Every archived day of every board, read as the backfill reads it."""
    found: list[tuple[int, Any]] = []
    runs: list[SourceRun] = []
    for site in sites:
        source = sources[site.source_id]
        frontier = SourceFrontier(None, source.id)  # type: ignore[arg-type]  # never stored
        for day in market.store.archive_days(site.number):
            outbox = Collected()
            run = Run(
                source, frontier, outbox, now=market.observed_at(day), clock=lambda: ANCHOR,  # type: ignore[arg-type]
                archived=True,
            )  # fmt: skip
            if market.store.is_out(site.number, day):
                runs.append(run.conclude(RunOutcome.FAILED).record)
                continue
            answer = json.loads(json.dumps(site.archive_day(day)))
            for posting in answer["postings"]:
                raw = json.dumps(posting).encode()
                entry = archived_entry(source, posting, raw)
                if entry is not None and run.visit(entry) in ("new", "changed"):
                    await run.accept(entry, entry.fields)
            await run.reconcile({str(posting_id) for posting_id in answer["listed_ids"]})
            runs.append(run.conclude(RunOutcome.OK).record)
            found += [(day, record) for record in outbox.records if hasattr(record, "posting_key")]
    found.sort(key=lambda pair: pair[0])
    return [record for _, record in found], runs


def true_spells(market: Market) -> Iterator[float]:
    """Days advertised of every spell that began in the archive's time, told of its truth."""
    store, scenario = market.store, market.scenario
    adverts: dict[str, list[tuple[float, float]]] = defaultdict(list)
    first = min(store.archive_days(0))
    last = max(store.archive_days(0))
    for index in range(len(store)):
        row = store.row(index)
        over = float(row.ended_at)
        if row.closing >= 0:
            deadline = end_of_day(scenario.first_day + timedelta(days=row.closing))
            over = min(over, deadline.timestamp())
        if over > row.posted_at and first <= int(store.table.posted[index]) <= last:
            adverts[market.vacancy_id(row.key)].append((float(row.posted_at), over))
    for standing in adverts.values():
        yield from _unbroken(sorted(standing))


def _unbroken(adverts: Sequence[tuple[float, float]]) -> Iterator[float]:
    begun, over = adverts[0]
    for start, end in adverts[1:]:
        if start > over:
            yield (over - begun) / _DAY_S
            begun = start
        over = max(over, end)
    yield (over - begun) / _DAY_S
