"""What officers need to see to correct codes: the doubtful vacancies, and one with all its codes.

Each function is one question: client and bounds in, typed rows out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import fetch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clickhouse_connect.driver.client import Client

_SURE: Final = 0.95
"""Codes at least so probable are in no queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A vacancy whose occupation nobody has corrected."""

    vacancy_id: str
    title: str
    employer: str
    language: str
    province: str
    isco08: str
    probability: float
    candidates: tuple[tuple[str, float], ...]
    """ISCO-08 unit groups with their probabilities, the chosen one first; may be empty."""
    openings: int
    opened_on: date
    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedVacancy:
    """All codes of one vacancy as they stand."""

    vacancy_id: str
    opened_on: date
    title: str
    employer: str
    language: str
    openings: int
    isco08: str
    isco08_probability: float
    isco08_reason: str
    candidates: tuple[str, ...]
    candidate_probabilities: tuple[float, ...]
    isic: str
    isic_division: str
    province: str
    district: str
    pay_lower_lak: float | None
    pay_upper_lak: float | None
    skills: tuple[str, ...]
    skill_starts: tuple[int, ...]
    skill_ends: tuple[int, ...]
    education: str
    experience_months: int | None
    employment_type: str
    coder_version: str
    posting_key: str
    source_id: str


def doubtful(client: Client, *, since: date, limit: int) -> list[QueueRow]:
    """Vacancies opened since a day whose occupation is in doubt, the least probable first.

    Left out: what an officer has corrected, and what is in a sample for double coding.
    """
    rows = fetch(
        client,
        """SELECT vacancy_id, title, employer, language, province, isco08, isco08_probability,
          arrayZip(candidates, candidate_probabilities), openings, opened_on, source_id
        FROM (
          SELECT * FROM vacancies WHERE opened_on >= {since:Date}
          ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id)
        WHERE isco08_probability < {sure:Float64}
          AND vacancy_id NOT IN (
            SELECT vacancy_id FROM corrections
            WHERE field = 'isco08' AND mode = 'correction'
              AND correction_id NOT IN (SELECT revokes FROM corrections WHERE mode = 'revocation'))
          AND vacancy_id NOT IN (SELECT vacancy_id FROM coding_samples)
        ORDER BY isco08_probability, opened_on DESC, vacancy_id LIMIT {limit:UInt32}""",
        since=since,
        sure=_SURE,
        limit=limit,
    )
    names = QueueRow.__dataclass_fields__
    found = (dict(zip(names, row, strict=True)) for row in rows)
    return [QueueRow(**{**one, "candidates": tuple(one["candidates"])}) for one in found]


def new_in_cells(client: Client, *, since: date) -> Mapping[tuple[str, str], int]:
    """New vacancies since a day by province and major group; cells without any are absent."""
    rows = fetch(
        client,
        """SELECT province, isco1, sum(flow) AS n FROM rollup_daily
        WHERE event_date >= {since:Date} GROUP BY province, isco1 HAVING n > 0""",
        since=since,
    )
    return {(province, isco1): n for province, isco1, n in rows}


def coded_vacancy(client: Client, vacancy_id: str) -> CodedVacancy | None:
    """A vacancy with its codes as they stand, or `None` where there is none of this id."""
    names = [field.name for field in fields(CodedVacancy)]
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM vacancies WHERE vacancy_id = {{vacancy_id:String}}
        ORDER BY version DESC, record_id DESC LIMIT 1""",
        vacancy_id=vacancy_id,
    )
    if not rows:
        return None
    return CodedVacancy(**dict(zip(names, map(_fixed, rows[0]), strict=True)))


def standings(client: Client) -> Mapping[str, int]:
    """How many corrections stand how; "" are those of which nothing is decided yet."""
    rows = fetch(
        client,
        """SELECT d.standing AS standing, count() FROM (
          SELECT correction_id FROM corrections WHERE mode = 'correction') AS c
        LEFT JOIN (
          SELECT correction_id, standing FROM correction_decisions
          ORDER BY decided_at DESC, loaded_at DESC, decision_id LIMIT 1 BY correction_id) AS d
          ON c.correction_id = d.correction_id
        GROUP BY standing ORDER BY standing""",
    )
    return {row[0]: row[1] for row in rows}


def _fixed(value: Any) -> Any:
    """Arrays as tuples: records do not change."""
    return tuple(value) if isinstance(value, list) else value
