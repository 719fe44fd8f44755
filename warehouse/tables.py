"""The tables that streams feed, as the loader sees them. Types live in the schema alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, its loaded columns in order, and how one of its rows is known again."""

    name: str
    identity: str
    """Column whose value no two rows share."""
    day: str = ""
    """Column equal in every copy of a row, by which the table is partitioned: it bounds the search
    for copies. "" searches the whole table, which therefore has to be small."""
    columns: tuple[str, ...]
    """Without `loaded_at` and `batch`, which every table has and the batch provides."""


POSTINGS: Final = Table(
    name="postings",
    identity="record_id",
    day="fetched_at",
    columns=(
        "record_id", "posting_key", "source_id", "posting_id", "vacancy_id", "role", "role_reason",
        "role_score", "link_evidence", "url", "title", "description", "employer", "location_raw",
        "salary_raw", "employment_type_raw", "category_raw", "industry_raw", "education_raw",
        "experience_raw", "openings", "language", "fetched_at", "published_at", "processed_at",
        "opened_on", "valid_through", "content_hash", "redactions", "date_posted",
    ),
)  # fmt: skip
VACANCIES: Final = Table(
    name="vacancies",
    identity="record_id",
    day="opened_on",
    columns=(
        "record_id", "vacancy_id", "opened_on", "employer", "title", "language", "openings",
        "isco08", "isco1", "isco2", "isco08_probability", "isco08_reason", "isic", "province",
        "district", "place_reason", "pay_lower_lak", "pay_upper_lak", "pay_currency", "pay_period",
        "skills", "coder_version", "posting_key", "source_id", "version", "candidates",
        "candidate_probabilities", "isic_division", "isic_probability", "isic_reason",
        "provinces", "education", "experience_months", "employment_type", "flags",
        "skill_contexts", "skill_starts", "skill_ends", "skill_scores", "pay_outlier",
    ),
)  # fmt: skip
EVENTS: Final = Table(
    name="vacancy_events",
    identity="event_id",
    day="event_date",
    columns=(
        "event_id", "record_id", "vacancy_id", "posting_key", "source_id", "kind", "event_time",
        "event_date", "flow", "stock", "province", "isco08", "isco1", "isic",
    ),
)  # fmt: skip
POSTING_ENDS: Final = Table(
    name="posting_ends",
    identity="record_id",
    day="withdrawn_at",
    columns=(
        "record_id", "vacancy_id", "posting_key", "source_id", "cause", "ended_after",
        "ended_before", "withdrawn_at",
    ),
)  # fmt: skip
SOURCE_RUNS: Final = Table(
    name="source_runs",
    identity="run_id",
    day="finished_at",
    columns=(
        "source_id", "run_id", "started_at", "finished_at", "outcome", "detail", "listed",
        "published", "refused", "withdrawn", "unseen_runs",
    ),
)  # fmt: skip
SOURCE_HEALTH: Final = Table(
    name="source_health",
    identity="run_id",
    day="finished_at",
    columns=(
        "source_id", "run_id", "finished_at", "verdict", "reasons", "before", "after", "full",
        "listed", "new", "read", "filled", "failures", "adverts_failed", "repeats", "copies",
        "crossed", "open_before", "vanished", "languages", "text_length_median", "answers",
        "latency_median_s", "latency_p95_s", "bytes_read", "statuses", "canaries",
    ),
)  # fmt: skip
SOURCE_MARKS: Final = Table(
    name="source_marks",
    identity="record_id",
    columns=(
        "record_id", "mark_id", "source_id", "kind", "from_at", "to_at", "reason", "evidence",
        "run_id", "issue",
    ),
)  # fmt: skip
SUPPLY: Final = Table(
    name="supply",
    identity="record_id",
    day="period_end",
    columns=(
        "source_id", "record_id", "province", "occupation", "measure", "count", "period_start",
        "period_end", "published_at", "system", "unit", "district", "industry", "field", "level",
        "sex", "age_group", "country", "residence", "category", "releasable", "received_at",
    ),
)  # fmt: skip
CORRECTIONS: Final = Table(
    name="corrections",
    identity="correction_id",
    day="corrected_at",
    columns=(
        "correction_id", "vacancy_id", "posting_key", "source_id", "field", "before", "after",
        "officer", "why", "corrected_at", "mode", "coder_version", "text_digest", "title",
        "language", "revokes", "posting_record_id",
    ),
)  # fmt: skip
CORRECTION_DECISIONS: Final = Table(
    name="correction_decisions",
    identity="decision_id",
    day="decided_at",
    columns=(
        "decision_id", "correction_id", "vacancy_id", "officer", "standing", "reason", "detail",
        "learner_state", "decided_at",
    ),
)  # fmt: skip
DEAD_LETTERS: Final = Table(
    name="dead_letters",
    identity="letter_id",
    columns=(
        "letter_id", "stage", "reason", "detail", "source_id", "posting_id", "topic", "event_time",
        "failed_at",
    ),
)  # fmt: skip

FED_TABLES: Final = (
    POSTINGS, VACANCIES, EVENTS, POSTING_ENDS, SOURCE_MARKS, SOURCE_HEALTH, SOURCE_RUNS, SUPPLY,
    CORRECTIONS, CORRECTION_DECISIONS, DEAD_LETTERS,
)  # fmt: skip
"""In the order of storing: a run is not seen before the marks that say whether to believe it."""
