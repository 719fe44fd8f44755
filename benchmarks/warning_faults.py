"""Are faults of collection kept from provinces and told to operators, and shocks still found?

Sources break while the watch runs. Health judges the crawls of a board that breaks in the same
way; periods it marks mask the source's days, as in the service; the monitor judges the rest. An
alert counts as misrouted when provinces are told of a labour change of which they are not told in
the same market without the fault (its twin), or later there, or never as grave.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

import numpy as np

from alerts.calendar import end_of_day, local_day
from alerts.cells import Cell, is_within
from alerts.coverage import Coverage, coverage_from
from alerts.lifecycle import Decision
from alerts.monitor import Monitor
from alerts.operators import VOLUME
from alerts.panel import Panel
from alerts.parameters import load_parameters
from alerts.signal import Classification, Direction
from alerts.source_marks import joining_marks, volume_marks
from alerts.state import Snapshot, freeze, thaw
from benchmarks.fault_tellings import Told, beyond, missing, told_of
from benchmarks.fault_worlds import (
    BREAK,
    DAYS,
    FIRST,
    FOLLOWED_DAYS,
    GOAL,
    MORE,
    NEWCOMER,
    SHOCKS,
    SOURCES,
    Broken,
    Planted,
    Rows,
    Shock,
    market,
)
from benchmarks.report import Figure
from benchmarks.simulated_boards import HEALTHY, Board, copied, make_board, step
from benchmarks.source_notices import figures, tallies
from scrapers.health.history import History
from scrapers.health_records import Verdict

_BOARD_DAYS: Final = 60
_BROKEN_AT: Final = end_of_day(date.fromordinal(BREAK - 1))
_BEFORE: Final = timedelta(microseconds=1)
_WORLDS: Final = {False: 8, True: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fault in one market."""

    name: str
    world: int
    misrouted: int
    """Cells whose province was told of a labour change beyond the twin."""
    missing: int
    """Cells of which only the twin is told."""
    reported: bool
    """Operators knew after the first crawl that met it."""
    reported_ever: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A market up to the day on which something happens, and a board with its history."""

    number: int
    seed: int
    rows: Rows
    before: Snapshot
    told: Told
    """What provinces are told after that day when nothing happens."""
    board: Board
    history: History


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Shares over planted faults, recall of shocks beside them, and a table by kind."""
    trials: list[Trial] = []
    shocks: list[tuple[bool, bool, int]] = []
    markets: list[Rows] = []
    for number in range(_WORLDS[quick]):
        world = make_world(seed, number)
        markets.append(world.rows)
        kinds = (*GOAL, *MORE)
        trials += [attempt(world, planted) for planted in kinds]
        some = SHOCKS[number % 4 :: 4] if quick else SHOCKS
        shocks += [shaken(world, shock) for shock in some]
    found = tallies(markets, coverage(), seed)
    tables = {
        "Faults of collection": _table(trials),
        "Notices of a source's volume by threshold: by chance, and on the first day of a price "
        "change": [tally.row(threshold) for threshold, tally in found.items()],
    }
    return [*_figures(trials, shocks), *figures(found, markets)], {"tables": tables}


def make_world(seed: int, number: int) -> World:
    """A quiet market, watched up to the break and then on."""
    rng = np.random.default_rng([seed, number])
    rows = market(rng)
    panel = Panel(rows, coverage())
    monitor = Monitor(parameters=load_parameters())
    _watch(monitor, panel, FIRST + 1, BREAK - 1)
    before = freeze(monitor, 1)
    board = large_board(seed, number)
    history = History()
    for _ in range(_BOARD_DAYS):
        board.advance()
        history = step(board, history).assessed.history
    return World(
        number=number, seed=seed, rows=rows, before=before,
        told=_after(before, panel)[0], board=board, history=history,
    )  # fmt: skip


def large_board(seed: int, number: int) -> Board:
    """A board of sixty adverts or more: which draw that is, the seed decides."""
    draws = (random.Random(f"{seed}-{number}-{draw}") for draw in count())
    return next(
        board for board in (make_board(number, rng, 600) for rng in draws) if board.size >= 60
    )


def coverage(
    broken: Broken | None = None, masked: frozenset[tuple[str, int]] = frozenset()
) -> Coverage:
    """Daily visits; those that failed or fell into a marked period do not count as observed."""
    out = masked | (broken.failed if broken else frozenset())
    firsts = dict.fromkeys(SOURCES, FIRST) | (broken.visited if broken else {})
    return coverage_from(
        (source, day, (source, day) not in out)
        for source, first in firsts.items()
        for day in range(first, FIRST + DAYS)
    )


def attempt(world: World, planted: Planted) -> Trial:
    """Plant one fault, let health and watch judge it."""
    rng = np.random.default_rng([world.seed, world.number, *planted.name.encode()])
    source = list(SOURCES)[world.number % len(SOURCES)]
    broken = planted.apply(world.rows, source, BREAK + planted.lasts - 1, rng)
    marked = crawls(world, planted)
    masked = frozenset((source, BREAK + n) for n in marked)
    panel = Panel(broken.rows, coverage(broken, masked))
    told, faults = _after(world.before, panel, frozenset({source, NEWCOMER}))
    return Trial(
        name=planted.name, world=world.number, misrouted=len(beyond(told, world.told)),
        missing=len(missing(told, world.told)),
        reported=0 in marked or 0 in faults,
        reported_ever=bool(marked) or bool(faults),
    )  # fmt: skip


