"""Records become rows once; what cannot be stored is refused alone and with a reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from config import topics
from scrapers.items import DeadLetter, RunOutcome, SourceRun, Stage, SupplyRecord
from streams.codec import encode
from streams.records import VacancyUpdate
from tests.factories_opinions import a_correction, a_decision
from tests.factories_warehouse import identity, updates
from warehouse.batch import build_batch
from warehouse.plan import Plan
from warehouse.rows import RowError, Unstorable, update_rows
from warehouse.tables import (
    CORRECTION_DECISIONS,
    CORRECTIONS,
    DEAD_LETTERS,
    EVENTS,
    FED_TABLES,
    POSTINGS,
    VACANCIES,
)

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Message:
    value: bytes | None
    key: bytes | None = b"key"
    timestamp: int = 1_700_000_000_000


def plan(topic: str = topics.VACANCIES.name, end: int = 10) -> Plan:
    return Plan(topic=topic, partition=0, start=0, end=end, loaded_at=NOW)


def opening() -> VacancyUpdate:
    return next(iter(updates(1, 1)))


def test_an_update_becomes_rows_of_three_tables() -> None:
    batch = build_batch(plan(), [Message(encode(opening()))])
    assert {table.name: len(rows) for table, rows in batch.rows.items()} == {
        "postings": 1,
        "vacancies": 1,
        "vacancy_events": 1,
    }
    event = dict(zip(EVENTS.columns, batch.rows[EVENTS][0], strict=True))
    assert (event["flow"], event["stock"], event["isco1"]) == (1, 1, event["isco08"][:1])
    assert batch.letters == []


@pytest.mark.parametrize("table", FED_TABLES, ids=lambda table: table.name)
def test_every_table_names_its_identity_and_day_among_its_columns(table: object) -> None:
    names = {"identity", "day"}
    values = {getattr(table, name) for name in names} - {""}
    assert values <= set(table.columns)  # type: ignore[attr-defined]


def test_copies_in_one_batch_count_once() -> None:
    message = Message(encode(opening()))
    batch = build_batch(plan(), [message, message, message])
    assert batch.size == 3
    assert batch.identities(EVENTS) == [identity("event", 0, "opened")]


def test_known_rows_are_left_out_and_others_stay() -> None:
    batch = build_batch(plan(), [Message(encode(item)) for item in updates(2, 3)])
    known = batch.identities(POSTINGS)[0]
    left = batch.without({"postings": frozenset({known})})
    assert len(left.rows[POSTINGS]) == len(batch.rows[POSTINGS]) - 1
    assert left.rows[EVENTS] == batch.rows[EVENTS]


def test_a_table_of_which_all_is_known_is_left_out() -> None:
    batch = build_batch(plan(), [Message(encode(opening()))])
    left = batch.without({"vacancies": frozenset(batch.identities(VACANCIES))})
    assert VACANCIES not in left.rows


def test_the_same_records_give_the_same_batch() -> None:
    messages = [Message(encode(item)) for item in updates(3, 20)] + [Message(b"junk")]
    assert build_batch(plan(), messages) == build_batch(plan(), messages)


@pytest.mark.parametrize("value", [b"", None, b"junk", b"\xff", b'{"type":"SourceRun"}'])
def test_poison_is_refused_alone_with_its_bytes(value: bytes | None) -> None:
    good = Message(encode(opening()))
    batch = build_batch(plan(), [good, Message(value), good])
    assert batch.size == 3
    (letter,) = batch.letters
    assert (letter.stage, letter.reason, letter.topic) == (Stage.LOAD, "undecodable", "vacancies")
    assert (letter.payload, letter.key, letter.failed_at) == (value or b"", b"key", NOW)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"processed_at": datetime(2026, 1, 1)}, Unstorable.TIME_ZONE),  # noqa: DTZ001
        ({"processed_at": datetime(2399, 1, 1, tzinfo=UTC)}, Unstorable.TIME),
        ({"role_score": 7.0}, Unstorable.NUMBER),
    ],
)
def test_an_unstorable_update_is_refused_whole(
    change: dict[str, object], reason: Unstorable
) -> None:
    update = replace(opening(), **change)  # type: ignore[arg-type]
    with pytest.raises(RowError) as refused:
        update_rows(update)
    assert refused.value.reason is reason
    batch = build_batch(plan(), [Message(encode(update))])
    assert batch.size == 0
    assert [letter.reason for letter in batch.letters] == [reason.value]


def test_an_end_beyond_the_calendar_of_the_column_is_its_last_day() -> None:
    update = opening()
    assert update.posting is not None
    endless = replace(update, posting=replace(update.posting, valid_through=date(9999, 12, 31)))
    batch = build_batch(plan(), [Message(encode(endless))])
    posting = dict(zip(POSTINGS.columns, batch.rows[POSTINGS][0], strict=True))
    assert posting["valid_through"] == date(2299, 12, 31)


def test_a_bad_dead_letter_is_recorded_but_not_sent_round() -> None:
    batch = build_batch(plan(topics.DEAD_LETTERS.name), [Message(b"junk")])
    assert batch.letters == []
    row = dict(zip(DEAD_LETTERS.columns, batch.rows[DEAD_LETTERS][0], strict=True))
    assert (row["stage"], row["reason"], row["topic"]) == ("load", "undecodable", "dead-letters")


def test_a_dead_letter_row_carries_no_payload() -> None:
    letter = DeadLetter(
        letter_id="l1",
        stage=Stage.NORMALISE,
        reason="title_missing",
        detail="title is empty",
        source_id="alpha",
        posting_id="7",
        topic="postings",
        key=b"k",
        payload=b"020 5555 1234",
        event_time=NOW,
        failed_at=NOW,
    )
    batch = build_batch(plan(topics.DEAD_LETTERS.name), [Message(encode(letter))])
    assert b"5555" not in repr(batch.rows).encode()
    assert len(batch.rows[DEAD_LETTERS]) == 1


def test_runs_and_supply_have_rows_of_their_own() -> None:
    run = SourceRun(
        source_id="alpha", run_id="r", started_at=NOW, finished_at=NOW, outcome=RunOutcome.FAILED
    )
    supply = SupplyRecord(
        source_id="s",
        record_id="r",
        province="LA-VT",
        occupation="25",
        measure="jobseekers_registered",
        count=12.0,
        period_start=NOW.date(),
        period_end=NOW.date(),
        published_at=NOW,
    )
    assert build_batch(plan(topics.SOURCE_RUNS.name), [Message(encode(run))]).size == 1
    assert build_batch(plan(topics.SUPPLY.name), [Message(encode(supply))]).size == 1


def test_what_an_officer_says_is_a_row_without_the_description() -> None:
    said = a_correction()
    batch = build_batch(plan(topics.CORRECTIONS.name), [Message(encode(said))])
    row = dict(zip(CORRECTIONS.columns, batch.rows[CORRECTIONS][0], strict=True))
    assert (row["correction_id"], row["field"], row["mode"]) == (
        said.correction_id,
        "isco08",
        "correction",
    )
    assert (row["before"], row["after"], row["officer"]) == ("2411", "3313", "officer-1")
    assert row["title"] == said.posting.title
    assert said.posting.description not in row.values()


def test_what_became_of_a_correction_is_a_row() -> None:
    batch = build_batch(plan(topics.CORRECTION_DECISIONS.name), [Message(encode(a_decision()))])
    row = dict(zip(CORRECTION_DECISIONS.columns, batch.rows[CORRECTION_DECISIONS][0], strict=True))
    assert (row["standing"], row["reason"], row["learner_state"]) == (
        "learned",
        "not_worse",
        "5d41402a",
    )


def test_a_correction_of_a_time_without_zone_becomes_a_letter() -> None:
    naive = NOW.replace(tzinfo=None)
    message = Message(encode(a_correction(corrected_at=naive)))
    batch = build_batch(plan(topics.CORRECTIONS.name), [message])
    assert [letter.reason for letter in batch.letters] == ["time_without_zone"]
    assert not batch.rows
