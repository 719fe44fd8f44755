"""Places, pay and demands against expressions written by hand before the coders were improved.

A hash of the text puts each expression into one of two halves. Errors of the half `look` were read
and mended; of the half `check` only totals were seen.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from benchmarks.placepay_expressions import pay_expression, place_expression
from benchmarks.report import Figure
from scrapers.items import JobPosting
from streams.classify.accuracy import wilson
from streams.classify.education import education_of
from streams.classify.employment import employment_type_of
from streams.classify.experience import experience_of
from streams.classify.pay import MONTHS, pay_of, rate_on, read_field
from streams.classify.place import Gazetteer, Place, PlaceReason
from streams.codes import Pay
from streams.normalise import normalise
from streams.records import NormalisedPosting

PAGES: Final = Path(__file__).parent.parent / "tests" / "pages"
DAY: Final = date(2026, 5, 4)
_SEEN: Final = datetime(2026, 5, 4, 5, tzinfo=UTC)
_COMPOSED: Final = 5_000
_WITHOUT_PROVINCE: Final = frozenset(
    (PlaceReason.NATIONWIDE, PlaceReason.ABROAD, PlaceReason.REMOTE)
)
_FIELDS: Final = {
    "location": "job_location_raw",
    "pay": "base_salary_raw",
    "education": "education_raw",
    "experience": "experience_raw",
    "employment": "employment_type_raw",
    "openings": "total_job_openings_raw",
}
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An expression, and whether the coder read it as a person does."""

    row: Row
    right: bool

    @property
    def half(self) -> str:
        """`look` or `check`, by a hash of the text."""
        digest = hashlib.sha256(self.row["text"].encode()).digest()
        return "look" if digest[-1] % 2 else "check"


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and tables. `quick` composes a tenth as many expressions."""
    places, pay, demands = list(judge_places()), list(judge_pay()), list(judge_demands())
    composed = range(seed, seed + (_COMPOSED // 10 if quick else _COMPOSED))
    figures = [
        *_figures("place", places, goal="≥ 0.98", about="province, district and reason"),
        *_figures("pay", pay, goal="≥ 0.97", about="both amounts, currency and period"),
        *_figures(
            "demands", demands, goal="", about="education, experience, employment type, openings"
        ),
        Figure(
            key="pay_round_trip",
            value=_mean(map(pay_returns, composed)),
            about=f"of {len(composed)} pay expressions composed from values in five languages, "
            "those read back to the same values",
        ),
        Figure(
            key="place_round_trip",
            value=_mean(map(place_returns, composed)),
            about=f"of {len(composed)} districts with their province, composed in Lao and Latin "
            "letters, those read back",
        ),
    ]
    return figures, {
        "tables": {
            "Places by language": _by(places, "language"),
            "Places by kind": _by(places, "kind"),
            "Pay by language": _by(pay, "language"),
            "Pay by kind": _by(pay, "kind"),
            "Demands by what is asked": _by(demands, "what"),
            "Demands by language": _by(demands, "language"),
        }
    }


def judge_places() -> Iterator[Judged]:
    """Each expression of `places_gold.csv` in its field, as the stream cleans and codes it."""
    gazetteer = _gazetteer()
    for row in _rows("places_gold.csv"):
        posting = _posting(row, row["field"])
        place = gazetteer.place_of(posting.location_raw, posting.title, posting.description)
        yield Judged(row=row, right=_shown(place) == row["expected"])


def judge_pay() -> Iterator[Judged]:
    """Each expression of `pay_gold.csv`."""
    for row in _rows("pay_gold.csv"):
        posting = _posting(row, row["field"])
        pay = pay_of(posting.salary_raw, posting.description, DAY)
        yield Judged(row=row, right=_same_pay(pay, row))


def judge_demands() -> Iterator[Judged]:
    """Each expression of `requirements_gold.csv`."""
    for row in _rows("requirements_gold.csv"):
        field = row["what"] if row["field"] == "field" else "description"
        posting = _posting(row, field)
        yield Judged(row=row, right=_DEMANDS[row["what"]](posting) == row["expected"])


def pay_returns(seed: int) -> bool:
    """Whether the composed pay expression of `seed` is read back to its values."""
    made = pay_expression(seed)
    stated = read_field(made.text)
    return stated is not None and (
        (stated.lower, stated.upper, stated.currency, stated.period)
        == (made.lower, made.upper, made.currency, made.period)
    )


def place_returns(seed: int) -> bool:
    """Whether the composed place expression of `seed` is read back to its codes."""
    made = place_expression(seed)
    place = _gazetteer().locate(made.text)
    return (place.province, place.district) == (made.province, made.district)


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()


def _experience(posting: NormalisedPosting) -> str:
    months = experience_of(posting.experience_raw, posting.description)
    return "" if months is None else str(months)


_DEMANDS: Final[Mapping[str, Callable[[NormalisedPosting], str]]] = {
    "education": lambda p: education_of(p.education_raw, p.description),
    "experience": _experience,
    "employment": lambda p: employment_type_of(p.employment_type_raw, p.title, p.description),
    "openings": lambda p: str(p.openings),
}


def _rows(name: str) -> list[dict[str, str]]:
    with (PAGES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def _posting(row: Row, field: str) -> NormalisedPosting:
    texts = {_FIELDS.get(field, field): row["text"]}
    posting = normalise(
        JobPosting(
            source_id="set",
            posting_id="1",
            url="",
            fetched_at=_SEEN,
            **{"title": "Staff", **texts},  # type: ignore[arg-type]
        )
    )
    if not isinstance(posting, NormalisedPosting):
        raise TypeError(f"{row['text']!r} is refused: {posting.detail}")
    return posting


def _shown(place: Place) -> str:
    """A place as the set writes it: "LA-VT/LA0103", "LA-VT+LA-SV", "nationwide" or ""."""
    if place.reason in _WITHOUT_PROVINCE:
        return place.reason.value
    if len(place.provinces) == 1 and place.district:
        return f"{place.province}/{place.district}"
    return "+".join(place.provinces)


def _same_pay(pay: Pay | None, row: Row) -> bool:
    if pay is None or not row["lower"]:
        return pay is None and not row["lower"]
    if (pay.currency, pay.period) != (row["currency"], row["period"]):
        return False
    factor = rate_on(row["currency"], DAY) * MONTHS[row["period"]]
    said = (pay.lower_lak, pay.upper_lak)
    return all(
        math.isclose(one, float(row[end]) * factor)
        for one, end in zip(said, ("lower", "upper"), strict=True)
    )


def _figures(name: str, judged: Sequence[Judged], *, goal: str, about: str) -> list[Figure]:
    check = [each for each in judged if each.half == "check"]
    right = sum(each.right for each in check)
    share = wilson(right, len(check))
    return [
        Figure(
            key=f"{name}_accuracy",
            value=_share(judged),
            about=f"{len(judged)} expressions read rightly ({about})",
            goal=goal,
        ),
        Figure(
            key=f"{name}_accuracy_check",
            value=_share(check),
            about=f"the same of the {len(check)} whose errors nobody looked at; "
            f"95 % interval {share.lower:.3f} to {share.upper:.3f} (Wilson)",
            goal=goal,
        ),
    ]


def _by(judged: Sequence[Judged], column: str) -> list[dict[str, Any]]:
    values = sorted({each.row[column] for each in judged})
    groups = {value: [e for e in judged if e.row[column] == value] for value in values}
    return [
        {
            column: value,
            "expressions": len(group),
            "accuracy": _share(group),
            "accuracy_check": _share(each for each in group if each.half == "check"),
        }
        for value, group in groups.items()
    ]


def _share(judged: Iterable[Judged]) -> float | None:
    return _mean(each.right for each in judged)


def _mean(hits: Iterable[bool]) -> float | None:
    """Share of hits, rounded to four places; `None` of nothing."""
    marks = list(hits)
    return round(sum(marks) / len(marks), 4) if marks else None
