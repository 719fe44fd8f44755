"""Faults of the whole chain, from a board's page to an officer's mail, as real processes.

Parts are ended by kill -9 at random moments while vacancies appear, one after another and at last
all together in random order; the supervisor of the product brings them back. The judges are the
boards' own truth and a mail server that counts. The alert process is killed once more where days
of a prepared market pass, so that it decides and tells meanwhile, and beside it stands the judge
of two schedulers that die at every step (`benchmarks.warning --part engine`). That judge is all
that `--quick` asks: the chain takes minutes.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from benchmarks.faults_chain_alerts import suffer_days
from benchmarks.faults_chain_engine import engine_row
from benchmarks.faults_chain_flush import FLUSHED, flush, reopened
from benchmarks.faults_chain_garbage import TITLE as GARBAGE
from benchmarks.faults_chain_garbage import Spoilt, suffer_garbage
from benchmarks.faults_chain_judge import NOTHING, Findings, settled
from benchmarks.faults_chain_load import Feed, passing_days
from benchmarks.faults_chain_rounds import Wait, go_round
from benchmarks.faults_chain_stack import Chain, chain
from benchmarks.faults_table import TITLE, Row, of_rows
from benchmarks.latency import quantile
from benchmarks.report import Figure
from benchmarks.stack import wait_until
from tests.fixtures_kafka import kafka_version

_BACKFILL_S: Final = 1_800.0
_PER_SECOND: Final = 0.4
"""So that vacancies last for twenty rounds of two minutes each."""
_APART_S: Final = 5.0
"""Between the kills of a round, on average."""
_TOGETHER_S: Final = 3.0
_WHOLE: Final = "kill -9 of everything in random order"
_CALLED: Final = {
    "alert": "the alert process", "stream": "the stream worker", "crawl": "the crawler",
    "redis": "Redis", "dashboard": "the dashboard", "load": "the loader", "broker": "the broker",
    "warehouse": "the warehouse",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How often what is done, and the history that is read meanwhile."""

    rounds: int = 20
    """In each of which every one of `killed` is killed once."""
    orders: int = 5
    """Of killing everything, broker and warehouse too."""
    flushes: int = 20
    """Of Redis."""
    days: int = 60
    daily: float = 4.0
    garbage_readings: int = 4
    """Of each kind of garbage; 0: none."""
    killed: tuple[str, ...] = ("alert", "stream", "crawl", "redis", "dashboard", "load")


ALERT_KILLS: Final = 20
EMBEDDED: Final = Size()
KAFKA: Final = Size(garbage_readings=0)


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Every fault on the embedded stack, and on Kafka where its jars are."""
    table, spoilt = [engine_row(seed, quick)], list[Spoilt]()
    for kafka in () if quick else (False, True) if kafka_version() else (False,):
        table.append(suffer_days(seed, ALERT_KILLS, kafka=kafka))
        rows, met = live_through(seed + kafka, KAFKA if kafka else EMBEDDED, kafka=kafka)
        table += rows
        spoilt += met
    tables = {TITLE: [asdict(row) for row in table], GARBAGE: [asdict(one) for one in spoilt]}
    return of_rows(table), {"tables": tables}


@dataclass(slots=True, kw_only=True)
class Session:
    """One chain and what was found on it so far."""

    chain: Chain
    dice: random.Random
    before: Findings = NOTHING

    def judge(self) -> Findings:
        """What came to be wrong since the last judgement, once the history is read."""
        stack = self.chain.stack
        wait_until(lambda: stack.progress().phase == "live", _BACKFILL_S, "history is not read")
        before, self.before = self.before, settled(self.chain)
        return self.before.since(before)


def live_through(seed: int, size: Size, *, kafka: bool) -> tuple[list[Row], list[Spoilt]]:
    """One chain from its first start on: rounds of kills, then a source that tells garbage."""
    with (
        tempfile.TemporaryDirectory() as place,
        chain(
            Path(place), seed=seed, days=size.days, daily=size.daily, kafka=kafka
        ) as made,
        passing_days(made),
    ):  # fmt: skip
        session = Session(chain=made, dice=random.Random(seed))
        table = kill_parts(session, size)
        if size.orders:
            table.append(kill_all(session, size))
        if size.flushes:
            table.append(flush_redis(session, size))
        if not size.garbage_readings or made.spoiler is None:
            return table, []
        row, met = suffer_garbage(made, made.spoiler, size.garbage_readings)
        return [*table, row], met


def kill_parts(session: Session, size: Size) -> list[Row]:
    """Rounds of kills under load, then the judgement: a line for each part.

    Recoveries may overlap, so what is lost or stored twice is counted in every line.
    """
    waits = _rounds(session, size.rounds, size.killed, _APART_S * len(size.killed))
    found = session.judge()
    return [
        _row(f"kill -9 of {_CALLED[name]}", session.chain,
             [wait for round_ in waits for wait in round_ if wait.part == name], found)
        for name in size.killed
    ]  # fmt: skip


def kill_all(session: Session, size: Size) -> Row:
    """Everything is killed within seconds, in another order each time; the boards go on."""
    names = [part.name for part in session.chain.parts if part.name != "boards"]
    waits = _rounds(session, size.orders, names, _TOGETHER_S)
    hurt = [_longest(round_) for round_ in waits]
    return _row(_WHOLE, session.chain, hurt, session.judge())


def flush_redis(session: Session, size: Size) -> Row:
    """Redis loses everything again and again; vacancies that count twice are doubled, too."""
    made, before = session.chain, reopened(session.chain)
    with Feed(made, session.dice.getrandbits(32), _PER_SECOND) as feed:
        waits = [flush(made, feed) for _ in range(size.flushes)]
    row = _row(FLUSHED, made, waits, session.judge())
    return replace(row, doubled=row.doubled + reopened(made) - before)


def _rounds(
    session: Session, rounds: int, names: Sequence[str], spread_s: float
) -> list[list[Wait]]:
    made, dice = session.chain, session.dice
    with Feed(made, dice.getrandbits(32), _PER_SECOND) as feed:
        return [go_round(made, dice, feed, names, spread_s) for _ in range(rounds)]


def _longest(round_: list[Wait]) -> Wait:
    """Of a round as one fault: until the last part had recovered."""
    ends = [wait.seconds for wait in round_]
    known = [end for end in ends if end is not None]
    return Wait(
        part="", under_load=all(wait.under_load for wait in round_),
        seconds=max(known) if len(known) == len(ends) else None,
    )  # fmt: skip


def _row(fault: str, made: Chain, waits: list[Wait], found: Findings) -> Row:
    took = [wait.seconds for wait in waits if wait.seconds is not None]
    recovered = sum(wait.is_recovered for wait in waits)
    return Row(
        fault=fault, stack=made.name, runs=len(waits),
        under_load=sum(wait.under_load for wait in waits), rows=found.served, lost=found.lost,
        doubled=found.doubled, unrecovered=len(waits) - recovered, late=len(took) - recovered,
        recovery_p95_s=round(quantile(took, 0.95), 2) if took else None,
        notices=found.notices, notices_lost=found.notices_lost,
        double_notified=found.double_notified,
    )  # fmt: skip
