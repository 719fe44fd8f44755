"""The queue of doubtful codes, what officers said, and samples for double coding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from config import topics
from streams.codec import encode
from streams.codes import Candidate
from streams.opinions import Correction, CorrectionMode, Standing
from streams.records import VacancyUpdate
from tests.factories_coding import an_item
from tests.factories_opinions import AFTER, a_correction, a_decision
from tests.factories_warehouse import FIRST_DAY, updates
from tests.integration.warehouse_tables import (
    LOADED_AT,
    Message,
    batch_of,
    fresh_schema,
    running_warehouse,
)
from warehouse import coding, double_coding
from warehouse.batch import build_batch
from warehouse.opinions import read_opinions
from warehouse.plan import Plan
from warehouse.store import Store

pytestmark = pytest.mark.integration

ITEMS = [item for item in updates(5, 60) if item.vacancy is not None]
IDS = [item.vacancy_id for item in ITEMS]
FAR = FIRST_DAY + timedelta(days=400)


def candidates(item: VacancyUpdate) -> VacancyUpdate:
    vacancy = item.vacancy
    assert vacancy is not None
    few = (Candidate(isco08="2512", probability=0.5), Candidate(isco08="3313", probability=0.25))
    return replace(item, vacancy=replace(vacancy, codes=replace(vacancy.codes, candidates=few)))


def load(client: Client, topic: topics.Topic, records: list[Any], start: int) -> None:
    messages = [Message(encode(record)) for record in records]
    plan = Plan(
        topic=topic.name,
        partition=0,
        start=start,
        end=start + len(messages),
        loaded_at=LOADED_AT,
    )
    Store(client).write(build_batch(plan, messages))


def said(item: VacancyUpdate, **changes: Any) -> Correction:
    assert item.posting is not None
    made = a_correction(vacancy_id=item.vacancy_id)
    return replace(made, posting=item.posting, **changes)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with (
        running_warehouse(tmp_path_factory.mktemp("coding")) as settings,
        fresh_schema(settings) as (client, _),
    ):
        Store(client).write(batch_of([candidates(ITEMS[0]), *ITEMS[1:]]))
        yield client


def queued(client: Client) -> set[str]:
    return {row.vacancy_id for row in coding.doubtful(client, since=FIRST_DAY, limit=1_000)}


def test_the_queue_loses_what_was_corrected_and_gains_it_when_that_is_taken_back(
    client: Client,
) -> None:
    rows = coding.doubtful(client, since=FIRST_DAY, limit=1_000)
    assert {row.vacancy_id for row in rows} == set(IDS)
    first = next(row for row in rows if row.vacancy_id == IDS[0])
    assert first.candidates == (("2512", 0.5), ("3313", 0.25))
    made = said(ITEMS[1])
    other_field = said(ITEMS[2], field=type(made.field).PROVINCE, after="LA-VT")
    load(client, topics.CORRECTIONS, [made, other_field], 0)
    assert queued(client) == {*IDS} - {IDS[1]}
    back = replace(
        made,
        mode=CorrectionMode.REVOCATION,
        revokes=made.correction_id,
        corrected_at=AFTER + timedelta(minutes=1),
    )
    load(client, topics.CORRECTIONS, [back], 2)
    assert queued(client) == {*IDS}


def test_cells_count_new_vacancies(client: Client) -> None:
    cells = coding.new_in_cells(client, since=FIRST_DAY)
    assert sum(cells.values()) == len(ITEMS)
    assert coding.new_in_cells(client, since=FAR) == {}


def test_a_vacancy_is_read_with_all_its_codes(client: Client) -> None:
    found = coding.coded_vacancy(client, IDS[0])
    assert found is not None
    assert found.candidates == ("2512", "3313")
    assert found.skill_ends == (10, 17)
    assert coding.coded_vacancy(client, "none") is None


def test_corrections_are_counted_by_what_became_of_them(client: Client) -> None:
    made = said(ITEMS[3], officer="anna", corrected_at=AFTER + timedelta(days=1))
    load(client, topics.CORRECTIONS, [made], 10)
    before = coding.standings(client)
    for number, standing in enumerate((Standing.HELD, Standing.LEARNED)):
        decision = a_decision(
            decision_id=f"d{number}",
            correction_id=made.correction_id,
            standing=standing,
            decided_at=AFTER + timedelta(days=1, seconds=number),
        )
        load(client, topics.CORRECTION_DECISIONS, [decision], number)
    assert coding.standings(client) == {"": before[""] - 1, "learned": 1}


def test_a_sample_keeps_its_vacancies_to_itself(client: Client) -> None:
    frame = double_coding.drawable(client, since=FIRST_DAY, until=FAR)
    free = {*IDS} - {row.vacancy_id for row in read_opinions(client, limit=1_000)}
    assert {one.vacancy_id for one in frame} == free
    chosen = frame[0]
    item = an_item(
        1,
        vacancy_id=chosen.vacancy_id,
        posting_key=chosen.posting_key,
        posting_record_id=chosen.posting_record_id,
    )
    for _ in range(2):
        double_coding.write_sample(client, [item])
    assert double_coding.sample_items(client, officer="anna") == [item]
    assert double_coding.sample_items(client, sample_id="s1", officer="nobody") == []
    update = next(one for one in ITEMS if one.vacancy_id == chosen.vacancy_id)
    assert double_coding.sampled_posting(client, item) == update.posting
    assert double_coding.sampled_posting(client, replace(item, posting_record_id="no")) is None
    assert chosen.vacancy_id not in queued(client)
    assert chosen not in double_coding.drawable(client, since=FIRST_DAY, until=FAR)
    mode = CorrectionMode.DOUBLE_CODING
    first = said(update, officer="anna", before="", mode=mode)
    again = replace(first, after="2411", corrected_at=AFTER + timedelta(hours=1))
    load(client, topics.CORRECTIONS, [first, again], 20)
    found = double_coding.codings(client, sample_id="s1")
    assert [(one.officer, one.isco08) for one in found] == [("anna", "3313")]
    assert double_coding.codings(client, sample_id="s2") == []
