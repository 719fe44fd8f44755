"""Entries of the audit log are read as words, whatever they are about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dashboard.accounts.chain import Deed, Entry
from dashboard.accounts.trail import alert_of, detail_said, target_said
from dashboard.language import CODES, language
from tests.unit.test_account_views import ALERT, HELD

AT = datetime(2026, 11, 26, 4, tzinfo=UTC)


def entry(deed: Deed, target: str = ALERT, detail: str = "") -> Entry:
    return Entry(number=1, at=AT, actor="champasak-1", deed=deed, target=target, detail=detail)


@pytest.mark.parametrize(
    ("made", "target", "detail"),
    [
        (entry(Deed.ALERT_JUDGED, detail="false"), "Champasak", "a false alarm"),
        (entry(Deed.ALERT_SILENCED, detail="this 7 days"), "Champasak", "this alert, for 7 days"),
        (entry(Deed.ALERT_SILENCED, detail="kind 14 days"), "Champasak", "kind there, for 14"),
        (entry(Deed.SILENCE_ENDED, detail="abc123"), "Champasak", "abc123"),
        (entry(Deed.ALERT_NOTED, target="gone"), "gone", ""),
        (entry(Deed.ACCOUNT_ADDED, "demo-champasak", "provincial LA-CH"), "demo-champasak",
         "Provincial office, Champasak"),
        (entry(Deed.ROLE_CHANGED, "x", "analyst"), "x", "Analyst"),
        (entry(Deed.REFUSED, "", "accounts"), "", "accounts"),
    ],
)  # fmt: skip
def test_an_entry_is_about_something_in_words(made: Entry, target: str, detail: str) -> None:
    english = language("en")
    assert target in target_said(english, made, HELD)
    assert detail in detail_said(english, made)
    assert (alert_of(made) == "") == (not made.deed.startswith(("alert_", "silence_")))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("deed", list(Deed))
def test_every_deed_has_a_word_in_both_languages(code: str, deed: Deed) -> None:
    assert language(code).say(f"deed_{deed}")
    assert target_said(language(code), entry(deed), HELD)
    assert detail_said(language(code), entry(deed, detail="true 1")) != ""
