"""For each check of data quality a small world in which it stands well, and one in which it fails.

A world is SQL that fills days around `{day}` (a whole period of its own), so that all of them fit
into one warehouse. `{tag}` is the world's own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_NOON: Final = "toDateTime64('{day} 05:00:00', 3, 'UTC')"


def _vacancies(count: int = 40, **given: str) -> str:
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
        "loaded_at": _NOON,
        "batch": "'{tag}'",
    } | given
    return _insert("vacancies", columns, count)


def _events(count: int = 40, *, table: str = "vacancy_events", **given: str) -> str:
    columns = {
        "event_id": "concat('e-{tag}-', toString(number))",
        "record_id": "concat('v-{tag}-', toString(number))",
        "vacancy_id": "concat('{tag}-', toString(number))",
        "source_id": "'alpha'",
        "kind": "'opened'",
        "event_time": _NOON,
        "event_date": "toDate('{day}')",
        "flow": "1",
        "stock": "1",
        "province": "'LA-VT'",
        "isco08": "'2512'",
        "isco1": "'2'",
        "isic": "'K'",
        "loaded_at": _NOON,
        "batch": "'{tag}'",
    } | given
    return _insert(table, columns, count)


def _postings(count: int = 40, **given: str) -> str:
    columns = {
        "record_id": "concat('p-{tag}-', toString(number))",
        "posting_key": "concat('alpha:{tag}-', toString(number))",
        "source_id": "'alpha'",
        "vacancy_id": "concat('{tag}-', toString(number))",
        "fetched_at": _NOON,
        "published_at": f"{_NOON} - INTERVAL 3 HOUR",
        "opened_on": "toDate('{day}')",
        "valid_through": "toDate32('{day}') + 30",
        "loaded_at": f"{_NOON} + INTERVAL 5 SECOND",
        "location_raw": "'Vientiane'",
        "batch": "'{tag}'",
    } | given
    return _insert("postings", columns, count)


def _runs(count: int, outcome: str = "'ok'", source: str = "'s-{tag}'", ago: str = "number") -> str:
    return _insert(
        "source_runs",
        {
            "source_id": source,
            "run_id": f"concat('r-{{tag}}-', {source}, {outcome}, toString(number))",
            "finished_at": f"{_NOON} - toIntervalDay({ago})",
            "outcome": outcome,
            "loaded_at": _NOON,
            "batch": "'{tag}'",
        },
        count,
    )


def _letters(count: int) -> str:
    return _insert(
        "dead_letters",
        {
            "letter_id": "concat('l-{tag}-', toString(number))",
            "stage": "'parse'",
            "reason": "'no_title'",
            "event_time": _NOON,
            "failed_at": "now64(3)",
            "loaded_at": _NOON,
            "batch": "'{tag}'",
        },
        count,
    )


def _figures(value: str, *, release: str = "R-{tag}", hours: int = 0, count: int = 40) -> str:
    return _insert(
        "observations",
        {
            "indicator": "'i-{tag}'",
            "time_value": "toDate('{day}') - number",
            "issue": f"{_NOON} + INTERVAL {hours} HOUR",
            "value": value,
            "n": "40",
            "standing": f"if(isNull({value}), 'too_few', 'assessable')",
            "release_id": f"'{release}'",
        },
        count,
    )


def _release(late: int) -> str:
    return _insert(
        "releases",
        {
            "release_id": "'{tag}'",
            "kind": "'k-{tag}'",
            "period_end": f"toDate('{{day}}') - {late}",
            "issue": _NOON,
        },
        1,
    )


def _supply(total: int, *, split: str) -> str:
    cells = {
        "sex": "['', 'f', 'm']",
        "province": "arrayConcat([''], {provinces})",
    }[split]
    return _insert(
        "supply",
        {
            "source_id": "'s-{tag}'",
            "record_id": f"concat('s-{{tag}}-{split}-', toString(number))",
            split: f"{cells}[number + 1]",
            "measure": "'jobseekers_registered'",
            "count": f"if(number = 0, {total}, 100)",
            "period_start": "toDate('{day}') - 30",
            "period_end": "toDate('{day}')",
            "published_at": _NOON,
            "loaded_at": _NOON,
            "batch": "'{tag}'",
        },
        3 if split == "sex" else 19,
    )


def _double_coded(coder: str, second: str, count: int = 40) -> tuple[str, ...]:
    sample = _insert(
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
            "drawn_at": _NOON,
        },
        count,
    )
    codings = [
        _insert(
            "corrections",
            {
                "correction_id": f"concat('c-{{tag}}-{officer}-', toString(number))",
                "vacancy_id": "concat('{tag}-', toString(number))",
                "field": "'isco08'",
                "after": said,
                "officer": f"'{officer}'",
                "mode": "'double_coding'",
                "corrected_at": _NOON,
                "loaded_at": _NOON,
                "batch": "'{tag}'",
            },
            count,
        )
        for officer, said in (("one", "'2512'"), ("two", second), ("three", "'2512'"))
    ]
    return sample, *codings


def _insert(table: str, columns: Mapping[str, str], count: int) -> str:
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM numbers({count})"
    )


def _questions(elapsed_ms: str) -> str:
    return _insert(
        "query_runs",
        {
            "run_id": "concat('q-{tag}-', toString(number))",
            "at": _NOON,
            "asker": "'shell'",
            "outcome": "'answered'",
            "elapsed_ms": elapsed_ms,
        },
        20,
    )


_ALL: Final = (_vacancies(), _events())
_TWINS: Final = _vacancies(
    120, employer="'Same'", title="'Same'", opened_on="toDate('{day}') - number % 20"
)
_SHOWN_TWICE: Final = "concat('{tag}-', toString(intDiv(number, 2)))"
_TWO_SOURCES: Final = "if(number % 2 = 0, 'alpha', 'beta')"

GOOD: Final[Mapping[str, tuple[str, ...]]] = {
    "province_known": (_vacancies(),),
    "occupation_coded": (_vacancies(),),
    "industry_coded": (_vacancies(),),
    "employer_named": (_vacancies(),),
    "pay_stated": (_vacancies(),),
    "skills_found": (_vacancies(),),
    "sources_reporting": (_runs(5),),
    "days_observed": (_runs(28),),
    "records_accepted": (_postings(),),
    "figures_assessable": (_figures("1.0"),),
    "published_to_read": (_postings(),),
    "read_to_stored": (_postings(),),
    "newest_by_source": (_runs(5),),
    "release_delay": (_release(2),),
    "questions_answered": (_questions("100 + number"),),
    "codes_listed": (_vacancies(),),
    "event_codes_listed": (_events(),),
    "dates_in_range": (_postings(),),
    "pay_plausible": (_vacancies(),),
    "stock_never_negative": (_events(),),
    "open_once_or_not": (_events(),),
    "codes_of_events_and_vacancies": _ALL,
    "opened_and_described": _ALL,
    "rollups_equal_raw": (_events(),),
    "supply_parts_sum": (_supply(200, split="sex"),),
    "stored_once": _ALL,
    "opened_once": (_events(),),
    "undetected_duplicates": (_vacancies(120),),
    "occupation_right": _double_coded("'2512'", "'2512'"),
    "officers_agree": _double_coded("'2512'", "'2512'"),
    "revision_size": (_figures("100.0"), _figures("101.0", release="S-{tag}", hours=3)),
    "openings_two_ways": _ALL,
    "sources_tell_alike": (
        _postings(80, vacancy_id=_SHOWN_TWICE, source_id=_TWO_SOURCES),
    ),
}  # fmt: skip

BAD: Final[Mapping[str, tuple[str, ...]]] = {
    "province_known": (_vacancies(province="if(number < 10, 'LA-VT', '')"),),
    "occupation_coded": (_vacancies(isco08="if(number < 10, '2512', '')"),),
    "industry_coded": (_vacancies(isic="''"),),
    "employer_named": (_vacancies(employer="''"),),
    "pay_stated": (_vacancies(100, pay_lower_lak="NULL"),),
    "skills_found": (_vacancies(skills="[]"),),
    "sources_reporting": (
        _runs(20, "'failed'", "concat('s-{tag}-', toString(number))", "0"),
    ),
    "days_observed": (_runs(2), _runs(28, "'failed'", ago="number")),
    "records_accepted": (_postings(), _letters(60)),
    "figures_assessable": (_figures("CAST(NULL, 'Nullable(Float64)')", count=100),),
    "published_to_read": (_postings(published_at=f"{_NOON} - INTERVAL 20 DAY"),),
    "read_to_stored": (_postings(loaded_at=f"{_NOON} + INTERVAL 5 HOUR"),),
    "newest_by_source": (_runs(1, ago="12"),),
    "release_delay": (_release(40),),
    "questions_answered": (_questions("20000 + number"),),
    "codes_listed": (_vacancies(isco08="if(number = 7, '9999', '2512')"),),
    "event_codes_listed": (_events(province="if(number = 7, 'LA-QQ', 'LA-VT')"),),
    "dates_in_range": (_postings(valid_through="toDate32('{day}') - 9"),),
    "pay_plausible": (_vacancies(pay_outlier="number % 2"),),
    "stock_never_negative": (
        _events(1, province="'LA-XE'", isco1="'9'", kind="'closed'", flow="0", stock="-1"),
    ),
    "open_once_or_not": (_events(2, vacancy_id="'{tag}'"),),
    "codes_of_events_and_vacancies": (
        _vacancies(), _events(province="if(number = 3, 'LA-SV', 'LA-VT')"),
    ),
    "opened_and_described": (_vacancies(40), _events(39)),
    "rollups_equal_raw": (
        "INSERT INTO rollup_daily SELECT toDate('{day}'), 'LA-VT', '2', 'alpha', 1, 1",
    ),
    "supply_parts_sum": (_supply(250, split="sex"), _supply(1800, split="province")),
    "stored_once": (_vacancies(2, record_id="'twice-{tag}'"),),
    "opened_once": (_events(2, vacancy_id="'{tag}'"),),
    "undetected_duplicates": (_TWINS,),
    "occupation_right": _double_coded("'5223'", "'2512'"),
    "officers_agree": _double_coded("'2512'", "'5223'"),
    "revision_size": (_figures("100.0"), _figures("190.0", release="S-{tag}", hours=3)),
    "openings_two_ways": (_vacancies(40), _events(30)),
    "sources_tell_alike": (
        _postings(
            80, vacancy_id=_SHOWN_TWICE, source_id=_TWO_SOURCES,
            location_raw="if(number % 2 = 0, 'Vientiane', 'Pakse')",
        ),
    ),
}  # fmt: skip
