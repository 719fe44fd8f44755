"""For each check of data quality a small world in which it stands well, and one in which it fails.

A world is SQL that fills days around `{day}` (a whole period of its own), so that all of them fit
into one warehouse. `{tag}` is the world's own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.integration.quality_rows import (
    NOON,
    double_coded,
    events,
    figures,
    letters,
    postings,
    questions,
    release_rows,
    runs,
    supply,
    vacancies,
)

_ALL: Final = (vacancies(), events())
_TWINS: Final = vacancies(
    120, employer="'Same'", title="'Same'", opened_on="toDate('{day}') - number % 20"
)
_SHOWN_TWICE: Final = "concat('{tag}-', toString(intDiv(number, 2)))"
_TWO_SOURCES: Final = "if(number % 2 = 0, 'alpha', 'beta')"

GOOD: Final[Mapping[str, tuple[str, ...]]] = {
    "province_known": (vacancies(),),
    "occupation_coded": (vacancies(),),
    "industry_coded": (vacancies(),),
    "employer_named": (vacancies(),),
    "pay_stated": (vacancies(),),
    "skills_found": (vacancies(),),
    "sources_reporting": (runs(5),),
    "days_observed": (runs(28),),
    "records_accepted": (postings(),),
    "figures_assessable": (figures("1.0"),),
    "published_to_read": (postings(),),
    "read_to_stored": (postings(),),
    "newest_by_source": (runs(5),),
    "release_delay": (release_rows(2),),
    "questions_answered": (questions("100 + number"),),
    "codes_listed": (vacancies(),),
    "event_codes_listed": (events(),),
    "dates_in_range": (postings(),),
    "pay_plausible": (vacancies(),),
    "stock_never_negative": (events(),),
    "open_once_or_not": (events(),),
    "codes_of_events_and_vacancies": _ALL,
    "opened_and_described": _ALL,
    "rollups_equal_raw": (events(),),
    "supply_parts_sum": (supply(200, split="sex"),),
    "stored_once": _ALL,
    "opened_once": (events(),),
    "undetected_duplicates": (vacancies(120),),
    "occupation_right": double_coded("'2512'", "'2512'"),
    "officers_agree": double_coded("'2512'", "'2512'"),
    "revision_size": (figures("100.0"), figures("101.0", release="S-{tag}", hours=3)),
    "openings_two_ways": _ALL,
    "sources_tell_alike": (
        postings(80, vacancy_id=_SHOWN_TWICE, source_id=_TWO_SOURCES),
    ),
}  # fmt: skip

BAD: Final[Mapping[str, tuple[str, ...]]] = {
    "province_known": (vacancies(province="if(number < 10, 'LA-VT', '')"),),
    "occupation_coded": (vacancies(isco08="if(number < 10, '2512', '')"),),
    "industry_coded": (vacancies(isic="''"),),
    "employer_named": (vacancies(employer="''"),),
    "pay_stated": (vacancies(100, pay_lower_lak="NULL"),),
    "skills_found": (vacancies(skills="[]"),),
    "sources_reporting": (
        runs(20, "'failed'", "concat('s-{tag}-', toString(number))", "0"),
    ),
    "days_observed": (runs(2), runs(28, "'failed'", ago="number")),
    "records_accepted": (postings(), letters(60)),
    "figures_assessable": (figures("CAST(NULL, 'Nullable(Float64)')", count=100),),
    "published_to_read": (postings(published_at=f"{NOON} - INTERVAL 20 DAY"),),
    "read_to_stored": (postings(loaded_at=f"{NOON} + INTERVAL 5 HOUR"),),
    "newest_by_source": (runs(1, ago="12"),),
    "release_delay": (release_rows(40),),
    "questions_answered": (questions("20000 + number"),),
    "codes_listed": (vacancies(isco08="if(number = 7, '9999', '2512')"),),
    "event_codes_listed": (events(province="if(number = 7, 'LA-QQ', 'LA-VT')"),),
    "dates_in_range": (postings(valid_through="toDate32('{day}') - 9"),),
    "pay_plausible": (vacancies(pay_outlier="number % 2"),),
    "stock_never_negative": (
        events(1, province="'LA-XE'", isco1="'9'", kind="'closed'", flow="0", stock="-1"),
    ),
    "open_once_or_not": (events(2, vacancy_id="'{tag}'"),),
    "codes_of_events_and_vacancies": (
        vacancies(), events(province="if(number = 3, 'LA-SV', 'LA-VT')"),
    ),
    "opened_and_described": (vacancies(40), events(39)),
    "rollups_equal_raw": (
        "INSERT INTO rollup_daily SELECT toDate('{day}'), 'LA-VT', '2', 'alpha', 1, 1",
    ),
    "supply_parts_sum": (supply(250, split="sex"), supply(1800, split="province")),
    "stored_once": (vacancies(2, record_id="'twice-{tag}'"),),
    "opened_once": (events(2, vacancy_id="'{tag}'"),),
    "undetected_duplicates": (_TWINS,),
    "occupation_right": double_coded("'5223'", "'2512'"),
    "officers_agree": double_coded("'2512'", "'5223'"),
    "revision_size": (figures("100.0"), figures("190.0", release="S-{tag}", hours=3)),
    "openings_two_ways": (vacancies(40), events(30)),
    "sources_tell_alike": (
        postings(
            80, vacancy_id=_SHOWN_TWICE, source_id=_TWO_SOURCES,
            location_raw="if(number % 2 = 0, 'Vientiane', 'Pakse')",
        ),
    ),
}  # fmt: skip
