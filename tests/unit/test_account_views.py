"""What a viewer gets of the snapshot, and that pages drawn from it tell no more."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from dashboard.accounts.policy import Resource
from dashboard.accounts.records import NOBODY, Role, Viewer
from dashboard.accounts.seeing import Views, seen_by
from dashboard.addresses import Page
from dashboard.catalogue import FOR_THE_PUBLIC, is_open, scene_at
from dashboard.cube import GROUPS, PROVINCES
from dashboard.frame import frame
from dashboard.markup import to_html
from dashboard.views import Snapshot
from tests.factories_dashboard import NOW, snapshot
from tests.factories_evidence import with_evidence
from warehouse.disclosure.records import SEAL, Cell, Hidden, Measure, PublicCount, View
from warehouse.series import Frequency

CHAMPASAK = Viewer(name="ch-1", role=Role.PROVINCIAL, province="LA-CH")
ANALYST = Viewer(name="a-1", role=Role.ANALYST)
ADMIN = Viewer(name="root-1", role=Role.ADMIN)
FULL = snapshot(days=200)
ALERT = "a1b2c3d4e5f60718"
"""Firing, in Champasak."""


def told() -> tuple[PublicCount, ...]:
    """Eight weeks of the nation, provinces and groups; Xaisomboun is withheld."""
    cells = [Cell(), *(Cell(province=code) for code in PROVINCES)]
    cells += [Cell(isco1=code) for code in GROUPS]
    return tuple(
        _count(measure, cell, None if cell.province == "LA-XS" else 1_000 + 5 * number, back)
        for back in range(8)
        for number, cell in enumerate(cells)
        for measure in Measure
    )


def _count(measure: Measure, cell: Cell, value: int | None, back: int) -> PublicCount:
    return PublicCount(
        measure=measure, frequency=Frequency.WEEKLY, cell=cell, value=value, lower=value,
        upper=value, time_value=date(2026, 11, 16) - timedelta(weeks=back), issue=NOW,
        step=0 if value is None else 5, release_id="w", seal=SEAL,
        hidden=Hidden.CONFIDENTIAL if value is None else None,
    )  # fmt: skip


HELD = with_evidence(replace(FULL, told=told()))


def drawn(path: str, viewer: Viewer, held: Snapshot = HELD, **filters: str) -> str:
    scene, parts = scene_at(
        path, seen_by(held, viewer), viewer, demonstration=False, filters=filters
    )
    return to_html(frame(scene, parts))


def words(text: str) -> str:
    return re.sub(r"<[^>]*>", " ", text)


def acknowledges(viewer: Viewer) -> bool:
    """Whether the alert's page has the button."""
    path = f"/en/alerts/{ALERT}"
    scene, parts = scene_at(path, seen_by(HELD, viewer), viewer, demonstration=False)
    return "Acknowledge this alert" in repr(parts.slots["standing"](scene))


def test_departments_get_the_snapshot_itself_and_nobody_else_does() -> None:
    assert seen_by(HELD, ANALYST) is HELD
    for viewer in (NOBODY, CHAMPASAK, ADMIN):
        seen = seen_by(HELD, viewer)
        assert seen.is_public
        assert seen.cube is None
        assert seen.basis is None
        assert seen.events == 0
        assert seen.refusals == ()


def test_every_part_of_the_snapshot_is_either_shared_or_withheld_on_purpose() -> None:
    shared = {
        "version", "filling", "loaded_at", "vacancies", "sources", "periods", "came", "told",
        "told_mark", "alerts", "histories", "own", "is_public", "changes",
            "released", "forecasts", "quality", "entries",
    }  # fmt: skip
    seen = seen_by(HELD, NOBODY)
    blank = Snapshot()
    for field in fields(Snapshot):
        if field.name not in shared:
            assert getattr(seen, field.name) == getattr(blank, field.name), field.name


def test_the_public_gets_no_figure_of_an_alert_and_a_province_those_of_its_own() -> None:
    for alert in seen_by(HELD, NOBODY).alerts:
        assert alert.hidden
        assert (alert.observed, alert.expected, alert.ratio, alert.n) == (None,) * 4
    own = {alert.alert_id for alert in seen_by(HELD, CHAMPASAK).alerts if not alert.hidden}
    assert own == {alert.alert_id for alert in HELD.alerts if alert.province == "LA-CH"}


def test_the_public_gets_no_deed_and_no_course_and_a_province_its_own() -> None:
    public, own = seen_by(HELD, NOBODY), seen_by(HELD, CHAMPASAK)
    elsewhere = seen_by(HELD, replace(CHAMPASAK, province="LA-SV"))
    assert (public.deeds, public.courses) == (elsewhere.deeds, elsewhere.courses) == ({}, {})
    assert (own.deeds, own.courses) == (HELD.deeds, HELD.courses)
    assert {one.province for one in own.forecasts[View.DEPARTMENT]} == {"LA-CH"}
    assert View.DEPARTMENT not in public.forecasts


