"""All postings of a market in compact columns, and the questions boards ask of them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labourwatch.demo.adverts import Row
from labourwatch.demo.calendar import start_of
from labourwatch.demo.events import EventKind
from labourwatch.demo.postings import BOARD_SHARE, PORTAL, Postings, concatenate, postings
from labourwatch.demo.vacancies import Births, Scenario, births

ARCHIVE_LAG: Final = 3
"""The archive ends this many days before the anchor."""
_MORNING: Final = 6 * 3600
_WORKING: Final = 55_800
_REMOVED_AT: Final = 2 * 3600


class Store:
    """Postings of all vacancies born so far, ordered by key, with their times in epoch seconds."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.anchor_day = scenario.history_days - 1
        self._births: dict[int, Births] = {}
        self._zero = int(start_of(scenario.first_day).timestamp())
        days = [self.born_on(day) for day in range(self.anchor_day)]
        self._table = concatenate([postings(scenario, born) for born in days])
        self._posted_at = self._day_start(self._table.posted) + time_of_day(self._table.key)
        self._ended_at = self._day_start(self._table.ended) + _REMOVED_AT

    def born_on(self, day: int) -> Births:
        """Vacancies born on a day."""
        found = self._births.get(day)
        if found is None:
            found = self._births[day] = births(self.scenario, day)
        return found

    def add(self, rows: Postings, posted_at: NDArray[np.int64]) -> None:
        """Postings that exist from now on, with the times at which they appear."""
        order = np.argsort(np.concatenate([self._table.key, rows.key]), kind="stable")
        ended_at = np.maximum(self._day_start(rows.ended) + _REMOVED_AT, posted_at + 3600)
        self._table = concatenate([self._table, rows]).select(order)
        self._posted_at = np.concatenate([self._posted_at, posted_at])[order]
        self._ended_at = np.concatenate([self._ended_at, ended_at])[order]

    def natural_times(self, rows: Postings) -> NDArray[np.int64]:
        """Epoch seconds at which postings of a live day would appear by themselves."""
        return self._day_start(rows.posted) + time_of_day(rows.key)

    def _day_start(self, days: NDArray[np.int16]) -> NDArray[np.int64]:
        return self._zero + days.astype(np.int64) * 86_400

    def __len__(self) -> int:
        return len(self._table)

    @property
    def table(self) -> Postings:
        """The columns, ordered by key."""
        return self._table

    @property
    def posted_at(self) -> NDArray[np.int64]:
        """Epoch seconds at which each posting appears."""
        return self._posted_at

    @property
    def ended_at(self) -> NDArray[np.int64]:
        """Epoch seconds at which each posting leaves its board."""
        return self._ended_at

    def row(self, index: int) -> Row:
        """One posting's numbers."""
        t = self._table
        return Row(
            key=int(t.key[index]), board=int(t.board[index]), posted_at=int(self._posted_at[index]),
            ended_at=int(self._ended_at[index]), closing=int(t.closing[index]),
            copy=int(t.copy[index]), defect=int(t.defect[index]),
        )  # fmt: skip

    def find(self, board: int, key: int) -> int:
        """Index of a posting on a board; -1 where there is none."""
        index = int(np.searchsorted(self._table.key, key))
        if index >= len(self._table) or self._table.key[index] != key:
            return -1
        return index if self._table.board[index] == board else -1

    def is_open(self, index: int, now: datetime) -> bool:
        """Whether a posting is on its board at `now`."""
        moment = now.timestamp()
        return bool(self._posted_at[index] <= moment < self._ended_at[index])

    def open_at(self, board: int, now: datetime) -> NDArray[np.intp]:
        """Indices of a board's postings open at `now`, newest first."""
        moment = int(now.timestamp())
        found = np.flatnonzero(
            (self._table.board == board) & (self._posted_at <= moment) & (self._ended_at > moment)
        )
        return found[np.argsort(-self._posted_at[found], kind="stable")]

    # --- archive ---

    def opening_day(self, board: int) -> int:
        """First day of a board's archive."""
        return max(0, self.scenario.portal_day) if board == PORTAL else 0

    def archive_days(self, board: int) -> range:
        """Days of a board's archive, those of an outage included."""
        return range(self.opening_day(board), self.anchor_day - ARCHIVE_LAG + 1)

    def is_out(self, board: int, day: int) -> bool:
        """Whether the board was out of order on `day`."""
        return any(
            e.kind is EventKind.OUTAGE and board in e.boards and e.start <= day <= e.end
            for e in self.scenario.events
        )

    def listed_on(self, board: int, day: int) -> NDArray[np.intp]:
        """Indices of postings on a board in the evening of an archived day."""
        t = self._table
        return np.flatnonzero((t.board == board) & (t.posted <= day) & (t.ended > day))

    def new_on(self, board: int, day: int) -> NDArray[np.intp]:
        """Indices of postings that a visitor of every working day first sees on `day`."""
        listed = self.listed_on(board, day)
        before = day - 1
        while before >= self.opening_day(board) and self.is_out(board, before):
            before -= 1
        if before < self.opening_day(board):
            return listed
        return listed[self._table.posted[listed] > before]

    def ever_visible(self, now: datetime, anchor_at: datetime) -> NDArray[np.bool_]:
        """Which postings a visitor could have seen: archived, or on pages since the anchor."""
        t = self._table
        visible = (self._posted_at <= int(now.timestamp())) & (
            self._ended_at > int(anchor_at.timestamp())
        )
        for board in range(len(BOARD_SHARE)):
            days = self.archive_days(board)
            seen_first = np.full(self.anchor_day + 200, 30_000, dtype=np.int32)
            for day in reversed(range(days.stop)):
                working = day in days and not self.is_out(board, day)
                seen_first[day] = day if working else seen_first[day + 1]
            rows = np.flatnonzero((t.board == board) & (t.posted < days.stop))
            visible[rows] |= seen_first[t.posted[rows]] < t.ended[rows]
        return visible


def time_of_day(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """Seconds after midnight at which a posting appears: 06:00 to 21:30, fixed by its key."""
    return np.asarray(_MORNING + ((key * 2_654_435_761) >> 7) % _WORKING)
