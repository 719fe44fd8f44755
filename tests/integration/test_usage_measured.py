"""Requests of the real server end up as sums of the day, without anything that names a person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from fastapi import FastAPI

from config.settings import Settings
from dashboard.measuring import Measured, Measuring
from tests.integration.warehouse_tables import fresh_schema, running_warehouse
from warehouse.usage import Audience, UsageDay, read_usage

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 25, 20, tzinfo=UTC)  # already the 26th in Vientiane


class Browser:
    """Asks an ASGI application in this process."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    def get(self, path: str, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        given = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "path": path,
            "raw_path": path.encode(), "query_string": b"", "headers": given, "scheme": "http",
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Any) -> None:
            return

        asyncio.run(self._app(scope, receive, send))


def served(settings: Settings) -> tuple[Browser, Measuring]:
    measuring = Measuring(settings, lambda: NOW)
    app = FastAPI()

    @app.get("/v1/series/{name}")
    async def series(name: str) -> dict[str, str]:
        return {"name": name}

    @app.get("/assets/style.css")
    async def style() -> dict[str, str]:
        return {}

    app.add_middleware(Measured, measuring=measuring)
    return Browser(app), measuring


def test_routes_are_counted_and_persons_are_not_kept(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with (
        running_warehouse(tmp_path_factory.mktemp("usage")) as running,
        fresh_schema(running) as (client, database),
    ):
        settings = running.model_copy(update={"clickhouse_database": database})
        http, measuring = served(settings)
        for name in ("flow", "stock"):
            http.get(f"/v1/series/{name}", headers={"User-Agent": "one"})
        http.get("/v1/series/flow", headers={"User-Agent": "two", "Authorization": "Bearer x"})
        http.get("/assets/style.css")
        http.get("/nowhere")
        measuring.store()
        measuring.store()  # nothing is left
        rows = {(r.route, r.audience): r for r in usage(client, database)}
        assert rows["/v1/series/{name}", Audience.PUBLIC].requests == 2
        assert rows["/v1/series/{name}", Audience.PUBLIC].visitors == 1
        assert rows["/v1/series/{name}", Audience.DEPARTMENT].requests == 1
        assert rows["unknown", Audience.PUBLIC].requests == 1
        assert len(rows) == 3
        day = next(iter(rows.values())).day
        assert day.isoformat() == "2026-11-26"
        assert sum(row.visitors for row in rows.values()) == 3


def usage(client: Client, database: str) -> list[UsageDay]:
    client.database = database
    day = datetime(2026, 11, 26, tzinfo=UTC).date()
    return list(read_usage(client, since=day, until=day))


def test_what_cannot_be_stored_is_kept_within_limits(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = Settings(var_dir=tmp_path_factory.mktemp("away"), clickhouse_port=1, _env_file=None)
    http, measuring = served(settings)
    monkeypatch.setattr("dashboard.measuring.MOST_KEPT", 3)
    for _ in range(5):
        http.get("/v1/series/flow")
    with pytest.raises(Exception, match="refused"):
        measuring.store()
    assert measuring.waiting == 3
