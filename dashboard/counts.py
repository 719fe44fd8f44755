"""Reading counts from the warehouse: the whole register, and the part of it that is compared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from alerts.coverage import coverage_from
from dashboard.comparison import (
    READ_BACK,
    Basis,
    Fitness,
    SourceFitness,
    basis_of,
    fitness_of,
)
from dashboard.cube import GROUPS, PROVINCES, Cube, framed, from_columns, spliced
from warehouse import health, register

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_FIRST: Final = date(1970, 1, 1)
_OVERLAP: Final = timedelta(seconds=60)
"""Batches are stored in another order than they are dated, but hardly by more than this."""


def read_recent(held: Cube | None, loaded_at: datetime | None, client: Client) -> Cube | None:
    """`held`, read at `loaded_at`, with only the days read again that later loads touched.

    `None` where that is not known; the caller checks the sums, since a batch that is repeated
    after a crash carries its first time of loading.
    """
    if held is None or loaded_at is None:
        return None
    day = register.first_day_loaded_since(client, loaded_at - _OVERLAP)
    if day is None:
        return None
    return spliced(held, day, read_cube(client, day))


def read_cube(
    client: Client, since: date = _FIRST, sources: Sequence[str] | None = None
) -> Cube | None:
    """Flow and stock from day `since` on, of `sources` or all; `None` where there is no event."""
    deltas = register.daily_deltas(client, PROVINCES, GROUPS, since=since, sources=sources)
    return from_columns(
        days=deltas.days,
        provinces=deltas.provinces,
        groups=deltas.groups,
        flows=deltas.flows,
        stock_deltas=deltas.stock_deltas,
    )


def read_basis(client: Client, cube: Cube) -> Basis:
    """The flow of those sources that were read throughout the compared weeks."""
    since = max(cube.first_day, cube.complete_day - READ_BACK)
    runs = health.run_days(client, since=cube.complete_day - READ_BACK)
    coverage = coverage_from((run.source_id, run.day.toordinal(), run.ok > 0) for run in runs)
    sources = fitness_of(coverage, cube.complete_day)
    first = min((source.first_day for source in sources), default=cube.last_day)
    if any(source.fitness is not Fitness.COMPARED for source in sources):
        cube = _read_of(client, sources, since, cube.last_day)
    return basis_of(cube, sources, first)


def _read_of(client: Client, sources: Sequence[SourceFitness], since: date, until: date) -> Cube:
    compared = [held.source_id for held in sources if held.fitness is Fitness.COMPARED]
    return framed(read_cube(client, since, compared), since, until)
