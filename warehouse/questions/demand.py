"""Questions of what is asked for and offered: skills, pay, and how long adverts stand.

Read from months sealed in roll-ups where these stand, and from raw rows for the rest, so that an
answer is exact at every moment (see `warehouse.questions.seals`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.questions.basis import Basis, Cell
from warehouse.questions.reading import rows_of
from warehouse.questions.seals import Sealed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from clickhouse_connect.driver.client import Client

    from warehouse.questions.basis import Weeks

QUANTILES: Final = (0.1, 0.25, 0.5, 0.75, 0.9)
_ALL: Final = Cell()


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillDemand:
    """Vacancies opened in the period that name a skill."""

    skill: str
    vacancies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Quantiles of pay (kip a month) or duration (days) of one major group.

    Each quantile is a value that occurs: the smallest that at least the share q does not exceed.
    """

    isco1: str
    n: int
    quantiles: tuple[float, ...]
    """At `QUANTILES`."""


def skills_demand(
    client: Client,
    *,
    weeks: Weeks,
    cell: Cell = _ALL,
    limit: int = 30,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[SkillDemand]:
    """Skills named most often by vacancies opened in these weeks."""
    rows = _ask(
        client,
        Sealed.SKILLS,
        "SELECT skill, sum(vacancies) AS n FROM {rows} GROUP BY skill"
        " ORDER BY n DESC, skill LIMIT {limit:UInt32}",
        _Bounds(weeks, cell, as_of, basis),
        limit=limit,
    )
    return [SkillDemand(skill=row[0], vacancies=row[1]) for row in rows]


def pay_quantiles(
    client: Client,
    *,
    weeks: Weeks,
    cell: Cell = _ALL,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[Spread]:
    """Pay by major group, of vacancies opened in these weeks that state credible pay."""
    return _spread(client, Sealed.PAY, "pay", _Bounds(weeks, cell, as_of, basis))


def durations(
    client: Client,
    *,
    weeks: Weeks,
    cell: Cell = _ALL,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[Spread]:
    """Days from opening or last re-posting to closing, by major group, of closings in these weeks.

    Ended spells only: for what durations are to be expected use `labourwatch durations`, which
    takes those still open into account.
    """
    return _spread(client, Sealed.DURATIONS, "days", _Bounds(weeks, cell, as_of, basis))


@dataclass(frozen=True, slots=True)
class _Bounds:
    weeks: Weeks
    cell: Cell
    as_of: datetime | None
    basis: Basis


def _spread(client: Client, rollup: Sealed, value: str, bounds: _Bounds) -> list[Spread]:
    levels = ", ".join(map(str, QUANTILES))
    rows = _ask(
        client,
        rollup,
        f"SELECT isco1, sum(vacancies), quantilesExactWeighted({levels})({value}, vacancies)"
        " FROM {rows} GROUP BY isco1 ORDER BY isco1",
        bounds,
    )
    return [Spread(isco1=r[0], n=r[1], quantiles=tuple(map(float, r[2]))) for r in rows]


def _ask(
    client: Client, rollup: Sealed, sql: str, bounds: _Bounds, **parameters: Any
) -> Sequence[Sequence[Any]]:
    weeks = bounds.weeks
    rows = rows_of(
        client,
        rollup,
        since=weeks.first,
        until=weeks.until,
        where=f"week BETWEEN '{weeks.first}' AND '{weeks.last}' AND {bounds.cell.where()}",
        as_of=bounds.as_of,
        basis=bounds.basis,
    )
    return fetch(
        client,
        sql.replace("{rows}", rows),
        as_of=bounds.as_of,
        **bounds.cell.parameters(),
        **parameters,
    )
