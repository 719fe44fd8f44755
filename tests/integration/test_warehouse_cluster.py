"""The cluster's schema comes from the embedded one, parses, and has the same columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client

from config.settings import Settings
from tests.integration.warehouse_tables import LOADED_AT, fresh_schema, running_warehouse
from warehouse.cluster import ClusterError, Spread, cluster_statements, layouts
from warehouse.migrate import parse, read_files
from warehouse.schema_check import Fault, check_schema

pytestmark = pytest.mark.integration

PARTS = parse(read_files())
REPLICATED = re.compile(r"Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, )?")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with running_warehouse(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    with fresh_schema(settings) as (client, _):
        yield client


def test_every_statement_parses_and_names_the_cluster(client: Client) -> None:
    made = cluster_statements(PARTS, "main")
    for sql in made:
        assert " ON CLUSTER main" in sql
        assert client.query("SELECT formatQuery({q:String})", parameters={"q": sql}).result_rows
    tables = [sql for sql in made if sql.startswith("CREATE TABLE") and "Distributed" not in sql]
    assert len(tables) == len(layouts(PARTS))
    assert all("replicated_deduplication_window = " in sql for sql in tables)
    assert not any("non_replicated" in sql for sql in made)


def test_the_cluster_has_the_columns_of_one_machine(client: Client) -> None:
    """The generated statements run here, less what needs other servers and Keeper."""
    home = client.database or ""
    embedded = columns(client, home)
    client.command("CREATE DATABASE IF NOT EXISTS generated")
    client.database = "generated"
    try:
        for sql in cluster_statements(PARTS, "main"):
            if "SETTINGS PROFILE" in sql:
                continue
            plain = REPLICATED.sub(r"\1(", sql).replace(" ON CLUSTER main", "")
            plain = re.sub(r"SETTINGS replicated_deduplication_window = .*$", "", plain)
            plain = re.sub(
                r" ENGINE = Distributed\(.*$", " ENGINE = MergeTree ORDER BY tuple()", plain
            )
            client.command(plain)
        generated = columns(client, "generated")
    finally:
        client.database = home
        client.command("DROP DATABASE generated")
    for name, layout in layouts(PARTS).items():
        assert generated[layout.stored] == embedded[name], name
        assert [row[:2] for row in generated[name]] == [row[:2] for row in embedded[name]], name
    views = embedded.keys() - layouts(PARTS).keys() - {"schema_migrations"}
    assert views <= generated.keys()


def columns(client: Client, database: str) -> dict[str, list[tuple[str, ...]]]:
    rows = client.query(
        """SELECT table, name, type, compression_codec, is_in_sorting_key, is_in_partition_key
        FROM system.columns WHERE database = {home:String} ORDER BY table, position""",
        parameters={"home": database},
    ).result_rows
    found: dict[str, list[tuple[str, ...]]] = {}
    for table, *column in rows:
        found.setdefault(table, []).append(tuple(column))
    return found


def test_a_vacancy_is_in_one_shard_and_roll_ups_beside_their_rows() -> None:
    held = layouts(PARTS)
    assert {held[name].spread for name in ("vacancies", "vacancy_events", "postings")} == {
        Spread.VACANCY
    }
    assert held["rollup_cells"].follows == "vacancy_events"
    assert held["rollup_cells"].sharded
    assert not held["labels"].sharded
    made = "\n".join(cluster_statements(PARTS, "main"))
    assert "TO rollup_cells_local AS" in made
    assert "FROM vacancy_events_local" in made
    assert "INSERT INTO" not in made


@pytest.mark.parametrize("name", ["", "Main", "main; DROP TABLE x", "a-b"])
def test_a_strange_name_of_a_cluster_is_refused(name: str) -> None:
    with pytest.raises(ClusterError):
        cluster_statements(PARTS, name)


def test_the_check_finds_what_was_changed_by_hand(client: Client) -> None:
    home = client.database or ""
    assert check_schema(client, database=home, now=LOADED_AT) == []
    client.command("ALTER TABLE labels MODIFY COLUMN parent LowCardinality(String)")
    client.command("CREATE TABLE by_hand (x UInt8) ENGINE = Memory")
    client.command("DROP VIEW labels_current")
    client.command("ALTER TABLE schema_migrations DELETE WHERE version = 24",
                   settings={"mutations_sync": 1})  # fmt: skip
    found = {(f.fault, f.subject) for f in check_schema(client, database=home, now=LOADED_AT)}
    assert found >= {
        (Fault.DIFFERENT, "labels"),
        (Fault.STRANGE, "by_hand"),
        (Fault.MISSING, "labels_current"),
    }
    assert any(fault in {Fault.PENDING, Fault.HISTORY} for fault, _ in found)
    assert client.database == home
