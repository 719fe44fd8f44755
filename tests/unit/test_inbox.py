"""The inbox of alerts: whose comes first, which are shown, and how many each filter would show."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.accounts.records import NOBODY, Role, Viewer
from dashboard.accounts.seeing import seen_by
from dashboard.addresses import Page, parse
from dashboard.catalogue import scene_at
from dashboard.frame import frame
from dashboard.inbox import (
    FIELDS,
    WAITING,
    counted,
    found,
    in_order,
    query_of,
    waits_for,
    wanted_of,
)
from dashboard.markup import to_html
from dashboard.views import AlertView
from tests.factories_dashboard import ONSET, alert, alerts, snapshot

CHAMPASAK = Viewer(name="ch-1", role=Role.PROVINCIAL, province="LA-CH")
NATIONAL = Viewer(name="p-1", role=Role.POLICYMAKER)
ANALYST = Viewer(name="a-1", role=Role.ANALYST)
HELD = snapshot(days=90, mean=40)
STATES = ("pending", "firing", "acknowledged", "resolved")

one_alert = st.builds(
    alert,
    alert_id=st.text("abcdef0123456789", min_size=8, max_size=8),
    state=st.sampled_from(STATES),
    severity=st.sampled_from(("minor", "moderate", "severe")),
    province=st.sampled_from(("", "LA-CH", "LA-VT")),
    industry=st.sampled_from(("", "C", "F")),
    kind=st.sampled_from(("labour", "shortage", "collection_fault")),
    onset_on=st.integers(0, 90).map(lambda back: ONSET - timedelta(days=back)),
)
some = st.lists(one_alert, max_size=12, unique_by=lambda one: one.alert_id)
viewers = st.sampled_from((NOBODY, CHAMPASAK, NATIONAL, ANALYST))
wanted_filters = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from((*STATES, WAITING)),
        "severity": st.sampled_from(("minor", "severe")),
        "province": st.sampled_from(("nation", "LA-CH", "LA-SV")),
        "sector": st.sampled_from(("C", "F", "Q")),
        "kind": st.sampled_from(("labour", "shortage")),
    },
)


def page(query: str, viewer: Viewer = NOBODY) -> str:
    scene, parts = scene_at(
        "/en/alerts", seen_by(HELD, viewer), viewer, demonstration=False, query=query
    )
    return to_html(frame(scene, parts))


@given(some, viewers)
def test_what_waits_for_the_viewer_comes_first_and_nothing_is_lost(
    held: list[AlertView], viewer: Viewer
) -> None:
    ordered = in_order(viewer, held)
    assert sorted(one.alert_id for one in ordered) == sorted(one.alert_id for one in held)
    waiting = [waits_for(viewer, one) for one in ordered]
    assert waiting == sorted(waiting, reverse=True)
    still = [one.is_open for one in ordered]
    assert still == sorted(still, reverse=True)


def test_own_province_then_the_gravest_then_the_oldest() -> None:
    old, late = ONSET - timedelta(days=30), ONSET
    made = [
        alert(alert_id="elsewhere", province="LA-VT", severity="severe", onset_on=old),
        alert(alert_id="late", severity="moderate", onset_on=late),
        alert(alert_id="grave", severity="severe", onset_on=late),
        alert(alert_id="old", severity="moderate", onset_on=old),
        alert(alert_id="taken", state="acknowledged", severity="severe", onset_on=old),
    ]
    names = [one.alert_id for one in in_order(CHAMPASAK, made)]
    assert names == ["grave", "old", "late", "elsewhere", "taken"]
    everywhere = [one.alert_id for one in in_order(NATIONAL, made)]
    assert everywhere == ["elsewhere", "grave", "old", "late", "taken"]


@given(some, viewers, wanted_filters)
def test_a_count_is_how_many_the_filter_shows(
    held: list[AlertView], viewer: Viewer, wanted: dict[str, str]
) -> None:
    for field in FIELDS:
        for value, count in counted(viewer, held, wanted, field).items():
            assert len(found(viewer, held, {**wanted, field: value})) == count


@given(wanted_filters)
def test_an_address_holds_all_filters(wanted: dict[str, str]) -> None:
    assert wanted_of(query_of(wanted)) == wanted
    assert wanted_of(query_of(wanted, state="")) == {
        name: value for name, value in wanted.items() if name != "state"
    }


@pytest.mark.parametrize("query", ["", "page=2", "state=", "state", "%ff=%fe", "x" * 9_000])
def test_what_is_no_filter_is_left_out(query: str) -> None:
    assert wanted_of(query) == {}
    assert "Shown: 5 of 5 alerts." in page(query)


def test_a_filter_shows_what_it_says_and_can_be_let_go() -> None:
    text = page("state=firing&province=LA-CH")
    assert "Shown: 1 of 5 alerts." in text
    assert 'href="/en/alerts/a1b2c3d4e5f60718"' in text
    assert 'href="/en/alerts/b1"' not in text
    assert 'href="/en/alerts">Show all alerts' in text
    assert re.search(r"<option (?=[^>]*selected)[^>]*LA-CH[^>]*>Champasak \(1\)", text)
    assert re.search(r"<button [^>]*type=\"submit\"", text)
    assert 'action="/en/alerts"' in text
    assert 'name="sector"' not in text, "no alert is known to be of one"
    assert 'href="/alerts?state=firing&amp;province=LA-CH"' in text, "the other language keeps it"


def test_values_of_no_alert_show_none_and_harm_nothing() -> None:
    text = page("kind=%3Cscript%3E&severity=huge&province=LA-ZZ")
    assert "Shown: 0 of 5 alerts." in text
    assert "<script>" not in text
    assert "None under these filters." in text


def test_only_who_may_act_has_alerts_waiting() -> None:
    assert "Waiting for you" not in page("")
    assert "Waiting for you (1)" in page("", CHAMPASAK)
    assert "Waiting for you (3)" in page("", NATIONAL)
    assert "Nothing waits for your answer." in page("", ANALYST)


def test_the_public_is_not_told_of_a_sector() -> None:
    told = replace(HELD, alerts=tuple(replace(one, industry="F") for one in alerts()))
    assert {one.industry for one in seen_by(told, NOBODY).alerts} == {""}
    assert {one.industry for one in seen_by(told, NATIONAL).alerts} == {"F"}
    own = {one.province for one in seen_by(told, CHAMPASAK).alerts if one.industry}
    assert own == {"LA-CH"}


def test_an_alert_and_other_pages_take_no_question() -> None:
    for path in ("/en/alerts/b1", "/en/sources"):
        scene, _ = scene_at(path, HELD, demonstration=False, query="state=firing")
        assert scene.address.query == ""
    scene, _ = scene_at("/alerts", HELD, demonstration=False, query="state=firing")
    assert scene.address.to(Page.ALERTS, "b1") == parse("/alerts/b1")
    assert scene.address.path == "/alerts?state=firing"
