"""Records for every topic that the loader reads, seeded, with what the warehouse must then hold."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from config import topics
from scrapers.codec import encode
from scrapers.health_records import RunHealth, SourceMark, Verdict
from scrapers.items import DeadLetter, RunOutcome, SourceRun, Stage, SupplyRecord
from streams.records import EndCause, PostingEnd, VacancyUpdate
from tests.factories_opinions import a_correction, a_decision
from tests.factories_warehouse import updates
from warehouse.batch import build_batch
from warehouse.plan import Plan

START: Final = datetime(2026, 1, 5, tzinfo=UTC)
_BESIDE: Final = 25
"""One record of each further topic for so many updates."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A record as it is published, in the form in which the loader reads it."""

    topic: str
    value: bytes
    key: bytes
    timestamp: int = 0


def vacancy_records(seed: int, vacancies: int) -> Iterator[Sent]:
    """Openings, duplicates and closings; a closing also tells when the posting ended."""
    for update in updates(seed, vacancies):
        yield Sent(topics.VACANCIES.name, encode(_ended(update)), update.vacancy_id.encode())


def _ended(update: VacancyUpdate) -> VacancyUpdate:
    if update.posting is not None:
        return update
    at = update.processed_at
    end = PostingEnd(
        posting_key=update.posting_key,
        source_id="alpha",
        cause=next(iter(EndCause)),
        ended_after=at - timedelta(hours=6),
        ended_before=at,
        withdrawn_at=at,
    )
    return VacancyUpdate(
        **{name: getattr(update, name) for name in VacancyUpdate.__dataclass_fields__}
        | {"ended": end}
    )


def mixed_records(seed: int, vacancies: int) -> list[Sent]:
    """Records of all topics in one order, a tenth of them a second time further on."""
    dice = random.Random(seed)
    sent: list[Sent] = []
    for number, record in enumerate(vacancy_records(seed, vacancies)):
        sent.append(record)
        if number % _BESIDE == 0:
            sent += _beside(number)
    again = dice.sample(sent, len(sent) // 10)
    for record in again:
        sent.insert(dice.randrange(len(sent)), record)
    return sent


def _beside(number: int) -> list[Sent]:
    at = START + timedelta(hours=number)
    mark = SourceMark(
        mark_id=f"alpha:{number}", source_id="alpha", kind=Verdict.OUTAGE, from_at=at, to_at=None,
        reason="no_answer", evidence="0 of 3", run_id=f"run-{number}", issue=at,
    )  # fmt: skip
    records: list[tuple[str, Any]] = [
        (
            topics.SOURCE_RUNS.name,
            SourceRun(
                source_id="alpha", run_id=f"run-{number}", started_at=at, finished_at=at,
                outcome=RunOutcome.OK, health=RunHealth(), marks=(mark,),
            ),
        ),
        (
            topics.SUPPLY.name,
            SupplyRecord(
                source_id="ess", record_id=f"supply-{number}", province="LA-VT", occupation="",
                measure="jobseekers_registered", count=float(number), period_start=at.date(),
                period_end=at.date(), published_at=at,
            ),
        ),
        (topics.CORRECTIONS.name, a_correction(vacancy_id=f"v{number}")),
        (topics.CORRECTION_DECISIONS.name, a_decision(decision_id=f"d{number}")),
        (
            topics.DEAD_LETTERS.name,
            DeadLetter(
                letter_id=f"letter-{number}", stage=Stage.LOAD, reason="undecodable", detail="",
                source_id="alpha", posting_id="", topic=topics.VACANCIES.name, key=b"", payload=b"",
                event_time=at, failed_at=at,
            ),
        ),
    ]  # fmt: skip
    return [Sent(topic, encode(record), str(number).encode()) for topic, record in records]


def expected_rows(sent: Sequence[Sent]) -> Mapping[str, frozenset[str]]:
    """Identities that each table must hold after these records, by table."""
    found: dict[str, set[str]] = {}
    for topic in {record.topic for record in sent}:
        given = [record for record in sent if record.topic == topic]
        plan = Plan(topic=topic, partition=0, start=0, end=len(given), loaded_at=START)
        batch = build_batch(plan, given)
        for table in batch.rows:
            found.setdefault(table.name, set()).update(batch.identities(table))
    return {name: frozenset(identities) for name, identities in found.items()}
