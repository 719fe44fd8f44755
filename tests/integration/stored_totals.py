"""Everything a warehouse stored, counted for the sum check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

from warehouse.client import fetch


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Everything stored, for the sum check: served = postings + refused with a reason."""

    postings_by_role: Mapping[str, int]
    """Stored observations of postings by `streams.records.Role`."""
    refused: Mapping[tuple[str, str], int]
    """Dead letters by (stage, reason)."""
    distinct_postings: int
    """Distinct posting keys stored."""
    vacancies: int
    """Distinct vacancies."""
    events: int
    flow: int
    stock: int
    """Vacancies open now, by the roll-up."""
    runs: int


def totals(client: Client) -> Totals:
    """Count what is stored, in four queries; not a snapshot while loading goes on."""
    roles = fetch(client, "SELECT role, count() FROM postings GROUP BY role ORDER BY role")
    refused = fetch(
        client,
        "SELECT stage, reason, count() FROM dead_letters GROUP BY stage, reason"
        " ORDER BY stage, reason",
    )
    counts = fetch(
        client,
        """SELECT (SELECT uniqExact(posting_key) FROM postings),
          (SELECT uniqExact(vacancy_id) FROM vacancies), (SELECT count() FROM vacancy_events),
          (SELECT sum(flow) FROM rollup_daily), (SELECT sum(stock_delta) FROM rollup_daily),
          (SELECT count() FROM source_runs)""",
    )[0]
    return Totals(
        postings_by_role={row[0]: row[1] for row in roles},
        refused={(row[0], row[1]): row[2] for row in refused},
        distinct_postings=counts[0],
        vacancies=counts[1],
        events=counts[2],
        flow=counts[3] or 0,
        stock=counts[4] or 0,
        runs=counts[5],
    )