def crawls(world: World, planted: Planted) -> frozenset[int]:
    """Days after the break on whose crawl operators see the board as changed or out."""
    board, history = copied(world.board, f"{world.seed}-{planted.name}"), world.history
    found = set()
    for n in range(FOLLOWED_DAYS):
        lasts = n < planted.lasts
        board.growth = planted.growth if lasts else 1.0
        board.advance()
        seen = step(board, history, planted.health if lasts else HEALTHY)
        history = seen.assessed.history
        if seen.assessed.verdict in (Verdict.CHANGED, Verdict.OUTAGE):
            found.add(n)
    return frozenset(found)


def shaken(world: World, shock: Shock) -> tuple[bool, bool, int]:
    """Whether a true shock is told to provinces, and called a fault; notices of whole sources."""
    rng = np.random.default_rng([world.seed, world.number])
    shaken_rows = [row for row in market(rng, shock) if row.day >= BREAK]
    rows = [row for row in world.rows if row.day < BREAK] + shaken_rows
    monitor, _ = thaw(world.before, load_parameters())
    decisions = _watch(monitor, Panel(rows, coverage()), BREAK, BREAK + FOLLOWED_DAYS - 1)
    direction = Direction.UP if shock.factor > 1 else Direction.DOWN
    met = [d for d in decisions if d.alert.direction is direction and _near(d, shock.cell)]
    found = bool(told_of(met))
    blamed = any(
        d.alert.kind is Classification.COLLECTION_FAULT and d.alert.cell == shock.cell for d in met
    )
    marks = volume_marks(monitor.volumes)
    noticed = sum(m.kind == VOLUME and m.opened_at > _BROKEN_AT for m in marks)
    return found, blamed, noticed


def _near(decision: Decision, cell: Cell) -> bool:
    other = decision.alert.cell
    return other == cell or is_within(other, cell)


def _after(
    before: Snapshot, panel: Panel, suspects: frozenset[str] = frozenset()
) -> tuple[Told, frozenset[int]]:
    """What provinces are told after the break, and days on which operators are told of a fault.

    Args:
        before: the watch up to the break.
        panel: what is seen from then on.
        suspects: sources of which a notice is the right one.
    """
    monitor, _ = thaw(before, load_parameters())
    decisions = _watch(monitor, panel, BREAK, BREAK + FOLLOWED_DAYS - 1)
    faults = frozenset(
        d.at.date().toordinal() - BREAK
        for d in decisions
        if d.alert.kind is Classification.COLLECTION_FAULT
    )
    return told_of(decisions), faults | _noticed(monitor, panel, suspects)


def _noticed(monitor: Monitor, panel: Panel, suspects: frozenset[str]) -> frozenset[int]:
    """Days after the break on which operators are told of a suspect's volume, or that it is new."""
    marks = (*volume_marks(monitor.volumes), *joining_marks(panel.coverage))
    told = [mark for mark in marks if mark.source_id in suspects]
    days = (local_day(mark.opened_at - _BEFORE).toordinal() - BREAK for mark in told)
    return frozenset(day for day in days if day >= 0)


def _watch(monitor: Monitor, panel: Panel, first: int, last: int) -> list[Decision]:
    decisions: list[Decision] = []
    for day in range(first, last + 1):
        decided, _ = monitor.feed(day, panel, end_of_day(date.fromordinal(day)))
        decisions += decided
    return decisions


def _figures(trials: list[Trial], shocks: list[tuple[bool, bool, int]]) -> list[Figure]:
    names = {planted.name for planted in GOAL}
    asked = [trial for trial in trials if trial.name in names]
    found, blamed, noticed = (sum(each) / len(shocks) for each in zip(*shocks, strict=True))
    about = f"of {len(asked)} planted outages, new portals, price changes and duplicate floods"
    return [
        Figure(key="faults_misrouted_share", goal="≤ 0.02",
               value=sum(trial.misrouted > 0 for trial in asked) / len(asked),
               about=f"{about}: provinces were told of a labour change of which the same market "
               "without the fault tells nothing, or later, or never as grave"),
        Figure(key="faults_untold_share", goal="",
               value=sum(trial.missing > 0 for trial in asked) / len(asked),
               about="of the same: an alarm that the same market gives by chance without the fault "
               "was not given"),
        Figure(key="faults_reported_share", goal="≥ 0.95",
               value=sum(trial.reported for trial in asked) / len(asked),
               about=f"{about}: operators knew after the first crawl"),
        Figure(key="faults_reported_ever_share", goal="",
               value=sum(trial.reported_ever for trial in asked) / len(asked),
               about=f"{about}: operators knew within six weeks"),
        Figure(key="faults_more_misrouted_share",
               value=_share([t for t in trials if t.name not in names]),
               about="the same of halved listings and categories, wrong provinces, slow sources, "
               "two sources out at once"),
        Figure(key="shocks_found_share", value=found,
               about=f"of {len(shocks)} true shocks in the same markets: told to provinces within "
               "six weeks"),
        Figure(key="shocks_blamed_share", value=blamed,
               about="of the same: called a fault of collection at some time"),
        Figure(key="source_notices_beside_shocks_per_year", goal="",
               value=noticed / (len(SOURCES) * FOLLOWED_DAYS) * 365.25,
               about="notices to operators, per source and year, that a source alone shows fewer "
               "or more, in the six weeks from a true shock on"),
    ]  # fmt: skip


def _share(trials: list[Trial]) -> float:
    return sum(trial.misrouted > 0 for trial in trials) / max(len(trials), 1)


def _table(trials: list[Trial]) -> list[dict[str, Any]]:
    return [
        {
            "kind": planted.name,
            "planted": len(same),
            "misrouted": sum(trial.misrouted > 0 for trial in same),
            "told at the first crawl": sum(trial.reported for trial in same),
            "told within six weeks": sum(trial.reported_ever for trial in same),
        }
        for planted in (*GOAL, *MORE)
        for same in [[trial for trial in trials if trial.name == planted.name]]
    ]
