"""A stack under load is backed up, lost and restored: what came back, and how long it took.

The boards and the mailbox are the world outside: they live through the loss as they are. Everything
else is killed by SIGKILL at once and removed. What is restored must read as it read before, come to
exact counts by itself, and tell nobody twice what was told before the backup.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clickhouse_connect.driver.exceptions import Error

from benchmarks.faults_restore_releases import publish_releases, verified_releases
from benchmarks.kills import lose
from benchmarks.report import Figure
from benchmarks.spine import settled_sums, wait_filled
from benchmarks.stack import Stack, running, wait_until
from benchmarks.sums import Sums
from labourwatch.backup.folder import opened
from labourwatch.backup.records import Head
from labourwatch.backup.restoring import verify
from labourwatch.health import is_healthy
from labourwatch.parts import part_named, parts_of
from warehouse.client import connect, fetch

_OUTSIDE: Final = ("mail", "demo")
Read = dict[str, tuple[int, int, tuple[str, ...]]]
"""Table → rows, digest, batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """History of the stack, and how often it is backed up while it loads."""

    days: int
    daily: float
    before_s: float
    """Of load before the first backup."""
    interval_s: float
    backups: int
    publishes: bool = False
    """Whether releases are published before the backups: what they are of must be a minute old."""
    without: tuple[str, ...] = ()
    """Parts that are not started."""


