"""Whatever is done to a good input, each reader ends: taken, or refused with a reason."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.malformed.mutations import MUTATIONS
from benchmarks.malformed.readers import end_of
from benchmarks.malformed.valid import READERS, document
from scrapers.formats.encoding import detect_encoding
from scrapers.formats.heading import find_heading
from scrapers.formats.rows import Layout, Row, RowError, TableError
from scrapers.parsing.columns import TableKind, fitting_columns, map_columns
from scrapers.tables import read_rows

QUICK = sorted(set(MUTATIONS) - {"long"})
"""Mutations that leave an input small."""
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(READERS), st.lists(st.sampled_from(QUICK), max_size=3), st.integers(0, 2**32)
)
def test_every_reader_ends(reader: str, how: list[str], seed: int) -> None:
    content, generator = document(reader), random.Random(seed)
    for name in how:
        content = MUTATIONS[name](content, generator)
    ended = end_of(reader, content)
    assert ended.reason
    assert ended.accepted >= 0


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["csv", "xlsx", "json", "jsonl", "parquet", "csv.gz", "zip"]),
    st.binary(max_size=300),
)
def test_any_bytes_are_a_table_or_none(
    tmp_path_factory: pytest.TempPathFactory, ending: str, content: bytes
) -> None:
    path: Path = tmp_path_factory.mktemp("t") / f"a.{ending}"
    path.write_bytes(content)
    rows: list[Row | RowError] = []
    with suppress(TableError):
        rows.extend(read_rows(path))
    for row in rows:
        if not isinstance(row, RowError):
            "".join([*row[1], *row[1].values()]).encode()


@given(st.text(max_size=80), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_is_never_misread(text: str, encoding: str) -> None:
    encoded = f"title,company\n{text}\n".encode(encoding)
    assert encoded.decode(detect_encoding(encoded)) == f"title,company\n{text}\n"


@given(st.lists(st.lists(ANY_TEXT, max_size=5), max_size=6))
def test_a_heading_has_distinct_names_and_lies_above_its_rows(rows: list[list[str]]) -> None:
    heading = find_heading(rows, Layout().fits)
    if heading is not None:
        named = [name for name in heading.names if name]
        assert named
        assert 0 < heading.below <= len(rows)


@given(st.lists(ANY_TEXT, max_size=8))
def test_no_column_about_persons_is_ever_mapped(names: list[str]) -> None:
    columns = ["Title", "Phone", "ເບີໂທ", "อีเมล", "contact_person", *names]
    mapped = map_columns(columns, TableKind.POSTINGS)
    assert not {"Phone", "ເບີໂທ", "อีเมล", "contact_person"} & mapped.keys()
    assert fitting_columns(columns, TableKind.SUPPLY) == 0
