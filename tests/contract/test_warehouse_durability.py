"""What the embedded warehouse keeps when it is killed, and what it refuses to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import clickhouse_connect
import psutil
import pytest
from clickhouse_connect.driver.exceptions import Error

from labourwatch.embedded.sandbox import landlock_version
from tests.contract.warehouse_servers import Address, client_of
from tests.fixtures_warehouse import HOST, MODULE, SECRET, launch_warehouse
from tests.processes import free_port, until

pytestmark = pytest.mark.integration

BATCH = 200
ROUNDS = 3
EVENTS = """CREATE TABLE IF NOT EXISTS e (n Int64, token String)
ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 1000"""
SUMS = """CREATE TABLE IF NOT EXISTS s (token String, n UInt64)
ENGINE = SummingMergeTree ORDER BY token SETTINGS non_replicated_deduplication_window = 1000"""
VIEW = """CREATE MATERIALIZED VIEW IF NOT EXISTS v TO s
AS SELECT token, count() AS n FROM e GROUP BY token"""


def _address(port: int) -> Address:
    return Address(host=HOST, port=port, user="default", password=SECRET, database="default")


def _insert(client: Any, number: int) -> None:
    start = number * BATCH
    rows = [[n, f"batch-{number}"] for n in range(start, start + BATCH)]
    client.insert(
        "e",
        rows,
        column_names=["n", "token"],
        settings={"insert_deduplication_token": f"batch-{number}"},
    )


def _write_until_killed(port: int, first: int, some: Event, acknowledged: list[int]) -> None:
    """Insert batches until the server dies; the one under way may or may not be stored."""
    with client_of(_address(port)) as client:
        for number in range(first, first + 10_000):
            try:
                _insert(client, number)
            except Error:
                return
            acknowledged.append(number)
            if len(acknowledged) - first >= 5:
                some.set()


def test_kill_9_loses_nothing_acknowledged_and_a_repeat_counts_once(tmp_path: Path) -> None:
    """Three kills under load; after each the last batches are sent again, as a loader would."""
    acknowledged: list[int] = []
    port = free_port()
    for _ in range(ROUNDS):
        part = launch_warehouse(tmp_path / "warehouse", port)
        with client_of(_address(port)) as client:
            for statement in (EVENTS, SUMS, VIEW):
                client.command(statement)
        some = Event()
        first = len(acknowledged)
        writer = Thread(target=_write_until_killed, args=(port, first, some, acknowledged))
        writer.start()
        assert some.wait(60)
        part.kill()
        writer.join(60)
        part = launch_warehouse(tmp_path / "warehouse", port)
        with client_of(_address(port)) as client:
            stored = client.query("SELECT token, count() FROM e GROUP BY token").result_rows
            assert {f"batch-{n}" for n in acknowledged} <= {token for token, _ in stored}
            for number in range(max(0, len(acknowledged) - 3), len(acknowledged) + 1):
                _insert(client, number)
            acknowledged.append(len(acknowledged))
            totals = client.query("SELECT count(), uniqExact(n), (SELECT sum(n) FROM s) FROM e")
        assert totals.result_rows == [(BATCH * len(acknowledged),) * 3]
        assert part.stop() == 0


def test_a_second_owner_is_told_who_holds_the_directory(tmp_path: Path) -> None:
    part = launch_warehouse(tmp_path / "warehouse")
    try:
        second = subprocess.run(
            [sys.executable, "-m", MODULE, "--dir", str(tmp_path / "warehouse"), "--port", "1"],
            env={"LABOURWATCH_CLICKHOUSE_PASSWORD": SECRET},
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        part.stop()
    assert second.returncode == 1
    assert f"in use by another warehouse, process {part.process.pid}" in second.stderr


@pytest.mark.parametrize(
    ("secret", "host", "said"),
    [("", "127.0.0.1", "needs a secret"), ("x", "0.0.0.0", "loopback only")],  # noqa: S104
)
def test_it_does_not_start_unsafe(tmp_path: Path, secret: str, host: str, said: str) -> None:
    command = [sys.executable, "-m", MODULE, "--dir", str(tmp_path), "--port", "1", "--host", host]
    ended = subprocess.run(
        command,
        env={"LABOURWATCH_CLICKHOUSE_PASSWORD": secret},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert said in ended.stderr


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of an embedded warehouse, to try what it must refuse."""
    part = launch_warehouse(tmp_path_factory.mktemp("closed") / "warehouse")
    try:
        with client_of(_address(part.port)) as client:
            client.command("CREATE TABLE t (a String) ENGINE = MergeTree ORDER BY a")
            yield client
    finally:
        part.stop()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "SELECT file('/etc/hostname')",
        "SELECT `file`('/etc/hostname')",
        "SELECT `fi\\x6ce`('/etc/hostname')",
        "SELECT file /* gap */ ('/etc/hostname')",
        "SELECT arrayMap(file, ['/etc/hostname'])",
        "SELECT * APPLY(file) FROM (SELECT '/etc/hostname' AS x)",
        "INSERT INTO t VALUES (file('/etc/hostname'))",
        "INSERT INTO t FORMAT Values (file('/etc/hostname'))",
        "INSERT INTO t FROM INFILE '/etc/hostname' FORMAT CSV",
        "SELECT 1 INTO OUTFILE '/tmp/labourwatch-outfile'",
        "INSERT INTO FUNCTION file('/tmp/labourwatch-outfile') SELECT 1",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT * FROM s3('http://bucket.s3.amazonaws.com/a.csv')",
        "SELECT * FROM remote('127.0.0.1', 'system.one')",
        "SELECT * FROM executable('x', 'CSV', 'a Int8')",
        "SELECT * FROM Python(x)",
        "SELECT * FROM eval('SELECT 1')",
        "SELECT * FROM filesystem('/etc')",
        "SELECT * FROM sqlite('/tmp/a.db', 'x')",
        "CREATE TABLE x (a String) ENGINE = File(CSV)",
        "CREATE TABLE x (a String) ENGINE = URL('http://127.0.0.1:1/', CSV)",
        "CREATE DATABASE x ENGINE = Filesystem('/etc')",
        "CREATE DICTIONARY d (a UInt64) PRIMARY KEY a SOURCE(NULL()) LAYOUT(flat())",
        "BACKUP TABLE t TO Disk('a', 'b')",
        "SELECT 1 SETTINGS additional_result_filter = '1'",
        "GRANT ALL ON *.* TO default",
        "SYSTEM SHUTDOWN",
    ],
)
def test_sql_does_not_reach_outside_the_warehouse(closed: Any, sql: str) -> None:
    with pytest.raises(Error, match=r"ACCESS_DENIED|SETTING_CONSTRAINT|DB::Exception: .*grant"):
        closed.command(sql)


