"""Malformed inputs: every reader given what no reader wants, and how each input ended.

Hand-made inputs and seeded mutations of good ones go through the functions that the crawler, the
drops, `ingest`, the push interface and the source files use. An input is handled if it ends as
taken or as refused with a reason, within the limits of time and memory.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.malformed.hand_made import hand_made
from benchmarks.malformed.mutations import mutated
from benchmarks.malformed.readers import end_of
from benchmarks.malformed.valid import READERS, document
from benchmarks.report import Figure

_MUTATIONS: Final = 40
"""Of each reader's good input."""
_QUICK_MUTATIONS: Final = 3
_QUICK_LARGEST: Final = 10_000
"""Bytes of the inputs that a quick run tries, of which it takes every third."""
SLOWEST_S: Final = 10.0
"""Of processor time; an answer may have 20 MB, and a page of that size is parsed for seconds."""
MOST_MEMORY: Final = 600_000_000
"""Bytes by which the process may grow in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One input and how it ended."""

    reader: str
    name: str
    size: int
    reason: str
    """`accepted`, `nothing_listed`, the reason of the refusal, or `unhandled: …`."""
    seconds: float

    @property
    def handled(self) -> bool:
        """Whether it ended as taken or refused, in time."""
        return not self.reason.startswith("unhandled")


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Try every input; the figures and, by reader, the counts by reason."""
    before = _memory()
    tried = [try_input(*one) for one in inputs(seed, quick)]
    grown = _memory() - before
    unhandled = [one for one in tried if not one.handled]
    slowest = max(tried, key=lambda one: one.seconds)
    figures = [
        Figure(
            key="malformed_tried",
            value=len(tried),
            about="malformed inputs, made by hand and by seeded mutation, over every reader",
            goal="500",
        ),
        Figure(
            key="malformed_unhandled",
            value=len(unhandled) + (grown > MOST_MEMORY),
            about="of these crashed, vanished, or took too long or too much memory",
            goal="0",
        ),
    ]
    by_reader: dict[str, Counter[str]] = defaultdict(Counter)
    for one in tried:
        by_reader[one.reader][one.reason] += 1
    return figures, {
        "malformed_by_reader": {
            name: dict(found.most_common()) for name, found in by_reader.items()
        },
        "malformed_unhandled_inputs": [f"{x.reader}: {x.name}: {x.reason}" for x in unhandled],
        "malformed_slowest": f"{slowest.reader}: {slowest.name}: {slowest.seconds:.1f} s",
        "malformed_memory_mb": round(grown / 1e6),
    }


def inputs(seed: int, quick: bool) -> Iterator[tuple[str, str, bytes]]:
    """Reader, name and bytes of every input; the same for the same seed."""
    for number, (reader, name, content) in enumerate(hand_made()):
        if not quick or (len(content) <= _QUICK_LARGEST and number % 3 == 0):
            yield reader, name, content
    for reader in READERS:
        good = document(reader)
        for number in range(_QUICK_MUTATIONS if quick else _MUTATIONS):
            generator = random.Random(f"{seed}:{reader}:{number}")
            how, content = mutated(good, generator)
            yield reader, f"{how} ({number})", content


def try_input(reader: str, name: str, content: bytes) -> Tried:
    """Give one input to its reader; whatever it raises is what the service would not handle."""
    started = time.process_time()
    try:
        reason = end_of(reader, content).reason
    except Exception as error:  # noqa: BLE001  to find what nothing else catches is the purpose
        reason = f"unhandled: {type(error).__name__}: {error}"[:200]
    seconds = time.process_time() - started
    if seconds > SLOWEST_S:
        reason = f"unhandled: {seconds:.0f} s of processor time"
    return Tried(reader=reader, name=name, size=len(content), reason=reason, seconds=seconds)


def _memory() -> int:
    """Most memory that the process ever had (bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
