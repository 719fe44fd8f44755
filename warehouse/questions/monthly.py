"""What the sealed roll-ups hold, said once as SQL: sealing stores it, and questions read it raw
for months that are not sealed. Pure.

Each function gives a query with the roll-up's columns after `month` and `revision`, over the
vacancies opened, or the closings, in [since, until] (parameters of the query, type Date), of those
vacancies whose identity meets the condition `of`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from warehouse.client import moment
from warehouse.questions.basis import current_vacancies
from warehouse.questions.seals import Sealed

EVERY: Final = "1"
_KEYS: Final = "toMonday(opened_on) AS week, province, isco1"
LONGEST_DAYS: Final = 400
"""A closing is looked for the opening or re-posting so many days back, and no further."""


def part_of(number: int, parts: int) -> str:
    """Condition of one of `parts` about equal parts of all vacancies; together they are all."""
    return EVERY if parts == 1 else f"cityHash64(vacancy_id) % {parts} = {number}"


def _within(of: str) -> str:
    return f"opened_on BETWEEN {{since:Date}} AND {{until:Date}} AND {of}"


def skills_raw(as_of: datetime | None, of: str = EVERY) -> str:
    """Current vacancies by week, cell and skill; a skill named twice counts once."""
    source = current_vacancies("opened_on, province, isco1, skills", _within(of), as_of)
    return (
        f"SELECT {_KEYS}, arrayJoin(arrayDistinct(skills)) AS skill,"
        f" toUInt32(count()) AS vacancies FROM {source} GROUP BY week, province, isco1, skill"
    )


_PAY: Final = (
    "if(pay_outlier = 0, (coalesce(pay_lower_lak, pay_upper_lak)"
    " + coalesce(pay_upper_lak, pay_lower_lak)) / 2, NULL)"
)
_PAY_COLUMNS: Final = "pay_lower_lak, pay_upper_lak, pay_outlier"


def pay_raw(as_of: datetime | None, of: str = EVERY) -> str:
    """Current vacancies that state credible pay, by week, cell and middle of the range."""
    source = current_vacancies(f"opened_on, province, isco1, {_PAY_COLUMNS}", _within(of), as_of)
    return (
        f"SELECT {_KEYS}, assumeNotNull({_PAY}) AS pay, toUInt32(count()) AS vacancies"
        f" FROM {source} WHERE {_PAY} IS NOT NULL GROUP BY week, province, isco1, pay"
    )


def vacancies_raw(as_of: datetime | None, of: str = EVERY) -> str:
    """Current vacancies without identities and texts."""
    columns = "opened_on, province, isco1, isco2, isic, education, employer"
    source = current_vacancies(f"{columns}, skills, {_PAY_COLUMNS}", _within(of), as_of)
    return f"SELECT {columns}, arrayDistinct(skills) AS skills, {_PAY} AS pay FROM {source}"


FIRM: Final = "if(employer = '', 0, cityHash64(lowerUTF8(employer)))"
"""A number for an employer with a name, whatever the case of its letters."""
_COUNTED: Final = "opened_on, province, district, isco08, isic, source_id, language"


def counted_raw(as_of: datetime | None, of: str = EVERY) -> str:
    """Current vacancies by all that they are counted by."""
    columns = f"{_COUNTED}, employer, openings, skills"
    source = current_vacancies(columns, _within(of), as_of)
    return (
        f"SELECT {_COUNTED}, {FIRM} AS firm, openings, arrayDistinct(skills) AS skills"
        f" FROM {source}"
    )


def durations_raw(as_of: datetime | None, of: str = EVERY) -> str:
    """Closings by week, cell and days since the vacancy's last opening or re-posting.

    Only openings of what was closed are joined: of 400 days of openings those are few.
    """
    known = f" AND loaded_at <= {moment('as_of')}" if as_of else ""
    columns = "vacancy_id, event_time, event_date"
    closed = (
        f"SELECT {columns}, province, isco1 FROM vacancy_events WHERE event_date BETWEEN"
        f" {{since:Date}} AND {{until:Date}} AND kind IN ('closed', 'expired') AND {of}{known}"
    )
    opened = (
        f"SELECT {columns} FROM vacancy_events WHERE event_date BETWEEN"
        f" {{since:Date}} - {LONGEST_DAYS} AND {{until:Date}} AND kind IN ('opened', 'reposted')"
        f" AND {of}{known} AND vacancy_id IN (SELECT vacancy_id FROM ({closed}))"
    )
    return (
        "SELECT toMonday(c.event_date) AS week, c.province AS province, c.isco1 AS isco1,"
        " toUInt16(greatest(0, c.event_date - o.event_date)) AS days,"
        f" toUInt32(count()) AS vacancies FROM ({closed}) AS c ASOF JOIN ({opened}) AS o"
        " ON c.vacancy_id = o.vacancy_id AND c.event_time >= o.event_time"
        " GROUP BY week, province, isco1, days"
    )


RAW: Final[Mapping[Sealed, Callable[..., str]]] = {
    Sealed.SKILLS: skills_raw,
    Sealed.PAY: pay_raw,
    Sealed.DURATIONS: durations_raw,
    Sealed.VACANCIES: vacancies_raw,
    Sealed.COUNTED: counted_raw,
}
COLUMNS: Final = {
    Sealed.SKILLS: ("week", "province", "isco1", "skill", "vacancies"),
    Sealed.PAY: ("week", "province", "isco1", "pay", "vacancies"),
    Sealed.DURATIONS: ("week", "province", "isco1", "days", "vacancies"),
    Sealed.VACANCIES: (
        "opened_on", "province", "isco1", "isco2", "isic", "education", "employer", "skills", "pay"
    ),
    Sealed.COUNTED: (
        "opened_on", "province", "district", "isco08", "isic", "source_id", "language", "firm",
        "openings", "skills",
    ),
}  # fmt: skip
