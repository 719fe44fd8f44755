"""What was read of a board, compared with its truth field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.boards.board import Board
from benchmarks.boards.truth import Truth
from scrapers.items import JobPosting
from scrapers.parsing.text import clean_line
from streams.classify.pay import parse_pay

FIELDS: Final = ("title", "employer", "place", "dates", "pay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Counts of one board. Only fields that the board shows are asked for."""

    board: Board
    expected: int
    read: int
    """Adverts published, each once."""
    asked: Counter[str]
    filled: Counter[str]
    """Adverts in which the field holds something, of those that state it."""
    right: Counter[str]
    wrong: tuple[str, ...]
    """The first mistakes, for a person."""


def score(board: Board, truths: Sequence[Truth], postings: Iterable[JobPosting]) -> Scored:
    """Compare a board's postings with its adverts; a missing advert has every field wrong."""
    asked: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong: list[str] = []
    by_key = {_key(posting): posting for posting in postings}
    for truth in truths:
        posting = by_key.get(truth.key)
        for name in FIELDS:
            if name not in board.fields:
                continue
            asked[name] += 1
            filled[name] += posting is not None and _filled(name, truth, posting)
            good = posting is not None and _is_right(name, truth, posting)
            right[name] += good
            if not good and len(wrong) < 12:
                wrong.append(f"{board.name} {truth.key} {name}: {_told(name, truth, posting)}")
    read = sum(truth.key in by_key for truth in truths)
    return Scored(
        board=board, expected=len(truths), read=read, asked=asked, filled=filled, right=right,
        wrong=tuple(wrong),
    )  # fmt: skip


def share(scored: Iterable[Scored], names: Sequence[str] = FIELDS) -> float:
    """Right fields of all that were asked for."""
    boards = list(scored)
    asked = sum(board.asked[name] for board in boards for name in names)
    return sum(board.right[name] for board in boards for name in names) / max(asked, 1)


def row(scored: Scored) -> dict[str, Any]:
    """One line of the table: coverage and accuracy of each field, empty where not shown."""
    kind = scored.board.source("http://127.0.0.1").kind.value
    told: dict[str, Any] = {
        "kind": kind,
        "layout": scored.board.layout,
        "adverts": scored.expected,
        "read": scored.read,
    }
    for name in FIELDS:
        asked = scored.asked[name]
        told[f"{name} filled"] = scored.filled[name] / asked if asked else None
        told[f"{name} right"] = scored.right[name] / asked if asked else None
    return told


def _key(posting: JobPosting) -> int:
    """The advert's key, wherever the board puts it: a number of six digits."""
    for text in (posting.posting_id, posting.url):
        if text.isalnum() and len(text) == 24:
            return int(text, 16)
        digits = "".join(c if c.isdigit() else " " for c in text).split()
        keys = [int(number) for number in digits if len(number) == 6]
        if keys:
            return keys[-1]
    return -1


def _filled(name: str, truth: Truth, posting: JobPosting) -> bool:
    if name == "pay":
        return bool(posting.base_salary_raw) or not truth.offer.lower
    if name == "dates":
        return posting.date_posted is not None and posting.valid_through is not None
    raw: Mapping[str, str] = {
        "title": posting.title,
        "employer": posting.hiring_organization,
        "place": posting.job_location_raw,
    }
    return bool(raw[name])


def _is_right(name: str, truth: Truth, posting: JobPosting) -> bool:
    if name == "title":
        return posting.title == clean_line(truth.title)
    if name == "employer":
        return posting.hiring_organization == clean_line(truth.employer)
    if name == "place":
        stated = clean_line(truth.place).casefold()
        return (
            stated in posting.job_location_raw.casefold()
            and len(posting.job_location_raw) <= 2 * len(stated) + 20
        )
    if name == "dates":
        return (posting.date_posted, posting.valid_through) == (truth.posted, truth.closing)
    return _pay_is_right(truth, posting)


def _pay_is_right(truth: Truth, posting: JobPosting) -> bool:
    offer, found = truth.offer, parse_pay(posting.base_salary_raw, truth.posted)
    if not offer.lower:
        return found is None
    plain = f"{offer.lower:.0f} - {offer.upper:.0f} {offer.currency} per {offer.period}"
    true = parse_pay(plain, truth.posted)
    if found is None or true is None:
        return False
    same = (found.currency, found.period) == (true.currency, true.period)
    return same and all(
        abs(one - other) <= 1e-6 * other
        for one, other in ((found.lower_lak, true.lower_lak), (found.upper_lak, true.upper_lak))
    )


def _told(name: str, truth: Truth, posting: JobPosting | None) -> str:
    if posting is None:
        return "advert not read"
    found = {
        "title": (truth.title, posting.title),
        "employer": (truth.employer, posting.hiring_organization),
        "place": (truth.place, posting.job_location_raw),
        "dates": (
            f"{truth.posted} {truth.closing}",
            f"{posting.date_posted_raw!r} {posting.valid_through_raw!r}",
        ),
        "pay": (truth.offer.text, posting.base_salary_raw),
    }[name]
    return f"expected {found[0]!r}, read {found[1]!r}"
