"""A warehouse with words in it that no question may bring out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from config.settings import Settings
from tests.integration.warehouse_tables import running_warehouse
from warehouse.client import connect
from warehouse.migrate import migrate

DB = "labourwatch"
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
SECRET_WORD = "betel-nut-and-rice"


@contextmanager
def guarded(folder: Path) -> Iterator[Settings]:
    """Settings of that warehouse, while it runs."""
    with running_warehouse(folder) as settings:
        service = connect(settings, database="default")
        migrate(service, database=DB, now=NOW)
        service.command(
            f"INSERT INTO {DB}.dead_letters (letter_id, detail, event_time, failed_at)"
            f" VALUES ('{SECRET_WORD}', '{SECRET_WORD}', now(), now())"
        )
        service.command(
            f"INSERT INTO {DB}.corrections (correction_id, officer) VALUES ('a', '{SECRET_WORD}')"
        )
        service.command(
            f"INSERT INTO {DB}.supply (record_id, count, releasable)"
            " VALUES ('x', 3, 0), ('y', 9, 1)"
        )
        service.command(f"CREATE VIEW {DB}.leak AS SELECT * FROM {DB}.dead_letters")
        service.close()
        yield settings
