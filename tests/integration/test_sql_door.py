"""The analysts' door against the real warehouse: what is asked is answered, attacks are not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError

from config.settings import Settings
from tests.door_stack import DB, SECRET_WORD, guarded
from warehouse.client import connect
from warehouse.door.allowed import TABLES
from warehouse.door.asking import DoorError, ask, connect_analyst
from warehouse.door.judging import Refused

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with guarded(tmp_path_factory.mktemp("door")) as settings:
        yield settings


@pytest.fixture(scope="module")
def analyst(settings: Settings) -> Iterator[Client]:
    client = connect_analyst(settings)
    yield client
    client.close()


@pytest.mark.parametrize(
    ("sql", "parameters", "rows"),
    [
        ("SELECT 1 AS one", {}, [(1,)]),
        ("select 1;", {}, [(1,)]),
        ("WITH x AS (SELECT number AS n FROM numbers(4)) SELECT sum(n) FROM x", {}, [(6,)]),
        ("SELECT count() FROM vacancies -- all", {}, [(0,)]),
        (f"SELECT count() FROM {DB}.observations /* here */", {}, [(0,)]),
        ("SELECT {n:UInt8} + 1, {s:String}", {"n": "2", "s": "it's %(x)s {y}"},
         [(3, "it's %(x)s {y}")]),
        ("SELECT toDate({as_of:DateTime64(3)})", {"as_of": "2026-11-25 01:02:03.000"},
         [(datetime(2026, 11, 25).date(),)]),  # noqa: DTZ001
        ("SELECT record_id FROM supply_released", {}, [("y",)]),
        ("SELECT number FROM numbers(3) ORDER BY number DESC", {}, [(2,), (1,), (0,)]),
        ("SELECT 1 WHERE 'system.parts' != ''", {}, [(1,)]),
        ("SELECT 1 UNION ALL SELECT 1", {}, [(1,), (1,)]),
    ],
)  # fmt: skip
def test_questions_are_answered(
    analyst: Client, sql: str, parameters: dict[str, str], rows: list[tuple[object, ...]]
) -> None:
    assert list(ask(analyst, sql, parameters, database=DB).rows) == rows


@pytest.mark.parametrize("table", TABLES)
def test_every_table_told_possible_can_be_read(analyst: Client, table: str) -> None:
    ask(analyst, f"SELECT * FROM {table} LIMIT 1", {}, database=DB)


FORBIDDEN = (
    "SELECT * FROM dead_letters",
    f"SELECT detail FROM {DB}.dead_letters",
    "SELECT 1 AS a, detail FROM dead_letters UNION ALL SELECT 2, 'x'",
    "SELECT (SELECT any(detail) FROM dead_letters)",
    "SELECT * FROM (SELECT * FROM (SELECT officer FROM corrections))",
    "WITH dead AS (SELECT * FROM dead_letters) SELECT * FROM dead",
    "SELECT 1 WHERE 'x' IN (SELECT detail FROM dead_letters)",
    "SELECT 1 WHERE ('a') IN corrections",
    "SELECT * FROM vacancies JOIN corrections USING (vacancy_id)",
    "SELECT officer FROM correction_decisions",
    "SELECT first_officer FROM coding_samples",
    "SELECT count FROM supply",
    "SELECT * FROM supply_current",
    "SELECT * FROM query_runs",
    "SELECT * FROM saved_queries",
    "SELECT * FROM leak",
    "SELECT * FROM `dead_letters` /* UNION */ -- x",
    'SELECT * FROM "dead_letters"',
    f"SELECT * FROM merge('{DB}', '.*letters')",
    "SELECT * FROM merge('^dead_letters$')",
    f"SELECT * FROM cluster('default', {DB}.dead_letters)",
    f"SELECT * FROM clusterAllReplicas('default', {DB}.dead_letters)",
    f"SELECT * FROM remote('127.0.0.1', {DB}.dead_letters)",
    f"SELECT * FROM remoteSecure('127.0.0.1', {DB}.dead_letters)",
    "SELECT * FROM view(SELECT * FROM dead_letters)",
    f"SELECT * FROM loop({DB}.dead_letters)",
    f"SELECT * FROM mergeTreeIndex({DB}, dead_letters)",
    "SELECT * FROM url('http://127.0.0.1:1/x', CSV, 'a String')",
    "SELECT * FROM file('/etc/passwd', LineAsString)",
    "SELECT file('/etc/passwd')",
    "SELECT FILE /**/ ('/etc/passwd')",
    "SELECT arrayMap(x -> file(x), ['/etc/passwd'])",
    "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV', 'a String')",
    "SELECT * FROM executable('id', TSV, 'a String')",
    "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
    "SELECT * FROM sqlite('/etc/passwd', 't')",
    "SELECT * FROM input('a String')",
    "SELECT * FROM dictionary('x')",
    "SELECT * FROM generateRandom('a UInt8')",
    "SELECT dictGet('x', 'y', 1)",
    f"SELECT joinGet('{DB}.dead_letters', 'detail', 1)",
    f"SELECT hasColumnInTable('{DB}', 'dead_letters', 'detail')",
    "SELECT * FROM system.tables",
    "SELECT * FROM system.processes",
    "SELECT * FROM `system`.`users`",
    "SELECT * FROM system.query_log",
    "SELECT query FROM system . processes",
    "SELECT 1 WHERE 1 IN system.one",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM INFORMATION_SCHEMA.COLUMNS",
    "SELECT hostName()",
    "SELECT getSetting('readonly')",
    "SELECT currentUser()",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_execution_time = 0, max_memory_usage = 0",
    "SELECT * FROM (SELECT 1 SETTINGS max_threads = 64)",
    "SELECT 1 INTO OUTFILE 'x.csv'",
    "SELECT 1 INTO OUTFILE 'x.csv' FORMAT CSV",
    "SELECT 1 FORMAT JSON",
    "SELECT 1) FORMAT CSV --",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE vacancies",
    "SELECT 1) UNION ALL (SELECT 2",
    "SELECT 1) WHERE (1",
    "SELECT 1) SETTINGS max_threads = (1",
    "SELECT 1 /*",
    "SELECT 'x",
    "EXPLAIN SELECT 1",
    "SHOW TABLES",
    "DESCRIBE TABLE vacancies",
    "EXISTS TABLE dead_letters",
    "SET readonly = 0",
    "SET ROLE service",
    "USE default",
    "KILL QUERY WHERE 1",
    "SYSTEM SHUTDOWN",
    "INSERT INTO vacancies (vacancy_id) VALUES ('x')",
    "INSERT INTO FUNCTION file('x') SELECT 1",
    "CREATE TABLE t (a UInt8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE t AS SELECT 1",
    "CREATE FUNCTION f AS x -> x",
    "ALTER TABLE vacancies DELETE WHERE 1",
    "DROP TABLE vacancies",
    "TRUNCATE TABLE vacancies",
    "OPTIMIZE TABLE vacancies FINAL",
    "ATTACH TABLE vacancies",
    "GRANT SELECT ON *.* TO analyst",
    "BACKUP TABLE vacancies TO File('x')",
    "SELECT throwIf(1, 'x')",
    "SELECT sleep(3)",
    "SELECT sum(a.number * b.number) FROM numbers(1000000000000) AS a CROSS JOIN numbers(9) AS b",
    "SELECT sum(sipHash64(number)) FROM numbers(1000000000000)",
    "SELECT groupArray(number) FROM numbers(1000000000)",
    "SELECT number FROM numbers(200000)",
    "SELECT repeat('x', 1000000) FROM numbers(1000)",
    "SELECT " + "(" * 3_000 + "1" + ")" * 3_000,
    "SELECT " + ",".join("1" for _ in range(6_000)),
    "SELECT '" + "x" * 40_000 + "'",
    "",
    "   ;  ",
    "\0",
    "SELECT nothing_of_this_name FROM vacancies",
)  # fmt: skip


@pytest.mark.parametrize("sql", FORBIDDEN, ids=lambda sql: sql[:60])
def test_attacks_are_refused_with_a_reason_and_tell_nothing(analyst: Client, sql: str) -> None:
    with pytest.raises(DoorError) as caught:
        ask(analyst, sql, {}, database=DB)
    assert caught.value.refusal.reason in set(Refused)
    told = str(caught.value)
    assert told
    assert SECRET_WORD not in told
    assert "Maybe you meant" not in told
    assert "/store/" not in told


def test_a_parameter_cannot_name_a_table(analyst: Client) -> None:
    with pytest.raises(DoorError):
        ask(analyst, "SELECT * FROM {t:Identifier}", {"t": "dead_letters"}, database=DB)
    with pytest.raises(DoorError):
        ask(analyst, "SELECT * FROM {t:Identifier}", {"t": "system.tables"}, database=DB)


@pytest.mark.parametrize(
    ("sql", "parameters"),
    [
        ("SELECT {n:UInt8}", {}),
        ("SELECT {n:UInt8}", {"n": "x"}),
        ("SELECT 1", {"n": "1"}),
        ("SELECT {n:String}", {"n": "x" * 5_000}),
        ("SELECT 1", {"n} --": "1"}),
    ],
)
def test_parameters_are_checked(analyst: Client, sql: str, parameters: dict[str, str]) -> None:
    with pytest.raises(DoorError):
        ask(analyst, sql, parameters, database=DB)


BEHIND = (
    f"SELECT * FROM {DB}.dead_letters",
    f"SELECT * FROM {DB}.leak",
    f"SELECT * FROM {DB}.corrections",
    f"SELECT * FROM {DB}.supply",
    f"INSERT INTO {DB}.vacancies (vacancy_id) VALUES ('x')",
    f"INSERT INTO {DB}.vacancies (vacancy_id) SELECT 'x'",
    f"DROP TABLE {DB}.vacancies",
    f"ALTER TABLE {DB}.vacancies DELETE WHERE 1",
    "CREATE TEMPORARY TABLE t (a UInt8)",
    "SET ROLE service",
    "SET readonly = 0",
    "SELECT 1 SETTINGS readonly = 0",
    "SELECT 1 SETTINGS max_result_rows = 0",
    "SELECT * FROM url('http://127.0.0.1:1', CSV, 'a String')",
    f"SELECT * FROM remote('127.0.0.1', {DB}.dead_letters)",
    "KILL QUERY WHERE 1",
    "SYSTEM DROP MARK CACHE",
)


@pytest.mark.parametrize("sql", BEHIND, ids=lambda sql: sql[:50])
def test_the_server_itself_refuses_without_the_door(analyst: Client, sql: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        analyst.command(sql)
    assert SECRET_WORD not in str(caught.value)


def test_the_limits_are_the_servers_own(analyst: Client) -> None:
    rows = analyst.query(
        "SELECT name, value FROM system.settings WHERE name IN"
        " ('readonly', 'max_result_rows', 'max_execution_time') ORDER BY name"
    ).result_rows
    assert rows == [("max_execution_time", "15"), ("max_result_rows", "100000"), ("readonly", "1")]


def test_the_service_keeps_its_rights(settings: Settings) -> None:
    service = connect(settings, database=DB)
    assert service.query("SELECT count() FROM dead_letters").result_rows == [(1,)]
    service.close()
    assert "LABOURWATCH_CLICKHOUSE_ANALYST_USER" not in os.environ
