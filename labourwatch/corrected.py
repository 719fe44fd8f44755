"""Vacancies by occupation, corrected for the coder's errors where these have been measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from alerts.corrected_counts import (
    Corrected,
    CorrectedCount,
    Standing,
    correct_counts,
    together,
)
from config.vocabulary import occupations
from streams.classify.confusion import Confusion
from warehouse.coder_quality import counts_as_coded, read_confusion

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Vacancies opened from `since` to `until` (both inclusive), at a level of ISCO-08."""

    coder_version: str
    digits: int
    since: date
    until: date


def corrected_lines(client: Client, question: Question) -> Iterator[str]:
    """Counts as coded and corrected, in words.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the warehouse does not answer.
    """
    coded = counts_as_coded(
        client,
        coder_version=question.coder_version,
        digits=question.digits,
        since=question.since,
        until=question.until,
    )

    def matrix(language: str) -> Confusion | None:
        return read_confusion(
            client,
            coder_version=question.coder_version,
            scheme="isco08",
            digits=question.digits,
            language=language,
        )

    total = sum(sum(counts.values()) for counts in coded.values())
    yield f"{total} vacancies opened {question.since} to {question.until}, {question.coder_version}"
    yield from _told(summed(coded), corrected_by_language(coded, matrix))


def corrected_by_language(
    coded: Mapping[str, Mapping[str, int]], matrix: Callable[[str], Confusion | None]
) -> Corrected:
    """Each language by its own matrix where all of them allow it, else all by the common one."""
    parts = [correct_counts(counts, matrix(language)) for language, counts in coded.items()]
    if parts and all(part.standing is Standing.CORRECTED for part in parts):
        return together(parts)
    return correct_counts(summed(coded), matrix(""))


def summed(coded: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Counts of all languages."""
    total: Counter[str] = Counter()
    for counts in coded.values():
        total.update(counts)
    return dict(total)


def _told(coded: Mapping[str, int], corrected: Corrected) -> Iterator[str]:
    if corrected.standing is not Standing.CORRECTED:
        reason = corrected.standing.value.replace("_", " ")
        yield f"not corrected: {reason} ({corrected.coded} postings coded by people)"
    for code in sorted({*coded, *corrected.counts}):
        name = occupations()[code].name_en if code else "not codable"
        found = corrected.counts.get(code)
        yield f"  {code or '-':<4} {name:<50.50} {coded.get(code, 0):>6} as coded{_bounds(found)}"
    if corrected.rest is not None:
        codes = " ".join(
            code or "-" for code in corrected.pooled if code in occupations() or not code
        )
        yield f"  the rest together ({codes}):{_bounds(corrected.rest)}"


def _bounds(count: CorrectedCount | None) -> str:
    if count is None:
        return ""
    return f"  {count.value:.0f} corrected ({count.lower:.0f} to {count.upper:.0f})"
