"""The past lived again under another policy: in memory, the same each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from alerts.actions import Action, Channel, Verdict, action_of
from alerts.alert import Reason
from alerts.assessed import RULES
from alerts.calendar import end_of_day
from alerts.panel import Panel
from alerts.parameters import Density, load_parameters
from alerts.scorecard.card import whole
from alerts.scorecard.lives import lives_of
from alerts.silences import Matchers, silence_of
from alerts.transition import DEFAULT_RULES
from alerts.whatif.comparison import WhatIf, compare, inherited
from alerts.whatif.policy import ChangeFaultError, Changes, Policy, changed, policy_of
from alerts.whatif.told import as_data, markdown
from alerts.whatif.track import Known, Track, acknowledged_in
from tests.factories_alerts import FIRST, market, visited
from tests.factories_indices import MONDAY, figures
from tests.factories_scorecard import row
from warehouse.history import AlertRecord
from warehouse.scorecard import ScoreFacts

DAYS = 150
NOW = end_of_day(FIRST + timedelta(days=DAYS))


@pytest.fixture(scope="module")
def panel() -> Panel:
    change = (DAYS - 40, DAYS, "LA-VT", "5", 2.5)
    return Panel(market(DAYS, change=change), visited(DAYS))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_of(load_parameters(), DEFAULT_RULES)


def lived(panel: Panel, policy: Policy, known: Known | None = None) -> list[AlertRecord]:
    track = Track(policy=policy)
    for day in range(DAYS - 1):
        track.feed(FIRST.toordinal() + day, panel, known or Known())
    return track.history


@pytest.fixture(scope="module")
def past(panel: Panel, policy: Policy) -> list[AlertRecord]:
    return lived(panel, policy)


def told(history: list[AlertRecord]) -> list[AlertRecord]:
    return [one for one in history if one.notified]


def answer(panel: Panel, policy: Policy, today: list[AlertRecord], changes: Changes) -> WhatIf:
    other = changed(policy, changes)
    facts = ScoreFacts(history=today, deeds=[], events=[], observed_since=FIRST)
    return compare(
        facts, today, lived(panel, other), changes=changes, since=FIRST,
        until=FIRST + timedelta(days=DAYS), as_of=NOW,
        budgets=(policy.rules.budget, other.rules.budget),
    )  # fmt: skip


def test_the_same_past_gives_the_same_history(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    assert past == lived(panel, policy)
    assert told(past)
    assert not any("historical" in one.detail for one in past)


def test_more_evidence_asked_for_is_later_or_silent(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    strict = changed(policy, Changes(threshold_scale=4.0))
    aggregate = policy.parameters.classes[Density.AGGREGATE]
    assert strict.parameters.classes[Density.AGGREGATE].threshold == 4.0 * aggregate.threshold
    before, after = past, lived(panel, strict)
    first_of = {one.alert_id: one.at for one in reversed(told(before))}
    assert min(first_of.values()) < min((one.at for one in told(after)), default=NOW)


def test_no_budget_sends_nothing_and_says_so(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    found = answer(panel, policy, past, Changes(budget=0))
    assert whole(found.today).told > 0
    assert whole(found.changed).told == 0
    assert sum(use.held for use in found.changed.budget) > 0
    (one,) = [one for one in found.by_month() if one.province == "LA-VT"][:1]
    assert (one.recorded, one.changed) == (one.today, 0)


def test_more_vacancies_asked_for_leave_it_waiting(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    found = answer(panel, policy, past, Changes(least_vacancies=10_000))
    assert whole(found.changed).alerts == 0


def test_shifts_of_published_indicators_are_lived_again(panel: Panel, policy: Policy) -> None:
    moved = FIRST - timedelta(weeks=20) - MONDAY
    rows = [
        replace(row, time_value=row.time_value + moved)
        for row in figures([0.7 if n >= 30 else 0.02 * (n % 3) for n in range(38)])
    ]
    found = [one for one in lived(panel, policy, Known(first_issues=rows)) if one.indicator
             == "tightness"]  # fmt: skip
    assert (found[0].kind, found[0].province, found[0].direction) == ("indicator", "LA-VT", "up")


def test_what_an_officer_took_on_is_taken_on_again(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    before = past
    repeated = [one for one in before if one.reason == Reason.REPEATED]
    first = told(before)[0]
    taken = replace(first, reason=Reason.ACKNOWLEDGED.value, at=first.at + timedelta(hours=3))
    after = lived(panel, policy, Known(acknowledged=acknowledged_in([taken])))
    again = [one for one in after if one.reason == Reason.REPEATED]
    assert any(one.alert_id == first.alert_id for one in repeated)
    assert not any(one.alert_id == first.alert_id for one in again)
    assert escalations(before, first.alert_id)
    assert not escalations(after, first.alert_id)


def escalations(history: list[AlertRecord], alert_id: str) -> list[AlertRecord]:
    return [one for one in history if (one.alert_id, one.reason) == (alert_id, Reason.ESCALATED)]


def test_what_nobody_takes_on_is_escalated_when_its_time_has_come(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    first = next(one for one in told(past) if escalations(past, one.alert_id))
    raised = escalations(past, first.alert_id)
    assert raised[0].at - first.at == policy.rules.escalate_after[0]
    assert all(one.notified for one in raised)
    found = answer(panel, policy, past, Changes(budget=0))
    assert found.escalated[0] == found.escalated[1] > found.escalated[2] == 0
    assert "| escalated to a further level |" in "\n".join(markdown(found))


def test_what_was_silenced_stays_silenced(panel: Panel, policy: Policy) -> None:
    begin = end_of_day(FIRST + timedelta(days=DAYS - 60))
    silence = silence_of(
        Matchers(province="LA-VT"), from_at=begin, to_at=begin + timedelta(days=90),
        officer="vt-2", why="games",
    )  # fmt: skip
    after = lived(panel, policy, Known(silences=(silence,)))
    assert not any(one.province == "LA-VT" and one.at > begin for one in told(after))


def test_a_verdict_holds_for_the_replayed_alert_on_the_same_thing() -> None:
    day = date(2026, 3, 2)
    recorded = [row("a", day), row("b", day, direction="down")]
    deed = action_of(
        Action.VERDICT, "a", officer="vt-2", channel=Channel.LINK, at=NOW, verdict=Verdict.FALSE
    )
    judged = [life for life in lives_of(recorded, [deed]) if life.verdict]
    replayed = [
        row("near", day + timedelta(days=9)), row("far", day + timedelta(days=60)),
        row("other", day, direction="down"),
    ]  # fmt: skip
    assert {d.alert_id: d.verdict for d in inherited(judged, replayed)} == {"near": "false"}


def test_a_lower_probability_is_asked_of_what_has_one() -> None:
    one = changed(policy_of(load_parameters(), DEFAULT_RULES), Changes(p_threshold=0.6))
    assert one.assessed["shortage_probability"].begins == 0.6
    assert one.assessed["demand_pressure"] == RULES["demand_pressure"]
    assert one.forecast == 0.6


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (Changes(), "nothing is changed"),
        (Changes(threshold_scale=0.0), "threshold_scale"),
        (Changes(p_threshold=0.2), "p_threshold"),
        (Changes(budget=-1), "budget"),
        (Changes(repeat_days=0), "repeat_days"),
    ],
)
def test_what_cannot_be_changed_is_said(policy: Policy, changes: Changes, says: str) -> None:
    with pytest.raises(ChangeFaultError, match=says):
        changed(policy, changes)


def test_it_is_told_to_people_and_to_programs(
    panel: Panel, policy: Policy, past: list[AlertRecord]
) -> None:
    found = answer(panel, policy, past, Changes(budget=3, repeat_days=30))
    text = "\n".join(markdown(found))
    assert "What if: budget 3, repeated after days 30" in text
    assert "## Told by province and month" in text
    data = as_data(found)
    assert data["changes"]["budget"] == 3
    assert data["by_month"][0]["province"]
