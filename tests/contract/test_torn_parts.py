"""Parts in use whose files a full disk left empty: the warehouse ends, and its next start mends."""

from __future__ import annotations

from pathlib import Path

import pytest
from clickhouse_connect.driver import create_client
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import Error

from labourwatch.embedded.warehouse.torn import forget_torn
from tests.fixtures_warehouse import HOST, SECRET, launch_warehouse
from tests.processes import Part

pytestmark = pytest.mark.integration


def connected(part: Part) -> Client:
    return create_client(host=HOST, port=part.port, username="default", password=SECRET)


def ended(part: Part) -> bool:
    """Whether the process is gone, within a while."""
    return part.process.wait(30) is not None


def test_only_tokens_of_torn_inserted_parts_are_forgotten(tmp_path: Path) -> None:
    table = tmp_path / "store" / "abc" / "abc-def"
    for name, content in (("a_1_1_0", ""), ("a_2_2_0", "x"), ("a_3_4_1", ""), ("b_c_5_5_0", "")):
        (table / name).mkdir(parents=True)
        (table / name / "checksums.txt").write_text(content)
    (table / "detached" / "broken-on-start_a_6_6_0").mkdir(parents=True)
    (table / "detached" / "broken-on-start_a_6_6_0" / "count.txt").touch()
    log = table / "deduplication_logs" / "deduplication_log_1.txt"
    log.parent.mkdir()
    parts = ["a_1_1_0", "a_2_2_0", "a_3_4_1", "b_c_5_5_0", "a_6_6_0"]
    before = "".join(f"1\t{name}\ttoken-{name}\n" for name in parts)
    log.write_text(before)
    (log.parent / "deduplication_log_10.txt").write_text("2\tb_c_5_5_0\ttoken-b_c_5_5_0\n1\tcut")
    found = {Path(one).name for one in forget_torn(tmp_path)}
    assert found == {"a_1_1_0", "a_6_6_0"}
    assert log.read_text() == before
    added = (log.parent / "deduplication_log_10.txt").read_text().splitlines()[2:]
    assert sorted(added) == ["2\ta_1_1_0\ttoken-a_1_1_0", "2\ta_6_6_0\ttoken-a_6_6_0"]
    assert forget_torn(tmp_path) == []


def test_a_merged_part_that_was_torn_is_replaced_by_what_it_was_merged_from(tmp_path: Path) -> None:
    """As a full disk left one: the first question ends the warehouse, and its next start mends."""
    folder = tmp_path / "warehouse"
    part = launch_warehouse(folder)
    with connected(part) as client:
        client.command("CREATE TABLE default.t (n Int64) ENGINE = MergeTree ORDER BY n")
        for number in range(4):
            client.insert("t", [[number]], column_names=["n"], database="default")
        client.command("OPTIMIZE TABLE default.t FINAL")
        merged = "SELECT path FROM system.parts WHERE table = 't' AND active"
        for marks in Path(client.query(merged).result_rows[0][0]).glob("*mrk*"):
            marks.write_bytes(b"")
        with pytest.raises(Error):
            client.query("SELECT n FROM default.t")
    assert ended(part)
    part = launch_warehouse(folder, part.port)
    try:
        with connected(part) as again:
            rows = again.query("SELECT n FROM default.t ORDER BY n").result_rows
            aside = again.query("SELECT name FROM system.detached_parts").result_rows
    finally:
        part.stop()
    assert rows == [(number,) for number in range(4)]
    assert len(aside) == 1


@pytest.mark.parametrize("met_by", ["a question", "another insert that fails", "a start"])
def test_an_inserted_part_that_was_torn_is_stored_when_it_is_repeated(
    tmp_path: Path, met_by: str
) -> None:
    """Its token must not count as stored: the rows would be passed over, and lost."""
    folder = tmp_path / "warehouse"
    part = launch_warehouse(folder)
    repeated = {"insert_deduplication_token": "batch"}

    def insert(client: Client, rows: list[list[int]]) -> None:
        client.insert("t", rows, column_names=["n"], database="default", settings=repeated)

    with connected(part) as client:
        client.command(
            "CREATE TABLE default.t (n Int64) ENGINE = MergeTree PARTITION BY n ORDER BY n"
            " SETTINGS non_replicated_deduplication_window = 100"
        )
        insert(client, [[1], [2]])
        torn = "SELECT path FROM system.parts WHERE table = 't' AND partition = '2'"
        for file in Path(client.query(torn).result_rows[0][0]).iterdir():
            file.write_bytes(b"")
        if met_by == "a question":
            with pytest.raises(Error):
                client.query("SELECT n FROM default.t")
        elif met_by == "another insert that fails":
            with pytest.raises(Error):
                client.command("INSERT INTO default.t SELECT throwIf(1)")
    if met_by == "a start":
        part.kill()
    assert ended(part)
    part = launch_warehouse(folder, part.port)
    try:
        with connected(part) as again:
            assert again.query("SELECT n FROM default.t").result_rows == [(1,)]
            insert(again, [[1], [2]])
            insert(again, [[1], [2]])
            assert again.query("SELECT n FROM default.t ORDER BY n").result_rows == [(1,), (2,)]
    finally:
        part.stop()
