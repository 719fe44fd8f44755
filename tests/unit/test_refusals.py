"""How long we stay away from a source that turned us away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from scrapers.refusals import Absence, asked_to_wait, declaration_of, refused_again
from scrapers.sources import Source
from tests.tiny_site import SOURCE

NOW = datetime(2026, 1, 6, 3, tzinfo=UTC)
BOARD = Source.model_validate({**SOURCE, "base_url": "https://board.example"})


def days(absence: Absence) -> float:
    return (absence.until - NOW) / timedelta(days=1)


def test_each_refusal_doubles_the_absence_up_to_thirty_days() -> None:
    absence, lengths = None, []
    for _ in range(9):
        absence = refused_again(absence, BOARD, "HTTP 403", NOW)
        lengths.append(days(absence))
    assert lengths == [1, 2, 4, 8, 16, 30, 30, 30, 30]
    assert absence is not None
    assert (absence.times, absence.since) == (9, NOW)


def test_a_longer_retry_after_is_kept() -> None:
    assert days(refused_again(None, BOARD, "HTTP 403", NOW, 3 * 86_400)) == 3


def test_patience_alone_is_no_refusal_and_forgets_none() -> None:
    waiting = asked_to_wait(None, BOARD, "HTTP 429", NOW, 3600)
    assert (waiting.times, days(waiting)) == (0, 1 / 24)
    refused = refused_again(None, BOARD, "HTTP 403", NOW)
    assert asked_to_wait(refused, BOARD, "HTTP 429", NOW, 3600).times == 1


def test_another_file_is_another_declaration() -> None:
    changed = Source.model_validate({**SOURCE, "base_url": "https://board.example", "rate": 0.1})
    assert declaration_of(BOARD) == declaration_of(BOARD.model_copy())
    assert declaration_of(BOARD) != declaration_of(changed)
