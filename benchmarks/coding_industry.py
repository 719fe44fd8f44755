"""Industry, flags and language against hand-made sets; counts corrected on simulated markets."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from alerts.corrected_counts import Standing, correct_counts
from benchmarks.report import Figure
from scrapers.items import JobPosting
from streams.classify.accuracy import wilson
from streams.classify.confusion import Confusion
from streams.classify.pipeline import load_coder
from streams.codes import Codes, Flag
from streams.language import detect_language, second_language
from streams.normalise import normalise
from streams.records import NormalisedPosting

PAGES: Final = Path(__file__).parent.parent / "tests" / "pages"
_SEEN: Final = datetime(2026, 11, 2, 5, tzinfo=UTC)
_REPEATS: Final = 400
_A_MARKET: Final = 50
"""Samples drawn of each market."""
Row = Mapping[str, str]


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and tables. `quick` leaves out the real postings and nine tenths of the markets."""
    coder = load_coder()

    def code(rows: Sequence[Row]) -> list[Codes]:
        return coder.code([_posting(row) for row in rows])

    found = [
        _industry(code),
        _flags(code),
        *([] if quick else [_flags_read(code)]),
        _language(),
        _corrected(seed, _REPEATS // 10 if quick else _REPEATS),
    ]
    tables: dict[str, Any] = {}
    for _, more in found:
        tables.update(more)
    return [figure for figures, _ in found for figure in figures], {"tables": tables}


def rows_of(name: str) -> list[dict[str, str]]:
    """Rows of a table of `tests/pages`."""
    body = (PAGES / name).read_bytes()
    text = (gzip.decompress(body) if name.endswith(".gz") else body).decode()
    return list(csv.DictReader(io.StringIO(text)))


def _posting(row: Row) -> NormalisedPosting:
    posting = normalise(
        JobPosting(
            source_id="set",
            posting_id="1",
            url="",
            fetched_at=_SEEN,
            title=row["title"],
            description=row.get("description", ""),
            hiring_organization=row.get("employer", ""),
            occupational_category_raw=row.get("board_category", ""),
            industry_raw=row.get("industry", ""),
        )
    )
    if not isinstance(posting, NormalisedPosting):
        raise TypeError(f"{row['title']!r}: {posting.detail}")
    return posting


Coding = Callable[[Sequence[Row]], list[Codes]]
Part = tuple[list[Figure], dict[str, list[dict[str, Any]]]]


def _industry(code: Coding) -> Part:
    rows = rows_of("employers_isic.csv")
    marked = [
        (row, codes.isic == row["section"], codes.isic_division == row["division"], codes)
        for row, codes in zip(rows, code(rows), strict=True)
    ]
    check = [each for each in marked if each[0]["half"] == "check"]
    told = [each for each in check if each[3].isic]
    figures = [
        _share(
            "isic_section_accuracy",
            [each[1] for each in check],
            "employers whose ISIC section is right (not codable is a class), on the half of the "
            "hand-coded set that was not looked at",
        ),
        _share("isic_division_accuracy", [each[2] for each in check], "the same for divisions"),
        _share("isic_precision", [each[1] for each in told], "sections told that are right"),
    ]
    strata = sorted({row["stratum"] for row in rows})
    by_stratum = [
        {
            "stratum": stratum,
            "rows": len(held := [each for each in check if each[0]["stratum"] == stratum]),
            "section": _mean(each[1] for each in held),
            "division": _mean(each[2] for each in held),
        }
        for stratum in strata
    ]
    return figures, {"Industry by what tells it (unseen half)": by_stratum}


def _flags(code: Coding) -> Part:
    rows = rows_of("flags.csv")
    said = [set(codes.flags) for codes in code(rows)]
    truth = [{Flag(name) for name in row["flags"].split()} for row in rows]
    table = [
        {
            "flag": flag.value,
            "true": sum(flag in each for each in truth),
            "precision": _mean(
                flag in right for right, told in zip(truth, said, strict=True) if flag in told
            ),
            "recall": _mean(
                flag in told for right, told in zip(truth, said, strict=True) if flag in right
            ),
        }
        for flag in Flag
    ]
    hits = [flag in right for right, told in zip(truth, said, strict=True) for flag in told]
    about = f"flags told on {len(rows)} hand-made postings, half of them misleading, that are right"
    return [_share("flags_precision", hits, about)], {"Flags on hand-made postings": table}


def _language() -> Part:
    rows = rows_of("languages.csv")
    told = [detect_language(row["title"], row["description"]) for row in rows]
    hits = [row["language"] == language for row, language in zip(rows, told, strict=True)]
    seconds = [
        row["second"] == second_language(row["title"], row["description"], row["language"])
        for row in rows
    ]
    kinds = [
        {
            "kind": kind,
            "texts": len(held := [hit for row, hit in marked if row["kind"] == kind]),
            "right": _mean(held),
        }
        for marked in [list(zip(rows, hits, strict=True))]
        for kind in sorted({row["kind"] for row in rows})
    ]
    figures = [
        _share("language_accuracy", hits, "titles and postings whose main language is right"),
        _share("language_second_accuracy", seconds, "whose other language, or none, is right"),
    ]
    return figures, {"Language by kind of text": kinds}


def _flags_read(code: Coding) -> Part:
    read = {(row["id"], row["flag"]): row["right"] == "yes" for row in rows_of("flags_read.csv")}
    rows = rows_of("hahu_jobs_esco_development.csv.gz")
    told = [
        (row["id"], flag.value)
        for row, codes in zip(rows, code(rows), strict=True)
        for flag in codes.flags
    ]
    unread = sum(each not in read for each in told)
    hits = [read[each] for each in told if each in read]
    about = f"flags told on {len(rows)} real postings and read by hand that are right"
    return [_share("flags_precision_real", hits, f"{about}; {unread} not read yet")], {}


def _corrected(seed: int, repeats: int) -> Part:
    """Markets of another mix than the sample's, whose truth is known."""
    import numpy as np

    table = []
    for size, right, postings, sampled in (
        (2, 0.9, 400, 150),
        (6, 0.7, 900, 500),
        (9, 0.65, 2000, 1200),
    ):
        chance = np.random.default_rng([seed, size])
        errors, raw, held = [], [], []
        for _ in range(max(2, repeats // _A_MARKET)):
            rates = right * np.eye(size) + (1 - right) * chance.dirichlet(np.ones(size), size)
            truths = chance.multinomial(postings, chance.dirichlet(np.full(size, 4.0)))
            drawn = np.full(size, sampled // size)
            found = [_once(chance, rates, truths, drawn) for _ in range(_A_MARKET)]
            values = np.array([each[0] for each in found])
            errors.append(np.abs((values - truths).mean(axis=0)) / postings)
            raw.append(np.abs(rates.T @ truths - truths) / postings)
            held += [each[1] for each in found]
        table.append(
            {
                "codes": size,
                "right": right,
                "postings": postings,
                "coded by people": sampled,
                "bias as coded": round(float(np.mean(raw)), 4),
                "bias corrected": round(float(np.mean(errors)), 4),
                "coverage": round(float(np.mean(held)), 4),
            }
        )
    figures = [
        Figure(
            key="count_correction_bias",
            value=max(row["bias corrected"] for row in table),
            about="mean error of corrected counts as a share of all postings, simulated markets, "
            f"worst of {len(table)} kinds; as coded {max(row['bias as coded'] for row in table)}",
            goal="≈ 0",
        ),
        Figure(
            key="count_coverage_95",
            value=round(float(np.mean([row["coverage"] for row in table])), 4),
            about="corrected counts whose 95 % interval holds the truth",
            goal="0.93 to 0.97",
        ),
    ]
    return figures, {"Counts corrected for the coder's errors": table}


def _once(chance: Any, rates: Any, truths: Any, drawn: Any) -> tuple[list[float], list[bool]]:
    """One market coded, and one sample: corrected counts, and whether intervals hold the truth."""
    size = range(len(rates))
    said = sum(chance.multinomial(truths[i], rates[i]) for i in size)
    cells = {
        (str(i), str(j)): int(count)
        for i in size
        for j, count in enumerate(chance.multinomial(drawn[i], rates[i]))
        if count
    }
    matrix = Confusion(coder_version="", scheme="isco08", digits=1, language="", counts=cells)
    found = correct_counts({str(j): int(said[j]) for j in size}, matrix)
    if found.standing is not Standing.CORRECTED:
        raise ValueError(f"simulated counts were not corrected: {found.standing}")
    told = [found.counts[str(i)] for i in size]
    held = [each.lower <= true <= each.upper for each, true in zip(told, truths, strict=True)]
    return [each.value for each in told], held


def _share(key: str, hits: Sequence[bool], about: str, goal: str = "") -> Figure:
    share = wilson(sum(hits), len(hits))
    value = round(share.value, 4) if share.value is not None else None
    interval = f"{share.lower:.2f} to {share.upper:.2f}"
    return Figure(
        key=key, value=value, about=f"{about} (n = {len(hits)}, 95 % {interval})", goal=goal
    )


def _mean(hits: Iterable[bool]) -> float | None:
    marks = list(hits)
    return round(sum(marks) / len(marks), 4) if marks else None
