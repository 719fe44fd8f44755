"""What a fault answers for: what its world is told beyond the same market without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.alert import Reason
from alerts.lifecycle import Decision
from alerts.severity import Severity
from alerts.signal import Classification
from benchmarks.fault_tellings import beyond, missing, told_of
from tests.factories_notices import alert_of


def decision(
    *, reason: Reason = Reason.OPENED, later: int = 0, severity: Severity = Severity.MODERATE,
    kind: Classification = Classification.LABOUR, tell: bool = True,
) -> Decision:  # fmt: skip
    alert = replace(alert_of("rise"), severity=severity, kind=kind)
    at = alert.changed_at + timedelta(days=later)
    return Decision(previous=None, alert=alert, reason=reason, at=at, tell=tell)


@pytest.mark.parametrize(("world", "twin", "count"), [
    ([decision()], [], 1),
    ([decision()], [decision()], 0),
    ([decision()], [decision(later=1)], 1),
    ([decision(later=1)], [decision()], 0),
    ([decision(), decision(later=3, reason=Reason.WORSENED, severity=Severity.SEVERE)],
     [decision()], 1),
    ([decision()], [decision(severity=Severity.SEVERE)], 0),
    ([decision(tell=False)], [], 0),
    ([decision(kind=Classification.COLLECTION_FAULT)], [], 0),
    ([decision(reason=Reason.RETURNED)], [], 0),
    ([decision(reason=Reason.RELEASED)], [], 1),
])  # fmt: skip
def test_an_alarm_that_is_new_earlier_or_graver_than_in_the_twin_is_the_fault_s(
    world: list[Decision], twin: list[Decision], count: int
) -> None:
    assert len(beyond(told_of(world), told_of(twin))) == count


def test_an_alarm_that_only_the_twin_gives_is_missing() -> None:
    assert len(missing(told_of([]), told_of([decision()]))) == 1
    assert missing(told_of([decision()]), told_of([decision(later=1)])) == frozenset()