@pytest.mark.skipif(landlock_version() < 3, reason="this kernel offers no Landlock")
def test_the_kernel_stops_what_the_text_does_not_show(closed: Any) -> None:
    """A default hidden in a structure string calls `file`, which no check of the text sees."""
    structure = "a String, b String DEFAULT fi'||'le(a)"
    row = '{"a": "/etc/hostname"}'
    with pytest.raises(Error, match="Cannot open file /etc/hostname"):
        closed.query(f"SELECT * FROM format(JSONEachRow, '{structure}', '{row}')")


def test_a_killed_query_stops_and_leaves_the_server_well(closed: Any) -> None:
    ended: list[str] = []

    def run() -> None:
        try:
            closed.query("SELECT count() FROM numbers(1e13)", settings={"query_id": "long"})
        except Error as error:
            ended.append(str(error))

    runner = Thread(target=run)
    runner.start()
    running = "SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'long'"
    until(lambda: closed.command(running) == 1)
    closed.command("KILL QUERY WHERE query_id = 'long'")
    runner.join(60)
    assert "QUERY_WAS_CANCELLED" in ended[0]


def test_a_client_that_goes_away_stops_its_query(closed: Any) -> None:
    port = int(closed.url.rsplit(":", 1)[1])
    with pytest.raises(Error):
        clickhouse_connect.get_client(**_address(port).options(send_receive_timeout=1)).query(
            "SELECT count() FROM numbers(1e13)"
        )
    left = (
        "SELECT count() FROM system.processes WHERE query LIKE '%1e13%' AND query NOT LIKE '%LIKE%'"
    )
    until(lambda: closed.command(left) == 0)
    assert closed.command("SELECT 1") == 1


def test_sigterm_ends_running_queries_and_closes_cleanly(tmp_path: Path) -> None:
    part = launch_warehouse(tmp_path / "warehouse")
    with client_of(_address(part.port)) as client, client_of(_address(part.port)) as watcher:

        def run() -> None:
            with pytest.raises(Error):
                client.query("SELECT count() FROM numbers(1e13)")

        runner = Thread(target=run)
        runner.start()
        running = "SELECT count() FROM system.processes WHERE query LIKE 'SELECT count() FROM num%'"
        until(lambda: watcher.command(running) == 1)
        assert part.stop() == 0
        runner.join(60)


def test_the_server_goes_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Even when that one is killed: an orphan would hold the directory and the port."""
    port = free_port()
    code = (
        "from pathlib import Path; import time;"
        "from tests.fixtures_warehouse import launch_warehouse;"
        f"print(launch_warehouse(Path({str(tmp_path / 'warehouse')!r}), {port}).process.pid,"
        " flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait(60)
    parent.stdout.close()
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie")
