"""Records of the streams → rows of the warehouse. Pure; what cannot be stored is refused here.

Times become milliseconds since 1970, the form in which they are inserted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from scrapers.health_records import RunHealth, SourceMark
from scrapers.items import DeadLetter, SourceRun, SupplyRecord
from streams.identity import identify
from streams.opinions import Correction, CorrectionDecision
from streams.records import NormalisedPosting, PostingEnd, Vacancy, VacancyEvent, VacancyUpdate
from warehouse.client import millis
from warehouse.tables import (
    CORRECTION_DECISIONS,
    CORRECTIONS,
    DEAD_LETTERS,
    EVENTS,
    POSTING_ENDS,
    POSTINGS,
    SOURCE_HEALTH,
    SOURCE_MARKS,
    SOURCE_RUNS,
    SUPPLY,
    VACANCIES,
    Table,
)

Row = tuple[Any, ...]
"""Values in the order of the table's columns."""
Rows = list[tuple[Table, Row]]
"""Rows with their tables, in the order of storing."""


class Unstorable(StrEnum):
    """Why a record cannot become rows."""

    NUMBER = "number_out_of_range"
    DAY = "day_out_of_range"
    TIME = "time_out_of_range"
    TIME_ZONE = "time_without_zone"


class RowError(ValueError):
    """A record holds a value that no column can; `reason` names the kind, the message the value."""

    def __init__(self, reason: Unstorable, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


_DAYS: Final = (date(1970, 1, 1), date(2149, 6, 6))  # ClickHouse's Date
_WIDE_DAYS: Final = (date(1900, 1, 1), date(2299, 12, 31))  # its Date32
_TIMES: Final = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, tzinfo=UTC))
_UINT16: Final = 2**16 - 1
_UINT32: Final = 2**32 - 1


def _number(value: float, lowest: float, highest: float, name: str) -> float:
    if lowest <= value <= highest:
        return value
    raise RowError(Unstorable.NUMBER, f"{name} {value!r} is not within {lowest}…{highest}")


def _day(value: date, name: str) -> date:
    if _DAYS[0] <= value <= _DAYS[1]:
        return value
    raise RowError(Unstorable.DAY, f"{name} {value} is not within {_DAYS[0]}…{_DAYS[1]}")


def _time(value: datetime, name: str) -> int:
    if value.tzinfo is None:
        raise RowError(Unstorable.TIME_ZONE, f"{name} {value} has no time zone")
    if _TIMES[0] <= value <= _TIMES[1]:
        return millis(value)
    raise RowError(Unstorable.TIME, f"{name} {value} is not within 1900…2299")


def update_rows(update: VacancyUpdate) -> Rows:
    """Rows of all that one posting or withdrawal caused: events, vacancy, posting or its end.

    Raises:
        RowError: a value no column can hold; then none of the rows is to be stored.
    """
    rows: Rows = [(EVENTS, _event(update, event)) for event in update.events]
    if update.vacancy is not None:
        rows.append((VACANCIES, _vacancy(update, update.vacancy)))
    if update.posting is not None:
        rows.append((POSTINGS, _posting(update, update.posting)))
    if update.ended is not None:
        rows.append((POSTING_ENDS, _end(update, update.ended)))
    return rows


def _event(update: VacancyUpdate, event: VacancyEvent) -> Row:
    return (
        event.event_id, update.record_id, event.vacancy_id, event.posting_key, event.source_id,
        event.kind.value, _time(event.event_time, "event_time"),
        _day(event.event_date, "event_date"), _number(event.flow, -128, 127, "flow"),
        _number(event.stock, -128, 127, "stock"), event.province, event.isco08, event.isco08[:1],
        event.isic,
    )  # fmt: skip


def _vacancy(update: VacancyUpdate, vacancy: Vacancy) -> Row:
    codes, pay = vacancy.codes, vacancy.codes.pay
    experience = codes.experience_months
    return (
        update.record_id, vacancy.vacancy_id, _day(vacancy.opened_on, "opened_on"),
        vacancy.employer, vacancy.title, vacancy.language,
        _number(vacancy.openings, 0, _UINT16, "openings"), codes.isco08, codes.isco08[:1],
        codes.isco08[:2], _number(codes.isco08_probability, 0, 1.001, "isco08_probability"),
        codes.isco08_reason, codes.isic, codes.province, codes.district, codes.place_reason,
        pay.lower_lak if pay else None, pay.upper_lak if pay else None,
        pay.currency if pay else "", pay.period if pay else "",
        [skill.code for skill in codes.skills], codes.coder_version,
        update.posting_key, _source_of(update.posting_key),
        _time(update.processed_at, "processed_at"),
        [candidate.isco08 for candidate in codes.candidates],
        [_number(c.probability, 0, 1.001, "a candidate's probability") for c in codes.candidates],
        codes.isic_division, _number(codes.isic_probability, 0, 1.001, "isic_probability"),
        codes.isic_reason, list(codes.provinces), codes.education,
        None if experience is None else _number(experience, 0, _UINT16, "experience_months"),
        codes.employment_type, [flag.value for flag in codes.flags],
        [skill.context.value for skill in codes.skills],
        [_number(skill.start, 0, _UINT32, "start of a skill") for skill in codes.skills],
        [_number(skill.end, 0, _UINT32, "end of a skill") for skill in codes.skills],
        [_number(skill.score, 0, 1.001, "score of a skill") for skill in codes.skills],
        int(pay.outlier) if pay else 0,
    )  # fmt: skip


def _source_of(posting_key: str) -> str:
    """The source's name in a posting key; it has no colon, the posting's own identifier may."""
    return posting_key.partition(":")[0]


