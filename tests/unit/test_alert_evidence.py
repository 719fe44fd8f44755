"""The evidence of an alert is what it was decided on, and what officers did stands below it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dashboard.accounts.records import NOBODY, Role, Viewer
from dashboard.accounts.seeing import seen_by
from dashboard.alert_series import Basis, basis_of, series_of
from dashboard.alert_words import alert_evidence, alert_size
from dashboard.catalogue import scene_at
from dashboard.frame import frame
from dashboard.language import language
from dashboard.markup import to_html
from dashboard.views import AlertView, Snapshot
from tests.factories_dashboard import alert, snapshot
from tests.factories_evidence import ahead, pressure_ahead, shifted, shortage, with_evidence

MINISTER = Viewer(name="m-1", role=Role.POLICYMAKER)
HELD = with_evidence(snapshot(days=200))
OTHERS = (shortage(), ahead(), pressure_ahead(), shifted())


def drawn(alert_id: str, viewer: Viewer = MINISTER, held: Snapshot = HELD, code: str = "en") -> str:
    prefix = "" if code == "lo" else f"/{code}"
    seen = seen_by(held, viewer)
    scene, parts = scene_at(f"{prefix}/alerts/{alert_id}", seen, viewer, demonstration=False)
    return to_html(frame(scene, parts))


@pytest.mark.parametrize(
    ("held", "basis", "first"),
    [
        (alert(), Basis.COUNTS, None),
        (shortage(), Basis.ASSESSED, "shortage_probability"),
        (ahead(), Basis.ASSESSED, "shortage_within_12w"),
        (pressure_ahead(), Basis.FORECAST, "flow"),
        (shifted(), Basis.SHIFTED, "growth"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_each_kind_rests_on_its_own_figures(
    held: AlertView, basis: Basis, first: str | None
) -> None:
    found = series_of(held)
    assert basis_of(held) is basis
    assert (found[0].indicator if found else None) == first
    assert all((key.province, key.occupation) == ("LA-CH", held.isco1) for key in found)


def test_a_shortage_shows_its_probability_its_levels_and_tightness() -> None:
    text = drawn("shortage1")
    assert text.count('class="lines"') == 2
    for words in ("begins at 80%", "over below 50%", "Labour-market tightness", "86%"):
        assert words in text
    assert "times what was expected" not in text
    assert "New vacancies a week" not in text


def test_a_shortage_foreseen_is_called_so_and_not_a_demand() -> None:
    text = drawn("ahead1")
    assert "A shortage may come within 12 weeks: Champasak" in text
    assert "demand above the usual" not in text
    assert "begins at 80%" in text


def test_a_forecast_of_demand_shows_the_forecast_and_what_was_usual() -> None:
    text = drawn("demand1")
    assert text.count('class="ahead-95"') == text.count('class="ahead-80"') == 1
    assert "usual: up to 90" in text
    assert "120 new vacancies are expected (95% interval 95 to 147)" in text


def test_an_indicator_shows_its_own_course_below_zero_too() -> None:
    text = drawn("growth1")
    assert "expected: " in text
    assert "\N{MINUS SIGN}20%" in text or "\N{MINUS SIGN}10%" in text


@pytest.mark.parametrize("code", ["lo", "en"])
@pytest.mark.parametrize("held", OTHERS, ids=lambda held: held.alert_id)
def test_words_of_every_kind_have_no_blank_left(held: AlertView, code: str) -> None:
    lang = language(code)
    for said in (alert_size(lang, held), alert_evidence(lang, held)):
        assert said
        assert "{" not in said
        assert "_" not in said


@pytest.mark.parametrize("held", OTHERS, ids=lambda held: held.alert_id)
def test_nothing_is_drawn_that_was_never_released(held: AlertView) -> None:
    text = drawn(held.alert_id, held=replace(HELD, courses={}))
    assert "not in the releases" in text
    assert "<svg" not in text


def test_deeds_name_roles_verdict_and_words_and_no_account() -> None:
    text = re.sub(r"<[^>]*>", " ", drawn("shortage1"))
    for words in (
        "Provincial office, Champasak", "The service", "Policymaker", "Judged: true",
        "Asked three employers. · They look for drivers.",
    ):  # fmt: skip
        assert words in text


def test_the_public_sees_neither_figures_nor_deeds_of_any_kind() -> None:
    for held in OTHERS:
        text = drawn(held.alert_id, NOBODY)
        assert "Judged" not in text
        assert "What officers did" not in text
        assert "<svg" not in text
        assert "begins at" not in text


def test_only_changes_of_counts_are_split_into_parts() -> None:
    assert "Contributing cells" in drawn("b1")
    for held in OTHERS:
        assert "Contributing cells" not in drawn(held.alert_id)


def test_an_alert_without_deeds_says_so() -> None:
    assert "No officer has answered yet." in drawn("a1b2c3d4e5f60718")


def test_an_empty_history_is_a_sentence_and_no_empty_table() -> None:
    history = drawn("shortage1").partition('aria-label="History"')[2].partition("</section>")[0]
    assert "Nothing so far." in history
    assert "<table" not in history
