"""A source answers garbage with status 200, kind after kind, in the running chain.

Each kind lasts until several whole readings met it; then the board is well again. Asked is: is the
source marked, was anything closed that the board still has, is a province told, is it well again?
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.request import urlopen

import redis
from clickhouse_connect.driver.client import Client
from msgspec import json

from benchmarks.faults_chain_judge import settled
from benchmarks.faults_chain_proxy import Garbage, Spoiler
from benchmarks.faults_chain_rounds import RECOVERY_S
from benchmarks.faults_chain_stack import Chain
from benchmarks.faults_table import Row
from benchmarks.latency import quantile
from benchmarks.stack import NotReadyError, wait_until
from scrapers.frontier import Known, Standing
from scrapers.health_records import HealthReason
from warehouse.client import connect
from warehouse.marks import Mark, read_marks

TITLE: Final = "A source that answers garbage"
_MARKED_S: Final = 240.0
_READ_S: Final = 120.0
_MENDED_S: Final = 240.0
"""What takes longer than two minutes counts as not mended."""
_WELL_S: Final = 600.0
_LOOK_S: Final = 0.5
_RUNS: Final = """SELECT countIf(outcome = 'ok'), count() FROM source_runs
  WHERE source_id = {source:String} AND finished_at > {since:DateTime64(3)}"""
_TOLD: Final = """SELECT has(argMax(reasons, finished_at), {reason:String})
  FROM source_health WHERE source_id = {source:String} AND finished_at > {since:DateTime64(3)}"""
_ENCODED: Final = HealthReason.ENCODED_TWICE.value
_WELL_RUNS: Final = 3
"""Sound readings before the first garbage: without a past nothing can be judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """What one kind of garbage did."""

    garbage: str
    readings: int
    """Runs of the crawler that met it."""
    noticed: bool
    """Whether the source was marked; for what is restored, whether its runs tell it."""
    reason: str
    closed_falsely: int
    """Postings that were open before and are on the board still, and not open any more."""
    mended_s: float | None
    """From the board's being well to the end of the mark, or to the first run without it."""

    @property
    def is_handled(self) -> bool:
        """Whether operators knew, and it ended within two minutes of the board's recovery."""
        return self.noticed and self.mended_s is not None and self.mended_s <= RECOVERY_S


