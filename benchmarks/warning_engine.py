"""The alert engine: notifications lost or doubled when two schedulers are killed at every step."""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from alerts.signal import Phase
from alerts.silences import Matchers, silence_of
from benchmarks.report import Figure
from tests.engine_world import CELLS, World, world

RUNS: Final = {True: 6, False: 60}
"""Some 2 s each on a machine that does other work besides."""
SWEPT: Final = {True: 7, False: 1}
"""Of the steps of one tick every so-manieth is died at; all at full size."""
_DAYS: Final = 45
_PHASES: Final = (Phase.ACTIVE, Phase.ACTIVE, Phase.ACTIVE, Phase.WORSENED, Phase.RETURNED, None)


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Random lives of four cells over six weeks each, with officers, kills and rivals."""
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place, world(Path(place)) as made:
        for run in range(RUNS[quick]):
            total.update(live(made, random.Random(f"{seed} {run}")))
        total.update(sweep(made, SWEPT[quick]))
    wrong = total["illegal"] + total["over_budget"] + total["despite_silence"]
    figures = [
        Figure(
            key="double_notified",
            value=total["doubled"],
            about=f"notifications beyond one for each of {total['told']:,} decisions to tell, or "
            "within a repeat interval, as a real mail server received them, by Message-ID",
            goal="0",
        ),
        Figure(
            key="lost_notifications",
            value=total["lost"],
            about="decisions to tell that no mail tells",
            goal="0",
        ),
        Figure(
            key="mails_repeated",
            value=total["repeated"],
            about="mails accepted a second time with the same Message-ID: killed between the "
            "server's 250 and the record of it",
        ),
        Figure(
            key="engine_violations",
            value=wrong,
            about="illegal transitions, tellings over the budget or despite a silence",
            goal="0",
        ),
        Figure(
            key="crashes_injected",
            value=total["crashes"],
            about="kills of a scheduler before or after a call to Redis, warehouse or mail; "
            f"{total['interleaved']:,} times the other ran a whole tick in between",
        ),
        Figure(
            key="crash_points",
            value=total["points"],
            about="different calls of one tick with three openings before or after which a "
            f"scheduler died, one by one, of {total['steps']} there are",
            goal="≥ 30",
        ),
        Figure(key="schedulers", value=2, about="schedulers at once, both acting"),
        Figure(key="runs", value=RUNS[quick], about=f"lives of {_DAYS} days"),
    ]
    return figures, {"engine": dict(total)}


def live(made: World, rng: random.Random) -> Counter[str]:
    """Six weeks of four cells with officers, kills and rivals; what an observer finds."""
    made.begin()
    for _ in range(_DAYS):
        made.pass_day([rng.choice(_PHASES) for _ in CELLS])
        which, step = rng.randrange(2), rng.randint(1, 90)
        if rng.random() < 0.5:
            made.kill_at(step)
        else:
            made.interleave_at(step)
        made.tick(which, led=rng.random() < 0.5)
        made.tick(rng.randrange(2))
        if rng.random() < 0.1:
            made.acknowledge(rng.randrange(9))
        if rng.random() < 0.05:
            cell = rng.choice(CELLS)
            made.silence(
                silence_of(
                    Matchers(province=cell.province, occupation=cell.isco1), from_at=made.now,
                    to_at=made.now + timedelta(days=rng.randint(1, 20)), officer="desk", why="w",
                )
            )  # fmt: skip
    return _judged(made)


def sweep(made: World, stride: int) -> Counter[str]:
    """Three alerts open; the tick dies at its first step, then `stride` later, until it lives."""
    total, step, lived = Counter[str](), 1, False
    while not lived:
        made.begin()
        made.pass_day([Phase.ACTIVE, Phase.ACTIVE, None, Phase.ACTIVE])
        before = made.fate.steps
        made.kill_at(step)
        lived = made.tick(0)
        total["points"] += not lived
        total["steps"] = made.fate.steps - before if lived else step
        total.update(_judged(made))
        step += stride
    return total


def _judged(made: World) -> Counter[str]:
    made.settle()
    found = Counter(asdict(made.judge()))
    found.update(crashes=made.crashes, interleaved=made.interleaved)
    return found
