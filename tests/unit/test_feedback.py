"""Feedback of readers: which page it is about, what is kept of it, what is drawn; no I/O."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from inspect import signature
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import addresses
from dashboard.accounts.records import NOBODY, Role, Viewer
from dashboard.addresses import Address, Page, feedback_path
from dashboard.catalogue import scene_at
from dashboard.feedback.page import Form, Paper, Receipt
from dashboard.feedback.place import Place, kept_page, link_to_form, place_in, words_of
from dashboard.feedback.writing import LONGEST, Fault, Written, written
from dashboard.frame import frame
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.operating.facts import Facts
from dashboard.operating.feedback import feedback_card
from streams.redact import redact
from tests.factories_dashboard import snapshot
from tests.unit.test_operations_page import NOW as OPERATED
from tests.unit.test_operations_page import warehouse
from warehouse.feedback import Feedback, FeedbackItem, FeedbackKind, FeedbackState
from warehouse.feedback import FeedbackStatement as Statement

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
SECRET = "s" * 43
FULL = snapshot(days=70, mean=60)


def wrote(**changes: str) -> Written:
    values = {
        "kind": "number", "text": "The stock of Champasak seems too high.",
        "page": "/en/provinces/LA-CH", "as_of": "2026-11-25T03:00:00+00:00",
        "release": "W2026-W47.0", **changes,
    }  # fmt: skip
    return written(
        values, viewer=NOBODY, secret=SECRET, language="en", held_as_of=NOW, now=NOW
    )  # fmt: skip


def kept(**changes: str) -> Feedback:
    found = wrote(**changes).feedback
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("given_path", "found"),
    [
        ("/en/provinces/LA-CH", "/en/provinces/LA-CH"), ("/", "/"), ("/en", "/en"),
        ("/provinces/LA-CH?x=1", "/provinces/LA-CH"),
        ("/explore?indicator=flow&province=LA-VT", "/explore?indicator=flow&province=LA-VT"),
        ("/explore?indicator=<b>", "/explore"), ("/methods?budget=3", "/methods"),
        ("/en/set-up/a-secret-that-opens-an-account", "/en/set-up"),
        ("/act/ack/a-signed-token", "/act"), ("/answer/a1b2", "/answer"),
        ("/feedback/0123", "/feedback"), ("/lo/operations", "/lo/operations"),
        ("https://evil.example/", ""), ("//evil.example", ""), ("/nowhere", ""), ("", ""),
        ("/alerts/call-020-5551-2345", ""), ("/alerts/" + "a" * 500, ""),
    ],
)  # fmt: skip
def test_only_pages_of_ours_are_kept_and_no_secret_part(given_path: str, found: str) -> None:
    assert kept_page(given_path) == found


@given(st.text(max_size=60), st.text(max_size=40), st.text(max_size=20))
def test_whatever_an_address_names_is_one_of_ours_or_nothing(
    page: str, as_of: str, release: str
) -> None:
    place = place_in({"page": page, "as_of": as_of, "release": release}, NOW)
    assert place.page == "" or place.page.startswith("/")
    assert not place.page.startswith("//")
    assert place.as_of is None or place.as_of <= NOW
    assert place_in(words_of(place), NOW) == place


@given(st.text(min_size=1, max_size=300), st.sampled_from(FeedbackKind))
def test_what_is_kept_is_redacted_and_the_same_text_is_one(text: str, kind: FeedbackKind) -> None:
    first, again = (wrote(text=text, kind=kind).feedback for _ in range(2))
    assert first == again
    if first is not None:
        assert redact(first.text).removed == 0
        assert 0 < len(first.feedback_id) == 32


def test_personal_data_leave_before_anything_is_kept() -> None:
    one = kept(text="Ask Mr. Somchai at noy@example.la or 020 5551 2345: the sum is wrong.")
    assert "noy@" not in one.text
    assert "5551" not in one.text
    assert "the sum is wrong" in one.text
    assert one.removed >= 2


def test_page_vintage_language_and_role_are_kept_and_nobodys_name() -> None:
    one = kept()
    assert (one.page, one.release_id, one.language) == ("/en/provinces/LA-CH", "W2026-W47.0", "en")
    assert one.page_as_of == NOW - timedelta(hours=1)
    assert one.held_as_of == NOW
    assert one.audience == "public"
    officer = Viewer(name="officer-7", role=Role.PROVINCIAL, province="LA-CH")
    sent = written(
        {"kind": "idea", "text": "x"}, viewer=officer, secret=SECRET, language="lo",
        held_as_of=None, now=NOW,
    ).feedback  # fmt: skip
    assert sent is not None
    assert sent.audience == "provincial"
    assert "officer-7" not in repr(sent)


def test_another_browser_day_or_text_is_another_piece() -> None:
    one = kept()
    others = [
        kept(text="Another."), kept(kind="fault"), kept(page="/en"),
        *(
            written(
                {"kind": one.kind, "text": one.text, "page": one.page}, viewer=NOBODY,
                secret=secret, language="en", held_as_of=NOW, now=at,
            ).feedback
            for secret, at in (("t" * 43, NOW), (SECRET, NOW + timedelta(days=1)))
        ),
    ]  # fmt: skip
    assert len({one.feedback_id, *(other.feedback_id for other in others if other)}) == 6


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"kind": ""}, {"kind": Fault.KIND}), ({"kind": "rant"}, {"kind": Fault.KIND}),
        ({"text": " \n "}, {"text": Fault.EMPTY}),
        ({"text": "x" * (LONGEST + 1)}, {"text": Fault.LONG}),
        ({"kind": "", "text": ""}, {"kind": Fault.KIND, "text": Fault.EMPTY}),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_and_nothing_is_kept(
    changes: dict[str, str], faults: dict[str, Fault]
) -> None:
    assert wrote(**changes) == Written(faults=faults)


def test_the_text_is_as_long_as_it_may_be() -> None:
    assert len(kept(text="ກ" * LONGEST).text) == LONGEST


@pytest.mark.parametrize("path", ["/", "/en", "/en/provinces/LA-CH", "/alerts", "/nowhere"])
def test_every_page_links_to_the_form_with_page_and_vintage(path: str) -> None:
    scene, parts = scene_at(path, FULL, demonstration=False)
    text = to_html(frame(scene, parts))
    link = link_to_form(scene)
    assert link.startswith(f"{feedback_path(scene.lang.code)}?page=%2F")
    assert link.replace("&", "&amp;") in text
    assert FULL.loaded_at is not None
    place = place_in({"page": "/", "as_of": FULL.loaded_at.isoformat()}, FULL.loaded_at)
    assert place.as_of == FULL.loaded_at


def paper(code: str) -> Paper:
    return Paper(snapshot=FULL, demonstration=False, language=code)


def body(drawn: Any) -> str:
    return bytes(drawn.body).decode()


@pytest.mark.parametrize("code", CODES)
def test_the_form_shows_page_vintage_kinds_and_faults(code: str) -> None:
    place = Place(page="/en/provinces/LA-CH", as_of=NOW, release_id="W2026-W47.0")
    drawn = paper(code).form(
        Form(place=place, kind="idea", text="<b>mine</b>", faults={"text": Fault.LONG})
    )
    text, say = body(drawn), language(code).say
    assert drawn.status_code == 422
    for kind in FeedbackKind:
        assert say(f"feedback_kind_{kind}") in text
    assert 'value="idea" required checked' in text
    assert "&lt;b&gt;mine&lt;/b&gt;" in text
    assert "W2026-W47.0" in text
    assert 'aria-invalid="true"' in text
    assert 'name="form"' in text
    assert "<script" not in text
    other = feedback_path("en" if code == "lo" else "lo")
    assert f'href="{other}?page=%2Fen%2Fprovinces%2FLA-CH' in text, "the language keeps the page"


def item(*states: FeedbackState) -> FeedbackItem:
    said = tuple(
        Statement(
            statement_id=str(at), feedback_id="f" * 32, state=state,
            reason="corrected" if state is FeedbackState.CLOSED else "", text="We looked.",
            account="operator-1", stated_at=NOW + timedelta(hours=at),
        )
        for at, state in enumerate(states)
    )  # fmt: skip
    return FeedbackItem(feedback=replace(kept(), feedback_id="f" * 32), statements=said)


@pytest.mark.parametrize("code", CODES)
def test_a_receipt_tells_state_and_answer_and_no_account(code: str) -> None:
    say = language(code).say
    held = item(FeedbackState.ANSWERED, FeedbackState.CLOSED)
    text = body(paper(code).receipt(Receipt(feedback_id="f" * 32, item=held)))
    assert say("feedback_state_closed") in text
    assert say("feedback_reason_corrected") in text
    assert text.count("We looked.") == 2
    assert "operator-1" not in text
    waits = paper(code).receipt(Receipt(feedback_id="f" * 32, waits=True))
    assert say("feedback_state_open") in body(waits)
    for found, status in (
        (Receipt(feedback_id="0" * 32), 404), (Receipt(feedback_id="0" * 32, known=False), 503),
    ):  # fmt: skip
        drawn = paper(code).receipt(found)
        assert drawn.status_code == status
        assert "0" * 32 not in re_main(body(drawn))


def re_main(text: str) -> str:
    return text.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_latest_statement_counts() -> None:
    assert item().state is FeedbackState.OPEN
    assert item(FeedbackState.CLOSED, FeedbackState.ANSWERED).state is FeedbackState.ANSWERED


@pytest.mark.parametrize("code", CODES)
def test_operations_lists_what_is_not_closed(code: str) -> None:
    held = replace(warehouse(), feedback=[item(FeedbackState.ANSWERED)])
    facts = Facts(
        at=OPERATED, store=None, warehouse=held, waiting=None, trouble=None, free_bytes=None
    )
    text = to_html(feedback_card(language(code), facts))
    assert "The stock of Champasak" in text
    assert "W2026-W47.0" in text
    assert language(code).say("ops_feedback_answered") in text
    empty = to_html(feedback_card(language(code), replace(facts, warehouse=warehouse())))
    assert language(code).say("ops_none") in empty


def test_every_page_of_the_navigation_can_be_told_of() -> None:
    for code in CODES:
        for page in Page:
            path = Address(language=code, page=page).path
            assert kept_page(path) == path


ALL_APART = sorted({
    name for name, function in vars(addresses).items()
    if name.endswith("_path") and [*signature(function).parameters] == ["code"]
} - {"manifest_path"})  # fmt: skip


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", ALL_APART)
def test_every_page_that_is_drawn_apart_can_be_told_of(name: str, code: str) -> None:
    path = getattr(addresses, name)(code)
    assert kept_page(path) == path
