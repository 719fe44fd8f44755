"""How faults of sources are noticed, how often health cries wolf, and what the freeze saves.

Simulated boards are crawled daily. Every history goes on undisturbed, with growth and a large
employer that joins; at some days a copy of it breaks in each of the ways of `FAULTS`, stays so for
five crawls, and is mended.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from benchmarks.report import Figure
from benchmarks.simulated_boards import (
    HEALTHY,
    Board,
    Employer,
    Fault,
    copied,
    make_board,
    step,
)
from benchmarks.simulated_faults import FAULTS
from scrapers.health.history import History
from scrapers.health.notes import Notes
from scrapers.health_records import Verdict

_LASTS: Final = 5
"""Crawls that a fault lasts."""
_FOLLOWED: Final = 8
_UNSEEN_RUNS: Final = 2
_WARM: Final = 40
"""Days of a history before it counts."""
_SEVERAL: Final = 3
_TOLD: Final = (Verdict.CHANGED, Verdict.OUTAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is simulated."""

    boards: int
    largest: int
    days: int
    breaks: tuple[int, ...]
    """Days at which copies break."""


FULL: Final = Size(boards=60, largest=2_000, days=300, breaks=(70, 150, 240))
QUICK: Final = Size(boards=9, largest=120, days=110, breaks=(75,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fault on one board."""

    fault: str
    noticed_at: int | None
    """Number of the crawl, counted from 1, or `None`."""
    several: bool
    """Whether its first crawl showed it on at least three adverts of a board of five or more."""
    closed_wrongly: int
    closed_without_freeze: int
    recovered: bool
    """Whether the period was over two crawls after the repair."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures, and a table by fault."""
    size = QUICK if quick else FULL
    trials: list[Trial] = []
    alarms, doubts, days = 0, 0, 0
    for number in range(size.boards):
        told, suspicious, lived, tried = _life(number, seed, size)
        alarms, doubts, days = alarms + told, doubts + suspicious, days + lived
        trials += tried
    years = days / 365
    return _figures(trials, alarms, doubts, years), {"tables": {"Faults of sources": _by(trials)}}


def _life(number: int, seed: int, size: Size) -> tuple[int, int, int, list[Trial]]:
    """One board's undisturbed history: alarms, suspicious runs, days counted; and its trials."""
    board = make_board(number, random.Random(f"{seed}-{number}"), size.largest)
    history, trials, alarms, doubts = History(), list[Trial](), 0, 0
    for day in range(size.days):
        _change_kindly(board, number, day, size.days)
        board.advance()
        before, found = history, step(board, history).assessed
        history = found.history
        if day >= _WARM:
            alarms += before.period is None and found.verdict in _TOLD
            doubts += found.verdict is Verdict.SUSPICIOUS
        if day in size.breaks and history.period is None:
            trials += [_try(board, history, fault, f"{seed}-{number}-{day}") for fault in FAULTS]
    return alarms, doubts, size.days - _WARM, trials


def _change_kindly(board: Board, number: int, day: int, days: int) -> None:
    """Benign changes: on a third of the boards a large employer joins, another third doubles."""
    if day == days // 2 and number % 3 == 0:
        weight = 0.4 * sum(employer.weight for employer in board.employers)
        joined = Employer(
            name="big", language="latin", states_pay=0.0, states_end=1.0, weight=weight
        )
        board.employers.append(joined)
        for _ in range(max(3, board.size // 8)):
            board.add(joined)
    if day == days * 2 // 3 and number % 3 == 1:
        board.growth = 2.0


def _try(board: Board, history: History, fault: Fault, seed: str) -> Trial:
    """Break a copy of the board, follow it, mend it."""
    board = copied(board, f"{seed}-{fault.name}")
    held, freely = _Closings(board), _Closings(board)
    noticed, several, recovered = None, False, False
    for run in range(1, _FOLLOWED + 1):
        broken = run <= _LASTS
        board.advance()
        shown_before = len(board.known)
        found = step(board, history, fault if broken else HEALTHY)
        history = found.assessed.history
        if run == 1:
            several = _shows(fault, found.notes, board, found.listed) and shown_before >= 5
        slow = fault.slower > 1 and found.assessed.verdict is Verdict.SUSPICIOUS
        if broken and noticed is None and (found.assessed.verdict in _TOLD or slow):
            noticed = run
        recovered = recovered or (run > _LASTS and history.period is None)
        failed = not fault.answers or (not found.listed and shown_before >= 5)
        if not (broken and failed):
            freely.count(board, found.listed)
            if not found.assessed.holds_closing:
                held.count(board, found.listed)
    return Trial(
        fault=fault.name, noticed_at=noticed, several=several, closed_wrongly=held.wrong,
        closed_without_freeze=freely.wrong, recovered=recovered,
    )  # fmt: skip


class _Closings:
    """Postings closed by absence from `_UNSEEN_RUNS` crawls although their board still has them."""

    def __init__(self, board: Board) -> None:
        self._misses = dict.fromkeys(board.known, 0)
        self.wrong = 0

    def count(self, board: Board, listed: frozenset[str]) -> None:
        """A crawl whose absences count."""
        for key in list(self._misses):
            self._misses[key] = 0 if key in listed else self._misses[key] + 1
            if self._misses[key] >= _UNSEEN_RUNS:
                del self._misses[key]
                self.wrong += key in board.adverts


def _shows(fault: Fault, notes: Notes, board: Board, listed: frozenset[str]) -> bool:
    """Whether a crawl showed the fault on several adverts."""
    if not fault.in_adverts:
        return not fault.answers or fault.repeats > 0 or fault.slower > 1 or (
            len(listed ^ board.adverts.keys()) >= _SEVERAL
        )  # fmt: skip
    read = {s.posting_id for s in notes.read} | set(notes.read_again)
    read |= set(notes.refused)
    changed = [
        k
        for k in read & board.adverts.keys()
        if fault.read(board.adverts[k].seen) != board.adverts[k].seen
    ]
    return len(changed) >= _SEVERAL


def _figures(trials: Sequence[Trial], alarms: int, doubts: int, years: float) -> list[Figure]:
    several = [trial for trial in trials if trial.several]
    return [
        Figure(
            key="faults_noticed_in_one_crawl",
            value=_share(several),
            about=f"share of {len(several):,} planted faults that showed on at least three "
            "adverts, noticed by the first crawl",
            goal="within one crawl",
        ),
        Figure(
            key="faults_noticed_in_one_crawl_any",
            value=_share(trials),
            about=f"the same of all {len(trials):,}, boards of two postings and faults that the "
            "crawl cannot show included",
        ),
        Figure(
            key="median_crawls_to_notice",
            value=median(trial.noticed_at or _LASTS + 1 for trial in trials),
            about="crawls until a fault is noticed; those never noticed count as six",
        ),
        Figure(
            key="health_false_alarms_per_source_year",
            value=round(alarms / years, 3),
            about=f"marks on undisturbed histories of {years:.0f} source-years",
        ),
        Figure(
            key="health_suspicious_runs_per_source_year",
            value=round(doubts / years, 2),
            about="runs of the same that held closing for a day and told nobody",
        ),
        Figure(
            key="false_closings",
            value=sum(trial.closed_wrongly for trial in trials),
            about="postings closed by absence though their board still had them, over all faults",
        ),
        Figure(
            key="false_closings_without_freeze",
            value=sum(trial.closed_without_freeze for trial in trials),
            about="the same without health: failed crawls and empty listings alone freeze",
        ),
        Figure(
            key="health_recovered_share",
            value=round(sum(trial.recovered for trial in trials) / len(trials), 3),
            about="share of faults whose period was over within three crawls of the repair",
        ),
    ]


def _share(trials: Sequence[Trial]) -> float:
    return round(sum(trial.noticed_at == 1 for trial in trials) / max(len(trials), 1), 3)


def _by(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    rows = []
    for name in dict.fromkeys(trial.fault for trial in trials):
        of = [trial for trial in trials if trial.fault == name]
        several = [trial for trial in of if trial.several]
        rows.append(
            {
                "fault": name,
                "trials": len(of),
                "on several adverts": len(several),
                "of these in one crawl": _share(several) if several else None,
                "of all in one crawl": _share(of),
                "never": sum(trial.noticed_at is None for trial in of),
                "false closings": sum(trial.closed_wrongly for trial in of),
                "without freeze": sum(trial.closed_without_freeze for trial in of),
                "recovered": round(sum(trial.recovered for trial in of) / len(of), 2),
            }
        )
    return rows
