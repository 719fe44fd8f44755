"""Work of the leading scheduler beside its ticks leaves the watch's memory alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from alerts import scheduler as module
from alerts.scheduler import Scheduler

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
FED = date(2026, 11, 25)
BEGAN = date(2026, 1, 1)


class Watch:
    """A watch whose tick is at work: its memory is void."""

    @property
    def monitor(self) -> Any:
        pytest.fail("loaded beside a tick")

    def coverage(self) -> Any:
        return SimpleNamespace(first_day=BEGAN.toordinal())


def leading(monkeypatch: pytest.MonkeyPatch, fed: date | None) -> tuple[Scheduler, list[Any]]:
    """A leader whose store has saved `fed`, and what it had done."""
    done: list[Any] = []

    def doing(name: str) -> Callable[..., Any]:
        def do(*args: object, **_: object) -> list[object]:
            done.append((name, args))
            return []

        return do

    for name in ("issue_due_counts", "check_day", "seal"):
        monkeypatch.setattr(module, name, doing(name))
    header = json.dumps({"generation": 4, "fed_through": fed.toordinal() if fed else 0}).encode()
    made = Scheduler.__new__(Scheduler)
    parts = {
        "_redis": SimpleNamespace(get=lambda _: header), "watch": Watch(), "_client": None,
        "lead": SimpleNamespace(hold=lambda: True, require=lambda: None), "_settings": None,
        "objectives": SimpleNamespace(look=doing("look")), "_checked": None, "_sealed_at": None,
        "_office": SimpleNamespace(publish=doing("publish")),
    }  # fmt: skip
    for name, part in parts.items():
        setattr(made, name, part)
    return made, done


def all_of_it(made: Scheduler, done: list[Any]) -> None:
    made.look_at_objectives(NOW)
    made.issue_counts(lambda: NOW)
    made.publish_releases(NOW)
    made.check_quality(NOW)
    made.check_quality(NOW)
    made.seal_months(NOW)
    made.go_round(lambda *_: done.append(("further", ())), NOW)


def test_work_beside_a_tick_asks_the_store_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the watch's state beside a tick could undo what the tick saved: told twice."""
    made, done = leading(monkeypatch, FED)
    all_of_it(made, done)
    names = [name for name, _ in done]
    assert names == ["look", "issue_due_counts", "publish", "check_day", "seal", "further"]
    said = dict(done)
    assert said["look"][1] == FED.toordinal()
    assert said["publish"][1] == said["check_day"][1] == FED


def test_nothing_is_decided_for_good_before_a_day_is_taken_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, done = leading(monkeypatch, None)
    all_of_it(made, done)
    assert [name for name, _ in done] == ["look"]
    assert done[0][1][1] == 0
