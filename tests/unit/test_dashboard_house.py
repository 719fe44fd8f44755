"""A house that threads share: begun once, used by one after another, ended by the last."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from benchmarks import dashboard_house


def test_threads_share_one_house_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    both = Barrier(2, timeout=0.2)

    @contextmanager
    def house() -> Iterator[Any]:
        told.append("begun")
        yield object()
        told.append("ended")

    def use(_: int) -> object:
        with dashboard_house.shared_house() as held:
            told.append("in")
            with pytest.raises(BrokenBarrierError):  # the other one is never in it as well
                both.wait()
            told.append("out")
            return held

    monkeypatch.setattr(dashboard_house, "house", house)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(use, range(2))
    assert first is second
    assert told == ["begun", "in", "out", "in", "out", "ended"]


def test_a_house_that_cannot_be_begun_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    @contextmanager
    def house() -> Iterator[Any]:
        begun.append("")
        if len(begun) == 1:
            raise RuntimeError("no warehouse")
        yield object()

    monkeypatch.setattr(dashboard_house, "house", house)
    with pytest.raises(RuntimeError, match="no warehouse"), dashboard_house.shared_house():
        pass
    with dashboard_house.shared_house() as held:
        assert held is not None
