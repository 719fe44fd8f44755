"""A log line is one line, machine-readable, and without personal data."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from labourwatch.logs import MASKED, formatter, harmless
from scrapers.tracing import TRACE_ID, trace_of


def line(as_json: bool, event: str, **fields: Any) -> str:
    """What is written of an event of the standard library with `fields`."""
    shared: list[structlog.types.Processor] = [structlog.stdlib.add_log_level]
    record = logging.LogRecord("a", logging.INFO, "", 0, "", (), None)
    record.msg = {"event": event, **fields}
    record._name = "info"
    record._logger = None
    return formatter(shared, as_json=as_json).format(record)


@given(st.text(max_size=200), st.text(max_size=200), st.booleans())
def test_no_text_makes_a_second_line(event: str, value: str, as_json: bool) -> None:
    written = line(as_json, event, why=value)
    assert len(written.splitlines()) == 1
    assert written.isprintable()


@given(st.text(max_size=200), st.integers(), st.booleans())
def test_json_keeps_types(text: str, number: int, flag: bool) -> None:
    held = json.loads(line(True, "x", why=text, records=number, well=flag))
    assert (held["records"], held["well"]) == (number, flag)


def test_a_forged_entry_stays_inside_its_field() -> None:
    written = line(False, "refused", why="x\ntimestamp=2026 level=error event=forged\x1b[2J")
    assert "\n" not in written
    assert "\x1b" not in written


@pytest.mark.parametrize(
    "personal",
    [
        "somchai.v@example.la", "020 5555 1234", "+856 20 55551234", "856205555".join(("+", "123")),
        "021 412 345", "030-5123456",
    ],
)  # fmt: skip
def test_personal_data_are_masked(personal: str) -> None:
    assert harmless(f"refused: {personal}, sorry") == f"refused: {MASKED}, sorry"


@pytest.mark.parametrize(
    "harmless_text",
    [
        "2026-11-20T03:00:00Z", "0.20555512341", "postings:3:120201234567", "a@b",
        "127.0.0.1:19092", "took 0203 ms",
    ],
)  # fmt: skip
def test_what_is_not_personal_is_kept(harmless_text: str) -> None:
    assert harmless(harmless_text) == harmless_text


@given(st.text(max_size=80))
def test_a_trace_id_has_one_form(key: str) -> None:
    assert TRACE_ID.fullmatch(trace_of(key))


def test_a_trace_id_is_that_of_other_years_and_of_the_warehouse() -> None:
    assert trace_of("board-a:1") == "daa34cadb9498f78655ff9853db58b2a"
    assert trace_of("ໄ:1") == "3bd9f2878ccb3261199b60c087a8d9ae"