FULL: Final = Size(days=240, daily=60.0, before_s=30.0, interval_s=30.0, backups=4, publishes=True)
QUICK: Final = Size(
    days=60, daily=1.0, before_s=1.0, interval_s=1.0, backups=1, without=("dashboard",)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """One loss and what followed. Times in seconds."""

    heads: tuple[Head, ...]
    backup_s: tuple[float, ...]
    """Of each backup, from the command until it exists."""
    verify_s: float
    rpo_s: float
    """From the moment for which the last backup stands to the loss."""
    files_s: float
    """From the restore command until the state directory is back."""
    rto_s: float
    """From the restore command until every part does its work again."""
    caught_up_s: float
    """And until nothing waits and all that is over has been judged."""
    tables: int
    """Loaded tables, compared in all batches that were stored before the last backup began."""
    rows: int
    """Rows in these batches."""
    differing: tuple[str, ...]
    releases: int
    """Releases published before the last backup began."""
    releases_differing: int
    """Of these, gone, or not the same when computed again from what was restored."""
    sums: Sums
    told: int
    """Messages in the mailbox."""
    told_twice: int
    """Messages of before the backup that came again."""
    told_again: int
    """Messages of between backup and loss that came again, under the same Message-ID."""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures of the drill."""
    place = Path(tempfile.mkdtemp(prefix="labourwatch-restore-"))
    try:
        found = drill(size := QUICK if quick else FULL, place, seed)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    every = " but ".join(("every part", *size.without))
    pauses = [head.paused_s for head in found.heads]
    last = found.heads[-1]
    figures = [
        Figure(key="rpo_s", value=round(found.rpo_s, 1),
               about="age of the restored state at the moment of the loss, which comes at random "
               f"after the last of {len(found.heads)} backups under load"),
        Figure(key="rto_s", value=round(found.rto_s, 1),
               about=f"restore command until {every} does its work again"),
        Figure(key="restore_caught_up_s", value=round(found.caught_up_s, 1),
               about="and until nothing waits and every day that is over is judged"),
        Figure(key="restore_lost", value=found.sums.lost, goal="0",
               about="postings served, but neither stored nor linked nor refused afterwards"),
        Figure(key="restore_doubled", value=found.sums.doubled, goal="0",
               about="records, events or roll-up counts too many afterwards"),
        Figure(key="restore_tables_differing", value=len(found.differing), goal="0",
               about=f"of {found.tables} tables, those whose {found.rows} rows of before the "
               "backup are not the same, byte by byte"),
        Figure(key="restore_releases_differing", value=found.releases_differing, goal="0",
               about=f"of {found.releases} releases published before the backup, those that "
               "cannot be given again byte by byte, stored and computed anew"),
        Figure(key="restore_told_twice", value=found.told_twice, goal="0",
               about="messages of before the backup that were sent again"),
        Figure(key="restore_told_again", value=found.told_again,
               about="messages of between backup and loss that were sent again, under the same "
               "Message-ID"),
        Figure(key="backup_pause_s", value=max(pauses),
               about="longest time for which the parts stood still for a backup"),
        Figure(key="backup_s", value=round(max(found.backup_s), 1),
               about="longest backup, from the command until it exists"),
        Figure(key="backup_verify_s", value=round(found.verify_s, 1),
               about=f"reading the last backup whole ({last.size / 2**20:.0f} MiB)"),
    ]  # fmt: skip
    more = {
        "restore_sums": {"served": found.sums.served, "stored": found.sums.stored,
                         "balanced": found.sums.balanced},
        "differing": list(found.differing),
        "told": found.told,
        "backups_mib_stored": [round(head.stored / 2**20, 2) for head in found.heads],
        "pauses_s": pauses,
    }  # fmt: skip
    return figures, more


def drill(size: Size, place: Path, seed: int) -> Drill:
    """Load, back up, lose, restore, and look.

    Raises:
        benchmarks.stack.NotReadyError: the stack did not load, or did not come back.
    """
    chance = random.Random(seed)
    var, again, folder = place / "var", place / "again", place / "backups"
    environment = {
        "LABOURWATCH_SEED": str(seed),
        "LABOURWATCH_DEMO_DAYS": str(size.days),
        "LABOURWATCH_DEMO_DAILY": str(size.daily),
    }
    backup_s: list[float] = []
    with running(var, environment, size.without) as stack:
        wait_until(lambda: _is_loading(stack), 300, "nothing is loaded")
        time.sleep(size.before_s)
        if size.publishes:
            publish_releases(stack)
        for _ in range(size.backups):
            published = verified_releases(stack)
            before = settled_batches(stack)
            backup_s.append(_command("backup", var, folder))
            time.sleep(size.interval_s * chance.random())
        with opened(folder, None) as backups:
            heads = tuple(backups.heads())
            begun = time.monotonic()
            verify(backups, heads[-1])
            verify_s = time.monotonic() - begun
        lost_at = lose(stack)
    told = _told(var / "mail")
    begun = time.monotonic()
    files_s = _command("restore", again, folder)
    for name in _OUTSIDE:
        shutil.rmtree(again / name, ignore_errors=True)
        if (var / name).exists():
            shutil.move(var / name, again / name)
    shutil.rmtree(var)
    with running(again, environment, size.without) as stack:
        wait_until(
            lambda: _all_healthy(stack, size.without), 300, "the restored stack is not healthy"
        )
        rto_s = time.monotonic() - begun
        after = read_batches(stack, {table: row[2] for table, row in before.items()})
        wait_filled(stack)
        caught_up_s = time.monotonic() - begun
        sums = settled_sums(stack)
        still_published = verified_releases(stack)
        lose(stack)  # all is measured: what is thrown away needs no time to stop well
    told_again = {
        name for name, came in _told(again / "mail").items() if came > told.get(name, came)
    }
    made_at = heads[-1].made_at.timestamp()
    return Drill(
        heads=heads,
        backup_s=tuple(backup_s),
        verify_s=verify_s,
        rpo_s=(lost_at - heads[-1].made_at).total_seconds(),
        files_s=files_s,
        rto_s=rto_s,
        caught_up_s=caught_up_s,
        tables=len(before),
        differing=tuple(sorted(name for name in before if before[name] != after.get(name))),
        rows=sum(row[0] for row in before.values()),
        releases=len(published),
        releases_differing=sum(not still_published.get(digest, False) for digest in published),
        sums=sums,
        told=len(told),
        told_twice=sum(told[name] < made_at for name in told_again),
        told_again=sum(told[name] >= made_at for name in told_again),
    )


def _command(name: str, var: Path, folder: Path) -> float:
    """Seconds that a command took, run as a person runs it."""
    begun = time.monotonic()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LABOURWATCH_")}
    subprocess.run(
        [sys.executable, "-m", "labourwatch", name, "--folder", str(folder)],
        env={**environment, "LABOURWATCH_VAR_DIR": str(var)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.monotonic() - begun


def read_batches(stack: Stack, batches: Mapping[str, Sequence[str]] | None = None) -> Read:
    """Rows and digest of every loaded table: of all its batches now, or only of `batches`."""
    found: Read = {}
    with connect(stack.settings) as client:
        tables = fetch(
            client,
            "SELECT table FROM system.columns JOIN system.tables USING (database, table)"
            " WHERE database = currentDatabase() AND columns.name = 'batch'"
            " AND engine LIKE '%MergeTree' ORDER BY table",
        )
        for (table,) in tables:
            known = None if batches is None else list(batches.get(table, ()))
            bound = "" if known is None else " WHERE batch IN {known:Array(String)}"
            row = fetch(
                client,
                "SELECT count(), groupBitXor(cityHash64(tuple(*))), groupUniqArray(batch)"
                f" FROM {table}{bound}",
                known=known,
            )[0]
            found[table] = (int(row[0]), int(row[1]), tuple(sorted(row[2])))
    return found


def settled_batches(stack: Stack) -> Read:
    """Rows and digest of the batches that are stored whole: one that is being stored is seen month
    by month, so the same batches are read until they read the same twice."""
    seen = read_batches(stack)
    while True:
        time.sleep(2)
        again = read_batches(stack, {table: row[2] for table, row in seen.items()})
        if again == seen:
            return seen
        seen = again


def _is_loading(stack: Stack) -> bool:
    if not is_healthy(stack.settings, part_named("warehouse")):
        return False
    try:
        with connect(stack.settings, readonly=True) as client:
            return int(fetch(client, "SELECT count() FROM postings")[0][0]) > 0
    except Error:  # it is still starting, or migrating
        return False


def _all_healthy(stack: Stack, without: Sequence[str]) -> bool:
    started = (part for part in parts_of(demonstration=True) if part.name not in without)
    return all(is_healthy(stack.settings, part) for part in started)


def _told(mailbox: Path) -> dict[str, float]:
    """When each message came last, in seconds since the epoch; a file is named by Message-ID."""
    return {path.name: path.stat().st_mtime for path in mailbox.glob("*.eml")}
