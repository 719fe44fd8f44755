"""The postings of the vacancies born on one day: originals, copies on other boards, re-posts.

A vacancy's whole story is decided at its birth, so that a day needs no other day. A posting's key
packs birth day, vacancy and copy into one integer: nothing has to be counted to find it again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labourwatch.demo.draws import generator
from labourwatch.demo.events import EventKind
from labourwatch.demo.vacancies import Births, Scenario

BOARD_SHARE: Final = (0.29, 0.30, 0.16, 0.08, 0.06, 0.11)
"""How postings spread over the six boards (the last is the new portal)."""
PORTAL: Final = 5
COPIES: Final = (0.76, 0.16, 0.06, 0.02)
"""Probability of 0, 1, 2, 3 copies on other boards."""
REPOSTED: Final = 0.06
MALFORMED: Final = 0.003
REPOST_COPY: Final = 4
FLOOD_COPY: Final = 5
MEDIAN_DAYS: Final = 24.0
SIGMA_DAYS: Final = 0.65
_NEVER: Final = 30_000


class Copy(IntEnum):
    """What a posting is to its vacancy, in truth."""

    ORIGINAL = 0
    EXACT = 1
    REWORDED = 2
    TRANSLATED = 3
    TRUNCATED = 4
    REPOST = 5
    FLOOD = 6


class Defect(IntEnum):
    """What is wrong with a posting's mark-up."""

    NONE = 0
    NO_TITLE = 1
    BROKEN_MARKUP = 2
    ABSURD_DATES = 3
    WRONG_ENCODING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """Postings as equally long columns, ordered by key. Days are market days."""

    key: NDArray[np.int64]
    board: NDArray[np.int8]
    posted: NDArray[np.int16]
    """Day on which the posting appears."""
    ended: NDArray[np.int16]
    """First day on which it is no longer listed."""
    closing: NDArray[np.int16]
    """Stated closing day; -1 where none is stated."""
    copy: NDArray[np.int8]
    defect: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.key)

    def select(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Postings:
        """The chosen rows."""
        return Postings(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


def concatenate(parts: list[Postings]) -> Postings:
    """All parts' rows, in order."""
    return Postings(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Postings)}
    )


def pack(day: int, vacancy: int, copy: int) -> int:
    """Key of a posting: birth day < 4096, vacancy < 4096 within it, copy < 16 of it."""
    return day << 16 | vacancy << 4 | copy


def unpack(key: int) -> tuple[int, int, int]:
    """Birth day, vacancy and copy of a key."""
    return key >> 16, key >> 4 & 0xFFF, key & 0xF


def postings(scenario: Scenario, born: Births) -> Postings:
    """Every posting, on any later day too, of the vacancies born on one day; ordered by key."""
    rng = generator(scenario.seed, born.day, "postings")
    boards = _board_order(rng, scenario, born)
    number = rng.choice(len(COPIES), size=len(born), p=COPIES)
    number[born.portal_only] = 0
    spread = rng.random((len(born), 4, 5))
    kinds = rng.choice([1, 2, 3, 4], size=(len(born), 4), p=[0.45, 0.25, 0.12, 0.18])
    lasting = _durations(rng, (len(born), 5))
    parts = []
    ends = np.zeros(len(born), dtype=np.int64)
    for copy in range(4):
        rows = np.flatnonzero(number >= copy)
        delay = np.zeros(len(rows), dtype=np.int64)
        if copy:
            delay = np.floor(-np.log1p(-spread[rows, copy, 0] * 0.97) * 2.2).astype(np.int64)
        posted = born.day + delay
        close_to_first = np.maximum(lasting[rows, 0] - delay + (spread[rows, copy, 1] * 5), 2)
        ended = posted + (close_to_first if copy else lasting[rows, 0]).astype(np.int64)
        kind = kinds[rows, copy] if copy else np.zeros(len(rows), dtype=np.int64)
        parts.append(
            _part(born.day, rows, copy, boards[rows, copy], posted, ended, kind, spread[rows, copy])
        )
        ends[rows] = np.maximum(ends[rows], ended)
    parts.append(_reposts(rng, born, boards, ends, lasting[:, 4], spread[:, 0]))
    parts.extend(_floods(rng, scenario, parts[0]))
    whole = concatenate(parts)
    whole = whole.select((whole.board != PORTAL) | (whole.posted >= scenario.portal_day - 14))
    return whole.select(np.argsort(whole.key, kind="stable"))