def _posting(update: VacancyUpdate, posting: NormalisedPosting) -> Row:
    ends = posting.valid_through
    return (
        posting.record_id, posting.posting_key, posting.source_id, posting.posting_id,
        update.vacancy_id, update.role.value if update.role else "", update.role_reason,
        _number(update.role_score, 0, 1.001, "role_score"), update.link_evidence, posting.url,
        posting.title,
        posting.description, posting.employer, posting.location_raw, posting.salary_raw,
        posting.employment_type_raw, posting.category_raw, posting.industry_raw,
        posting.education_raw, posting.experience_raw,
        _number(posting.openings, 0, _UINT16, "openings"), posting.language,
        _time(posting.fetched_at, "fetched_at"),
        None if posting.published_at is None else _time(posting.published_at, "published_at"),
        _time(update.processed_at, "processed_at"), _day(posting.opened_on, "opened_on"),
        # Sites write 9999-12-31 for "no end": the last day the column knows says the same.
        _wide(ends), posting.content_hash, min(max(posting.redactions, 0), 255),
        _wide(posting.date_posted),
    )  # fmt: skip


def _wide(day: date | None) -> date | None:
    return None if day is None else min(max(day, _WIDE_DAYS[0]), _WIDE_DAYS[1])


def _end(update: VacancyUpdate, end: PostingEnd) -> Row:
    return (
        update.record_id, update.vacancy_id, end.posting_key, end.source_id, end.cause.value,
        _time(end.ended_after, "ended_after"), _time(end.ended_before, "ended_before"),
        _time(end.withdrawn_at, "withdrawn_at"),
    )  # fmt: skip


def run_rows(run: SourceRun) -> Rows:
    """Rows of one crawl: the run, its health, its marks. Raises `RowError` as `update_rows`."""
    counts = [
        _number(value, 0, _UINT32, "a count of the run")
        for value in (run.listed, run.published, run.refused, run.withdrawn)
    ]
    times = (_time(run.started_at, "started_at"), _time(run.finished_at, "finished_at"))
    k = _number(run.unseen_runs, 0, 255, "unseen_runs")
    row = (run.source_id, run.run_id, *times, run.outcome.value, run.detail, *counts, k)
    rows: Rows = [(SOURCE_RUNS, row)]
    if run.health is not None:
        rows.append((SOURCE_HEALTH, _health(run, run.health)))
    return rows + [(SOURCE_MARKS, _mark(mark)) for mark in run.marks]


def _health(run: SourceRun, health: RunHealth) -> Row:
    return (
        run.source_id, run.run_id, _time(run.finished_at, "finished_at"), health.verdict.value,
        [finding.reason.value for finding in health.findings],
        [finding.before for finding in health.findings],
        [finding.after for finding in health.findings],
        int(health.full), run.listed, health.new, health.read, _counts(health.filled),
        _counts(health.failures), health.adverts_failed, health.repeats, health.copies,
        health.crossed, health.open_before, health.vanished, _counts(health.languages),
        health.text_length_median, health.answers, health.latency_median_s, health.latency_p95_s,
        health.bytes_read, _counts(health.statuses), health.canaries,
    )  # fmt: skip


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: int(_number(counts[name], 0, _UINT32, name)) for name in sorted(counts)}


def _mark(mark: SourceMark) -> Row:
    return (
        identify(mark.mark_id, mark.run_id, mark.kind.value, str(mark.to_at)), mark.mark_id,
        mark.source_id, mark.kind.value, _time(mark.from_at, "from_at"),
        None if mark.to_at is None else _time(mark.to_at, "to_at"), mark.reason, mark.evidence,
        mark.run_id, _time(mark.issue, "issue"),
    )  # fmt: skip


def supply_rows(record: SupplyRecord) -> Rows:
    """The row of one figure of the supply side. Raises `RowError` as `update_rows` does."""
    row = (
        record.source_id, record.record_id, record.province, record.occupation, record.measure,
        record.count, _day(record.period_start, "period_start"),
        _day(record.period_end, "period_end"), _time(record.published_at, "published_at"),
        record.system, record.unit, record.district, record.industry, record.field, record.level,
        record.sex, record.age_group, record.country, record.residence, record.category,
        int(record.releasable), _time(record.received_at or record.published_at, "received_at"),
    )  # fmt: skip
    return [(SUPPLY, row)]


def letter_rows(letter: DeadLetter) -> Rows:
    """The row of one refusal, without the bytes refused. Raises `RowError` as `update_rows`."""
    row = (
        letter.letter_id, letter.stage.value, letter.reason, letter.detail, letter.source_id,
        letter.posting_id, letter.topic, _time(letter.event_time, "event_time"),
        _time(letter.failed_at, "failed_at"),
    )  # fmt: skip
    return [(DEAD_LETTERS, row)]


def correction_rows(said: Correction) -> Rows:
    """The row of one officer's statement. Raises `RowError` as `update_rows` does."""
    row = (
        said.correction_id, said.vacancy_id, said.posting_key, said.source_id, said.field.value,
        said.before, said.after, said.officer, said.why,
        _time(said.corrected_at, "corrected_at"), said.mode.value, said.coder_version,
        said.text_digest, said.posting.title, said.posting.language, said.revokes,
        said.posting.record_id,
    )  # fmt: skip
    return [(CORRECTIONS, row)]


def decision_rows(made: CorrectionDecision) -> Rows:
    """The row of what became of a correction. Raises `RowError` as `update_rows` does."""
    row = (
        made.decision_id, made.correction_id, made.vacancy_id, made.officer, made.standing.value,
        made.reason, made.detail, made.learner_state, _time(made.decided_at, "decided_at"),
    )  # fmt: skip
    return [(CORRECTION_DECISIONS, row)]
