"""The scorecard: what counts as right, late, found; and what is not assessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from scipy.stats import binom

from alerts.actions import Action, ActionFaultError, Channel, Verdict, action_of
from alerts.calendar import end_of_day
from alerts.scorecard.card import Card, Row, card_of, last_day
from alerts.scorecard.measures import middle_of, share_of
from alerts.scorecard.registering import EventFaultError, Told, event_of, withdrawn
from alerts.scorecard.told import as_data, markdown, share_text
from tests.factories_scorecard import row
from warehouse.deeds import ActionRecord
from warehouse.history import AlertRecord
from warehouse.labour_events import LabourEvent
from warehouse.scorecard import ScoreFacts

FIRST = date(2026, 3, 2)
AS_OF = end_of_day(date(2026, 8, 31))
HOUR = timedelta(hours=1)


def deed(
    action: Action, alert_id: str, at: datetime, verdict: Verdict | None = None
) -> ActionRecord:
    channel = Channel.SERVICE if action is Action.NOTIFIED else Channel.LINK
    return action_of(
        action, alert_id, officer="desk-1", channel=channel, at=at, verdict=verdict, note="seen"
    )


def event(day: date, **changes: object) -> LabourEvent:
    told = {
        "province": "LA-VT", "occupation": "5", "direction": "up", "started_on": day,
        "ended_on": day + timedelta(days=60), "basis": "officer", "citation": "report 7",
        "officer": "desk-1", **changes,
    }  # fmt: skip
    return event_of(Told(**told), AS_OF)  # type: ignore[arg-type]


def card(
    history: list[AlertRecord], deeds: list[ActionRecord] | None = None,
    events: list[LabourEvent] | None = None, **options: object,
) -> Card:  # fmt: skip
    observed = options.pop("observed_since", FIRST - timedelta(days=90))
    facts = ScoreFacts(
        history=history, deeds=deeds or [], events=events or [],
        observed_since=observed,  # type: ignore[arg-type]
    )  # fmt: skip
    period = {"since": FIRST, "until": date(2026, 8, 31), "as_of": AS_OF, "budget": 12}
    return card_of(facts, **{**period, **options})  # type: ignore[arg-type]


def whole(found: Card) -> Row:
    return next(one for one in found.rows if one.by == "all")


def many(count: int) -> list[AlertRecord]:
    return [row(f"a{i}", FIRST + timedelta(days=i)) for i in range(count)]


def test_precision_counts_true_and_false_and_keeps_unsure_apart() -> None:
    history = many(8)
    said = [*[Verdict.TRUE] * 4, *[Verdict.FALSE] * 2, Verdict.UNSURE]
    deeds = [
        deed(Action.VERDICT, f"a{i}", history[i].at + HOUR, word) for i, word in enumerate(said)
    ]
    score = whole(card(history, deeds)).score
    assert (score.precision.hits, score.precision.of, score.unsure) == (4, 6, 1)
    assert score.precision.value == pytest.approx(4 / 6)
    assert (score.judged.hits, score.judged.of) == (7, 8)


def test_an_officer_may_think_again() -> None:
    history = many(5)
    deeds = [deed(Action.VERDICT, f"a{i}", history[i].at + HOUR, Verdict.TRUE) for i in range(5)]
    deeds.append(deed(Action.VERDICT, "a0", history[0].at + 5 * HOUR, Verdict.FALSE))
    assert whole(card(history, deeds)).score.precision.hits == 4


def test_fewer_than_five_are_counted_not_assessed() -> None:
    share = share_of([True, True, False, True])
    assert (share.hits, share.of, share.value, share.lower) == (3, 4, None, None)
    assert share_text(share) == "not assessable (3 of 4)"
    assert middle_of([1.0, 2.0]).value is None
    five = middle_of([5.0, 1.0, 3.0, 2.0, 4.0])
    assert (five.value, five.lower) == (3.0, None)
    six = middle_of(float(i) for i in range(6))
    assert (six.value, six.lower, six.upper) == (2.5, 0.0, 5.0)


def test_seven_one_seven() -> None:
    history = many(6)
    late_onset = history[0].onset_on - timedelta(days=10)
    history[0] = replace(history[0], onset_on=late_onset)
    deeds = [deed(Action.NOTIFIED, f"a{i}", history[i].at + 2 * HOUR) for i in range(1, 6)]
    deeds.append(deed(Action.NOTIFIED, "a0", history[0].at + 30 * HOUR))
    deeds += [deed(Action.ACKNOWLEDGED, f"a{i}", history[i].at + 5 * HOUR) for i in range(1, 5)]
    deeds.append(deed(Action.NOTE, "a5", history[5].at + timedelta(days=9)))
    score = whole(card(history, deeds)).score
    assert (score.detected.hits, score.detected.of) == (5, 6)
    assert (score.sent.hits, score.sent.of) == (5, 6)
    assert (score.acted.hits, score.acted.of) == (4, 6)
    assert score.acknowledged_hours.n == 4


def test_what_is_not_late_yet_is_not_counted_as_late() -> None:
    history = many(6)
    soon = history[5].at + 3 * HOUR
    deeds = [deed(Action.NOTIFIED, f"a{i}", history[i].at + HOUR) for i in range(5)]
    score = whole(card(history, deeds, as_of=soon)).score
    assert (score.sent.hits, score.sent.of) == (5, 5)
    assert score.acted.of == 0


def test_history_is_not_called_late() -> None:
    then = AS_OF
    history = [
        replace(one, recorded_at=then, notified=False, detail="not told: historical")
        for one in many(6)
    ]
    score = whole(card(history)).score
    assert (score.told, score.notified) == (6, 0)
    assert (score.sent.of, score.judged.of, score.detected.of) == (0, 0, 6)


def test_events_are_found_by_what_was_told_in_their_cell_and_direction() -> None:
    start = FIRST + timedelta(days=10)
    history = [
        row("early", start - timedelta(days=3)),
        row("held", start + timedelta(days=4), notified=False, detail="not told: silenced"),
        row("other", start + timedelta(days=5), direction="down"),
        row("found", start + timedelta(days=12)),
    ]
    score = whole(card(history, events=[event(start)] * 1)).score
    assert (score.events, score.recall.hits, score.recall.of) == (1, 1, 1)
    assert (score.within_week.hits, score.delay_days.n) == (0, 1)
    assert (score.explained.hits, score.explained.of) == (1, 3)


def test_a_young_event_is_not_missed_yet_and_one_of_an_industry_is_left_out() -> None:
    young = event(date(2026, 8, 20), ended_on=None)
    industrial = event(FIRST, industry="F", occupation="")
    found = card(many(1), events=[young, industrial])
    assert found.not_comparable == 1
    assert (whole(found).score.events, whole(found).score.recall.of) == (1, 0)


@pytest.mark.parametrize(("industry", "hits"), [("F", 1), ("C", 0)])
def test_an_event_of_an_industry_is_found_by_an_alert_that_it_leads(
    industry: str, hits: int
) -> None:
    start = FIRST + timedelta(days=10)
    led = row("led", start + timedelta(days=3), record=f'{{"industry": "{industry}"}}')
    unled = row("unled", start + timedelta(days=2), record='{"industry": ""}')
    found = card([unled, led], events=[event(start, industry="F", occupation="")])
    score = whole(found).score
    assert (found.not_comparable, score.recall.hits, score.recall.of) == (0, hits, 1)
    assert score.explained.hits == hits


def test_a_collection_fault_stands_in_its_own_rows_only() -> None:
    history = [*many(2), row("fault", FIRST, kind="collection_fault")]
    found = card(history)
    assert whole(found).score.alerts == 2
    assert {one.kind: one.score.alerts for one in found.rows if one.by == "kind"} == {
        "labour": 2, "collection_fault": 1,
    }  # fmt: skip


def test_groups_add_up_and_one_province_can_be_asked_for() -> None:
    history = [*many(3), row("n", FIRST, province="", isco1="")]
    found = card(history)
    for by in ("province", "month", "severity", "province_month"):
        assert sum(one.score.alerts for one in found.rows if one.by == by) == 4
    assert whole(card(history, province="")).score.alerts == 1
    assert whole(card(history, province="LA-VT")).score.alerts == 3


def test_coming_back_and_the_budget_are_counted() -> None:
    again = row("a0", FIRST + timedelta(days=9), reason="reopened", previous_state="resolved")
    ended = row("a0", FIRST + timedelta(days=4), state="resolved", reason="returned")
    held = row("b", FIRST, notified=False, detail="x; not told: budget_spent")
    found = card([row("a0", FIRST), ended, again, held])
    assert whole(found).score.flapped.hits == 1
    (use,) = found.budget
    assert (use.province, use.month, use.spent, use.held) == ("LA-VT", "2026-03", 2, 1)


def test_it_is_told_to_people_and_to_programs() -> None:
    found = card(many(6), events=[event(FIRST)])
    text = "\n".join(markdown(found))
    assert "| registered events | 1 |" in text
    assert "## By province and month" in text
    data = as_data(found)
    assert data["rows"][0]["score"]["alerts"] == 6
    assert data["rows"][0]["score"]["precision"]["value"] is None


def test_where_nothing_was_watched_nothing_was_missed() -> None:
    found = card([], events=[event(FIRST)])
    assert (whole(found).score.events, found.too_early) == (0, 1)
    assert [one.by for one in found.rows] == ["all"]
    assert "no case" in "\n".join(markdown(found))


def test_an_event_before_the_watch_knew_the_past_is_not_missed() -> None:
    begun = FIRST + timedelta(days=30)
    early, later = event(begun), event(begun + timedelta(days=40), province="LA-SV")
    found = card(many(1), events=[early, later], observed_since=FIRST)
    assert (whole(found).score.recall.of, found.too_early) == (1, 1)
    assert "1 events are left out" in "\n".join(markdown(found))


def test_the_last_day_that_is_over() -> None:
    assert last_day(datetime(2026, 3, 2, 17, 0, tzinfo=UTC)) == date(2026, 3, 2)
    assert last_day(datetime(2026, 3, 2, 16, 59, tzinfo=UTC)) == date(2026, 3, 1)


def test_an_event_stated_again_is_the_same_event() -> None:
    one, other = event(FIRST), event(FIRST, ended_on=FIRST + timedelta(days=9))
    assert one.event_id == other.event_id
    assert one.statement_id != other.statement_id
    gone = withdrawn(one, AS_OF, officer="desk-2", why="an error of the form")
    assert (gone.event_id, gone.withdrawn) == (one.event_id, True)
    with pytest.raises(EventFaultError, match="no reason"):
        withdrawn(one, AS_OF, officer="desk-2", why=" ")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"province": "LA-ZZ"}, "province"),
        ({"occupation": "99999"}, "occupation"),
        ({"industry": "01"}, "industry"),
        ({"direction": "sideways"}, "direction"),
        ({"basis": "rumour"}, "basis"),
        ({"started_on": date(2027, 1, 1), "ended_on": None}, "still to come"),
        ({"ended_on": FIRST - timedelta(days=1)}, "before it begins"),
        ({"citation": ""}, "no source"),
    ],
)
def test_what_is_wrong_with_an_event_is_said(changes: dict[str, object], says: str) -> None:
    with pytest.raises(EventFaultError, match=says):
        event(FIRST, **changes)


def test_an_event_needs_an_account() -> None:
    with pytest.raises(ActionFaultError):
        event(FIRST, officer="")


@pytest.mark.parametrize("n", [5, 6, 8, 9, 40, 1_001])
def test_the_interval_of_a_median_ends_where_the_binomial_law_says(n: int) -> None:
    middle = middle_of(map(float, range(1, n + 1)))
    rank = int(binom.ppf(0.025, n, 0.5))
    assert (middle.lower, middle.upper) == ((rank, n + 1 - rank) if rank else (None, None))
