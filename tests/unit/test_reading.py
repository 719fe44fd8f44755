"""The pure parts of `/v1`: words, cursors, formats, validators, limits."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.v1 import asked
from dashboard.v1.citing import House
from dashboard.v1.cursors import Cursor, question_mark, read_cursor, write_cursor
from dashboard.v1.formats import WRITTEN, Format, NotAcceptableError, chosen
from dashboard.v1.refusing import AskedError
from dashboard.v1.tables import Column, Kind, Row, Table
from warehouse.disclosure.records import View

NOW = datetime(2026, 11, 25, 4, 0, 0, 123000, tzinfo=UTC)
HOUSE = House(url="https://labourwatch.example", demonstration=True)
COLUMNS = (
    Column(name="text", kind=Kind.TEXT, meaning="words"),
    Column(name="whole", kind=Kind.WHOLE, meaning="count"),
    Column(name="number", kind=Kind.NUMBER, meaning="figure"),
    Column(name="day", kind=Kind.DAY, meaning="day"),
    Column(name="moment", kind=Kind.MOMENT, meaning="moment"),
    Column(name="truth", kind=Kind.TRUTH, meaning="yes or no"),
    Column(name="texts", kind=Kind.TEXTS, meaning="several words"),
)


def table(blocks: Iterator[Sequence[Row]]) -> Table:
    about = HOUSE.about("Figures", view=View.PUBLIC, as_of=NOW, path="/v1/series")
    return Table(about=about, columns=COLUMNS, blocks=blocks, name="figures")


def written(kind: Format, rows: Sequence[Row]) -> bytes:
    return b"".join(WRITTEN[kind].write(table(iter([rows]))))


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2026-03-31", date(2026, 3, 31), date(2026, 3, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
    ],
)
def test_periods_are_read_by_their_ends(word: str, first: date, last: date) -> None:
    assert (asked.since({"since": word}), asked.until({"until": word})) == (first, last)


@given(st.text(max_size=12))
def test_any_word_is_a_day_or_refused(word: str) -> None:
    with suppress(AskedError):
        day = asked.since({"since": word})
        assert day is None or 1970 <= day.year <= 2149


@given(st.text(max_size=30))
def test_any_word_is_a_moment_or_refused(word: str) -> None:
    with suppress(AskedError):
        moment = asked.moment({"as_of": word})
        assert moment is None or moment.utcoffset() == timedelta(0)


def test_a_day_as_moment_is_its_end_in_vientiane() -> None:
    assert asked.moment({"as_of": "2026-11-25"}) == datetime(
        2026, 11, 25, 16, 59, 59, 999000, tzinfo=UTC
    )


def test_codes_are_checked_and_the_total_is_empty() -> None:
    assert asked.provinces_asked({"province": "LA-VT, _T,LA-VT"}) == ["LA-VT", ""]
    assert asked.occupations_asked({"occupation": "2512,25*,_U"}, "_U") == ["2512", "25*", ""]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (asked.provinces_asked, {"province": "VT"}), (asked.skills_asked, {"skill": "?"}),
        (asked.occupations_asked, {"occupation": "9999"}),
        (asked.industries_asked, {"sector": "62"}), (asked.districts_asked, {"district": "1"}),
    ],
)  # fmt: skip
def test_codes_that_do_not_exist_are_refused(ask: Any, words: dict[str, str]) -> None:
    with pytest.raises(AskedError, match=next(iter(words))):
        ask(words)


@pytest.mark.parametrize("word", ["0", "-1", "1e3", "٣", "1_0", "1000001", "x", " 5"])
def test_limits_are_whole_numbers_within_bounds(word: str) -> None:
    with pytest.raises(AskedError):
        asked.whole({"limit": word}, "limit", 100, 1, 1_000_000)


# --- cursors ------------------------------------------------------------------------------------

KEYS = st.tuples(st.text(max_size=20), st.integers(-(2**60), 2**60))


@given(KEYS, st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_a_cursor_comes_back_as_it_went(key: tuple[str, int], at: datetime) -> None:
    moment = at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
    cursor = Cursor(as_of=moment, after=key)
    try:
        word = write_cursor(cursor, "mark")
    except UnicodeEncodeError:
        return  # a lone surrogate never comes out of the warehouse
    assert read_cursor(word, "mark", (str, int)) == cursor


@given(st.text(max_size=80))
def test_what_is_no_cursor_is_refused(word: str) -> None:
    with pytest.raises(AskedError, match="cursor"):
        read_cursor(word, "mark", (str, int))


def test_a_cursor_is_of_one_question() -> None:
    mark = question_mark({"province": "LA-VT", "limit": "5"})
    assert mark == question_mark({"limit": "9", "cursor": "x", "province": "LA-VT"})
    word = write_cursor(Cursor(as_of=NOW, after=("a", 1)), mark)
    with pytest.raises(AskedError, match="this very question"):
        read_cursor(word, question_mark({"province": "LA-SV"}), (str, int))


# --- formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "accept", "kind"),
    [
        (None, None, Format.JSON), (None, "*/*", Format.JSON), ("csv", "text/html", Format.CSV),
        (None, "text/csv", Format.CSV), (None, "text/html, text/csv;q=0.5", Format.CSV),
        (None, "application/json;q=0.1, text/csv", Format.CSV),
        (None, "application/vnd.apache.parquet", Format.PARQUET),
        (None, "text/csv;q=x, application/json;q=0.2", Format.JSON),
    ],
)  # fmt: skip
def test_the_format_is_chosen(word: str | None, accept: str | None, kind: Format) -> None:
    assert chosen(word, accept) is kind


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(NotAcceptableError):
        chosen(None, "image/png")
    with pytest.raises(AskedError):
        chosen("doc", None)


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(
    st.tuples(
        TEXT,
        st.none() | st.integers(-(2**53), 2**53),
        st.none() | st.floats(allow_nan=False, allow_infinity=False),
        st.none() | st.dates(date(1970, 1, 1), date(2100, 1, 1)),
        st.none() | st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001
            lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
        ),
        st.none() | st.booleans(),
        st.lists(TEXT, max_size=3).map(tuple),
    ),
    max_size=5,
)  # fmt: skip


@settings(max_examples=20)
@given(ROWS)
def test_rows_come_back_from_typed_formats_as_they_went(rows: list[Row]) -> None:
    want = [(*row[:6], list(row[6])) for row in rows]  # type: ignore[arg-type]
    read = pq.read_table(pa.BufferReader(written(Format.PARQUET, rows)))
    assert [tuple(row.values()) for row in read.to_pylist()] == want
    stream = pa.ipc.open_stream(pa.BufferReader(written(Format.ARROW, rows))).read_all()
    assert stream.equals(read)
    assert read.schema.metadata[b"data_kind"] == b"demonstration data"
    assert json.loads(read.schema.metadata[b"labourwatch"])["title"] == "Figures"


@settings(max_examples=30)
@given(ROWS)
def test_texts_of_json_and_csv_hold_every_row(rows: list[Row]) -> None:
    body = json.loads(written(Format.JSON, rows))
    assert [row["text"] for row in body["data"]] == [row[0] for row in rows]
    assert [row["number"] for row in body["data"]] == [row[2] for row in rows]
    lines = [
        json.loads(line) for line in written(Format.JSON_LINES, rows).decode().split("\n")[:-1]
    ]
    assert lines[1:] == body["data"]
    text = written(Format.CSV, rows).decode().removeprefix("\ufeff")
    head, _, rest = text.partition("data_kind,")
    assert all(line.startswith("# ") for line in head.split("\r\n")[:-1])
    held = list(csv.reader(io.StringIO("data_kind," + rest, newline="")))
    assert len(held) == 1 + len(rows)
    assert {row[0] for row in held[1:]} <= {"demonstration data"}


HOSTILE = ("=1+1", "+1", "-1", "@x", "\t=1", "＝1", " =cmd|'/c calc'!A0")


@pytest.mark.parametrize("kind", [Format.CSV, Format.XLSX])
def test_no_cell_of_a_spreadsheet_is_a_formula(kind: Format) -> None:
    rows: list[Row] = [(text, 1, -1.5, None, NOW, True, (text,)) for text in HOSTILE]
    data = written(kind, rows)
    if kind is Format.CSV:
        lines = [
            line for line in data.decode().splitlines() if not line.startswith(("#", "\ufeff"))
        ]
        cells = [row[1] for row in csv.reader(lines)][1:]
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(data))["Data"]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
        cells = [str(row[1]) for row in sheet.iter_rows(values_only=True)][1:]
    assert all(str(cell).startswith("'") for cell in cells)


def test_strange_values_are_written_all_the_same() -> None:
    rows: list[Row] = [("\x00\x0b\ud800", 1, float("nan"), None, None, None, ())]
    for kind in Format:
        assert written(kind, rows)
    assert json.loads(written(Format.JSON, rows))["data"][0]["number"] is None


def test_a_workbook_says_what_it_is_on_a_sheet_of_its_own() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, [])))
    assert book.sheetnames == ["Data", "About"]
    facts = {str(row[0]): str(row[1]) for row in book["About"].iter_rows(values_only=True)}
    assert facts["data_kind"] == "demonstration data"
    assert "As of 2026-11-25T04:00:00.123Z" in facts["citation"]
    assert facts["texts"] == "several words"


@pytest.mark.parametrize("kind", [Format.CSV, Format.JSON, Format.JSON_LINES, Format.ARROW])
def test_memory_does_not_grow_with_the_rows(kind: Format) -> None:
    row: Row = ("x" * 50, 1, 2.5, date(2026, 1, 1), NOW, True, ("a", "b"))

    def peak(blocks: int) -> int:
        long = table(iter([row] * 200 for _ in range(blocks)))
        tracemalloc.start()
        for _ in WRITTEN[kind].write(long):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(1)
    assert peak(40) < 2 * peak(4) + 500_000


# --- validators and limits ----------------------------------------------------------------------
