"""Delivery to a real mail server: TLS, log-in, full mailboxes, refusals, restarts, escalation."""

from __future__ import annotations

import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from aiosmtpd.smtp import AuthResult, LoginPassword
from pydantic import SecretStr

from alerts.alert import Reason
from alerts.boxes import ATTEMPTS, MESSAGES, SERVER, UNDELIVERABLE
from alerts.notify.email import AwayError, RefusedError, compose, send
from alerts.operator_box import OperatorBox
from alerts.operators import NOTICES
from alerts.outbox import Message
from alerts.retrying import GIVEN_UP
from alerts.routing import Level
from alerts.store import AlertStore
from config.settings import Settings
from tests.factories_notices import message_of
from tests.fixtures_redis import start_redis
from tests.mail_office import HEAD, MINISTRY, NOW, OFFICE, Mailroom, Office, served
from tests.processes import free_port

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def certificate() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cert.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
             "-keyout", str(path.with_suffix(".key")), "-out", str(path)],
            check=True, capture_output=True,
        )  # fmt: skip
        yield path


def offered(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context


def who(_server: Any, _session: Any, _envelope: Any, _way: str, given: Any) -> AuthResult:
    known = isinstance(given, LoginPassword) and given.password == b"right"
    return AuthResult(success=known, handled=False)


def mail_of(settings: Settings) -> Any:
    return compose(message_of("shortage"), settings, [OFFICE], ["lo", "en"])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_encrypted_and_logged_in(certificate: Path, security: str) -> None:
    room, context = Mailroom(), offered(certificate)
    given: dict[str, Any] = {"authenticator": who, "auth_required": True}
    if security == "tls":
        given |= {"ssl_context": context, "auth_require_tls": False}
    else:
        given |= {"tls_context": context, "require_starttls": True}
    with served(room, **given) as port:
        right = Settings(
            smtp_port=port, smtp_security=security, smtp_user="us",
            smtp_password=SecretStr("right"), smtp_ca_file=str(certificate),
        )  # fmt: skip
        assert send(mail_of(right), right) == ()
        wrong = right.model_copy(update={"smtp_password": SecretStr("wrong")})
        with pytest.raises(AwayError, match="535"):
            send(mail_of(wrong), wrong)
        stranger = right.model_copy(update={"smtp_ca_file": ""})
        with pytest.raises(AwayError, match="certificate"):
            send(mail_of(stranger), stranger)
    assert room.addressed == [[OFFICE]]


def test_without_the_encryption_asked_for_nothing_is_sent() -> None:
    room = Mailroom()
    with served(room) as port:
        settings = Settings(smtp_port=port, smtp_security="starttls")
        with pytest.raises(AwayError, match="STARTTLS"):
            send(mail_of(settings), settings)
    assert room.taken == []


def test_a_recipient_that_is_refused_for_good_is_told_apart_from_a_full_mailbox() -> None:
    room = Mailroom()
    with served(room) as port:
        settings = Settings(smtp_port=port)
        room.answers[OFFICE] = "550 no such person"
        with pytest.raises(RefusedError, match="550 no such person"):
            send(mail_of(settings), settings)
        room.answers[OFFICE] = "452 mailbox full"
        with pytest.raises(OSError, match="452 mailbox full") as raised:
            send(mail_of(settings), settings)
    assert not isinstance(raised.value, AwayError)


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, start_redis(Path(folder)) as url:
        yield url


@pytest.fixture
def office(redis_url: str) -> Iterator[Office]:
    room = Mailroom()
    with redis.Redis.from_url(redis_url) as client, served(room) as port:
        client.flushall()
        yield Office(client, room, port)


def test_a_full_mailbox_is_tried_again_later_and_holds_nobody_else_up(office: Office) -> None:
    office.room.answers[OFFICE] = "452 mailbox full"
    office.routes = (replace(office.routes[0], kind="shortage"), replace(
        office.routes[0], name="rest", to=(HEAD,)
    ))  # fmt: skip
    shortage = replace(message_of("shortage"), alert=replace(message_of("shortage").alert,
                                                              alert_id="b" * 16))  # fmt: skip
    office.put(shortage, message_of("rise"))
    assert office.round() == (1, 0, 1)
    assert office.room.addressed == [[HEAD]]
    assert office.round(NOW + timedelta(seconds=20)) == (0, 0, 1)
    assert office.store.attempts()[shortage.message_id].tries == 1
    office.room.answers.clear()
    assert office.round(NOW + timedelta(seconds=31)) == (1, 0, 0)
    assert office.client.hlen(ATTEMPTS) == 0


def test_a_mailbox_that_stays_full_is_given_up_and_operators_are_told(office: Office) -> None:
    office.room.answers[OFFICE] = "452 mailbox full"
    office.put(message_of("rise"))
    assert office.round() == (0, 0, 1)
    assert office.round(NOW + GIVEN_UP) == (0, 1, 0)
    (letter,) = office.store.dead_letters()
    assert "given up" in letter.reason
    assert "452 mailbox full" in letter.reason
    office.room.answers.clear()
    assert OperatorBox(office.client).send(office.settings, NOW + GIVEN_UP) == 1
    assert office.room.addressed == [[office.settings.operator_mail_to]]
    assert office.store.take_dead("nothing", again=True) is None
    assert office.store.take_dead(letter.letter_id, again=True) is not None
    assert office.round(NOW + GIVEN_UP) == (1, 0, 0)
    assert office.store.dead_letters() == []


def test_one_of_two_recipients_refused_is_a_dead_letter_and_the_other_reads(office: Office) -> None:
    office.room.answers[HEAD] = "550 gone"
    office.routes = (replace(office.routes[0], to=(OFFICE, HEAD)),)
    office.put(message_of("rise"))
    assert office.round() == (1, 0, 0)
    assert office.room.addressed == [[OFFICE]]
    (letter,) = office.store.dead_letters()
    assert HEAD in letter.reason
    assert office.client.llen(NOTICES) == 1


def test_one_of_three_put_off_is_tried_again_alone(office: Office) -> None:
    office.room.answers = {HEAD: "452 mailbox full", MINISTRY: "550 gone"}
    office.routes = (replace(office.routes[0], to=(OFFICE, HEAD, MINISTRY)),)
    office.put(message_of("rise"))
    assert office.round() == (0, 0, 1)
    assert office.room.addressed == [[OFFICE]]
    (letter,) = office.store.dead_letters()
    assert MINISTRY in letter.reason
    assert office.round(NOW + timedelta(minutes=1)) == (0, 0, 1)
    office.room.answers.clear()
    assert office.round(NOW + timedelta(minutes=5)) == (1, 0, 0)
    assert office.room.addressed == [[OFFICE], [HEAD]]
    assert len(office.store.dead_letters()) == 1
    assert office.client.keys("lw:alert:reached:*") == []


def test_who_stays_put_off_is_given_up_and_later_reached_alone(office: Office) -> None:
    office.room.answers = {HEAD: "451 greylisted", MINISTRY: "550 gone"}
    office.routes = (replace(office.routes[0], to=(HEAD, MINISTRY)),)
    office.put(message_of("rise"))
    assert office.round() == (0, 0, 1)
    assert office.round(NOW + GIVEN_UP) == (0, 1, 0)
    gone, greylisted = office.store.dead_letters()
    assert (MINISTRY in gone.reason, HEAD in greylisted.reason) == (True, True)
    office.room.answers.clear()
    office.store.take_dead(greylisted.letter_id, again=True)
    assert office.round(NOW + GIVEN_UP) == (1, 0, 0)
    office.store.take_dead(gone.letter_id, again=True)
    assert office.round(NOW + GIVEN_UP) == (1, 0, 0)
    assert office.room.addressed == [[HEAD], [HEAD, MINISTRY]]


def test_a_server_that_is_away_blames_no_message(office: Office) -> None:
    nobody = office.settings.model_copy(update={"smtp_port": free_port()})
    here, office.settings = office.settings, nobody
    office.put(message_of("rise"))
    assert office.round() == (0, 0, 1)
    assert office.round(NOW + 2 * GIVEN_UP) == (0, 0, 1)
    assert set(office.store.attempts()) == {SERVER}
    office.settings = here
    assert office.round(NOW + 3 * GIVEN_UP) == (1, 0, 0)
    assert office.store.attempts() == {}
    assert office.client.llen(UNDELIVERABLE) == 0


def test_what_was_sent_is_not_sent_again_after_a_restart(office: Office) -> None:
    office.put(message_of("rise"))
    (waiting,) = office.client.lrange(MESSAGES, 0, -1)
    assert office.round() == (1, 0, 0)
    office.client.rpush(MESSAGES, waiting)  # as rebuilt by a process that does not know
    office.store = AlertStore(redis.Redis.from_url(f"{_url(office)}"))
    assert office.round(NOW + timedelta(days=2), owner="two") == (0, 0, 0)
    assert len(office.room.taken) == 1


def _url(office: Office) -> str:
    at = office.client.connection_pool.connection_kwargs
    return f"redis://{at['host']}:{at['port']}/0"


def test_levels_reach_those_they_name_and_the_end_reaches_all(office: Office) -> None:
    levels = (Level(to=(HEAD,)), Level(to=(MINISTRY,)))
    office.routes = (replace(office.routes[0], levels=levels),)
    first = message_of("rise")

    def raised(level: int, reason: Reason) -> Message:
        alert = replace(first.alert, level=level, tellings=first.alert.tellings + level)
        return replace(first, alert=alert, reason=reason)

    end = replace(message_of("rise", Reason.RETURNED))
    end = replace(end, alert=replace(end.alert, level=2, tellings=9))
    office.put(first, *(raised(level, Reason.ESCALATED) for level in (1, 2, 3)), end)
    assert office.round() == (5, 0, 0)
    assert office.room.addressed == [
        [OFFICE], [HEAD], [MINISTRY], [MINISTRY], [OFFICE, HEAD, MINISTRY],
    ]  # fmt: skip


@pytest.mark.filterwarnings("default")
def test_apprise_that_fails_is_tried_again_and_given_up(office: Office) -> None:
    office.settings = office.settings.model_copy(
        update={"endpoints": SecretStr(f"room=json://127.0.0.1:{free_port()}/")}
    )
    office.routes = (replace(office.routes[0], channels=("email", "room")),)
    office.put(message_of("rise"))
    assert office.round() == (0, 0, 1)
    assert office.round(NOW + timedelta(minutes=1)) == (0, 0, 1)
    assert office.round(NOW + GIVEN_UP) == (1, 0, 0)
    assert office.room.addressed == [[OFFICE]]
    (letter,) = office.store.dead_letters()
    assert letter.channel == "room"