def suffer_garbage(made: Chain, spoiler: Spoiler, readings: int) -> tuple[Row, list[Spoilt]]:
    """Every kind of garbage once, each `readings` times read.

    The boards go on at their own pace: a board that doubles in minutes is marked for that.
    """
    before = settled(made)
    with connect(made.stack.settings, readonly=True) as client:
        watch = Watched(made=made, client=client, spoiler=spoiler)
        watch.wait_well()
        found = [watch.spoil(how, readings) for how in Garbage]
    since = settled(made).since(before)
    mended = [one.mended_s for one in found if one.mended_s is not None]
    row = Row(
        fault="a source answers garbage", stack=made.name, runs=len(found),
        under_load=len(found), rows=since.served,
        lost=since.lost + sum(one.closed_falsely for one in found), doubled=since.doubled,
        unrecovered=sum(not one.is_handled for one in found),
        recovery_p95_s=round(quantile(mended, 0.95), 2) if mended else None,
        notices=since.notices, notices_lost=since.notices_lost,
        double_notified=since.double_notified,
    )  # fmt: skip
    return row, found


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One source of a running chain."""

    made: Chain
    client: Client
    spoiler: Spoiler

    @property
    def source_id(self) -> str:
        """The board that is spoilt."""
        return self.spoiler.source_id

    def wait_well(self) -> None:
        """Until several sound readings of the present board are stored."""
        begun = datetime.now(UTC)
        self._until(lambda: self._runs(begun)[0] >= _WELL_RUNS, _WELL_S, "the board is not read")

    def spoil(self, how: Garbage, readings: int) -> Spoilt:
        """Answer garbage for so many readings, then answer well until the trouble has ended."""
        begun, known, held = datetime.now(UTC), self._marks(), self._held()
        self.spoiler.how = how
        enough = 1 if how is Garbage.CAPTCHA else readings
        with suppress(NotReadyError):  # the line tells
            self._until(lambda: bool(self._reasons(how, known, begun)), _MARKED_S, "not noticed")
        with suppress(NotReadyError):
            self._until(lambda: self._runs(begun)[1] >= enough, _READ_S, "not read")
        met, reasons = self._runs(begun)[1], self._reasons(how, known, begun)
        closed = held & self.on_board() - self._held()
        self.spoiler.how = None
        if how is Garbage.CAPTCHA:
            self._resume()
        mended_s = self._mended(how, known)
        closed |= held & self.on_board() - self._held()
        return Spoilt(
            garbage=how, readings=met, noticed=bool(reasons), reason=", ".join(reasons),
            closed_falsely=len(closed), mended_s=mended_s,
        )  # fmt: skip

    def on_board(self) -> frozenset[str]:
        """Identifiers that the board itself lists now."""
        found, number = set[str](), 1
        while more := self._page(number) - found:
            found |= more
            number += 1
        return frozenset(found)

    def _page(self, number: int) -> set[str]:
        address = f"{self.spoiler.board}/search_jobs.php?page={number}"
        with urlopen(address, timeout=20) as page:  # noqa: S310 (loopback)
            return set(re.findall(r"/jobs/([0-9]+)/", page.read().decode()))

    def _held(self) -> frozenset[str]:
        """Identifiers that the crawler takes as open."""
        with redis.Redis.from_url(self.made.stack.settings.redis_url) as client:
            stored = client.hgetall(f"lw:frontier:{self.source_id}:known")
        known = {name.decode(): json.decode(data, type=Known) for name, data in stored.items()}
        return frozenset(name for name, one in known.items() if one.standing is Standing.OPEN)

    def _reasons(self, how: Garbage, known: frozenset[str], since: datetime) -> list[str]:
        """Why the source is in trouble now."""
        if how is Garbage.ENCODING:
            return [_ENCODED] if self._is_told(since) else []
        return [mark.reason for mark in self._open(known)]

    def _is_told(self, since: datetime) -> bool:
        """Whether the newest run after that moment tells of texts encoded twice."""
        asked = {"source": self.source_id, "since": since, "reason": _ENCODED}
        return bool(self.client.query(_TOLD, asked).result_rows[0][0])

    def _mended(self, how: Garbage, known: frozenset[str]) -> float | None:
        begun, well = time.monotonic(), datetime.now(UTC)

        def is_well() -> bool:
            return self._runs(well)[0] > 0 and not self._reasons(how, known, well)

        try:
            self._until(is_well, _MENDED_S, "not mended")
        except NotReadyError:
            return None
        return round(time.monotonic() - begun, 2)

    def _resume(self) -> None:
        """After a challenge the crawler stays away for a day; an operator may end that."""
        subprocess.run(
            [sys.executable, "-m", "labourwatch", "sources", "resume", self.source_id],
            env={"LABOURWATCH_VAR_DIR": str(self.made.stack.var_dir)},
            check=True, capture_output=True,
        )  # fmt: skip

    def _runs(self, since: datetime) -> tuple[int, int]:
        """Sound readings and all readings that ended since then."""
        asked = {"source": self.source_id, "since": since}
        row = self.client.query(_RUNS, asked).result_rows[0]
        return int(row[0]), int(row[1])

    def _marks(self) -> frozenset[str]:
        return frozenset(m.mark_id for m in read_marks(self.client, source_id=self.source_id))

    def _open(self, known: frozenset[str]) -> Sequence[Mark]:
        return [
            mark
            for mark in read_marks(self.client, source_id=self.source_id)
            if mark.mark_id not in known and mark.to_at is None
        ]

    @staticmethod
    def _until(condition: Callable[[], bool], seconds: float, what: str) -> None:
        wait_until(condition, seconds, what, every=_LOOK_S)
