"""Officers' corrections: the vacancy that one is about, made into a record, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Final

from streams.corrected_codes import fault_in
from streams.opinions import CorrectedField, Correction, CorrectionMode
from streams.records import NormalisedPosting
from streams.redact import redact
from warehouse.client import aware, fetch
from warehouse.marks import Mark

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LONGEST_WHY: Final = 500
DOUBTED: Final = "corrections"
"""Kind of period of an account whose corrections an operator must look at."""
_LONGEST_OFFICER: Final = 64


class CorrectionFaultError(ValueError):
    """The correction cannot be made; the message says what was found and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVacancy:
    """A vacancy as it is coded now, and the posting that it is described by."""

    vacancy_id: str
    posting: NormalisedPosting
    values: Mapping[CorrectedField, str]
    """Each field as a correction would write it."""
    coder_version: str


def stored_posting(client: Client, posting_key: str) -> NormalisedPosting | None:
    """The posting as it was last observed, with its day of opening; `None` where there is none."""
    names = [field.name for field in fields(NormalisedPosting)]
    found = fetch(
        client,
        f"SELECT {', '.join(names)} FROM postings WHERE posting_key = {{key:String}}"
        " ORDER BY fetched_at DESC, record_id DESC LIMIT 1",
        key=posting_key,
    )
    if not found:
        return None
    return NormalisedPosting(**dict(zip(names, map(aware, found[0]), strict=True)))


def stored_vacancy(client: Client, vacancy_id: str) -> StoredVacancy | None:
    """The vacancy of that identifier (or the only one it begins), or `None`."""
    found = fetch(
        client,
        """SELECT vacancy_id, posting_key, coder_version, isco08,
          if(isic_division = '', isic, isic_division), province, district,
          ifNull(concat(toString(toUInt64(pay_lower_lak)), '-',
            toString(toUInt64(pay_upper_lak))), ''),
          arrayStringConcat(skills, ' '), education, ifNull(toString(experience_months), ''),
          employment_type, arrayStringConcat(flags, ' ')
        FROM vacancies WHERE startsWith(vacancy_id, {begin:String})
        ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id LIMIT 2""",
        begin=vacancy_id,
    )
    if len(found) != 1:
        return None
    whole, posting_key, version, *values = found[0]
    posting = stored_posting(client, posting_key)
    if posting is None:
        return None
    return StoredVacancy(
        vacancy_id=whole,
        posting=posting,
        values=dict(zip(_READ_FIELDS, values, strict=True)),
        coder_version=version,
    )


_READ_FIELDS: Final = (
    CorrectedField.ISCO08,
    CorrectedField.ISIC,
    CorrectedField.PROVINCE,
    CorrectedField.DISTRICT,
    CorrectedField.PAY,
    CorrectedField.SKILLS,
    CorrectedField.EDUCATION,
    CorrectedField.EXPERIENCE_MONTHS,
    CorrectedField.EMPLOYMENT_TYPE,
    CorrectedField.FLAGS,
)


def correction_of(
    vacancy: StoredVacancy,
    field: CorrectedField,
    after: str,
    *,
    officer: str,
    why: str,
    at: datetime,
    mode: CorrectionMode = CorrectionMode.CORRECTION,
) -> Correction:
    """What `officer` says of `vacancy`, as the record that goes into the topic `corrections`.

    Equal values are a confirmation: the code was seen by a person and holds.

    Raises:
        CorrectionFaultError: a value of no list, no reason, or no account.
    """
    after = " ".join(after.split())
    if fault := fault_in(field, after):
        raise CorrectionFaultError(fault)
    told = redact(" ".join(why.split())).text[:LONGEST_WHY]
    if not told and mode is not CorrectionMode.DOUBLE_CODING:
        raise CorrectionFaultError("no reason is given: say in a few words why the code is wrong")
    if not officer or len(officer) > _LONGEST_OFFICER or not officer.isprintable():
        raise CorrectionFaultError("no account is given: expected an identifier, not a name")
    blind = mode is CorrectionMode.DOUBLE_CODING
    return Correction(
        vacancy_id=vacancy.vacancy_id,
        posting=vacancy.posting,
        field=field,
        before="" if blind else vacancy.values[field],
        after=after,
        officer=officer,
        why=told,
        corrected_at=at,
        mode=mode,
        coder_version="" if blind else vacancy.coder_version,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A correction as it is stored, and what became of it."""

    correction_id: str
    vacancy_id: str
    title: str
    language: str
    field: str
    before: str
    after: str
    officer: str
    why: str
    corrected_at: datetime
    mode: str
    revokes: str
    coder_version: str
    standing: str
    """A `Standing`, or "" while nothing was decided."""
    reason: str
    detail: str


def read_opinions(
    client: Client,
    *,
    limit: int,
    officer: str = "",
    standing: str = "",
    vacancy_id: str = "",
    blind: bool = True,
) -> list[Opinion]:
    """The newest corrections first; "" asks for all officers, standings or vacancies.

    Args:
        blind: with what was said in double coding, which its coders must not see.
    """
    names = [field.name for field in fields(Opinion)]
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM (
          SELECT c.*, d.standing AS standing, d.reason AS reason, d.detail AS detail
          FROM corrections AS c LEFT JOIN (
            SELECT correction_id, toString(argMax(standing, (decided_at, loaded_at))) AS standing,
              toString(argMax(reason, (decided_at, loaded_at))) AS reason,
              argMax(detail, (decided_at, loaded_at)) AS detail
            FROM correction_decisions GROUP BY correction_id
          ) AS d ON c.correction_id = d.correction_id)
        WHERE ({{officer:String}} = '' OR officer = {{officer:String}})
          AND ({{standing:String}} = '' OR standing = {{standing:String}})
          AND startsWith(vacancy_id, {{vacancy:String}})
          AND ({{blind:UInt8}} OR mode != 'double_coding')
        ORDER BY corrected_at DESC, correction_id LIMIT {{limit:UInt32}}""",
        limit=limit,
        officer=officer,
        standing=standing,
        vacancy=vacancy_id,
        blind=int(blind),
    )
    return [Opinion(**dict(zip(names, map(aware, row), strict=True))) for row in rows]


