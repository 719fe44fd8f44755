"""Samples for double coding: drawn, compared, exported as an evaluation set."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dashboard.coding.agreement import SEED, Agreement, Estimate, agreements
from dashboard.coding.rounds import Part, Round, double_coded, rounds
from dashboard.coding.sampling import draw
from scrapers.push.providers import ProviderStore, Right
from streams.identity import identify
from streams.records import NormalisedPosting
from warehouse.double_coding import (
    SampleItem,
    codings,
    drawable,
    sample_items,
    sampled_posting,
    write_sample,
)

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

COLUMNS: Final = (
    "id", "title", "description", "employer", "location", "language", "isco08", "first_code",
    "second_code", "adjudicated", "weight", "stratum", "sample_id", "seed", "drawn_at",
    "coder_version", "coder_isco08", "coder_probability", "posting_key", "posting_record_id",
)  # fmt: skip


class SampleError(ValueError):
    """The sample cannot be drawn or used as told; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be drawn, and who codes it (account identifiers)."""

    size: int
    seed: int
    since: date
    until: date
    first: str
    second: str
    adjudicator: str

    @property
    def officers(self) -> tuple[str, str, str]:
        """The three, who must be three."""
        return self.first, self.second, self.adjudicator


async def check_officers(store: ProviderStore, plan: Plan) -> None:
    """Nothing where three different accounts may correct.

    Raises:
        SampleError: naming the account and what it lacks.
    """
    if len({*plan.officers}) != len(plan.officers):
        raise SampleError("two coders and an adjudicator: expected three different accounts")
    for name in plan.officers:
        held = await store.get(name)
        if held is None or held.revoked_at is not None or not held.may(Right.CORRECT):
            raise SampleError(
                f"{name!r} may not correct: `labourwatch provider add {name} --may correct …`"
            )


def draw_sample(client: Client, plan: Plan, at: datetime) -> list[SampleItem]:
    """Draw and keep a sample.

    Raises:
        SampleError: there is nothing to draw from.
    """
    drawn = draw(drawable(client, since=plan.since, until=plan.until), plan.size, plan.seed)
    if not drawn:
        raise SampleError(
            f"no vacancy opened from {plan.since} to {plan.until} that no sample holds and no "
            "officer has corrected"
        )
    mark = identify("sample", str(plan.seed), at.isoformat(), *plan.officers)[:6]
    items = [
        SampleItem(
            sample_id=f"{at:%Y%m%d}-{mark}",
            position=position,
            vacancy_id=one.vacancy.vacancy_id,
            posting_key=one.vacancy.posting_key,
            posting_record_id=one.vacancy.posting_record_id,
            language=one.vacancy.language,
            stratum=one.stratum,
            stratum_size=one.stratum_size,
            stratum_drawn=one.stratum_drawn,
            coder_isco08=one.vacancy.isco08,
            coder_probability=one.vacancy.probability,
            coder_version=one.vacancy.coder_version,
            first_officer=plan.first,
            second_officer=plan.second,
            adjudicator=plan.adjudicator,
            seed=plan.seed,
            drawn_at=at,
        )
        for position, one in enumerate(drawn)
    ]
    write_sample(client, items)
    return items


def rounds_of(client: Client, sample_id: str = "") -> list[Round]:
    """Vacancies of a sample (or of all) with what was said.

    Raises:
        SampleError: there is no such sample.
    """
    items = sample_items(client, sample_id=sample_id)
    if sample_id and not items:
        raise SampleError(f"no sample {sample_id!r}; see `labourwatch doublecoding agreement`")
    return rounds(items, codings(client, sample_id=sample_id))


def agreement_rows(client: Client, sample_id: str = "") -> list[Agreement]:
    """Agreement by language and number of digits."""
    held = double_coded(rounds_of(client, sample_id))
    return agreements(held, SEED) if held else []


def as_lines(rows: Iterable[Agreement]) -> list[str]:
    """A table for a terminal."""
    head = (
        f"{'language':<10}{'digits':>6}{'items':>7}  {'same code':<22}{'kappa':<22}{'alpha':<22}"
        f"{'settled':>7}  coder right"
    )
    lines = [
        f"{row.language:<10}{row.level:>6}{row.items:>7}  {_told(row.percent):<22}"
        f"{_told(row.kappa):<22}{_told(row.alpha):<22}{row.settled:>7}  {_told(row.accuracy)}"
        for row in rows
    ]
    return [head, *lines] if lines else []


def as_data(rows: Iterable[Agreement]) -> list[dict[str, Any]]:
    """The same for a program."""
    return [asdict(row) for row in rows]


def _told(figure: Estimate) -> str:
    if figure.value is None:
        return "-"
    if figure.lower is None or figure.upper is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f} [{figure.lower:.3f}, {figure.upper:.3f}]"


def export_set(client: Client, file: Path, sample_id: str = "") -> tuple[int, int]:
    """Write the settled vacancies to `file`; how many, and how many are not settled yet.

    `labourwatch classify FILE --truth isco08` takes the file as it is.

    Raises:
        FileExistsError: nothing is overwritten.
        SampleError: there is no such sample.
    """
    held = rounds_of(client, sample_id)
    settled = [one for one in held if one.final is not None]
    rows = [
        _row(one, posting)
        for one in settled
        if (posting := sampled_posting(client, one.item)) is not None
    ]
    with file.open("x", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows), len(held) - len(rows)


def _row(one: Round, posting: NormalisedPosting) -> dict[str, Any]:
    item = one.item
    facts = {name: getattr(item, name) for name in COLUMNS if hasattr(item, name)}
    return {
        **facts,
        "id": item.vacancy_id,
        "title": posting.title,
        "description": posting.description,
        "employer": posting.employer,
        "location": posting.location_raw,
        "isco08": one.final,
        "first_code": one.said[Part.FIRST].isco08,
        "second_code": one.said[Part.SECOND].isco08,
        "adjudicated": "yes" if one.differs else "no",
        "weight": round(item.stratum_size / item.stratum_drawn, 6),
        "drawn_at": item.drawn_at.isoformat(),
    }


def by_stratum(items: Sequence[SampleItem]) -> list[str]:
    """A line per stratum: drawn of how many."""
    sizes = {item.stratum: (item.stratum_drawn, item.stratum_size) for item in items}
    return [f"  {name:<20}{drawn:>5} of {size}" for name, (drawn, size) in sorted(sizes.items())]
