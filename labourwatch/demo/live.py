"""From the anchor on: when the vacancies of the present day appear, and those added by hand.

The number of vacancies of a live day is the simulated one; only their moments are chosen, so that
a demonstration is lively without looking like a boom. After a start they come every `pace_s`
seconds for a while, then spread over what is left of the day. Everything released is appended to
a log before it is shown, so that a killed process forgets nothing.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from labourwatch.demo.calendar import civil_day, start_of
from labourwatch.demo.postings import Postings, pack, postings
from labourwatch.demo.store import Store
from labourwatch.demo.vacancies import MAX_BIRTHS

BURST: Final = 120
"""So many vacancies come at `pace_s` after a start."""
ADDED_DAYS: Final = 30
MOST_BEFORE_ANCHOR: Final = 0.35
"""At most this share of the anchor day's vacancies has appeared before the anchor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """A vacancy added by hand: what was asked for. Empty text fields are simulated."""

    key: int
    board: int
    posted_at: int
    title: str
    employer: str = ""
    place: str = ""
    description: str = ""
    salary: str = ""
    province: int = 0
    occupation: int = 0
    language: int = 1


@dataclass(slots=True)
class Release:
    """Vacancies `first` to `last` (exclusive) of a day, at these epoch seconds."""

    day: int
    first: int
    at: list[int] = field(default_factory=list)


class LiveLog:
    """Append-only JSON lines of everything released or added since the anchor."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._cut_torn_line()
        self._file = path.open("ab", buffering=0)

    def _cut_torn_line(self) -> None:
        """A line without its end was never acknowledged: it is cut off."""
        if not self._path.exists():
            return
        content = self._path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            os.truncate(self._path, whole)

    def read(self) -> list[dict[str, Any]]:
        """Every entry, in order."""
        lines = self._path.read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def append(self, kind: str, entry: Release | Added) -> None:
        """Write one entry; it has left this process when the call returns."""
        line = json.dumps({"kind": kind, **asdict(entry)}, ensure_ascii=False)
        self._file.write(line.encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Live:
    """The market's present: releases what is due and takes vacancies added by hand."""

    def __init__(self, store: Store, log: LiveLog, anchor_at: datetime) -> None:
        self.store = store
        self.anchor_at = anchor_at
        self.added: dict[int, Added] = {}
        self._log = log
        self._released: dict[int, int] = {}
        self._of_day: dict[int, int] = {}
        self._restore(log.read())

    def _restore(self, entries: list[dict[str, Any]]) -> None:
        by_day: dict[int, Release] = {}
        for entry in entries:
            kind = entry.pop("kind")
            if kind == "added":
                self._show_added(Added(**entry))
            else:
                release = by_day.setdefault(entry["day"], Release(day=entry["day"], first=0))
                release.at.extend(entry["at"])
        for release in by_day.values():
            self._show(release)

    def close(self) -> None:
        """Close the log."""
        self._log.close()

    def remaining(self, now: datetime) -> int:
        """Vacancies of the present day still to come; 0 where the clock is before the anchor."""
        day = self._today(now)
        if day < self.store.anchor_day:
            return 0
        return len(self.store.born_on(day)) - self._released.get(day, 0)

    def catch_up(self, now: datetime) -> int:
        """Release what appeared while nobody served: all of past days, a part of today's."""
        count = 0
        today = self._today(now)
        for day in range(self.store.anchor_day, today + 1):
            total = len(self.store.born_on(day))
            share = 1.0 if day < today else self._share_by_now(now, day)
            due = int(total * share) - self._released.get(day, 0)
            if due > 0:
                self._release(day, due, now)
                count += due
        return count

    def release_next(self, now: datetime) -> bool:
        """Let today's next vacancy appear at `now`; False where the day has no more."""
        if self.remaining(now) <= 0:
            return False
        day, moment = self._today(now), int(now.timestamp())
        entry = Release(day=day, first=self._released.get(day, 0), at=[moment])
        self._log.append("released", entry)
        self._show(entry)
        return True

    def wait_s(self, now: datetime, released_since_start: int, pace_s: float) -> float:
        """Seconds until the next vacancy of the present day."""
        if released_since_start < BURST and self.remaining(now) > 0:
            return pace_s
        left = (start_of(civil_day(now) + timedelta(days=1)) - now).total_seconds()
        return max(pace_s, left / (self.remaining(now) + 1))

    def add(self, now: datetime, wanted: Added) -> Added:
        """Add a vacancy by hand; it is logged, then on its board at once."""
        day = self._today(now)
        index = MAX_BIRTHS + self._of_day.get(day, 0)
        entry = Added(
            **{
                **asdict(wanted),
                "key": pack(day, index, 0),
                "posted_at": int(now.timestamp()),
            }
        )
        self._log.append("added", entry)
        self._show_added(entry)
        return entry

    def _today(self, now: datetime) -> int:
        return self.store.scenario.day_of(civil_day(now))

    def _share_by_now(self, now: datetime, day: int) -> float:
        elapsed = (now - start_of(civil_day(now))).total_seconds() / 86_400
        return min(elapsed, MOST_BEFORE_ANCHOR) if day == self.store.anchor_day else elapsed * 0.5

    def _release(self, day: int, count: int, now: datetime) -> None:
        """Release vacancies at plausible past moments of their day."""
        first = self._released.get(day, 0)
        start = int(start_of(self.store.scenario.date_of(day)).timestamp())
        end = min(int(now.timestamp()), start + 77_400)
        begin = min(start + 21_600, end - 1)
        step = (end - begin) / (count + 1)
        entry = Release(
            day=day, first=first, at=[int(begin + step * (k + 1)) for k in range(count)]
        )
        self._log.append("released", entry)
        self._show(entry)

    def _show(self, release: Release) -> None:
        born = self.store.born_on(release.day)
        rows = postings(self.store.scenario, born)
        index = (rows.key >> 4) & 0xFFF
        last = release.first + len(release.at)
        rows = rows.select((index >= release.first) & (index < last))
        released_at = np.array(release.at, dtype=np.int64)[
            ((rows.key >> 4) & 0xFFF) - release.first
        ]
        natural = self.store.natural_times(rows)
        first = (rows.key & 0xF) == 0
        posted_at = np.where(first, released_at, np.maximum(natural, released_at + 60))
        self.store.add(rows, posted_at)
        self._released[release.day] = max(last, self._released.get(release.day, 0))

    def _show_added(self, added: Added) -> None:
        day = added.key >> 16
        self.added[added.key] = added
        self._of_day[day] = self._of_day.get(day, 0) + 1
        row = Postings(
            key=np.array([added.key], dtype=np.int64),
            board=np.array([added.board], dtype=np.int8),
            posted=np.array([day], dtype=np.int16),
            ended=np.array([day + ADDED_DAYS], dtype=np.int16),
            closing=np.array([day + ADDED_DAYS - 1], dtype=np.int16),
            copy=np.zeros(1, dtype=np.int8),
            defect=np.zeros(1, dtype=np.int8),
        )
        self.store.add(row, np.array([added.posted_at], dtype=np.int64))
