"""Errors, limits, load and repeated batches: the same at every warehouse."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from clickhouse_connect.driver.exceptions import DatabaseError, Error

from tests.contract.warehouse_servers import Address, client_of

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELEKT 1", 62),
        ("SELECT * FROM nowhere", 60),
        ("SELECT nofunction(1)", 46),
        ("SELECT 1; SELECT 2", 62),
        ("SELECT nocolumn FROM system.one", 47),
    ],
)
def test_errors_carry_the_servers_code(address: Address, sql: str, code: int) -> None:
    answer = requests.post(address.url, data=sql.encode(), headers=address.headers, timeout=30)
    assert answer.status_code in (400, 404, 500)
    assert answer.headers["X-ClickHouse-Exception-Code"] == str(code)
    assert answer.text.startswith(f"Code: {code}.")


def test_a_wrong_secret_is_refused(address: Address) -> None:
    headers = {**address.headers, "X-ClickHouse-Key": "wrong"}
    answer = requests.post(address.url, data=b"SELECT 1", headers=headers, timeout=30)
    assert answer.status_code in (401, 403)
    assert answer.headers["X-ClickHouse-Exception-Code"] == "516"


def test_headers_tell_what_happened(address: Address) -> None:
    answer = requests.get(
        address.url,
        params={"query": "SELECT 1", "query_id": "named", "default_format": "CSV"},
        headers=address.headers,
        timeout=30,
    )
    assert answer.text == "1\n"
    assert answer.headers["X-ClickHouse-Query-Id"] == "named"
    assert answer.headers["X-ClickHouse-Format"] == "CSV"
    assert {"X-ClickHouse-Timezone", "X-ClickHouse-Summary"} <= set(answer.headers)


def test_a_get_request_cannot_write(address: Address, table: str) -> None:
    query = {"query": f"INSERT INTO {address.database}.t VALUES (1, 'x')"}
    answer = requests.get(address.url, params=query, headers=address.headers, timeout=30)
    assert answer.headers["X-ClickHouse-Exception-Code"] == "164"


def test_a_readonly_client_reads_and_is_refused_writes(address: Address, table: str) -> None:
    with client_of(address, settings={"readonly": "2"}) as reader:
        settings = {"max_execution_time": 5}
        assert reader.query("SELECT count() FROM t", settings=settings).result_rows == [(0,)]
        for sql in ("INSERT INTO t VALUES (1, 'x')", "DROP TABLE t", "SET readonly = 0"):
            with pytest.raises(Error, match="READONLY"):
                reader.command(sql)


def test_max_execution_time_ends_a_query(client: Any) -> None:
    with pytest.raises(DatabaseError, match="TIMEOUT_EXCEEDED"):
        client.query("SELECT count() FROM numbers(1e13)", settings={"max_execution_time": 1})


def test_twelve_readers_and_a_writer_do_not_disturb_each_other(
    address: Address, table: str
) -> None:
    """Every reader sees whole batches only, and none fails."""
    batch, batches = 500, 20

    def write() -> int:
        with client_of(address) as writer:
            for start in range(0, batch * batches, batch):
                rows = [[n, "x"] for n in range(start, start + batch)]
                writer.insert("t", rows, column_names=["a", "b"])
        return 0

    def read() -> int:
        torn = 0
        with client_of(address, settings={"readonly": "2"}) as reader:
            for _ in range(15):
                torn += reader.command("SELECT count() FROM t") % batch
        return torn

    with ThreadPoolExecutor(13) as pool:
        work = [pool.submit(write), *(pool.submit(read) for _ in range(12))]
        assert [item.result() for item in work] == [0] * 13
    with client_of(address) as client:
        assert client.command("SELECT uniqExact(a) FROM t") == batch * batches


def test_a_batch_sent_twice_under_one_token_counts_once_in_views_too(client: Any) -> None:
    window = "SETTINGS non_replicated_deduplication_window = 100"
    client.command(f"CREATE TABLE e (d Date, n Int64) ENGINE = MergeTree ORDER BY d {window}")
    client.command(
        f"CREATE TABLE s (d Date, n Int64) ENGINE = SummingMergeTree ORDER BY d {window}"
    )
    client.command("CREATE MATERIALIZED VIEW v TO s AS SELECT d, sum(n) AS n FROM e GROUP BY d")
    day = datetime(2026, 9, 1, tzinfo=UTC).date()
    rows = [[day, 1] for _ in range(100)]
    for token in ("batch-1", "batch-1", "batch-2", "batch-1"):
        client.insert(
            "e",
            rows,
            column_names=["d", "n"],
            settings={
                "insert_deduplication_token": token,
                "deduplicate_blocks_in_dependent_materialized_views": 1,
            },
        )
    assert client.query("SELECT count(), (SELECT sum(n) FROM s) FROM e").result_rows == [(200, 200)]
    for name in ("v", "s", "e"):
        client.command(f"DROP TABLE {name}")


def test_an_insert_that_the_engine_refuses_is_an_error(address: Address, table: str) -> None:
    """A loader commits what was answered with success: none of it may have been dropped."""
    with client_of(address) as client:
        client.command("CREATE TABLE refusing (x Int32, CONSTRAINT p CHECK x > 0)"
                       " ENGINE = MergeTree PARTITION BY x ORDER BY x")  # fmt: skip
        client.command("CREATE TABLE seen (x Int32) ENGINE = MergeTree ORDER BY x")
        client.command("CREATE MATERIALIZED VIEW watching TO seen AS"
                       " SELECT x + throwIf(x = 77) AS x FROM refusing")  # fmt: skip
        client.insert("refusing", [[1]], column_names=["x"])
        for rows, code in (([[-1]], 469), ([[n] for n in range(2, 150)], 252)):
            with pytest.raises(DatabaseError) as caught:
                client.insert("refusing", rows, column_names=["x"])
            assert caught.value.code == code
            assert client.query("SELECT count() FROM refusing").result_rows == [(1,)]
        with pytest.raises(DatabaseError) as caught:  # what a view refuses may be stored before it
            client.insert("refusing", [[77]], column_names=["x"])
        assert caught.value.code == 395
