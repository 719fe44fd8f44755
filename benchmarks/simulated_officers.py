"""Officers who correct what a coder says, simulated; postings whose codes are known."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from streams.classify.learning_coder import with_learned
from streams.codes import Codes
from streams.desk import Desk
from streams.opinions import CorrectedField, Correction
from streams.records import NormalisedPosting
from streams.shadow import Anchors
from tests.factories_opinions import normalised
from tests.factories_streams import a_posting

PAGES: Final = Path(__file__).parents[1] / "tests" / "pages"
START: Final = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
A_CORRECTION: Final = timedelta(minutes=4)
ACCOUNTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A posting, its true unit group, and what the coder says without having learned."""

    posting: NormalisedPosting
    isco08: str
    codes: Codes


def posting(
    number: int, title: str, category: str = "", description: str = ""
) -> NormalisedPosting:
    """A posting of no more than is given."""
    advert = a_posting(
        posting_id=str(number),
        title=title,
        description=description,
        occupational_category_raw=category,
    )
    return normalised(advert)


def english() -> list[tuple[NormalisedPosting, str]]:
    """The development half of the hahu postings in the order of their numbers: time order."""
    path = PAGES / "hahu_jobs_esco_development.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        rows = sorted(csv.DictReader(table), key=lambda row: int(row["id"]))
    return [
        (posting(n, row["title"], row["board_category"], row["description"]), row["isco08"])
        for n, row in enumerate(rows)
    ]


def lao(seed: int) -> list[tuple[NormalisedPosting, str]]:
    """The double-coded Lao titles that can be coded, in a random order."""
    with (PAGES / "titles_lo.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["codable"] == "yes"]
    random.Random(seed).shuffle(rows)
    return [(posting(10_000 + n, row["title"]), row["code"]) for n, row in enumerate(rows)]


def repeating(
    given: list[tuple[NormalisedPosting, str]], count: int, seed: int
) -> list[tuple[NormalisedPosting, str]]:
    """A market that advertises the same jobs again: draws by Zipf's law, each an advert anew."""
    dice = random.Random(seed)
    jobs = given.copy()
    dice.shuffle(jobs)
    weights = [1 / (rank + 1) for rank in range(len(jobs))]
    drawn = dice.choices(jobs, weights, k=count)
    return [
        (posting(30_000 + n, one.title, one.category_raw, one.description), code)
        for n, (one, code) in enumerate(drawn)
    ]


def correction(known: Known, before: str, after: str, officer: str, number: int) -> Correction:
    """What an officer says of the occupation of a posting, `number` corrections after the start."""
    return Correction(
        vacancy_id=known.posting.posting_key,
        posting=known.posting,
        field=CorrectedField.ISCO08,
        before=before,
        after=after,
        officer=officer,
        why="simulated",
        corrected_at=START + number * A_CORRECTION,
    )


def a_desk(known: Sequence[Known], anchors: Anchors) -> Desk:
    """A desk that knows what the coder says of `known`."""
    codes = {one.posting.posting_key: one.codes for one in known}
    return Desk(lambda said: codes[said.posting_key], anchors)


def served(desk: Desk, known: Known) -> str:
    """The occupation that the coder with the desk's learner gives."""
    return with_learned(known.posting, known.codes, desk.learner).isco08


def teach(desk: Desk, known: Sequence[Known], seed: int, a_sitting: int) -> list[bool]:
    """Honest officers code `known` in order; whether each was right before it was said.

    Every posting is looked at by one of three accounts, who says the true code. The learner
    serves what it learned after every `a_sitting` corrections.
    """
    dice = random.Random(seed)
    right: list[bool] = []
    for begin in range(0, len(known), a_sitting):
        said = []
        for number, one in enumerate(known[begin : begin + a_sitting], start=begin):
            before = served(desk, one)
            right.append(before == one.isco08)
            officer = f"officer-{dice.randrange(ACCOUNTS)}"
            said.append(correction(one, before, one.isco08, officer, number))
        desk.sit(said)
    return right


def relabelled(known: Sequence[Known], desk: Desk, wrong: str, began: int) -> list[Correction]:
    """One account says `wrong` of all of `known`, one every four minutes."""
    return [
        correction(one, served(desk, one), wrong, "officer-9", began + number)
        for number, one in enumerate(known)
    ]


def accuracy(desk: Desk | None, known: Sequence[Known], digits: int = 4) -> float:
    """Share coded right, by the coder alone or with the desk's learner."""
    given = [one.codes.isco08 if desk is None else served(desk, one) for one in known]
    pairs = zip(given, known, strict=True)
    return sum(code[:digits] == one.isco08[:digits] for code, one in pairs) / max(1, len(known))
