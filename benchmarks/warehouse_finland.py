"""The published Finnish mismatch index, reproduced through the warehouse on all of its points.

The inputs are stored as a national institution's figures are (`supply`, every issue kept). The
index is then computed by the warehouse in SQL, and in Python from counts read back; the latter is
published as observations and read back as of its issue. All three are held against what was
published, and a first, different issue of the figures shows that `as_of` tells them apart.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from alerts.indicators.estimate import Estimated
from alerts.indicators.mismatch import sahin
from alerts.indicators.sides import Group, Sides, sides_of
from benchmarks.finland import (
    LEVELS,
    PUBLISHED_AT,
    SOURCE,
    UNEMPLOYED,
    VACANCIES,
    published,
    records,
    store,
)
from benchmarks.report import Figure
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.history import read_observations, write_observations
from warehouse.questions.mismatch import Asked, CountRow, mismatch_counts, mismatch_index
from warehouse.series import Frequency, Observation, SeriesKey
from warehouse.store import Store

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

GOAL: Final = 1e-12
_KEY: Final = SeriesKey(indicator="mismatch_sahin", frequency=Frequency.MONTHLY)
_FIRST_ISSUE: Final = PUBLISHED_AT - timedelta(days=30)
_QUICK_LEVELS: Final = (1, 2)

Points = dict[tuple[date, int], float]


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Largest difference from the published index; with `quick`, at levels 1 and 2 only."""
    levels = _QUICK_LEVELS if quick else LEVELS
    wanted = {key: value for key, value in published().items() if key[1] in levels}
    with (
        tempfile.TemporaryDirectory() as directory,
        running_warehouse(Path(directory)) as settings,
        fresh_schema(settings) as (client, _),
    ):
        begun = perf_counter()
        stored = _stored(client, levels)
        loaded = perf_counter() - begun
        errors = errors_of(client, levels, wanted, seed=seed)
        first = error_of(_in_sql(client, (1,), as_of=_FIRST_ISSUE), wanted)
    about = (
        f"largest difference from the published Finnish index over {len(wanted)} points, "
        f"through the warehouse: in SQL {errors['sql']:.1e}, in Python {errors['python']:.1e}, as "
        f"published observations {errors['observations']:.1e}"
    )
    figures = [
        Figure(key="finland_max_abs_error", value=max(errors.values()), goal="≤ 1e-12",
            about=about,
        ),
        Figure(
            key="finland_points", value=len(wanted), goal="856",
            about="months × levels of ISCO-08 compared",
        ),
    ]  # fmt: skip
    return figures, {
        "errors": errors,
        "figures_stored": stored,
        "loading_s": round(loaded, 1),
        "first_issue_differs_by": first,
    }


def _stored(client: Client, levels: tuple[int, ...]) -> int:
    """A first issue with other figures (level 1), then the one that the index is of."""
    target = Store(client)
    earlier = records((1,), issue=_FIRST_ISSUE, factor=0.9)
    count = store(target, earlier, loaded_at=_FIRST_ISSUE)
    return count + store(target, records(levels), loaded_at=PUBLISHED_AT)


def errors_of(
    client: Client, levels: tuple[int, ...], wanted: Points, *, seed: int = 0
) -> dict[str, float]:
    """Largest difference from the published points by way of computing; infinite if one lacks."""
    figures = _in_python(client, levels, seed)
    in_python = {key: told.value for key, told in figures.items() if told.value is not None}
    return {
        "sql": error_of(_in_sql(client, levels, as_of=PUBLISHED_AT), wanted),
        "python": error_of(in_python, wanted),
        "observations": error_of(_as_published(client, figures), wanted),
    }


def error_of(found: Points, wanted: Points) -> float:
    """Largest difference over the points of the levels that were computed."""
    levels = {level for _, level in found}
    compared = {key: value for key, value in wanted.items() if key[1] in levels}
    if not compared or found.keys() != compared.keys():
        return float("inf")
    return max(abs(found[key] - value) for key, value in compared.items())


def asked(level: int) -> Asked:
    """The question of one level."""
    return Asked(source_id=SOURCE, vacancies=VACANCIES, unemployed=UNEMPLOYED, digits=level)


def _in_sql(client: Client, levels: tuple[int, ...], *, as_of: datetime) -> Points:
    return {
        (row.period_start, level): row.value
        for level in levels
        for row in mismatch_index(client, asked(level), as_of=as_of)
        if row.value is not None
    }


def _in_python(
    client: Client, levels: tuple[int, ...], seed: int
) -> dict[tuple[date, int], Estimated]:
    return {
        (day, level): sahin(sides, seed=seed, certain=False)
        for level in levels
        for day, sides in sides_by_period(mismatch_counts(client, asked(level))).items()
    }


def sides_by_period(counts: list[CountRow]) -> dict[date, Sides]:
    """Both sides of each period, with the totals that the institution states."""
    groups: dict[date, list[Group]] = defaultdict(list)
    totals: dict[date, Group] = {}
    for row in counts:
        pair = (row.vacancies, row.unemployed)
        if row.occupation:
            groups[row.period_start].append(pair)
        else:
            totals[row.period_start] = pair
    return {
        day: sides_of(found, vacancies_total=totals[day][0], unemployed_total=totals[day][1])
        for day, found in groups.items()
    }


def _as_published(client: Client, figures: dict[tuple[date, int], Estimated]) -> Points:
    """The figures written as observations, an issue for each level, and read as of that issue."""
    read: Points = {}
    for level in sorted({level for _, level in figures}):
        issue = PUBLISHED_AT + timedelta(hours=level)
        of_level = {day: told for (day, of), told in figures.items() if of == level}
        write_observations(
            client, [_observation(day, told, issue) for day, told in of_level.items()]
        )
        kept = read_observations(client, _KEY, since=date(2006, 1, 1), as_of=issue)
        read |= {(o.time_value, level): o.value for o in kept if o.value is not None}
    return read


def _observation(day: date, told: Estimated, issue: datetime) -> Observation:
    return Observation(
        series=_KEY, time_value=day, issue=issue, value=told.value, n=told.n, employers=0,
        method=told.method, standing=told.standing, sources=(SOURCE,),
    )  # fmt: skip
