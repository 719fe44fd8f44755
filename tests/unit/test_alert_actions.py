"""Deeds about alerts and silences: what is recorded, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alerts.actions import Action, ActionFaultError, Channel, Verdict, action_of
from alerts.silences import (
    Matchers,
    SilenceFaultError,
    covering,
    ended,
    hidden_by,
    record_of,
    silence_of,
    silences_from,
)
from tests.factories_alerts import alert
from warehouse.deeds import ActionRecord, latest_verdicts

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
DAY = timedelta(days=1)


def verdict(word: Verdict, at: datetime = NOW, note: str = "") -> ActionRecord:
    return action_of(
        Action.VERDICT, "a1", officer="desk-2", channel=Channel.LINK, at=at, verdict=word, note=note
    )


def test_the_same_deed_is_one_and_another_is_another() -> None:
    assert verdict(Verdict.TRUE) == verdict(Verdict.TRUE)
    ids = {verdict(v, NOW + n * DAY).action_id for v in Verdict for n in (0, 1)}
    assert len(ids) == 6


def test_text_is_stored_without_persons() -> None:
    told = verdict(Verdict.FALSE, note="ask 020 5555 1234\n or  a@b.la")
    assert "5555" not in told.note
    assert "@" not in told.note


@pytest.mark.parametrize("officer", ["", " ", "x" * 65, "a\nb", "someone@ministry.la"])
def test_an_account_is_an_identifier(officer: str) -> None:
    with pytest.raises(ActionFaultError):
        action_of(Action.ACKNOWLEDGED, "a1", officer=officer, channel=Channel.COMMAND, at=NOW)


def test_a_verdict_has_its_word_and_nothing_else_has() -> None:
    for action, word in ((Action.VERDICT, None), (Action.NOTE, Verdict.TRUE)):
        with pytest.raises(ActionFaultError):
            action_of(
                action, "a1", officer="o", channel=Channel.LINK, at=NOW, verdict=word, note="n"
            )


def test_the_last_verdict_counts() -> None:
    said = [verdict(Verdict.TRUE), verdict(Verdict.FALSE, NOW + DAY)]
    assert latest_verdicts(said)["a1"].verdict == "false"


@pytest.mark.parametrize(
    ("matchers", "fits"),
    [
        (Matchers(province="LA-VT"), True),
        (Matchers(province="LA-SV"), False),
        (Matchers(province="nation"), False),
        (Matchers(province="LA-VT", occupation="5", kind="labour"), True),
        (Matchers(kind="shortage"), False),
        (Matchers(indicator="flow"), True),
        (Matchers(alert_id="a1b2c3d4e5f60718"), True),
    ],
)
def test_all_matchers_must_fit(matchers: Matchers, fits: bool) -> None:
    assert matchers.fit(alert()) is fits
    assert bool(hidden_by(matchers, [alert()])) is fits


def test_a_silence_holds_between_its_ends_and_no_longer() -> None:
    quiet = silence_of(
        Matchers(province="LA-VT"), from_at=NOW, to_at=NOW + DAY, officer="o", why="strike"
    )
    held = [covering([quiet], alert(), NOW + n * DAY) is not None for n in (-1, 0, 1)]
    assert held == [False, True, False]
    short = ended(quiet, NOW + DAY / 2, "p")
    assert covering([short], alert(), NOW + DAY / 2) is None
    assert (short.silence_id, short.officer) == (quiet.silence_id, "p")
    assert ended(short, NOW + DAY, "q") == short
    assert silences_from([record_of(quiet, NOW)]) == [quiet]


@pytest.mark.parametrize(
    ("matchers", "days", "why"),
    [(Matchers(), 1, "w"), (Matchers(kind="labour"), 0, "w"), (Matchers(kind="labour"), 93, "w"),
     (Matchers(kind="labour"), 1, " ")],
)  # fmt: skip
def test_no_silence_without_object_end_or_reason(matchers: Matchers, days: int, why: str) -> None:
    with pytest.raises(SilenceFaultError):
        silence_of(matchers, from_at=NOW, to_at=NOW + days * DAY, officer="o", why=why)
