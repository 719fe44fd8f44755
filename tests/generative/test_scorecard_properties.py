"""Whatever happened: groups of a scorecard add up, shares are shares, order does not matter."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.actions import Action, Channel, Verdict, action_of
from alerts.calendar import end_of_day
from alerts.scorecard.card import Card, card_of
from alerts.scorecard.figures import figures_of
from alerts.scorecard.measures import LEAST, share_of
from alerts.scorecard.registering import Told, event_of
from tests.factories_scorecard import row
from warehouse.deeds import ActionRecord
from warehouse.history import AlertRecord
from warehouse.labour_events import LabourEvent
from warehouse.scorecard import ScoreFacts

FIRST = date(2026, 1, 5)
AS_OF = end_of_day(date(2026, 12, 31))
PLACES = ("", "LA-VT", "LA-SV")
KINDS = ("labour", "shortage", "forecast", "collection_fault", "surplus")
DAYS = st.integers(0, 330).map(lambda days: FIRST + timedelta(days=days))


@st.composite
def histories(draw: st.DrawFn) -> list[AlertRecord]:
    rows = []
    for number in range(draw(st.integers(0, 12))):
        day, told = draw(DAYS), draw(st.booleans())
        changes = {
            "province": draw(st.sampled_from(PLACES)), "kind": draw(st.sampled_from(KINDS)),
            "severity": draw(st.sampled_from(("minor", "severe"))), "notified": told,
            "direction": draw(st.sampled_from(("up", "down"))),
            "detail": "" if told else draw(st.sampled_from(("", "not told: budget_spent"))),
        }  # fmt: skip
        rows.append(row(f"a{number}", day, **changes))
        if draw(st.booleans()):
            back = day + timedelta(days=draw(st.integers(1, 20)))
            rows.append(row(f"a{number}", back, reason="reopened", **changes))
    return rows


@st.composite
def deeds_on(draw: st.DrawFn, rows: list[AlertRecord]) -> list[ActionRecord]:
    found = []
    for one in rows:
        action = draw(st.sampled_from((None, Action.NOTIFIED, Action.VERDICT)))
        at = one.at + timedelta(hours=draw(st.integers(0, 400)))
        if action is not None:
            verdict = draw(st.sampled_from(Verdict)) if action is Action.VERDICT else None
            channel = Channel.LINK if verdict else Channel.SERVICE
            found.append(
                action_of(
                    action, one.alert_id, officer="o", channel=channel, at=at, verdict=verdict
                )
            )
    return sorted(found, key=lambda deed: deed.at)


EVENTS = st.lists(
    st.builds(
        lambda day, province, direction: event_of(
            Told(
                province=province, direction=direction, started_on=day, basis="officer",
                ended_on=day + timedelta(days=40), citation="c", officer="o",
            ),
            AS_OF,
        ),
        DAYS, st.sampled_from(PLACES), st.sampled_from(("up", "down")),
    ),
    max_size=6, unique_by=lambda event: event.event_id,
)  # fmt: skip


def card(rows: list[AlertRecord], deeds: list[ActionRecord], events: list[LabourEvent]) -> Card:
    facts = ScoreFacts(
        history=sorted(rows, key=lambda one: (one.at, one.alert_id)), deeds=deeds, events=events,
        observed_since=FIRST - timedelta(days=90),
    )  # fmt: skip
    return card_of(facts, since=FIRST, until=date(2026, 12, 31), as_of=AS_OF, budget=12)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), rows=histories(), events=EVENTS)
def test_groups_add_up_whatever_happened(
    data: st.DataObject, rows: list[AlertRecord], events: list[LabourEvent]
) -> None:
    deeds = data.draw(deeds_on(rows))
    found = card(rows, deeds, events)
    whole = next(one.score for one in found.rows if one.by == "all")
    assert whole.notified <= whole.told <= whole.alerts
    for by in ("province", "severity", "month", "province_month"):
        scores = [one.score for one in found.rows if one.by == by]
        assert sum(score.alerts for score in scores) == whole.alerts
        assert sum(score.precision.of for score in scores) == whole.precision.of
        if by != "severity":
            assert sum(score.recall.hits for score in scores) == whole.recall.hits
    for figure in figures_of(found):
        if figure.hits is not None and figure.measure not in {"budget_spent", "budget_held"}:
            assert 0 <= figure.hits <= figure.n
            assert (figure.value is None) == (figure.n < LEAST)
        if figure.value is not None and figure.lower is not None and figure.upper is not None:
            assert figure.lower <= figure.value <= figure.upper
    again = card(data.draw(st.permutations(rows)), deeds, list(reversed(events)))
    assert again == found


@given(st.lists(st.booleans(), max_size=40))
def test_a_share_lies_within_its_interval(outcomes: list[bool]) -> None:
    share = share_of(outcomes)
    if share.value is not None and share.lower is not None and share.upper is not None:
        assert 0.0 <= share.lower <= share.value <= share.upper <= 1.0
