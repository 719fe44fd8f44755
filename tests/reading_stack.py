"""A warehouse with vacancies and published figures, and the reading interface over real HTTP."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from config.settings import Settings
from dashboard.push.problems import ProblemError, answer_problem
from dashboard.push.routes import unknown_addresses
from dashboard.v1.reading import Reading
from dashboard.v1.routes import reading_routes
from dashboard.v1.sql_routes import sql_routes
from scrapers.push.providers import Provider, Right
from scrapers.sources import Source
from tests.factories_warehouse import updates
from tests.integration.warehouse_tables import batch_of, running_warehouse
from tests.push_stack import provider
from tests.served_dashboard import Answer, answer_to, get, served
from warehouse.client import connect
from warehouse.forecasts import ForecastRow, write_forecasts
from warehouse.history import AlertRecord, write_alert_history, write_observations
from warehouse.migrate import migrate
from warehouse.series import Observation, SeriesKey
from warehouse.store import Store

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
FIRST_ISSUE = NOW - timedelta(days=8)
LAST_WEEK = date(2026, 11, 16)
DEPARTMENT = {"Authorization": "Bearer department"}
ANALYST = {"Authorization": "Bearer analyst"}
PUSHER = {"Authorization": "Bearer pusher"}
_RIGHTS = {
    "department": (Right.READ,), "analyst": (Right.READ, Right.SQL), "pusher": (Right.POSTINGS,),
}  # fmt: skip


class Tokens:
    """The tokens of this stack, without a Redis."""

    async def bearer(self, header: str | None, _now: datetime) -> Provider:
        name = (header or "").removeprefix("Bearer ")
        if name not in _RIGHTS:
            raise ProblemError(401, "token_unknown", "The token is not known.")
        return provider(name, rights=_RIGHTS[name])

    async def pushed_sources(self) -> dict[str, Source]:
        return {"pusher": provider("pusher").source()}


def figures(issue: datetime, *, more: float = 0.0) -> list[Observation]:
    """Weekly flow and monthly pay of a few cells, as one release published them."""
    cells = [("", ""), ("LA-VT", ""), ("", "2"), ("LA-VT", "2"), ("LA-VT", "25")]
    weekly = [
        Observation(
            series=SeriesKey(indicator="flow", province=province, occupation=occupation),
            time_value=date(2026, 1, 5) + timedelta(days=7 * week), issue=issue,
            value=10.0 + week + more, n=10 + week, employers=5, lower=5.0, upper=30.0, grade="C",
            method="gamma-poisson/1", top_share=0.2, sources=("alpha", "beta"), release_id="W1",
        )
        for province, occupation in cells
        for week in range(12)
    ]  # fmt: skip
    pay = [
        Observation(
            series=SeriesKey(indicator="wage_median", province=province, frequency="M"),  # type: ignore[arg-type]
            time_value=date(2026, month, 1), issue=issue, value=3_512_345.0, n=n, employers=9,
            lower=3e6, upper=4e6, grade="B", method="quantile/1", top_share=0.1,
            sources=("alpha",), release_id="M1",
        )
        for province, n in (("", 400), ("LA-VT", 7))
        for month in range(1, 7)
    ]  # fmt: skip
    return [*weekly, *pay]


PUBLIC_COUNTS = (
    "measure", "frequency", "time_value", "province", "isco1", "isic", "issue", "release_id",
    "value", "step", "revised", "hidden",
)  # fmt: skip


def _public_counts() -> list[tuple[object, ...]]:
    """Decided monthly tables: the nation and group 2 told, a province withheld."""
    return [
        ("flow", "M", date(2026, month, 1), province, group, "", FIRST_ISSUE, "M1", value,
         5 if value else 0, 0, "" if value else "confidential")
        for month in range(1, 7)
        for province, group, value in (("", "", 400), ("", "2", 120), ("LA-VT", "", None))
    ]  # fmt: skip


def forecasts() -> list[ForecastRow]:
    """Of three cells: the nation told every week, a province of late, a group withheld once."""
    week = LAST_WEEK
    return [
        ForecastRow(
            province=province, occupation=group, industry="", made_at=NOW - timedelta(days=2),
            last_week=week, ahead=ahead, target_week=week + timedelta(days=7 * ahead), value=41.3,
            lower_80=33.1, upper_80=51.9, lower_95=28.4, upper_95=61.2, usual_upper=57.0,
            chance_above=0.0712, weeks=80, n=987, method="hedge-aci/1", scored=40,
            relative_mae=0.91234, mase=None, pinball=3.21, coverage_80=0.8125, coverage_95=0.95,
            release_id="W9",
        )
        for province, group in (("", ""), ("LA-VT", ""), ("", "2"), ("LA-VT", "2"))
        for ahead in (4, 12)
    ]  # fmt: skip


def weekly_counts() -> list[tuple[object, ...]]:
    """Decided weekly tables before the forecasts, but of none of the weeks of `figures`."""
    return [
        ("flow", "W", LAST_WEEK - timedelta(days=7 * back), province, group, "",
         NOW - timedelta(days=3), "W9", None if hidden else 40, 0 if hidden else 5, 0,
         "confidential" if hidden else "")
        for back in (*range(30), *range(50, 60))
        for province, group, hidden in (
            ("", "", back == 55), ("LA-VT", "", back == 0), ("", "2", back == 51),
        )
    ]  # fmt: skip


def _alert(state: str, hours: int) -> AlertRecord:
    return AlertRecord(
        alert_id="a1", at=NOW - timedelta(hours=hours), recorded_at=NOW - timedelta(hours=hours),
        state=state, previous_state="", reason="started", kind="surge", direction="up",
        province="LA-VT", isco1="2", onset_on=date(2026, 11, 1), observed=12.0, expected=5.0,
        ratio=2.4, ratio_lower=1.3, ratio_upper=4.0, n=12, sources=("alpha",), notified=False,
        detail="",
    )  # fmt: skip


@contextmanager
def filled(directory: Path, *, vacancies: int = 400) -> Iterator[Settings]:
    """Settings of a warehouse with data."""
    with running_warehouse(directory) as settings:
        first = connect(settings, database="default")
        migrate(first, database=settings.clickhouse_database, now=NOW)
        first.close()
        client = connect(settings)
        Store(client).write(batch_of(list(updates(1, vacancies))))
        write_observations(client, figures(FIRST_ISSUE))
        write_observations(client, figures(NOW - timedelta(days=1), more=1.0))
        client.insert("public_counts", _public_counts(), column_names=PUBLIC_COUNTS)
        client.insert("public_counts", weekly_counts(), column_names=PUBLIC_COUNTS)
        write_forecasts(client, forecasts(), release_id="W9")
        write_alert_history(client, [_alert("pending", 30), _alert("firing", 20)])
        client.close()
        yield settings


def application(settings: Settings) -> FastAPI:
    """The reading interface alone."""
    app = FastAPI()
    app.add_exception_handler(ProblemError, answer_problem)
    reading = Reading(settings, Tokens(), lambda: NOW)  # type: ignore[arg-type]
    app.include_router(reading_routes(reading))
    app.include_router(sql_routes(reading))
    app.include_router(unknown_addresses())
    return app


@contextmanager
def reading_server(settings: Settings) -> Iterator[str]:
    """Address of the reading interface."""
    with served(application(settings)) as url:
        yield url


def read(url: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """An answer that must be given, as JSON."""
    answer = get(url, headers)
    assert answer.status == 200, answer.text
    return dict(json.loads(answer.body))


def joined(path: str, more: str) -> str:
    """An address with one more word."""
    return f"{path}{'&' if '?' in path else '?'}{more}"


def post(url: str, body: Any, headers: dict[str, str], accept: str = "*/*") -> Answer:
    """What is answered to a question that is sent, refusals too."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Content-Type": "application/json", "Accept": accept, **headers}
    return answer_to(urllib.request.Request(url, data=data, headers=given))  # noqa: S310
