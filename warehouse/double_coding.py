"""Samples for double coding: drawn, coded by two officers, settled by a third; kept and read."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from typing import TYPE_CHECKING

from streams.records import NormalisedPosting
from warehouse.client import aware, fetch
from warehouse.history import insert_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawable:
    """A vacancy that may be drawn into a sample."""

    vacancy_id: str
    posting_key: str
    posting_record_id: str
    title: str
    language: str
    isco08: str
    probability: float
    coder_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleItem:
    """A vacancy of a sample. Columns of the table `coding_samples`."""

    sample_id: str
    position: int
    vacancy_id: str
    posting_key: str
    posting_record_id: str
    language: str
    stratum: str
    stratum_size: int
    stratum_drawn: int
    coder_isco08: str
    coder_probability: float
    coder_version: str
    first_officer: str
    second_officer: str
    adjudicator: str
    seed: int
    drawn_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What one officer said of a vacancy in double coding. The first statement of each counts."""

    vacancy_id: str
    officer: str
    isco08: str
    why: str
    corrected_at: datetime


def drawable(client: Client, *, since: date, until: date) -> list[Drawable]:
    """Vacancies opened in [since, until] that no sample holds and no officer has corrected."""
    rows = fetch(
        client,
        """SELECT v.vacancy_id, v.posting_key, p.record_id, v.title, v.language, v.isco08,
          v.isco08_probability, v.coder_version
        FROM (
          SELECT * FROM vacancies WHERE opened_on BETWEEN {since:Date} AND {until:Date}
          ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id) AS v
        INNER JOIN (
          SELECT posting_key, record_id FROM postings
          ORDER BY fetched_at DESC, record_id DESC LIMIT 1 BY posting_key) AS p
          ON v.posting_key = p.posting_key
        WHERE v.vacancy_id NOT IN (SELECT vacancy_id FROM coding_samples)
          AND v.vacancy_id NOT IN (SELECT vacancy_id FROM corrections)
        ORDER BY v.vacancy_id""",
        since=since,
        until=until,
    )
    names = [field.name for field in fields(Drawable)]
    return [Drawable(**dict(zip(names, row, strict=True))) for row in rows]


def write_sample(client: Client, items: Sequence[SampleItem]) -> None:
    """Append a sample; the same sample again changes nothing."""
    names = [field.name for field in fields(SampleItem)]
    token = insert_token(f"{item.sample_id} {item.vacancy_id}" for item in items)
    client.insert(
        "coding_samples",
        [astuple(item) for item in items],
        column_names=names,
        settings={"insert_deduplication_token": token},
    )


def sample_items(client: Client, *, sample_id: str = "", officer: str = "") -> list[SampleItem]:
    """Vacancies of samples in the order of drawing.

    Args:
        sample_id: only of this sample; "" of all.
        officer: only of samples in which this account has a part; "" of all.
    """
    names = [field.name for field in fields(SampleItem)]
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM coding_samples
        WHERE ({{any_sample:UInt8}} OR sample_id = {{sample_id:String}})
          AND ({{any_officer:UInt8}}
            OR {{officer:String}} IN (first_officer, second_officer, adjudicator))
        ORDER BY drawn_at, sample_id, position LIMIT 1 BY vacancy_id""",
        any_sample=int(not sample_id),
        sample_id=sample_id,
        any_officer=int(not officer),
        officer=officer,
    )
    return [SampleItem(**dict(zip(names, map(aware, row), strict=True))) for row in rows]


def sampled_posting(client: Client, item: SampleItem) -> NormalisedPosting | None:
    """The posting as it stood when the sample was drawn; `None` where it is not stored any more."""
    names = [field.name for field in fields(NormalisedPosting)]
    rows = fetch(
        client,
        f"""SELECT {", ".join(names)} FROM postings
        WHERE posting_key = {{key:String}} AND record_id = {{record_id:String}} LIMIT 1""",
        key=item.posting_key,
        record_id=item.posting_record_id,
    )
    if not rows:
        return None
    return NormalisedPosting(**dict(zip(names, map(aware, rows[0]), strict=True)))


def codings(client: Client, *, sample_id: str = "") -> list[Coding]:
    """The first statement of each officer on each vacancy of a sample ("": of all samples)."""
    names = [field.name for field in fields(Coding)]
    rows = fetch(
        client,
        """SELECT vacancy_id, officer, after, why, corrected_at FROM corrections
        WHERE mode = 'double_coding' AND field = 'isco08' AND vacancy_id IN (
          SELECT vacancy_id FROM coding_samples
          WHERE {any_sample:UInt8} OR sample_id = {sample_id:String})
        ORDER BY corrected_at, correction_id LIMIT 1 BY vacancy_id, officer""",
        any_sample=int(not sample_id),
        sample_id=sample_id,
    )
    return [Coding(**dict(zip(names, map(aware, row), strict=True))) for row in rows]
