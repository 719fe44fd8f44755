"""What an e-mail says, in both languages, and that nothing in it is taken for mark-up."""

from __future__ import annotations

import smtplib
from dataclasses import replace
from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from alerts.alert import Alert, Reason, State
from alerts.calendar import end_of_day
from alerts.cells import NATION, Cell
from alerts.notify.email import RefusedError, compose, send
from alerts.notify.names import cell_name, group_name, province_name
from alerts.notify.wording import put, words
from alerts.outbox import Message
from alerts.signal import Classification, Direction
from config.settings import Settings
from tests.factories_alerts import FIRST, alert

NOW = end_of_day(FIRST)
DEMO = Settings(workspace="demonstration", public_url="https://watch.example")


def message(subject: Alert | None = None, reason: Reason = Reason.OPENED) -> Message:
    """A first telling."""
    return Message(alert=replace(subject or alert(), tellings=1), reason=reason, at=NOW)


def bodies(mail: EmailMessage) -> dict[str, str]:
    """Content of each part by its type."""
    return {
        part.get_content_type(): part.get_content()
        for part in mail.walk()
        if not part.is_multipart()
    }


def test_every_phrase_exists_in_both_languages() -> None:
    lao, english = words("lo"), words("en")
    assert set(lao) == set(english)
    for key, phrase in english.items():
        assert len(phrase) == len(lao[key]) if isinstance(phrase, list) else lao[key]


def test_it_says_what_where_how_sure_since_when_on_what_and_what_it_is_not() -> None:
    mail = compose(message(), DEMO, ["officer@example.org"], ["en"])
    assert mail["Subject"].startswith("[demonstration data] More new vacancies")
    for body in bodies(mail).values():
        for wanted in (
            "DEMONSTRATION DATA", "Vientiane Capital · Service and sales workers",
            "40 new vacancies where 20 were expected: 2.0 times", "between 1.4 and 2.9",
            "28/05/2025", "02/06/2025", "9 employers", "sources (2): north, south",
            "not a shortage", "Is one large employer hiring",
            "https://watch.example/en/alerts/a1b2c3d4e5f60718",
        ):  # fmt: skip
            assert wanted in body


def test_lao_comes_first_where_both_are_wanted() -> None:
    text = bodies(compose(message(), DEMO, ["officer@example.org"], ["lo", "en"]))["text/plain"]
    assert text.index("ນະຄອນຫຼວງວຽງຈັນ") < text.index("Vientiane Capital")
    assert "https://watch.example/alerts/a1b2c3d4e5f60718" in text


def test_a_live_installation_carries_no_demonstration_mark() -> None:
    live = Settings(workspace="live")
    mail = compose(message(), live, ["officer@example.org"], ["en"])
    assert "emonstration" not in mail["Subject"]
    assert all("DEMONSTRATION" not in body for body in bodies(mail).values())


@pytest.mark.parametrize(
    ("changes", "reason", "wanted"),
    [
        ({"direction": Direction.DOWN}, Reason.OPENED, "no proof of lost jobs"),
        ({"kind": Classification.COLLECTION_FAULT}, Reason.OPENED, "says nothing about the labour"),
        ({"state": State.RESOLVED}, Reason.RETURNED, "The usual level is back"),
        ({"state": State.RESOLVED}, Reason.NEW_NORMAL, "it is now what is expected"),
        ({}, Reason.REPEATED, "Reminder: More new vacancies"),
        ({"contributors": ("LA-SV/7",)}, Reason.OPENED, "Savannakhet · Craft"),
    ],
)
def test_kinds_of_message(changes: dict[str, object], reason: Reason, wanted: str) -> None:
    mail = compose(message(alert(**changes), reason), DEMO, ["a@example.org"], ["en"])  # type: ignore[arg-type]
    assert all(wanted in body for body in bodies(mail).values())


def test_the_same_decision_has_the_same_message_id() -> None:
    first = compose(message(), DEMO, ["a@example.org"], ["en"])
    again = compose(message(), DEMO, ["a@example.org"], ["en"])
    second = Message(alert=alert(tellings=2), reason=Reason.REPEATED, at=NOW + timedelta(days=14))
    later = compose(second, DEMO, ["a@example.org"], ["en"])
    assert first["Message-ID"] == again["Message-ID"]
    assert later["Message-ID"] != first["Message-ID"]
    assert later["References"] == first["Message-ID"]


def test_names_from_outside_are_no_mark_up() -> None:
    evil = alert(sources=("<script>alert(1)</script>",))
    html = bodies(compose(message(evil), DEMO, ["a@example.org"], ["en"]))["text/html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_picture_shows_seen_against_expected() -> None:
    seen, expected = put(message(), "en", "").bars
    assert (seen.value, seen.width, expected.value, expected.width) == ("40", 100.0, "20", 50.0)


def test_names_of_cells() -> None:
    assert cell_name(NATION, "en", "Whole country", "all") == "Whole country · all"
    assert province_name("LA-XX", "en") == "LA-XX"
    assert group_name("5", "lo") != group_name("5", "en")
    assert cell_name(Cell("LA-CH", ""), "lo", "", "ທຸກອາຊີບ") == "ຈຳປາສັກ · ທຸກອາຊີບ"


class Mailbox:
    """Stands for a mail server: answers as told."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.refused: dict[str, tuple[int, bytes]] = {}
        self.taken: list[EmailMessage] = []

    def __call__(self, *_: object, **__: object) -> Mailbox:
        return self

    def __enter__(self) -> Mailbox:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def send_message(
        self, mail: EmailMessage, to_addrs: list[str] | None
    ) -> dict[str, tuple[int, bytes]]:
        assert to_addrs is None
        if self.error is not None:
            raise self.error
        self.taken.append(mail)
        return self.refused


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (None, None),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"no")}), RefusedError),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (451, b"later")}), OSError),
        (smtplib.SMTPDataError(554, b"spam"), RefusedError),
        (smtplib.SMTPDataError(452, b"full"), OSError),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), RefusedError),
        (ConnectionRefusedError(), OSError),
    ],
)
def test_answers_of_the_server(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, raised: type[Exception] | None
) -> None:
    box = Mailbox(error)
    monkeypatch.setattr("alerts.notify.email.smtplib.SMTP", box)
    mail = compose(message(), DEMO, ["a@example.org"], ["en"])
    if raised is None:
        send(mail, DEMO)
        assert box.taken == [mail]
    else:
        with pytest.raises(raised):
            send(mail, DEMO)


def test_a_recipient_refused_beside_others_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    box = Mailbox(None)
    box.refused = {"b@example.org": (550, b"no such\r\n user")}
    monkeypatch.setattr("alerts.notify.email.smtplib.SMTP", box)
    mail = compose(message(), DEMO, ["a@example.org", "b@example.org"], ["en"])
    (refusal,) = send(mail, DEMO)
    assert (str(refusal), refusal.is_final) == ("b@example.org: 550 no such user", True)
    box.error = smtplib.SMTPRecipientsRefused({"a@x": (451, b"later"), "b@x": (550, b"no")})
    assert [one.is_final for one in send(mail, DEMO)] == [False, True]


def test_days_are_written_as_laos_writes_them() -> None:
    assert "31/12/2025" in put(message(alert(onset_on=date(2025, 12, 31))), "lo", "").since
