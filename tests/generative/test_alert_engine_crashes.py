"""Two schedulers on a real Redis, killed and interleaved at any step: none lost, none twice."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from alerts.signal import Phase
from alerts.silences import Matchers, silence_of
from tests.engine_world import CELLS, World, world

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def made() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as place, world(Path(place)) as one:
        yield one


class TwoSchedulers(RuleBasedStateMachine):
    """Days pass; nodes tick, die anywhere, overtake each other; officers act; clocks jump."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.world.begin()

    phases = st.lists(
        st.sampled_from([*Phase, Phase.ACTIVE, None]), min_size=len(CELLS), max_size=len(CELLS)
    )

    @rule(phases=phases, days=st.integers(1, 4))
    def days_pass(self, phases: list[Phase | None], days: int) -> None:
        for _ in range(days):
            self.world.pass_day(phases)

    @rule(which=st.integers(0, 1), led=st.booleans())
    def tick(self, which: int, led: bool) -> None:
        assert self.world.tick(which, led=led)

    @rule(which=st.integers(0, 1), step=st.integers(1, 50), led=st.booleans())
    def die(self, which: int, step: int, led: bool) -> None:
        self.world.kill_at(step)
        self.world.tick(which, led=led)
        self.world.fate.deed = None

    @rule(which=st.integers(0, 1), step=st.integers(1, 50), led=st.booleans())
    def be_overtaken(self, which: int, step: int, led: bool) -> None:
        self.world.interleave_at(step)
        self.world.tick(which, led=led)
        self.world.fate.deed = None

    @rule(number=st.integers(0, 8))
    def an_officer_acknowledges(self, number: int) -> None:
        self.world.acknowledge(number)

    @rule(cell=st.sampled_from(CELLS), days=st.integers(1, 30))
    def an_officer_silences(self, cell: object, days: int) -> None:
        now = self.world.now
        self.world.silence(
            silence_of(
                Matchers(province=cell.province, occupation=cell.isco1),  # type: ignore[attr-defined]
                from_at=now, to_at=now + timedelta(days=days), officer="desk", why="w",
            )
        )  # fmt: skip

    @rule()
    def the_clock_is_set_back(self) -> None:
        self.world.now -= timedelta(hours=3)

    def teardown(self) -> None:
        self.world.settle()
        found = self.world.judge()
        assert found.is_clean, found


def test_nothing_is_lost_or_told_twice(made: World) -> None:
    TwoSchedulers.world = made
    run_state_machine_as_test(
        TwoSchedulers,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


def test_a_kill_at_each_step_of_one_tick(made: World) -> None:
    """One opening alert; the tick dies at its first step, its second, … until it lives."""
    step, lived = 0, False
    repeated = 0
    while not lived:
        step += 1
        made.begin()
        made.pass_day([Phase.ACTIVE, Phase.ACTIVE, None, Phase.ACTIVE])
        made.kill_at(step)
        lived = made.tick(0)
        made.settle()
        found = made.judge()
        assert found.is_clean, (step, found)
        assert found.told == 3
        repeated += found.repeated
    assert step > 40
    assert repeated >= 1, "a kill after the server's 250 repeats the mail under its Message-ID"