def read_doubts(client: Client) -> list[Mark]:
    """Accounts of which corrections are blocked or quarantined, as periods like those of sources.

    A period lasts until each of these corrections is revoked.
    """
    rows = fetch(
        client,
        """SELECT account, min(first), countIf(now IN ('blocked', 'quarantined')), max(last),
          argMax(why, last), count()
        FROM (
          SELECT any(officer) AS account,
            minIf(decided_at, standing IN ('blocked', 'quarantined')) AS first,
            max(decided_at) AS last,
            toString(argMax(standing, (decided_at, loaded_at))) AS now,
            toString(argMaxIf(reason, decided_at, standing IN ('blocked', 'quarantined'))) AS why
          FROM correction_decisions GROUP BY correction_id
          HAVING countIf(standing IN ('blocked', 'quarantined')) > 0)
        GROUP BY account ORDER BY account""",
    )
    return [
        _doubt(officer, aware(began), count, aware(latest), reason, all_of)
        for officer, began, count, latest, reason, all_of in rows
    ]


def _doubt(
    officer: str, began: datetime, count: int, latest: datetime, reason: str, all_of: int
) -> Mark:
    return Mark(
        mark_id=f"corrections:{officer}:{began.isoformat()}",
        source_id=officer,
        kind=DOUBTED,
        from_at=began,
        to_at=None if count else latest,
        reason=reason if count else "revoked",
        evidence=f"{count} / {all_of}",
        issue=latest,
        opened_at=began,
        opened_for=reason,
        opened_on=f"{all_of}",
    )


def revocation_of(
    client: Client, correction_id: str, *, officer: str, why: str, at: datetime
) -> Correction:
    """The record that takes one correction back.

    Raises:
        CorrectionFaultError: there is no such correction, or it cannot be taken back.
    """
    rows = fetch(
        client,
        """SELECT correction_id, vacancy_id, field, after, mode FROM corrections
        WHERE startsWith(correction_id, {begin:String}) LIMIT 2""",
        begin=correction_id,
    )
    if len(rows) != 1:
        raise CorrectionFaultError(f"{len(rows) or 'no'} corrections begin with {correction_id!r}")
    whole, vacancy_id, field, value, mode = rows[0]
    if mode == CorrectionMode.REVOCATION.value:
        raise CorrectionFaultError("a revocation is not taken back: correct the vacancy again")
    vacancy = stored_vacancy(client, vacancy_id)
    if vacancy is None:
        raise CorrectionFaultError(f"the vacancy {vacancy_id!r} is not stored any more")
    told = redact(" ".join(why.split())).text[:LONGEST_WHY]
    if not told:
        raise CorrectionFaultError("--why is empty: say in a few words why it does not hold")
    return Correction(
        vacancy_id=vacancy_id,
        posting=vacancy.posting,
        field=CorrectedField(field),
        before=value,
        after="",
        officer=officer,
        why=told,
        corrected_at=at,
        mode=CorrectionMode.REVOCATION,
        coder_version=vacancy.coder_version,
        revokes=whole,
    )
