"""A fault made again and again while records are published, loaded and stored; what is then there.

The judge knows what was acknowledged: afterwards every identity must be stored once, and roll-ups
equal their rows.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aiokafka.errors import KafkaError

from alerts.progress import BrokerPositions
from benchmarks.faults_table import Row
from benchmarks.latency import quantile
from benchmarks.loading_kills import ROWS, Stream, count_against, wait_for_all
from benchmarks.loading_records import Sent, expected_rows
from benchmarks.stack import wait_until
from benchmarks.warehouse_loading import empty
from config.topics import LOADER_GROUP
from tests.integration.loading_stack import PATIENCE_S, LoadingStack
from warehouse.batch import LOADED_TOPICS

PER_SECOND: Final = 100
POISON_KEY: Final = b"poison-"
"""Keys of messages that are no records begin so."""
_LONGEST_S: Final = 1.0
_LOOK_S: Final = 0.5
_LETTERS: Final = "SELECT count() FROM dead_letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """A fault: `happen` makes it and ends it."""

    fault: str
    happen: Callable[[], None]
    sent: Sequence[Sent]
    """What is published meanwhile, in this order, until the last fault is over."""
    to_the_end: bool = False
    """Publish all of it, however soon that is."""
    per_second: int = PER_SECOND


def endure(stack: LoadingStack, blow: Blow, *, seed: int, runs: int, name: str) -> Row:
    """Load into empty tables while `blow` falls `runs` times; then count by identity."""
    read_all(stack)
    empty(stack)
    dice, waits, under_load = random.Random(seed), list[float | None](), 0
    stack.start_loader()
    with Stream(stack, blow.sent, blow.per_second) as stream:
        for _ in range(runs):
            stack.wait_for(ROWS, 1)
            time.sleep(dice.uniform(0, _LONGEST_S))
            under_load += stream.flows
            waits.append(_recovery(stack, stream, blow.happen))
        sent = blow.sent if blow.to_the_end else stream.cut_off()
    found = _counted(stack, sent)
    took = [wait for wait in waits if wait is not None]
    return Row(
        fault=blow.fault, stack=name, runs=runs, under_load=under_load, **found,
        unrecovered=len(waits) - len(took),
        recovery_p95_s=round(quantile(took, 0.95), 2) if took else float(PATIENCE_S),
    )  # fmt: skip


def _counted(stack: LoadingStack, sent: Sequence[Sent]) -> dict[str, int]:
    """Rows, lost and doubled ones, once everything is stored and every record is read."""
    must = expected_rows([record for record in sent if not record.key.startswith(POISON_KEY)])
    poison = sum(record.key.startswith(POISON_KEY) for record in sent)
    wait_for_all(stack, must)
    letters = stack.wait_for(_LETTERS, len(must["dead_letters"]) + poison)
    wait_until_read(stack)
    stack.stop_loader()
    found = count_against(stack.client(), must)
    told = letters - len(must["dead_letters"])
    return {
        "rows": sum(map(len, must.values())) + poison,
        "lost": found["lost"] + max(0, poison - told),
        "doubled": found["doubled"] - min(told, poison) + found["rollup_differences"],
    }


def wait_until_read(stack: LoadingStack) -> None:
    """Return once no record of the loaded topics waits, repeated ones included.

    What a loader leaves unread, the next would store into the tables of another fault.
    """
    wait_until(lambda: not any(unread(stack).values()), PATIENCE_S, "records are left unread")


def unread(stack: LoadingStack) -> dict[str, int]:
    """Records that wait for the loader, by topic.

    Raises:
        aiokafka.errors.KafkaError: for `PATIENCE_S` no broker could tell.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return asyncio.run(_unread(BrokerPositions(bootstrap=stack.settings.bootstrap_servers)))
        except KafkaError:  # no coordinator of the group yet, or it was just killed
            if time.monotonic() > deadline:
                raise
        time.sleep(_LOOK_S)


async def _unread(positions: BrokerPositions) -> dict[str, int]:
    found = {}
    for topic in LOADED_TOPICS:
        ends, done = await positions.ends(topic), await positions.consumed(LOADER_GROUP, topic)
        found[topic] = sum(max(0, end - done.get(part, 0)) for part, end in ends.items())
    return found


def read_all(stack: LoadingStack) -> None:
    """Let a loader read what a fault before left, where it was given up."""
    if any(unread(stack).values()):
        stack.start_loader()
        wait_until_read(stack)
        stack.stop_loader()


def _recovery(stack: LoadingStack, stream: Stream, happen: Callable[[], None]) -> float | None:
    """Seconds from the fault's begin until, after its end, one more row is stored; `None`: never.

    What was on its way when it began, and is stored in spite of it, does not count.
    """
    begun = time.monotonic()
    happen()
    try:
        if stream.flows:
            stack.wait_for(ROWS, stack.wait_for(ROWS, 0) + 1)
    except TimeoutError:
        return None
    return time.monotonic() - begun
