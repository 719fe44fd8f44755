"""Operators are told once when a source goes wrong and once when it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.notify.operator import compose_notice
from alerts.notify.wording import words
from alerts.operators import Notice, Trouble, tell
from config.settings import Settings
from scrapers.health_records import HealthReason, MarkEnd
from streams.trust import Reason
from warehouse.marks import Mark

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def mark(**changes: Any) -> Mark:
    found = Mark(
        mark_id="b:1", source_id="b", kind="changed", from_at=AT - 60 * MINUTE, to_at=None,
        reason="coverage_of_place_fell", evidence="coverage_of_place_fell 0.99 to 0 (n 5)",
        issue=AT, opened_at=AT, opened_for="coverage_of_place_fell", opened_on="",
    )  # fmt: skip
    return replace(found, **changes)


def step(
    marks: list[Mark], troubles: Mapping[str, Trouble], minutes: int
) -> tuple[list[bool], Mapping[str, Trouble]]:
    """For each notice whether it tells an end; and what is known then."""
    told = tell(marks, troubles, AT + minutes * MINUTE)
    return [notice.over_at is not None for notice in told.notices], told.troubles


def test_a_change_is_told_at_once_and_once() -> None:
    begun, known = step([mark()], {}, 0)
    assert begun == [False]
    assert step([mark()], known, 5) == ([], known)


def test_the_end_is_told_when_it_has_lasted() -> None:
    _, known = step([mark()], {}, 0)
    closed = [mark(to_at=AT + 20 * MINUTE, reason="recovered")]
    assert step(closed, known, 25) == ([], known)
    assert step(closed, known, 31) == ([True], {})
    assert step(closed, {}, 40) == ([], {})


def test_a_short_outage_is_told_to_nobody() -> None:
    out = mark(kind="outage", reason="no_answer")
    assert step([out], {}, 9) == ([], {})
    assert step([replace(out, to_at=AT + 9 * MINUTE)], {}, 30) == ([], {})
    assert step([out], {}, 10)[0] == [False]


def test_a_source_that_flaps_is_one_trouble() -> None:
    first = mark(kind="outage", to_at=AT + 20 * MINUTE, reason="recovered")
    second = mark(mark_id="b:2", kind="outage", opened_at=AT + 25 * MINUTE, reason="no_answer")
    _, known = step([mark(kind="outage")], {}, 12)
    assert step([first], known, 22) == ([], known)
    assert step([first, second], known, 40) == ([], known)
    over = replace(second, to_at=AT + 50 * MINUTE, reason="recovered")
    assert step([first, over], known, 61) == ([True], {})


def test_sources_are_told_apart() -> None:
    assert step([mark(), mark(mark_id="c:1", source_id="c")], {}, 0)[0] == [False, False]


@pytest.mark.parametrize("over", [False, True])
def test_the_message_says_what_and_what_to_do_in_both_languages(over: bool) -> None:
    trouble = Trouble(
        source_id="khon-ngan", mark_id="k:1", kind="changed", since=AT,
        reason="coverage_of_place_fell", evidence="0.99 to 0 (n 5)",
    )  # fmt: skip
    notice = Notice(
        trouble=trouble, at=AT, over_at=AT + MINUTE if over else None,
        ending="recovered" if over else "",
    )  # fmt: skip
    mail = compose_notice(notice, Settings(operator_mail_to="ops@example.la"))
    plain = mail.get_body(("plain",))
    assert plain is not None
    text = plain.get_content()
    assert mail["To"] == "ops@example.la"
    assert "khon-ngan" in mail["Subject"]
    assert "02/03/2026 12:00" in text, "the time of the Lao day"
    for language in ("lo", "en"):
        said = words(language)
        assert said["reasons"]["coverage_of_place_fell"] in text
        assert (said["endings"]["recovered"] in text) is over
        assert all((check in text) is not over for check in said["check_source"])
    assert compose_notice(notice, Settings())["Message-ID"] == mail["Message-ID"]
    html = mail.get_body(("html",))
    assert html is not None
    assert "<dl" in html.get_content()


@pytest.mark.parametrize("language", ["lo", "en"])
def test_every_reason_and_ending_has_words(language: str) -> None:
    assert words(language)["reasons"].keys() == {reason.value for reason in HealthReason}
    assert words(language)["endings"].keys() == {end.value for end in MarkEnd}
    doubts = {Reason.MANY_CONFLICTS, Reason.WORSE, Reason.REVOKED}
    assert words(language)["doubts"].keys() == {reason.value for reason in doubts}


@pytest.mark.parametrize("over", [False, True])
def test_an_account_in_doubt_is_told_as_one_in_both_languages(over: bool) -> None:
    begun = mark(kind="corrections", source_id="officer-9", reason="many_conflicts")
    told = tell([begun], {}, AT)
    if over:
        ended = replace(begun, to_at=AT, reason="revoked")
        told = tell([ended], told.troubles, AT + 11 * MINUTE)
    mail = compose_notice(told.notices[0], Settings(workspace="live"))
    text = mail.get_body(("plain",))
    assert text is not None
    content = text.get_content()
    assert "officer-9" in content
    for language in ("lo", "en"):
        heading = "operator_over_corrections" if over else "operator_corrections"
        assert words(language)[heading] in content
        assert words(language)["doubts"]["many_conflicts"] in content
    assert words("en")["operator_source"] not in content


@pytest.mark.parametrize("over", [False, True])
def test_a_failed_check_of_quality_is_told_as_one_in_both_languages(over: bool) -> None:
    begun = mark(kind="quality", source_id="province_known", reason="beyond_the_limit")
    told = tell([begun], {}, AT)
    if over:
        ended = replace(begun, to_at=AT, reason="stands_well")
        told = tell([ended], told.troubles, AT + 11 * MINUTE)
    text = compose_notice(told.notices[0], Settings(workspace="live")).get_body(("plain",))
    assert text is not None
    content = text.get_content()
    assert "province_known" in content
    for language in ("lo", "en"):
        said = words(language)
        assert said["operator_over_quality" if over else "operator_quality"] in content
        assert said["quality_reasons"]["beyond_the_limit"] in content
        assert (said["quality_reasons"]["stands_well"] in content) is over
        assert all((check in content) is not over for check in said["check_quality"])
    assert words("en")["effect"] not in content
