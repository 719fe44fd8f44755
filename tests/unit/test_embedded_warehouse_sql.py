"""Routing and refusing statements by their text."""

from __future__ import annotations

import pytest

from labourwatch.embedded.warehouse.errors import StatementError
from labourwatch.embedded.warehouse.sql import (
    find_insert,
    kill_by_name,
    refuse_local_access,
    shape_of,
    tokens,
)


@pytest.mark.parametrize(
    ("sql", "head", "written", "data"),
    [
        (b"INSERT INTO t FORMAT Native\nXY", "INSERT INTO t ", "Native", b"XY"),
        (b"insert into t (a, `b`) format CSV\r\n1,2", "insert into t (a, `b`) ", "CSV", b"1,2"),
        (b"/* FORMAT */ INSERT INTO t FORMAT CSV 1", "/* FORMAT */ INSERT INTO t ", "CSV", b"1"),
        (b"INSERT INTO `FORMAT x` FORMAT TSV\n\n", "INSERT INTO `FORMAT x` ", "TSV", b"\n"),
        (b"INSERT INTO format FORMAT TSV\n1", "INSERT INTO format ", "TSV", b"1"),
        (b"INSERT INTO t (format) FORMAT TSV\n1", "INSERT INTO t (format) ", "TSV", b"1"),
        (b"INSERT INTO t SETTINGS a=1 FORMAT TSV\n1", "INSERT INTO t SETTINGS a=1 ", "TSV", b"1"),
        (b"INSERT INTO t FORMAT Native\n\xff'\x00", "INSERT INTO t ", "Native", b"\xff'\x00"),
        (b"INSERT INTO t FORMAT Values;\n(1)", "INSERT INTO t ", "Values", b"(1)"),
    ],
)
def test_an_insert_is_cut_where_its_data_begin(
    sql: bytes, head: str, written: str, data: bytes
) -> None:
    insert = find_insert(sql)
    assert insert is not None
    assert (insert.head, insert.format, sql[insert.data_start :]) == (head, written, data)


@pytest.mark.parametrize(
    "sql",
    [
        b"SELECT 1 FORMAT CSV",
        b"INSERT INTO t VALUES ('FORMAT CSV')",
        b"INSERT INTO t SELECT 1 FORMAT CSV",
        b"INSERT INTO t WITH 1 AS x SELECT x",
        b"",
        b"-- INSERT INTO t FORMAT CSV",
    ],
)
def test_other_statements_are_no_insert_with_format(sql: bytes) -> None:
    assert find_insert(sql) is None


@pytest.mark.parametrize(
    ("sql", "verb", "output", "rest"),
    [
        (b"SELECT 1", "SELECT", None, "SELECT 1"),
        (b"SELECT 1 FORMAT Native;", "SELECT", "Native", "SELECT 1 "),
        (b"select 'FORMAT CSV'", "SELECT", None, "select 'FORMAT CSV'"),
        (b"SELECT 1 FORMAT CSV SETTINGS a=1", "SELECT", "CSV", "SELECT 1  SETTINGS a=1"),
        (b"((SELECT 1)) -- FORMAT CSV", "SELECT", None, "((SELECT 1))"),
        (b"WITH 1 AS x SELECT x\nFORMAT TSV", "WITH", "TSV", "WITH 1 AS x SELECT x\n"),
        (b"", "", None, ""),
    ],
)
def test_the_shape_of_a_read(sql: bytes, verb: str, output: str | None, rest: str) -> None:
    shape = shape_of(sql)
    assert (shape.verb, shape.format, shape.without_format) == (verb, output, rest)


@pytest.mark.parametrize(
    "sql",
    [
        b"SELECT file('x')",
        b"SELECT `file`('x')",
        b"SELECT \"file\"('x')",
        "SELECT “file”('x')".encode(),
        b"SELECT `fi\\x6ce`('x')",
        b"SELECT file/* /* nested */ */('x')",
        b"SELECT file --\n('x')",
        b"SELECT arrayMap(file, ['x'])",
        b"SELECT * APPLY file FROM t",
        b"SELECT * FROM PyThOn(x)",
        b"SELECT * FROM eval('SELECT 1')",
        b"SELECT 1 INTO OUTFILE 'x'",
        b"INSERT INTO t FROM INFILE 'x' FORMAT CSV",
        b"SELECT '\\'', file('x'), ''",
        b"SELECT $a$ ' $a$, file('x')",
    ],
)
def test_ways_to_local_files_are_refused(sql: bytes) -> None:
    with pytest.raises(StatementError) as caught:
        refuse_local_access(sql, {})
    assert caught.value.code == 497


@pytest.mark.parametrize(
    "sql",
    [
        b"SELECT 'file(x)'",
        b"SELECT profile, files FROM t",
        b"SELECT 1 -- file('x')",
        b"SELECT python FROM languages",
        b"SELECT 'INTO OUTFILE'",
        b"SELECT 'a\\'b'",
    ],
)
def test_harmless_mentions_pass(sql: bytes) -> None:
    refuse_local_access(sql, {"x": "file"})


def test_an_identifier_parameter_cannot_smuggle_the_name() -> None:
    sql = b"SELECT arrayMap({f: Identifier}, ['x'])"
    refuse_local_access(sql, {"f": "length"})
    with pytest.raises(StatementError):
        refuse_local_access(sql, {"f": "`file`"})


def test_an_unclosed_quote_does_not_hang() -> None:
    assert next(tokens(b"'" + b"a\\" * 5000)).text == "'"


def test_kill_names_queries_by_the_clients_id() -> None:
    killed = kill_by_name(b"KILL QUERY WHERE query_id = 'query_id' SYNC")
    assert killed == b"KILL QUERY WHERE Settings['log_comment'] = 'query_id' SYNC"
