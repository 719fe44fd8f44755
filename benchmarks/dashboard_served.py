"""The dashboard as a process of its own, so that its memory can be told from the viewers'.

`python -m benchmarks.dashboard_served WAREHOUSE_PORT REDIS_URL PORT DATABASE`; the demonstration's
moment is the present.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from functools import partial

import redis
import uvicorn
from pydantic import SecretStr

from benchmarks.generated_market import LAST
from config.settings import Settings
from dashboard.app import create_app
from dashboard.data import Register
from dashboard.desk import Desk
from tests.fixtures_warehouse import SECRET
from warehouse.client import connect

NOW = datetime(LAST.year, LAST.month, LAST.day, 5, tzinfo=UTC)


def main(warehouse: int, redis_url: str, port: int, database: str) -> None:
    """Serve until it is ended."""
    settings = Settings(
        redis_url=redis_url, clickhouse_host="127.0.0.1", clickhouse_port=warehouse,
        clickhouse_password=SecretStr(SECRET), clickhouse_database=database, dashboard_port=port,
    )  # fmt: skip
    desk = Desk(redis.Redis.from_url(redis_url))
    register = Register(
        partial(connect, settings, readonly=True), desk.standing, phase=desk.phase,
        clock=lambda: NOW,
    )  # fmt: skip
    app = create_app(settings, register, desk.acknowledge)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", ws="websockets-sansio"
    )
    asyncio.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