def _board_order(rng: np.random.Generator, scenario: Scenario, born: Births) -> NDArray[np.int64]:
    """Boards in each vacancy's order of preference (Gumbel top-k by the boards' shares)."""
    score = np.log(BOARD_SHARE) + rng.gumbel(size=(len(born), len(BOARD_SHARE)))
    # Vacancies the portal shares with others never start there, so that their first appearance
    # does not depend on whether the portal exists.
    first = np.where(np.arange(len(BOARD_SHARE)) == PORTAL, -np.inf, score).argmax(axis=1)
    first[born.portal_only] = PORTAL
    if born.day < scenario.portal_day - 14:
        score[:, PORTAL] = -np.inf
    score[np.arange(len(born)), first] = np.inf
    return np.argsort(-score, axis=1)


def _durations(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    drawn = rng.lognormal(np.log(MEDIAN_DAYS), SIGMA_DAYS, size=shape)
    return np.asarray(np.clip(np.round(drawn), 2, 120))


def _part(
    day: int,
    rows: NDArray[np.intp],
    copy: int,
    board: NDArray[np.int64],
    posted: NDArray[np.int64],
    ended: NDArray[np.int64],
    kind: NDArray[np.int64],
    unit: NDArray[np.float64],
) -> Postings:
    """Columns of one copy number; `unit[:, 2:5]` draws closing date and defects."""
    how, far, bad = unit[:, 2], unit[:, 3], unit[:, 4]
    # Closing dates: none 20 %; the last listed day 46 %; later than the removal 20 %; already
    # past while still listed 14 %.
    closing = np.where(how < 0.46, ended - 1, ended + 2 + (far * 18).astype(np.int64))
    late = np.maximum(posted + 1, ended - 3 - (far * 18).astype(np.int64))
    closing = np.where((how >= 0.66) & (how < 0.80), late, closing)
    closing = np.where(how >= 0.80, -1, closing)
    defect = np.where(bad < MALFORMED, 1 + (bad / MALFORMED * 4).astype(np.int64), 0)
    return Postings(
        key=(day << 16) | (rows.astype(np.int64) << 4) | copy,
        board=board.astype(np.int8),
        posted=posted.astype(np.int16),
        ended=np.minimum(ended, _NEVER).astype(np.int16),
        closing=np.minimum(closing, _NEVER).astype(np.int16),
        copy=kind.astype(np.int8),
        defect=defect.astype(np.int8),
    )


def _reposts(
    rng: np.random.Generator,
    born: Births,
    boards: NDArray[np.int64],
    ends: NDArray[np.int64],
    lasting: NDArray[np.float64],
    unit: NDArray[np.float64],
) -> Postings:
    rows = np.flatnonzero(rng.random(len(born)) < REPOSTED)
    posted = ends[rows] + rng.integers(3, 76, size=len(rows))
    ended = posted + lasting[rows].astype(np.int64)
    kind = np.full(len(rows), Copy.REPOST)
    fresh = unit[rows][:, [0, 1, 3, 2, 1]]
    return _part(born.day, rows, REPOST_COPY, boards[rows, 0], posted, ended, kind, fresh)


def _floods(rng: np.random.Generator, scenario: Scenario, originals: Postings) -> list[Postings]:
    found = []
    for event in scenario.events:
        if event.kind is not EventKind.DUPLICATE_FLOOD:
            continue
        hit = (originals.board == event.boards[0]) & (originals.posted >= event.start)
        part = originals.select(hit & (originals.posted <= event.end) & (originals.defect == 0))
        for number in range(int(event.factor)):
            posted = part.posted + rng.integers(0, 2, size=len(part)).astype(np.int16)
            found.append(
                Postings(
                    key=part.key + FLOOD_COPY + number,
                    board=part.board,
                    posted=posted,
                    ended=np.maximum(part.ended, posted + 2).astype(np.int16),
                    closing=part.closing,
                    copy=np.full(len(part), Copy.FLOOD, dtype=np.int8),
                    defect=part.defect,
                )
            )
    return found
