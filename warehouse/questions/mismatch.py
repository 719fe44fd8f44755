"""Named question: the mismatch of vacancies and unemployed that an institution's figures give.

Both sides are figures of one source in `supply`, by occupations of one level; its figures
without an occupation are the totals, which include units of no known occupation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_LAST: Final = datetime.fromisoformat("2200-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which figures are compared."""

    source_id: str
    vacancies: str
    """Measure of vacancies in `supply`."""
    unemployed: str
    """Measure of unemployed or registered jobseekers."""
    digits: int
    """Level of ISCO-08, 1 to 4."""
    province: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """The index of one period as the warehouse computes it."""

    period_start: date
    value: float | None
    """`None` where a total is 0 or missing."""
    groups: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """Both sides of one occupation in one period; "" is the total, `None` not published."""

    period_start: date
    occupation: str
    vacancies: float | None
    unemployed: float | None


_LATEST: Final = f"""
  SELECT period_start, occupation,
    argMaxIf(toNullable(count), (published_at, received_at, record_id),
      measure = {{vacancies:String}}) AS v,
    argMaxIf(toNullable(count), (published_at, received_at, record_id),
      measure = {{unemployed:String}}) AS u
  FROM supply
  WHERE measure IN ({{vacancies:String}}, {{unemployed:String}})
    AND source_id = {{source_id:String}} AND province = {{province:String}}
    AND length(toString(occupation)) IN (0, {{digits:UInt8}}) AND loaded_at <= {moment("as_of")}
    AND (district, industry, field, level) = ('', '', '', '')
    AND (sex, age_group, country, residence, category) = ('', '', '', '', '')
  GROUP BY period_start, period_end, occupation
"""
"""Of each cell its last issue among those stored by `as_of`; of all other dimensions the whole."""


def mismatch_index(
    client: Client, asked: Asked, *, alpha: float = 0.5, as_of: datetime | None = None
) -> list[IndexRow]:
    """1 − Σ (v/V)^α (u/U)^(1−α) of each period, summed with compensation (Kahan).

    An occupation with one side not published has no term: its units count as unmatched.
    """
    rows = fetch(
        client,
        f"""WITH cells AS ({_LATEST}),
          totals AS (SELECT period_start, v AS all_v, u AS all_u FROM cells WHERE occupation = '')
        SELECT period_start,
          if(any(all_v) > 0 AND any(all_u) > 0,
            1 - sumKahan(pow(v / all_v, {{alpha:Float64}}) * pow(u / all_u, 1 - {{alpha:Float64}})),
            NULL),
          countIf(v IS NOT NULL AND u IS NOT NULL)
        FROM cells INNER JOIN totals USING (period_start)
        WHERE occupation != '' GROUP BY period_start ORDER BY period_start""",
        alpha=alpha,
        **_parameters(asked, as_of),
    )
    return [IndexRow(period_start=day, value=value, groups=n) for day, value, n in rows]


def mismatch_counts(
    client: Client, asked: Asked, *, as_of: datetime | None = None
) -> list[CountRow]:
    """Both sides by period and occupation, as stored by `as_of`; in order."""
    rows = fetch(
        client,
        f"{_LATEST} ORDER BY period_start, occupation",
        **_parameters(asked, as_of),
    )
    return [
        CountRow(period_start=day, occupation=code, vacancies=v, unemployed=u)
        for day, code, v, u in rows
    ]


def _parameters(asked: Asked, as_of: datetime | None) -> dict[str, object]:
    return {
        "source_id": asked.source_id,
        "vacancies": asked.vacancies,
        "unemployed": asked.unemployed,
        "digits": asked.digits,
        "province": asked.province,
        "as_of": as_of or _LAST,
    }
