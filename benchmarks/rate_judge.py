"""What a program made of postings, beside the truth: duplicates found, vacancies counted. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A posting, the vacancy that it truly advertises, and that vacancy's major group."""

    posting: str
    vacancy: str
    isco1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How right a program was. Shares are 1 where there was nothing to find."""

    postings: int
    vacancies: int
    """True ones."""
    counted: int
    """Vacancies that the program counts."""
    duplicates: int
    """Postings of a vacancy that an earlier posting had advertised."""
    found: int
    """Of these, those joined with an earlier posting of their vacancy."""
    joined_wrongly: int
    """Postings that open a true vacancy, and were joined with an earlier posting."""
    missing: int
    """Postings that the program holds nowhere."""
    coded: int
    """Postings with a major group, of those that open a true vacancy."""
    coded_right: int

    @property
    def duplicates_found(self) -> float:
        """Share of true duplicates found."""
        return self.found / self.duplicates if self.duplicates else 1.0

    @property
    def count_error(self) -> float:
        """Vacancies counted too many, as a share of the true ones; negative: too few."""
        return self.counted / self.vacancies - 1 if self.vacancies else 0.0

    @property
    def right_of_all(self) -> float:
        """Share of vacancies whose first posting has the right major group."""
        return self.coded_right / self.vacancies if self.vacancies else 1.0


def judge(truths: Sequence[Truth], made: Mapping[str, str], codes: Mapping[str, str]) -> Judged:
    """Compare what was made with the truth.

    Args:
        truths: in the order in which postings came.
        made: posting → the program's vacancy; a posting that is not in it is missing.
        codes: the program's vacancy → major group, "" where it gave none.
    """
    first: dict[str, str] = {}
    seen: dict[str, set[str]] = {}
    earlier: set[str] = set()
    duplicates = found = wrong = coded = right = 0
    for truth in truths:
        own = made.get(truth.posting)
        if truth.vacancy in first:
            duplicates += 1
            found += own is not None and own in seen[truth.vacancy]
        else:
            first[truth.vacancy] = truth.posting
            wrong += own is not None and own in earlier
            code = codes.get(own, "") if own is not None else ""
            coded += code != ""
            right += code == truth.isco1
        if own is not None:
            seen.setdefault(truth.vacancy, set()).add(own)
            earlier.add(own)
        seen.setdefault(truth.vacancy, set())
    return Judged(
        postings=len(truths), vacancies=len(first), counted=len(earlier), duplicates=duplicates,
        found=found, joined_wrongly=wrong, missing=sum(t.posting not in made for t in truths),
        coded=coded, coded_right=right,
    )  # fmt: skip
