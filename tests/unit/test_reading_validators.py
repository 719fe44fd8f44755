"""Tags, limits and columns of the reading interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from dashboard.v1 import columns
from dashboard.v1.citing import House, Stamp
from dashboard.v1.limiting import Windows
from dashboard.v1.results import kind_of
from dashboard.v1.tables import Column, Kind, Row, Table
from dashboard.v1.vacancies import COUNT_WORDS, RECORD_WORDS
from dashboard.v1.validators import etag, headers_of, is_held
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


def test_tags_follow_everything_that_changes_an_answer() -> None:
    stamp = Stamp(as_of=NOW, mark="1", modified=NOW)
    base = ("/v1/series", {"a": "1"}, "json", View.PUBLIC, stamp)
    changed: list[Any] = [
        ("/v1/alerts", *base[1:]), (base[0], {"a": "2"}, *base[2:]), (*base[:2], "csv", *base[3:]),
        (*base[:3], View.DEPARTMENT, stamp), (*base[:4], Stamp(as_of=NOW, mark="2")),
    ]  # fmt: skip
    tags = {etag(*each) for each in (base, *changed)}
    assert len(tags) == 6
    assert etag(*base) == etag(*base)


def test_an_answer_that_is_held_is_known_by_tag_before_date() -> None:
    stamp = Stamp(as_of=NOW, mark="1", modified=NOW)
    said = headers_of('W/"x"', View.PUBLIC, stamp)
    assert said["Last-Modified"] == "Wed, 25 Nov 2026 04:00:00 GMT"
    date_held = {"if-modified-since": said["Last-Modified"]}
    assert is_held(date_held, 'W/"x"', stamp)
    assert not is_held({**date_held, "if-none-match": '"y"'}, 'W/"x"', stamp)
    assert not is_held({"if-modified-since": "yesterday"}, 'W/"x"', stamp)
    assert not is_held({"if-modified-since": "Wed, 25 Nov 2026 03:59:59 GMT"}, 'W/"x"', stamp)
    assert not is_held(date_held, 'W/"x"', Stamp(as_of=None))


def test_an_address_is_held_back_until_the_minute_is_over() -> None:
    windows = Windows(per_minute=2)
    waits = [windows.wait_s("a", NOW) for _ in range(3)]
    assert waits == [None, None, 60]
    assert windows.wait_s("b", NOW) is None
    assert windows.wait_s("a", NOW + timedelta(minutes=1)) is None


def test_types_of_the_warehouse_become_types_of_columns() -> None:
    kinds = {
        "Nullable(UInt8)": Kind.WHOLE, "LowCardinality(Nullable(String))": Kind.TEXT,
        "DateTime64(3, 'UTC')": Kind.MOMENT, "Date32": Kind.DAY, "Decimal(9, 2)": Kind.NUMBER,
        "Float64": Kind.NUMBER, "Array(String)": Kind.TEXT, "UInt256": Kind.TEXT,
        "Bool": Kind.TRUTH, "Map(String, UInt8)": Kind.TEXT,
    }  # fmt: skip
    assert {name: kind_of(name) for name in kinds} == kinds


def test_every_word_and_column_is_described_once() -> None:
    for shown in (columns.SERIES, columns.COUNTS, columns.VACANCIES, columns.ALERTS):
        assert len({each.name for each in shown}) == len(shown)
        assert all(each.meaning for each in shown)
    assert COUNT_WORDS > RECORD_WORDS
