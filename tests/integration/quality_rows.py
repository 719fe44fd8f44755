"""Rows of a small world, as SQL, of which cases of data quality are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NOON: Final = "toDateTime64('{day} 05:00:00', 3, 'UTC')"


def vacancies(count: int = 40, **given: str) -> str:
    """An INSERT of vacancies `{tag}-0`, `{tag}-1`…, all well but for what is given (SQL)."""
    columns = {
        "record_id": "concat('v-{tag}-', toString(number))",
        "vacancy_id": "concat('{tag}-', toString(number))",
        "opened_on": "toDate('{day}')",
        "employer": "concat('Employer ', toString(number))",
        "title": "concat('Title ', toString(number))",
        "isco08": "'2512'",
        "isco1": "'2'",
        "isic": "'K'",
        "province": "'LA-VT'",
        "pay_lower_lak": "3000000",
        "pay_upper_lak": "4000000",
        "skills": "['S1']",
        "version": "1",
        "loaded_at": NOON,
        "batch": "'{tag}'",
    } | given
    return insert_rows("vacancies", columns, count)


def events(count: int = 40, *, table: str = "vacancy_events", **given: str) -> str:
    columns = {
        "event_id": "concat('e-{tag}-', toString(number))",
        "record_id": "concat('v-{tag}-', toString(number))",
        "vacancy_id": "concat('{tag}-', toString(number))",
        "source_id": "'alpha'",
        "kind": "'opened'",
        "event_time": NOON,
        "event_date": "toDate('{day}')",
        "flow": "1",
        "stock": "1",
        "province": "'LA-VT'",
        "isco08": "'2512'",
        "isco1": "'2'",
        "isic": "'K'",
        "loaded_at": NOON,
        "batch": "'{tag}'",
    } | given
    return insert_rows(table, columns, count)


def postings(count: int = 40, **given: str) -> str:
    columns = {
        "record_id": "concat('p-{tag}-', toString(number))",
        "posting_key": "concat('alpha:{tag}-', toString(number))",
        "source_id": "'alpha'",
        "vacancy_id": "concat('{tag}-', toString(number))",
        "fetched_at": NOON,
        "published_at": f"{NOON} - INTERVAL 3 HOUR",
        "opened_on": "toDate('{day}')",
        "valid_through": "toDate32('{day}') + 30",
        "loaded_at": f"{NOON} + INTERVAL 5 SECOND",
        "location_raw": "'Vientiane'",
        "batch": "'{tag}'",
    } | given
    return insert_rows("postings", columns, count)


def runs(count: int, outcome: str = "'ok'", source: str = "'s-{tag}'", ago: str = "number") -> str:
    return insert_rows(
        "source_runs",
        {
            "source_id": source,
            "run_id": f"concat('r-{{tag}}-', {source}, {outcome}, toString(number))",
            "finished_at": f"{NOON} - toIntervalDay({ago})",
            "outcome": outcome,
            "loaded_at": NOON,
            "batch": "'{tag}'",
        },
        count,
    )


def letters(count: int) -> str:
    return insert_rows(
        "dead_letters",
        {
            "letter_id": "concat('l-{tag}-', toString(number))",
            "stage": "'parse'",
            "reason": "'no_title'",
            "event_time": NOON,
            "failed_at": "now64(3)",
            "loaded_at": NOON,
            "batch": "'{tag}'",
        },
        count,
    )


def figures(value: str, *, release: str = "R-{tag}", hours: int = 0, count: int = 40) -> str:
    return insert_rows(
        "observations",
        {
            "indicator": "'i-{tag}'",
            "time_value": "toDate('{day}') - number",
            "issue": f"{NOON} + INTERVAL {hours} HOUR",
            "value": value,
            "n": "40",
            "standing": f"if(isNull({value}), 'too_few', 'assessable')",
            "release_id": f"'{release}'",
        },
        count,
    )


def release_rows(late: int) -> str:
    return insert_rows(
        "releases",
        {
            "release_id": "'{tag}'",
            "kind": "'k-{tag}'",
            "period_end": f"toDate('{{day}}') - {late}",
            "issue": NOON,
        },
        1,
    )


def supply(total: int, *, split: str) -> str:
    cells = {
        "sex": "['', 'f', 'm']",
        "province": "arrayConcat([''], {provinces})",
    }[split]
    return insert_rows(
        "supply",
        {
            "source_id": "'s-{tag}'",
            "record_id": f"concat('s-{{tag}}-{split}-', toString(number))",
            split: f"{cells}[number + 1]",
            "measure": "'jobseekers_registered'",
            "count": f"if(number = 0, {total}, 100)",
            "period_start": "toDate('{day}') - 30",
            "period_end": "toDate('{day}')",
            "published_at": NOON,
            "loaded_at": NOON,
            "batch": "'{tag}'",
        },
        3 if split == "sex" else 19,
    )


def double_coded(coder: str, second: str, count: int = 40) -> tuple[str, ...]:
    sample = insert_rows(
        "coding_samples",
        {
            "sample_id": "'{tag}'",
            "vacancy_id": "concat('{tag}-', toString(number))",
            "coder_isco08": coder,
            "stratum_size": "10",
            "stratum_drawn": "5",
            "first_officer": "'one'",
            "second_officer": "'two'",
            "adjudicator": "'three'",
            "drawn_at": NOON,
        },
        count,
    )
    codings = [
        insert_rows(
            "corrections",
            {
                "correction_id": f"concat('c-{{tag}}-{officer}-', toString(number))",
                "vacancy_id": "concat('{tag}-', toString(number))",
                "field": "'isco08'",
                "after": said,
                "officer": f"'{officer}'",
                "mode": "'double_coding'",
                "corrected_at": NOON,
                "loaded_at": NOON,
                "batch": "'{tag}'",
            },
            count,
        )
        for officer, said in (("one", "'2512'"), ("two", second), ("three", "'2512'"))
    ]
    return sample, *codings


def insert_rows(table: str, columns: Mapping[str, str], count: int) -> str:
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM numbers({count})"
    )


def questions(elapsed_ms: str) -> str:
    return insert_rows(
        "query_runs",
        {
            "run_id": "concat('q-{tag}-', toString(number))",
            "at": NOON,
            "asker": "'shell'",
            "outcome": "'answered'",
            "elapsed_ms": elapsed_ms,
        },
        20,
    )
