"""What holds of the stream whatever comes in, and in whatever order."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.codec import encode
from scrapers.items import JobPosting, PostingWithdrawn, WithdrawalReason
from streams.codec import decode_update
from streams.intake import Arrival, Unusable, read
from streams.normalise import Refusal, normalise
from streams.records import NormalisedPosting, VacancyUpdate
from streams.redact import redact
from streams.settle import Settling
from streams.sketch import resemblance, sketch
from streams.state import Block, decode_block, encode_block
from streams.text import clean_line, clean_text, fold
from tests.factories_streams import START, FixedCoder, a_posting, province_double

Record = JobPosting | PostingWithdrawn

ANY_TEXT = st.text(max_size=200)
SCRIPTS = st.text(
    st.one_of(
        st.sampled_from("ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ່້໊໋ໍັິີຶືຸູົຼຽາຳະເແໂໃໄ໐໑໒ \u200b\u0ecd"),
        st.sampled_from("abcXYZ 0123456789+-().,/@:\n\t\u00a0\u0301"),
        st.sampled_from("กขคงนมยรลวสอ่้ิีึืุู๐๑๒"),
    ),
    max_size=200,
)
PIECES = st.lists(
    st.sampled_from(
        [
            "020 5555 1234", "021 212345", "+856", "55556789", "(", ")", "/", ",", " ", "-", "0",
            "20", "hr@acme.la", "hr", "(at)", "acme", ".la", " dot ", " at ", "@", "Contact: ",
            "ຕິດຕໍ່: ", "Mr. ", "Somchai", "ທ້າວ ", "ສົມໄຊ", "LINE ID: ", "line", "Facebook: ",
            "2,500,000", "LAK", "2.500.000 ກີບ", "01/09/2026", "2026-09-01", "tel ", "ໂທ ",
            "[phone]", "[name]", "\n", "or",
        ]
    ),
    max_size=25,
).map("".join)  # fmt: skip
MONEY = st.builds(
    "{} {}".format,
    st.integers(1_000, 99_999_999).map("{:,}".format),
    st.sampled_from(["LAK", "ກີບ", "kip", "THB", "USD"]),
)
DATES = st.dates(min_value=START.date().replace(year=2000)).map(str)


@given(st.one_of(ANY_TEXT, SCRIPTS))
def test_cleaning_and_folding_are_idempotent(text: str) -> None:
    for change in (clean_line, clean_text, fold):
        once = change(text)
        assert change(once) == once


@given(st.one_of(ANY_TEXT, SCRIPTS, PIECES))
def test_redacting_is_idempotent(text: str) -> None:
    once = redact(text)
    again = redact(once.text)
    assert again.text == once.text
    assert again.removed == 0


@given(st.lists(st.one_of(MONEY, DATES), max_size=6).map("; ".join))
def test_redacting_spares_salaries_and_dates(text: str) -> None:
    assert redact(text).text == text


@given(
    before=SCRIPTS,
    number=st.from_regex(r"0(20|30) ?[2579][0-9]{3}[ .-]?[0-9]{4}", fullmatch=True),
    after=SCRIPTS,
)
def test_no_mobile_number_survives(before: str, number: str, after: str) -> None:
    assert number not in redact(f"{before} tel {number} ; {after}").text


FIELDS = st.one_of(ANY_TEXT, SCRIPTS, PIECES)
POSTINGS = st.builds(
    JobPosting,
    source_id=ANY_TEXT,
    posting_id=ANY_TEXT,
    url=ANY_TEXT,
    fetched_at=st.one_of(st.datetimes(), st.datetimes(timezones=st.just(UTC))),
    title=FIELDS,
    description=FIELDS,
    hiring_organization=FIELDS,
    job_location_raw=FIELDS,
    date_posted=st.none() | st.dates(),
    valid_through=st.none() | st.dates(),
    base_salary_raw=FIELDS,
    total_job_openings_raw=FIELDS,
    language_hint=ANY_TEXT,
)


@given(POSTINGS)
def test_no_posting_makes_normalising_raise(posting: JobPosting) -> None:
    normalised = normalise(posting)
    if isinstance(normalised, Refusal):
        assert normalised.detail
        return
    assert normalised.title
    assert 1 <= normalised.openings <= 500
    again = normalise(
        replace(
            posting,
            title=normalised.title,
            description=normalised.description,
            hiring_organization=normalised.employer,
            job_location_raw=normalised.location_raw,
            base_salary_raw=normalised.salary_raw,
            total_job_openings_raw=str(normalised.openings),
            url=normalised.url,
        )
    )
    assert isinstance(again, NormalisedPosting)
    assert again == replace(normalised, redactions=0)


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_raise(payload: bytes) -> None:
    assert isinstance(read(payload), Unusable)


@given(st.data())
def test_no_damage_to_a_message_makes_reading_raise(data: st.DataObject) -> None:
    payload = bytearray(encode(a_posting()))
    for _ in range(data.draw(st.integers(1, 8))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    assert isinstance(read(bytes(payload)), Arrival | Unusable)


@given(ANY_TEXT, ANY_TEXT)
def test_resemblance_is_a_share_and_total_with_itself(one: str, other: str) -> None:
    first, second = sketch(one * 8), sketch(other * 8)
    alike = resemblance(first, second)
    assert alike is None or 0 <= alike <= 1
    assert resemblance(first, first) in {None, 1.0}
    assert alike == resemblance(second, first)


# A small world in which much happens: three postings on two boards, seen and withdrawn.
STEP = st.tuples(
    st.sampled_from(["board-a:1", "board-a:2", "board-b:1"]),
    st.sampled_from(["seen", "changed", "other", "gone", "expired"]),
    st.sampled_from([0, 0, 1, 3, 40, 95]),
)
STEPS = st.lists(STEP, max_size=25)


def story(steps: Iterable[tuple[str, str, int]], employer: str = "Acme") -> list[Record]:
    """Records in event order; the number of each step is the days that pass before it."""
    records: list[Record] = []
    now = START
    for key, what, days in steps:
        now += timedelta(days=days)
        source_id, posting_id = key.split(":")
        common: dict[str, Any] = {
            "source_id": source_id,
            "posting_id": posting_id,
            "hiring_organization": employer,
        }
        if what in {"gone", "expired"}:
            reason = WithdrawalReason.UNSEEN if what == "gone" else WithdrawalReason.EXPIRED
            records.append(
                PostingWithdrawn(**common, reason=reason, last_seen_at=now, withdrawn_at=now)
            )
            if not any(isinstance(old, JobPosting) and old.posting_key == key for old in records):
                now += timedelta(hours=1)  # what was never seen is not withdrawn as it is seen
            continue
        changes = {"changed": {"base_salary_raw": "9 USD"}, "other": {"title": "Guard"}}
        records.append(a_posting(**common, fetched_at=now, **changes.get(what, {})))
    return records


def settle(records: Sequence[Record], blocks: dict[str, Block]) -> list[VacancyUpdate | None]:
    arrivals = [read(encode(record)) for record in records]
    usable = [arrival for arrival in arrivals if isinstance(arrival, Arrival)]
    assert len(usable) == len(records)
    names = [arrival.block for arrival in usable]
    for name in names:
        blocks.setdefault(name, Block())
    settling = Settling(FixedCoder(), province_double)
    answers = settling.settle(usable, names, blocks, processed_at=START).answers
    return [answer.update for answer in answers]


@given(STEPS)
def test_the_stock_of_a_vacancy_is_never_negative_nor_above_one(
    steps: list[tuple[str, str, int]],
) -> None:
    blocks: dict[str, Block] = {}
    stock: Counter[str] = Counter()
    by_day: dict[str, Counter[int]] = defaultdict(Counter)
    flow: Counter[str] = Counter()
    known: set[str] = set()
    for record in story(steps):
        for update in settle([record], blocks):
            for event in update.events if update else ():
                if event.event_id in known:  # the same record twice
                    continue
                known.add(event.event_id)
                stock[event.vacancy_id] += event.stock
                flow[event.vacancy_id] += event.flow
                by_day[event.vacancy_id][event.event_date.toordinal()] += event.stock
                assert stock[event.vacancy_id] in {0, 1}
    assert set(flow.values()) <= {1}
    for days in by_day.values():
        level = 0
        for day in sorted(days):
            level += days[day]
            assert level in {0, 1}


@given(STEPS, st.data())
@settings(max_examples=200)
def test_a_replay_of_any_stretch_repeats_it_and_changes_nothing(
    steps: list[tuple[str, str, int]], data: st.DataObject
) -> None:
    records = story(steps)
    blocks: dict[str, Block] = {}
    told = settle(records, blocks)
    before = {name: decode_block(encode_block(block)) for name, block in blocks.items()}
    start = data.draw(st.integers(0, len(records)))
    # What is older than the register's memory is not read again by any restart.
    stretch = [
        number
        for number in range(start, len(records))
        if _time(records[-1]) - _time(records[number]) < timedelta(days=100)
    ]
    again = settle([records[number] for number in stretch], blocks)
    assert again == [told[number] for number in stretch]
    assert blocks == before


@given(STEPS, st.integers(1, 25))
def test_batches_may_be_cut_anywhere(steps: list[tuple[str, str, int]], size: int) -> None:
    records = story(steps)
    whole: dict[str, Block] = {}
    cut: dict[str, Block] = {}
    at_once = settle(records, whole)
    in_parts: list[VacancyUpdate | None] = []
    for start in range(0, len(records), size):
        in_parts += settle(records[start : start + size], cut)
    assert in_parts == at_once


@given(STEPS, STEPS, st.randoms(use_true_random=False))
def test_counts_do_not_depend_on_arrival_order_across_employers(
    one: list[tuple[str, str, int]], other: list[tuple[str, str, int]], dice: random.Random
) -> None:
    acme = story(one)
    bolt = [
        replace(record, source_id=f"{record.source_id}-x") for record in story(other, "Bolt Ltd")
    ]
    in_turn = settle([*acme, *bolt], {})
    mixed: list[Record] = []
    left, right = list(acme), list(bolt)
    while left or right:
        queue = left if left and (not right or dice.random() < 0.5) else right
        mixed.append(queue.pop(0))
    assert _events(settle(mixed, {})) == _events(in_turn)


@given(STEPS)
def test_blocks_and_updates_survive_the_wire(steps: list[tuple[str, str, int]]) -> None:
    blocks: dict[str, Block] = {}
    for update in settle(story(steps), blocks):
        assert update is None or decode_update(encode(update)) == update
    for block in blocks.values():
        assert decode_block(encode_block(block)) == block


def _events(updates: Iterable[VacancyUpdate | None]) -> set[str]:
    return {event.event_id for update in updates if update for event in update.events}


def _time(record: Record) -> datetime:
    return record.fetched_at if isinstance(record, JobPosting) else record.withdrawn_at
