"""Forecasts as they were made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch, moment
from warehouse.history import insert_token

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_FIRST_DAY: Final = date(1970, 1, 1)
_LAST_DAY: Final = date(2149, 6, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRow:
    """One forecast of the flow of one cell in one week, with how good its forerunners were."""

    province: str
    occupation: str
    industry: str
    made_at: datetime
    last_week: date
    ahead: int
    target_week: date
    value: float
    lower_80: float
    upper_80: float
    lower_95: float
    upper_95: float
    usual_upper: float
    chance_above: float | None
    weeks: int
    n: int
    method: str
    scored: int
    relative_mae: float | None
    mase: float | None
    pinball: float | None
    coverage_80: float | None
    coverage_95: float | None
    release_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedForecasts:
    """Which forecasts are asked for. An empty sequence: no condition. "" in one: the total."""

    provinces: Sequence[str] = ()
    occupations: Sequence[str] = ()
    industries: Sequence[str] = ()
    since: date = _FIRST_DAY
    """First week that is forecast…"""
    until: date = _LAST_DAY


EVERY: Final = AskedForecasts()
"""Of every cell."""
_COLUMNS: Final = tuple(ForecastRow.__dataclass_fields__)
_BLOCK: Final = 20_000


def write_forecasts(client: Client, rows: Sequence[ForecastRow], *, release_id: str) -> None:
    """Store the forecasts made with a release; the same again changes nothing."""
    for start in range(0, len(rows), _BLOCK):
        token = insert_token([f"forecasts {release_id} {start}"])
        client.insert(
            "forecasts", [astuple(row) for row in rows[start : start + _BLOCK]],
            column_names=list(_COLUMNS), settings={"insert_deduplication_token": token},
        )  # fmt: skip


def newest_forecasts(
    client: Client, *, as_of: datetime, province: str | None = None,
    occupation: str | None = None, industry: str | None = None,
) -> list[ForecastRow]:  # fmt: skip
    """The last forecasts made by `as_of`, of each series and horizon; None: of every code."""
    asked = AskedForecasts(
        provinces=_one(province), occupations=_one(occupation), industries=_one(industry)
    )
    return forecasts_as_of(client, asked, as_of=as_of)


def _one(code: str | None) -> Sequence[str]:
    return () if code is None else (code,)


def forecasts_as_of(
    client: Client, asked: AskedForecasts = EVERY, *, as_of: datetime
) -> list[ForecastRow]:
    """The last forecasts made by `as_of`, of each series asked for and each horizon.

    In order of province, occupation, industry and horizon. Where people look on, read them by
    `warehouse.disclosure.forecasts.told_forecasts`.
    """
    lists = {
        "province": asked.provinces, "occupation": asked.occupations, "industry": asked.industries,
    }  # fmt: skip
    given = {name: list(codes) for name, codes in lists.items() if codes}
    conditions = "".join(f" AND {name} IN {{{name}:Array(String)}}" for name in given)
    rows = fetch(
        client,
        f"""SELECT * FROM (SELECT {", ".join(_COLUMNS)} FROM forecasts
          WHERE made_at <= {moment("as_of")}{conditions}
          ORDER BY province, occupation, industry, ahead, last_week DESC, made_at DESC
          LIMIT 1 BY province, occupation, industry, ahead)
        WHERE target_week BETWEEN {{since:Date}} AND {{until:Date}}
        ORDER BY province, occupation, industry, ahead""",
        as_of=as_of, since=asked.since, until=asked.until, **given,
    )  # fmt: skip
    return [ForecastRow(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]


def latest_forecast(client: Client, *, as_of: datetime) -> tuple[datetime, int] | None:
    """When the newest forecast was made by `as_of`, and how many there are; `None` before."""
    sql = f"SELECT max(made_at), count() FROM forecasts WHERE made_at <= {moment('as_of')}"
    newest, count = fetch(client, sql, as_of=as_of)[0]
    return (newest, count) if count else None
