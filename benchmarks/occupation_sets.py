"""Postings with codes that people gave, as cases for the occupation coder."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from config.vocabulary import read_table
from streams.classify.accuracy import Scored
from streams.classify.evidence import Case
from streams.classify.occupation import Occupation

_PAGES: Final = Path(__file__).parent.parent / "tests" / "pages"
FOREIGN: Final = {"th": "Thai", "vi": "Vietnamese", "zh": "Chinese"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A case with its true code."""

    case: Case
    isco08: str
    looked_at: bool
    """Whether its errors may be looked at while the coder is built; the others are for checking."""


def hahu() -> list[Coded]:
    """Real postings of Ethiopia in English (development half), halved by a hash of their id."""
    with gzip.open(_PAGES / "hahu_jobs_esco_development.csv.gz", "rt", encoding="utf-8") as table:
        return [
            Coded(
                case=Case(
                    title=row["title"],
                    description=row["description"],
                    category=row["board_category"],
                    language="en",
                ),
                isco08=row["isco08"],
                looked_at=_is_even(f"half:{row['id']}"),
            )
            for row in csv.DictReader(table)
        ]


def lao_titles() -> list[Coded]:
    """The codable Lao titles of docs/coding-protocol.md; none was looked at here."""
    with (_PAGES / "titles_lo.csv").open(encoding="utf-8", newline="") as table:
        return [
            Coded(case=Case(title=row["title"], language="lo"), isco08=row["code"], looked_at=False)
            for row in csv.DictReader(table)
            if row["code"]
        ]


def foreign_titles(language: str) -> list[Coded]:
    """Expressions of a compiled lexicon as titles: they measure the coder without that lexicon."""
    return [
        Coded(
            case=Case(title=row["expression"], language=language),
            isco08=row["isco08"],
            looked_at=False,
        )
        for row in read_table("lexicon", f"occupations_{language}.csv")
    ]


def titles_only(coded: Sequence[Coded]) -> list[Coded]:
    """The same without text and category."""
    return [
        replace(each, case=Case(title=each.case.title, language=each.case.language))
        for each in coded
    ]


def scored(coded: Sequence[Coded], found: Sequence[Occupation]) -> Iterator[Scored]:
    """What was said against what is true."""
    for each, occupation in zip(coded, found, strict=True):
        others = (candidate.isco08 for candidate in occupation.candidates)
        said = tuple(dict.fromkeys((occupation.isco08, *others))) if occupation.isco08 else ()
        yield Scored(
            truths=(each.isco08,),
            said=said,
            probability=occupation.probability,
            language=each.case.language,
        )


def _is_even(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 2 == 0
