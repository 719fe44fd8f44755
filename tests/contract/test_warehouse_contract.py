"""What every warehouse owes its clients: the embedded one and a ClickHouse server alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import clickhouse_connect
import lz4.frame
import pyarrow as pa
import pytest
import requests
from clickhouse_connect.driver.exceptions import DatabaseError, StreamFailureError
from clickhouse_connect.driver.external import ExternalData

from tests.contract.warehouse_servers import Address, client_of

pytestmark = pytest.mark.integration

LAO = "ພະນັກງານຂາຍ ນະຄອນຫຼວງວຽງຈັນ"


def test_a_command_answers_one_value(client: Any) -> None:
    assert client.command("SELECT 40 + 2") == 42


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("String", LAO),
        ("String", "quote ' backslash \\ tab \t newline \n"),
        ("Int64", -5),
        ("Float64", 1.5),
        ("Array(String)", ["a", "ຂ", "it's"]),
        ("Nullable(String)", None),
        ("Date", datetime(2026, 9, 1, tzinfo=UTC).date()),
    ],
)
def test_typed_parameters_arrive_as_they_were(client: Any, kind: str, value: object) -> None:
    answer = client.query(f"SELECT {{x:{kind}}}", parameters={"x": value})
    assert answer.result_rows == [(value,)]


def test_rows_inserted_row_wise_are_read_back(client: Any, table: str) -> None:
    summary = client.insert(table, [[1, "x"], [2, LAO]], column_names=["a", "b"])
    assert summary.written_rows == 2
    assert client.query("SELECT * FROM t ORDER BY a").result_rows == [(1, "x"), (2, LAO)]


def test_rows_inserted_column_wise_are_read_back(client: Any, table: str) -> None:
    client.insert(
        table, [[1, 2, 3], ["x", "y", "z"]], column_names=["a", "b"], column_oriented=True
    )
    assert client.query("SELECT sum(a), groupArray(b) FROM t").result_rows == [(6, ["x", "y", "z"])]


def test_arrow_goes_in_and_out(client: Any, table: str) -> None:
    sent = pa.table({"a": pa.array([1, 2], pa.int64()), "b": ["x", LAO]})
    client.insert_arrow(table, sent)
    got = client.query_arrow("SELECT a, b FROM t ORDER BY a", use_strings=True)
    assert got.to_pydict() == sent.to_pydict()


def test_data_frames_go_in_and_out(client: Any, table: str) -> None:
    pandas = pytest.importorskip("pandas")
    client.insert_df(table, pandas.DataFrame({"a": [1, 2], "b": ["x", LAO]}))
    frame = client.query_df("SELECT a, b FROM t ORDER BY a")
    assert frame["b"].tolist() == ["x", LAO]


def test_the_types_the_schema_uses_round_trip(client: Any) -> None:
    client.command(
        "CREATE TABLE typed (n Nullable(Float32), s Array(LowCardinality(String)),"
        " c LowCardinality(String), t DateTime64(3, 'UTC'), d Date, u UInt16)"
        " ENGINE = MergeTree ORDER BY t"
    )
    moment = datetime(2026, 9, 1, 7, 30, 0, 123000, tzinfo=UTC)
    row = (None, ["welding", "ການຂາຍ"], "LA-VT", moment, moment.date(), 7)
    names = ["n", "s", "c", "t", "d", "u"]
    client.insert("typed", [row], column_names=names)
    answer = client.query("SELECT * FROM typed", column_tzs={"t": "UTC"})
    assert answer.column_types[0].name == "Nullable(Float32)"
    got = dict(zip(names, answer.result_rows[0], strict=True))
    assert got["t"].astimezone(UTC) == moment
    assert [got[name] for name in "nscdu"] == [row[names.index(name)] for name in "nscdu"]
    client.command("DROP TABLE typed")


@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip", False])
def test_every_frame_of_a_compressed_insert_is_read(
    address: Address, table: str, compression: str | bool
) -> None:
    """Several blocks become several frames; a server that reads the first loses the rest."""
    rows = 200_000
    with client_of(address, compress=compression) as packed:
        columns = [list(range(rows)), [f"vacancy {n}" for n in range(rows)]]
        context = packed.create_insert_context(
            table, ["a", "b"], data=columns, column_oriented=True
        )
        context.block_row_count = 50_000
        packed.insert(context=context)
        answer = packed.query("SELECT count(), sum(a) FROM t")
    assert answer.result_rows == [(rows, rows * (rows - 1) // 2)]


def test_a_body_of_two_frames_is_one_body(address: Address, client: Any, table: str) -> None:
    body = lz4.frame.compress(b"1,one\n") + lz4.frame.compress(b"2,two\n")
    answer = requests.post(
        address.url,
        params={"query": f"INSERT INTO {address.database}.t FORMAT CSV"},
        data=body,
        headers={**address.headers, "Content-Encoding": "lz4"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    assert client.command("SELECT count() FROM t") == 2


@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip"])
def test_compressed_answers_of_many_blocks_are_whole(address: Address, compression: str) -> None:
    with client_of(address, compress=compression) as packed:
        answer = packed.query("SELECT number, toString(number) FROM numbers(300000)")
    assert len(answer.result_rows) == 300_000


def test_a_stream_gives_blocks_and_all_rows(client: Any) -> None:
    with client.query_row_block_stream("SELECT number FROM numbers(500000)") as stream:
        sizes = [len(block) for block in stream]
    assert sum(sizes) == 500_000
    assert len(sizes) > 1


def test_a_stream_left_early_frees_its_place(client: Any) -> None:
    for _ in range(20):
        with client.query_row_block_stream("SELECT number FROM numbers(5000000)") as stream:
            next(iter(stream))
    assert client.command("SELECT 1") == 1


def test_an_error_within_a_stream_reaches_the_client(client: Any) -> None:
    sql = "SELECT throwIf(number = 3000000, 'planted') FROM numbers(5000000)"
    with pytest.raises((StreamFailureError, DatabaseError), match="planted"):
        client.query(sql, settings={"max_block_size": 10000})


@pytest.mark.parametrize(
    "sql", ["SELECT a, b FROM t WHERE a < 0", "WITH 1 AS x SELECT a, b FROM t"]
)
def test_an_empty_result_still_has_columns(client: Any, table: str, sql: str) -> None:
    answer = client.query(sql)
    assert answer.result_rows == []
    assert answer.column_names == ("a", "b")
    assert [kind.name for kind in answer.column_types] == ["Int64", "String"]


def test_external_data_are_readable_as_a_table(client: Any) -> None:
    data = ExternalData(
        file_name="codes", fmt="CSV", structure="code String, n UInt8", data=b"LA-VT,1\nLA-SV,2\n"
    )
    answer = client.query("SELECT code FROM codes WHERE n = 2", external_data=data)
    assert answer.result_rows == [("LA-SV",)]


def test_temporary_tables_live_within_their_session_only(address: Address) -> None:
    with client_of(address, session_id="contract") as held, client_of(address) as other:
        held.command("CREATE TEMPORARY TABLE own (a Int8)")
        held.insert("own", [[5]], column_names=["a"])
        assert held.query("SELECT a FROM own").result_rows == [(5,)]
        with pytest.raises(DatabaseError, match="UNKNOWN_TABLE"):
            other.query("SELECT a FROM own")


def test_settings_of_one_request_do_not_reach_the_next(address: Address) -> None:
    sql = "SELECT getSetting('max_result_rows')"
    with client_of(address, session_id="settings") as held:
        assert held.query(sql, settings={"max_result_rows": 77}).result_rows == [(77,)]
        assert held.query(sql).result_rows == [(0,)]


async def test_the_async_client_speaks_the_same(address: Address) -> None:
    client = await clickhouse_connect.get_async_client(**address.options())
    try:
        answer = await client.query("SELECT number, {x:String} FROM numbers(3)", {"x": LAO})
        assert answer.result_rows == [(0, LAO), (1, LAO), (2, LAO)]
    finally:
        await client.close()
