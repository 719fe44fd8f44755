"""Saved questions of the SQL door: versions, owners, pinned moments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from config.settings import Settings
from tests.door_stack import NOW, guarded
from warehouse.door import saved
from warehouse.door.asking import DoorError
from warehouse.door.desk import SHELL, Desk

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with guarded(tmp_path_factory.mktemp("door")) as settings:
        yield settings


def test_saved_questions_are_versioned_owned_and_run_with_provenance(settings: Settings) -> None:
    desk = Desk(settings, SHELL, lambda: NOW)
    writer = desk.writer()
    facts: dict[str, Any] = {
        "name": "moment", "owner": "ana", "description": "when it was asked",
        "parameters": {"n": "2"}, "as_of": None, "now": NOW,
    }  # fmt: skip
    sql = "SELECT {n:UInt8} AS n, toString({as_of:DateTime64(3)}) AS at"
    first = saved.save(writer, sql="SELECT 1 AS n", **{**facts, "parameters": {}})
    second = saved.save(writer, sql=sql, **facts)
    assert saved.save(writer, sql=sql, **facts) == second
    assert [first.version, second.version] == [1, 2]
    assert [one.reference for one in saved.current(writer)] == ["moment@2"]
    assert saved.find(writer, "moment@1") == first
    assert saved.find(writer, second.query_id) == second == saved.find(writer, "moment")
    with pytest.raises(saved.SavedError, match="question of ana"):
        saved.save(writer, sql=sql, **{**facts, "owner": "bob"})
    told, provenance = desk.ask_saved("moment", {"n": "7"}, "bob")
    assert list(told.rows) == [(7, "2026-11-25 04:00:00.000")]
    assert (provenance.saved, provenance.asker) == (second, "bob")
    with pytest.raises(DoorError):
        desk.ask("SELECT * FROM dead_letters", {}, "bob")
    with pytest.raises(saved.SavedError):
        desk.ask_saved("nothing", {}, "bob")
    runs = saved.runs_of(writer, asker="bob")
    assert {(run.outcome, run.query_id, run.rows) for run in runs} == {
        ("answered", second.query_id, 1), ("access_denied", "", 0),
    }  # fmt: skip
    writer.close()


def test_a_pinned_moment_is_part_of_the_question(settings: Settings) -> None:
    desk = Desk(settings, SHELL, lambda: NOW)
    writer = desk.writer()
    pinned = datetime(2026, 3, 1, tzinfo=UTC)
    saved.save(
        writer, name="then", owner="ana", description="pinned", parameters={}, as_of=pinned,
        sql="SELECT toString({as_of:DateTime64(3)})", now=NOW,
    )  # fmt: skip
    told, _ = desk.ask_saved("then", {}, "ana")
    assert list(told.rows) == [("2026-03-01 00:00:00.000",)]
    writer.close()
