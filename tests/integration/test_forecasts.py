"""Forecasts in the real warehouse: stored once and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client

from tests.fixtures_warehouse import start_warehouse
from warehouse.forecasts import (
    ForecastRow,
    newest_forecasts,
    write_forecasts,
)
from warehouse.migrate import migrate

NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
ROW = ForecastRow(
    province="LA-VT", occupation="5", industry="", made_at=NOW, last_week=date(2026, 11, 16),
    ahead=4, target_week=date(2026, 12, 14), value=12.5, lower_80=9.0, upper_80=16.0, lower_95=7.0,
    upper_95=20.0, usual_upper=15.0, chance_above=0.2, weeks=60, n=300, method="hedge-aci/1",
    scored=40, relative_mae=0.9, mase=None, pinball=1.5, coverage_80=0.8, coverage_95=0.95,
    release_id="W2026-W47.0",
)  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with start_warehouse(tmp_path_factory.mktemp("forecasts")) as (host, port, secret):
        made = clickhouse_connect.get_client(
            host=host, port=port, password=secret, autogenerate_session_id=False, tz_mode="aware"
        )
        migrate(made, database="labourwatch", now=NOW)
        made.database = "labourwatch"
        yield made


def test_forecasts_are_kept_once(client: Client) -> None:
    later = replace(
        ROW, made_at=NOW + timedelta(days=7), last_week=date(2026, 11, 23),
        target_week=date(2026, 12, 21), value=13.0, release_id="W2026-W48.0",
    )  # fmt: skip
    for _ in range(2):
        write_forecasts(client, [ROW], release_id=ROW.release_id)
    write_forecasts(client, [later], release_id=later.release_id)
    assert newest_forecasts(client, as_of=NOW) == [ROW]
    assert newest_forecasts(client, as_of=NOW + timedelta(days=8), province="LA-VT") == [later]
    assert newest_forecasts(client, as_of=NOW, province="") == []
