"""What was planted and what was served: the answers against which the service is measured."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from labourwatch.demo.events import PlantedEvent
from labourwatch.demo.market import Market
from labourwatch.demo.postings import Defect
from labourwatch.demo.site import Site
from labourwatch.demo.vacancies import Scenario


def event_record(scenario: Scenario, event: PlantedEvent, boards: list[str]) -> dict[str, Any]:
    """One planted thing with civil days; `end` may lie after the anchor."""
    last = min(event.end, scenario.history_days + 365)
    return {
        "id": event.event_id,
        "kind": event.kind.value,
        "is_fault": event.is_fault,
        "province": event.province,
        "isco1": str(event.isco1) if event.isco1 else "",
        "start": str(scenario.date_of(event.start)),
        "end": str(scenario.date_of(last)),
        "running_at_anchor": event.end >= scenario.history_days,
        "factor": event.factor,
        "expected_per_day": round(event.density, 3),
        "boards": [boards[number] for number in event.boards],
    }


def truth(market: Market, sites: list[Site]) -> dict[str, Any]:
    """Scenario, planted events and totals."""
    scenario = market.scenario
    boards = [site.source_id for site in sites]
    return {
        "seed": scenario.seed,
        "first_day": str(scenario.first_day),
        "anchor": market.live.anchor_at.isoformat(),
        "anchor_day": str(scenario.first_day + timedelta(days=scenario.history_days - 1)),
        "history_days": scenario.history_days,
        "mean_per_day": scenario.mean_per_day,
        "boards": boards,
        "events": [event_record(scenario, event, boards) for event in scenario.events],
        "totals": totals(market, sites, market.clock()),
    }


def totals(market: Market, sites: list[Site], now: datetime) -> dict[str, Any]:
    """Per board: distinct posting ids a visitor could have seen until `now`, and the malformed.

    `served` counts ids in the archive's working days or on the pages since the anchor;
    `handed_out` counts those that have stood in an answer of this process.
    """
    store = market.store
    visible = store.ever_visible(now, market.live.anchor_at)
    result: dict[str, Any] = {}
    for site in sites:
        rows = np.flatnonzero(visible & (store.table.board == site.number))
        defects = np.bincount(store.table.defect[rows], minlength=len(Defect))
        result[site.source_id] = {
            "served": len(rows),
            "handed_out": len(site.handed_out),
            "open_now": len(store.open_at(site.number, now)),
            "malformed": int(defects[1:].sum()),
            "defects": {d.name.lower(): int(defects[d]) for d in Defect if d},
            "archive_days": len(store.archive_days(site.number)),
        }
    return {"boards": result, "served": sum(board["served"] for board in result.values())}


def postings_truth(market: Market, sites: list[Site], now: datetime) -> Iterator[dict[str, Any]]:
    """For every posting that could have been seen: its true vacancy, role, code and province."""
    store, scenario = market.store, market.scenario
    by_number = {site.number: site for site in sites}
    for index in np.flatnonzero(store.ever_visible(now, market.live.anchor_at)):
        row = store.row(int(index))
        site = by_number[row.board]
        opening = market.opening(row.key)
        yield {
            "source_id": site.source_id,
            "posting_id": site.posting_id(row.key),
            "vacancy_id": market.vacancy_id(row.key),
            "role": market.true_role(int(index)),
            "isco08": scenario.labour.occupations[opening.occupation].isco08,
            "province": scenario.labour.provinces[opening.province].iso,
            "reach": market.reach(row.key).name.lower(),
            "born_on": str(scenario.date_of(row.key >> 16)),
            "posted_on": str(scenario.date_of(int(store.table.posted[index]))),
            "unlisted_on": str(scenario.date_of(int(store.table.ended[index]))),
            "defect": market.defect(int(index)).name.lower(),
        }


def write_postings_truth(market: Market, sites: list[Site], path: Path) -> int:
    """Write the truth of every posting as JSON lines; returns their number."""
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for record in postings_truth(market, sites, market.clock()):
            file.write(json.dumps(record) + "\n")
            count += 1
    return count