def test_a_province_gets_its_own_cells_and_zeros_of_all_others() -> None:
    own, cube = seen_by(HELD, CHAMPASAK).own, HELD.cube
    assert own is not None
    assert cube is not None
    assert own.cube.weekly_flow("LA-CH", "5") == cube.weekly_flow("LA-CH", "5")
    assert all(own.cube.flow[:, at].sum() == 0 for at, code in enumerate(PROVINCES)
               if code != "LA-CH")  # fmt: skip
    assert own.cube.flow[:, len(PROVINCES)].sum() == 0
    assert seen_by(HELD, NOBODY).own is None


def test_copies_are_made_once_for_a_class_and_anew_for_a_new_snapshot() -> None:
    views = Views()
    first = views.of(HELD, NOBODY)
    assert views.of(HELD, ADMIN) is first
    assert views.of(HELD, CHAMPASAK) is not first
    assert views.of(replace(HELD, version=2), NOBODY).version == 2


@pytest.mark.parametrize("page", FOR_THE_PUBLIC)
@pytest.mark.parametrize("viewer", [NOBODY, CHAMPASAK])
def test_public_pages_draw_with_and_without_data(page: Page, viewer: Viewer) -> None:
    path = "/en" if page is Page.NOW else f"/en/{page}"
    for held in (HELD, FULL, Snapshot()):
        text = drawn(path, viewer, held)
        assert "<h1" in text
        assert "{" not in words(text)


def test_a_week_that_was_not_seen_is_named_as_such_and_not_as_withheld() -> None:
    unseen = tuple(
        replace(each, value=None, hidden=Hidden.NOT_OBSERVED, seal=SEAL)
        if each.measure is Measure.FLOW and each.time_value == date(2026, 11, 16) else each
        for each in told()
    )  # fmt: skip
    public = words(drawn("/en", NOBODY, replace(HELD, told=unseen)))
    assert "Not assessable: sources were out for too long" in public
    assert "1 of them cannot be assessed" in public
    assert "Withheld: too few vacancies or employers" not in public
    before = words(drawn("/en", NOBODY))
    assert "Withheld: too few vacancies or employers" in before
    assert "cannot be assessed" not in before


def test_the_first_page_tells_the_public_what_changed_and_how_sure_that_is() -> None:
    public = words(drawn("/en", NOBODY))
    assert "What changed this week" in public
    assert "Whole country: " in public
    assert "new vacancies in the week to" in public
    assert public.count("95% interval 1,000 to 1,000") == 1, "of the flow, not of the stock"
    assert "Public holidays: less is expected" in public
    assert "fell into 1 of these periods" in public
    assert "Not assessable" in words(drawn("/en", NOBODY, replace(HELD, released={})))


def test_the_first_page_tells_the_public_the_rounded_weeks_only() -> None:
    assert HELD.cube is not None
    public, whole = words(drawn("/en", NOBODY)), words(drawn("/en", ANALYST))
    exact = f"{HELD.cube.weekly_flow()[1][-1]:,}"
    assert exact in whole
    assert exact not in public
    assert "1,000" in public
    assert "withheld" in public
    assert "Your province" not in public
    assert "Your province: Champasak" in words(drawn("/en", CHAMPASAK))


@pytest.mark.parametrize("viewer", [NOBODY, ADMIN, Viewer(name="c", role=Role.CORRECTOR)])
def test_no_page_tells_whoever_is_public_the_figures_of_an_alert(viewer: Viewer) -> None:
    for path in ("/en", "/en/alerts", f"/en/alerts/{ALERT}"):
        text = words(drawn(path, viewer))
        assert "2.71" not in text
        assert "n = 166" not in text
    assert "2.71" in words(drawn("/en/alerts", CHAMPASAK))
    assert "2.71" in words(drawn(f"/en/alerts/{ALERT}", CHAMPASAK))
    assert not acknowledges(viewer)
    assert acknowledges(CHAMPASAK)


def test_own_evidence_is_drawn_for_the_province_and_not_for_a_neighbour() -> None:
    neighbour = replace(CHAMPASAK, province="LA-SL")
    for viewer, shown in ((CHAMPASAK, True), (neighbour, False)):
        held = seen_by(HELD, viewer)
        scene, parts = scene_at(f"/en/alerts/{ALERT}", held, viewer, demonstration=False)
        figure = parts.figures["evidence"](scene)
        assert bool(figure["data"]) is shown


def test_sources_tell_the_public_bands() -> None:
    text = words(drawn("/en/sources", NOBODY))
    published = HELD.sources[0].published
    assert f"{published:,}" not in text
    assert "20,000 or more" in text
    assert f"{published:,}" in words(drawn("/en/sources", ANALYST))


def test_a_page_that_is_not_for_everybody_says_so_beside_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Page.ABOUT, "needs", Resource.OPERATIONS)
    assert "Please log in" in words(drawn("/en/about", NOBODY))
    assert "another role" in words(drawn("/en/about", ANALYST))
    assert "What is measured" not in words(drawn("/en/about", ANALYST))
    assert "Please log in" not in words(drawn("/en/about", ADMIN))
    assert 'href="/en/about"' not in drawn("/en", ANALYST).split("<main")[0].split("languages")[0]
    assert not is_open("/en/about", ANALYST)
    assert is_open("/en/about", ADMIN)
