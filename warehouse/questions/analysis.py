"""Questions of analysts, which no sums answer: they read vacancies, bounded by their days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from warehouse.client import fetch
from warehouse.questions.basis import Basis, Cell
from warehouse.questions.reading import rows_of
from warehouse.questions.seals import Sealed

if TYPE_CHECKING:
    from datetime import date, datetime

    from clickhouse_connect.driver.client import Client

_ALL: Final = Cell()
_CELL_NUMBER: Final = (
    "bitOr(bitShiftLeft(reinterpretAsUInt64(toString(province)), 8),"
    " toUInt64(reinterpretAsUInt8(toString(isco1))))"
)
"""The letters of province (ISO 3166-2: at most 6) and major group (one digit) as one number."""
_PROVINCE_OF: Final = "reinterpretAsString(bitShiftRight(cell, 8))"
_MAJOR_OF: Final = "reinterpretAsString(toUInt8(bitAnd(cell, 255)))"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillShare:
    """Share of an industry's vacancies that name a skill, by quarter and province."""

    quarter: date
    """First day."""
    province: str
    vacancies: int
    named: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.named / self.vacancies


@dataclass(frozen=True, slots=True, kw_only=True)
class SkillBeside:
    """A skill named beside another one."""

    skill: str
    together: int
    vacancies: int
    """Vacancies that name it at all."""
    lift: float
    """How many times as often as if the two had nothing to do with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """How few employers a cell's vacancies come from."""

    province: str
    isco1: str
    vacancies: int
    employers: int
    herfindahl: float
    """Sum of squared shares, 0 to 1."""
    top_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PayCell:
    """Median pay (kip a month, middle of the range) by education asked for and sub-major group."""

    education: str
    isco2: str
    n: int
    median: float


def _vacancies(
    client: Client, since: date, until: date, where: str, as_of: datetime | None, basis: Basis
) -> str:
    return rows_of(
        client,
        Sealed.VACANCIES,
        since=since,
        until=until,
        where=f"opened_on BETWEEN '{since}' AND '{until}' AND {where}",
        as_of=as_of,
        basis=basis,
    )


def skill_share(
    client: Client,
    *,
    skill: str,
    isic: str,
    since: date,
    until: date,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[SkillShare]:
    """Of an ISIC section's vacancies how many name a skill, by quarter of opening and province."""
    rows = fetch(
        client,
        f"""SELECT toStartOfQuarter(opened_on) AS quarter, province, count(),
          countIf(has(skills, {{skill:String}}))
        FROM {_vacancies(client, since, until, "isic = {isic:String}", as_of, basis)}
        GROUP BY quarter, province ORDER BY quarter, province""",
        skill=skill,
        isic=isic,
        as_of=as_of,
    )
    return [SkillShare(quarter=r[0], province=r[1], vacancies=r[2], named=r[3]) for r in rows]


def skills_beside(
    client: Client,
    *,
    skill: str,
    since: date,
    until: date,
    limit: int = 20,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[SkillBeside]:
    """Skills most often named beside a skill, with their lift.

    How often each is named at all is counted in the same pass: arrays are unfolded once.
    """
    source = _vacancies(client, since, until, "1", as_of, basis)
    beside = fetch(
        client,
        f"""SELECT other, countIf(has(skills, {{skill:String}})) AS together, count()
        FROM {source} ARRAY JOIN skills AS other
        GROUP BY other HAVING together > 0 AND other != {{skill:String}}
        ORDER BY together DESC, other LIMIT {{limit:UInt32}}""",
        skill=skill,
        limit=limit,
        as_of=as_of,
    )
    total, named = fetch(
        client,
        f"SELECT count(), countIf(has(skills, {{skill:String}})) FROM {source}",
        skill=skill,
        as_of=as_of,
    )[0]
    return [
        SkillBeside(
            skill=other, together=together, vacancies=of, lift=together * total / of / named
        )
        for other, together, of in beside
    ]


def employer_concentration(
    client: Client,
    *,
    since: date,
    until: date,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[Concentration]:
    """By province × major group; vacancies without an employer's name are left out.

    Cell and employer are told apart by two numbers of 64 bits, and the cell's codes are read back
    from its number: a key of a fixed width, without any text beside it, is counted three times as
    fast. Employers are hashed; among a million of them two would be taken for one in one answer of
    thirty million.
    """
    source = _vacancies(client, since, until, "employer != ''", as_of, basis)
    rows = fetch(
        client,
        f"""SELECT {_PROVINCE_OF} AS place, {_MAJOR_OF} AS major, sum(n) AS v, count(),
          sum(n * n) / (v * v), max(n) / v
        FROM (SELECT {_CELL_NUMBER} AS cell, count() AS n FROM {source}
          GROUP BY cell, cityHash64(employer))
        GROUP BY cell ORDER BY place, major""",
        as_of=as_of,
    )
    return [
        Concentration(
            province=r[0], isco1=r[1], vacancies=r[2], employers=r[3], herfindahl=r[4],
            top_share=r[5],
        )
        for r in rows
    ]  # fmt: skip


def pay_by_education(
    client: Client,
    *,
    since: date,
    until: date,
    cell: Cell = _ALL,
    as_of: datetime | None = None,
    basis: Basis = Basis.ROLLUP,
) -> list[PayCell]:
    """Median pay by education × ISCO-08 of two digits, of vacancies that state credible pay."""
    where = f"pay IS NOT NULL AND {cell.where()}"
    rows = fetch(
        client,
        f"""SELECT education, isco2, count(), quantileExactWeighted(0.5)(assumeNotNull(pay), 1)
        FROM {_vacancies(client, since, until, where, as_of, basis)}
        GROUP BY education, isco2 ORDER BY education, isco2""",
        as_of=as_of,
        **cell.parameters(),
    )
    return [PayCell(education=r[0], isco2=r[1], n=r[2], median=r[3]) for r in rows]
