"""A fault made again and again while records are published, loaded and stored; what is then there.

The judge knows what was acknowledged: afterwards every identity must be stored once, and roll-ups
equal their rows.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.faults_table import Row
from benchmarks.latency import quantile
from benchmarks.loading_kills import ROWS, Stream, count_against, wait_for_all
from benchmarks.loading_records import Sent, expected_rows
from benchmarks.warehouse_loading import empty
from tests.integration.loading_stack import PATIENCE_S, LoadingStack

PER_SECOND: Final = 100
POISON_KEY: Final = b"poison-"
"""Keys of messages that are no records begin so."""
_LONGEST_S: Final = 1.0
_LETTERS: Final = "SELECT count() FROM dead_letters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """A fault: `happen` makes it and ends it."""

    fault: str
    happen: Callable[[], None]
    sent: Sequence[Sent]
    """What is published meanwhile, in this order."""
    poison: int = 0
    """Of these, messages that are no records and must each become a dead letter."""
    per_second: int = PER_SECOND


def endure(stack: LoadingStack, blow: Blow, *, seed: int, runs: int, name: str) -> Row:
    """Load into empty tables while `blow` falls `runs` times; then count by identity."""
    empty(stack)
    must = expected_rows([record for record in blow.sent if not record.key.startswith(POISON_KEY)])
    dice, waits, under_load = random.Random(seed), list[float | None](), 0
    stack.start_loader()
    with Stream(stack, blow.sent, blow.per_second) as stream:
        for _ in range(runs):
            stack.wait_for(ROWS, 1)
            time.sleep(dice.uniform(0, _LONGEST_S))
            under_load += stream.flows
            waits.append(_recovery(stack, stream, blow.happen))
    wait_for_all(stack, must)
    letters = stack.wait_for(_LETTERS, len(must["dead_letters"]) + blow.poison)
    stack.stop_loader()
    found = count_against(stack.client(), must)
    told = letters - len(must["dead_letters"])
    took = [wait for wait in waits if wait is not None]
    return Row(
        fault=blow.fault, stack=name, runs=runs, under_load=under_load,
        rows=sum(map(len, must.values())) + blow.poison,
        lost=found["lost"] + max(0, blow.poison - told),
        doubled=found["doubled"] - min(told, blow.poison) + found["rollup_differences"],
        unrecovered=len(waits) - len(took),
        recovery_p95_s=round(quantile(took, 0.95), 2) if took else float(PATIENCE_S),
    )  # fmt: skip


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
