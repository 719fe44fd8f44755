"""Exact counts of the lattice's cells from the register, as it stood at a cut-off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch, moment
from warehouse.disclosure.lattice import Period, Tally, cells_of, pieces
from warehouse.disclosure.records import Cell, Measure

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_EARLY: Final = 400
"""Days before an event within which its vacancy opened (its row is dated by that)."""
Row = tuple[str, str, str, int, int]
"""Province, major group, section, hash of the employer (0: none named), vacancies."""


def tallies_of(client: Client, period: Period, *, cutoff: datetime) -> dict[Cell, Tally]:
    """Count, employers and the largest's share of every cell of a period, those never told too."""
    return tally(_rows(client, period.measure, period.first, period.last, cutoff))


def counts_of_pieces(
    client: Client, periods: Sequence[Period], *, cutoff: datetime
) -> dict[Hashable, dict[Cell, int]]:
    """Counts of every piece of time of the periods, in every cell."""
    measure = periods[0].measure
    starts = sorted({piece for made_of in pieces(periods).values() for piece in made_of}, key=str)
    ends = sorted({p.first for p in periods} | {p.last + timedelta(days=1) for p in periods})
    found: dict[Hashable, dict[Cell, int]] = {}
    for start in starts:
        if not isinstance(start, date):
            raise TypeError(f"{start!r} is no day")
        last = start
        if measure is Measure.FLOW:
            last = next(end for end in ends if end > start) - timedelta(days=1)
        rows = _rows(client, measure, start, last, cutoff)
        found[start] = {cell: each.n for cell, each in tally(rows).items()}
    return found


def tally(rows: Iterable[Row]) -> dict[Cell, Tally]:
    """Counts by cell; cells without a vacancy are absent.

    A negative count of a finest cell is none, so that the cells above still add up.
    """
    finest: dict[tuple[str, str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for province, isco1, isic, employer, n in rows:
        finest[province, isco1, isic][employer] += n
    total: dict[Cell, int] = defaultdict(int)
    named: dict[Cell, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for place, held in finest.items():
        for cell in cells_of(*place):
            total[cell] += max(0, sum(held.values()))
            for employer, n in held.items():
                if employer:
                    named[cell][employer] += n
    return {cell: _tally(n, named[cell]) for cell, n in total.items() if n > 0}


def _tally(n: int, named: Mapping[int, int]) -> Tally:
    held = [count for count in named.values() if count > 0]
    return Tally(n=n, employers=len(held), top_share=min(1.0, max(held) / n) if held else None)


def _rows(client: Client, measure: Measure, first: date, last: date, cutoff: datetime) -> list[Row]:
    """Vacancies by cell and employer: opened in the days, or open at the end of the last."""
    flow = measure is Measure.FLOW
    rows: Sequence[Sequence[Any]] = fetch(
        client,
        f"""SELECT province, isco1, isic, employer, sum(counted) AS n FROM (
          SELECT vacancy_id, province, isco1, isic, {"flow" if flow else "stock"} AS counted
          FROM vacancy_events
          WHERE {"event_date >= {first:Date} AND" if flow else ""} event_date <= {{last:Date}}
            AND loaded_at <= {moment("cutoff")}
          ORDER BY event_id LIMIT 1 BY event_id
        ) AS e LEFT JOIN (
          SELECT vacancy_id, if(employer = '', 0, cityHash64(lowerUTF8(employer))) AS employer
          FROM vacancies
          WHERE opened_on <= {{last:Date}} AND loaded_at <= {moment("cutoff")}
            {"AND opened_on >= {early:Date}" if flow else ""}
          ORDER BY version, record_id LIMIT 1 BY vacancy_id
        ) AS v USING (vacancy_id)
        GROUP BY province, isco1, isic, employer HAVING n != 0
        ORDER BY province, isco1, isic, employer""",
        first=first,
        early=first - timedelta(days=_EARLY),
        last=last,
        cutoff=cutoff,
    )
    return [(row[0], row[1], row[2], int(row[3]), int(row[4])) for row in rows]
