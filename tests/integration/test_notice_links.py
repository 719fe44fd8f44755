"""Links to act by: only the button acts, only once signed, for one purpose, one alert, in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
import requests
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pydantic import SecretStr

from alerts.alert import Alert, State
from alerts.delivery import links_in
from alerts.links import Grant, KeyFaultError, Purpose, Refusal, read_keys, sign, verify
from alerts.notify.told import public_notices
from alerts.routing import Route
from config.settings import Settings
from dashboard.accounts.visiting import Cookies, Visiting
from dashboard.data import Register
from dashboard.notices import acting, feeds
from dashboard.notices.acting import Counter, acting_routes
from dashboard.notices.feeds import feed_routes
from dashboard.push.problems import ProblemError, answer_problem
from dashboard.v1.reading import Reading
from tests.factories_notices import alert_of, message_of
from tests.mail_office import some_keys
from tests.own_forms import COOKIE, TOKEN
from tests.served_dashboard import served
from tests.unit.test_notice_feeds import told
from warehouse.deeds import ActionRecord

pytestmark = pytest.mark.integration
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
SECRETS = "new:0123456789abcdef0,old:fedcba9876543210f"
KEYS = some_keys(SECRETS)
OLD = read_keys("old:fedcba9876543210f")
GRANT = Grant(
    purpose=Purpose.ACKNOWLEDGE, alert_id="a1b2c3d4e5f60718", recipient="attapeu",
    until=NOW + timedelta(days=30),
)  # fmt: skip


def test_a_token_says_what_was_granted() -> None:
    assert verify(sign(GRANT, KEYS), Purpose.ACKNOWLEDGE, KEYS, NOW) == GRANT


def test_it_ends_and_serves_one_purpose_only() -> None:
    token = sign(GRANT, KEYS)
    assert verify(token, Purpose.ACKNOWLEDGE, KEYS, GRANT.until) is Refusal.EXPIRED
    assert verify(token, Purpose.VERDICT, KEYS, NOW) is Refusal.OTHER_PURPOSE


def test_a_replaced_key_is_believed_until_it_is_taken_away() -> None:
    assert OLD is not None
    token = sign(GRANT, OLD)
    assert verify(token, Purpose.ACKNOWLEDGE, KEYS, NOW) == GRANT
    only_new = read_keys("new:0123456789abcdef0")
    assert only_new is not None
    assert verify(token, Purpose.ACKNOWLEDGE, only_new, NOW) is Refusal.UNKNOWN_KEY


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_changed_token_is_taken(data: st.DataObject) -> None:
    token = sign(GRANT, KEYS)
    at = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = token[:at] + letter + token[at + 1 :]
    found = verify(changed, Purpose.ACKNOWLEDGE, KEYS, NOW)
    assert changed == token or isinstance(found, Refusal) or found == GRANT  # padding bits


@given(st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_anything_else_is_refused_without_an_error(token: str) -> None:
    assert isinstance(verify(token, Purpose.ACKNOWLEDGE, KEYS, NOW), Refusal)


@pytest.mark.parametrize("text", ["short:abc", "a:0123456789abcdef,a:0123456789abcdef", "nothing"])
def test_weak_or_doubtful_keys_are_refused(text: str) -> None:
    with pytest.raises(KeyFaultError):
        read_keys(text)


def test_a_recipient_cannot_write_fields_of_its_own() -> None:
    with pytest.raises(ValueError, match="no grant"):
        sign(replace(GRANT, recipient="x\n9999999999"), KEYS)


def test_without_keys_there_are_no_links_and_over_alerts_are_not_acknowledged() -> None:
    route = Route(name="attapeu", provinces=(), kind="", to=(), languages=("lo",))
    keyed = Settings(link_keys=SecretStr(SECRETS), public_url="https://w.example")
    assert links_in(message_of("rise"), route, Settings()) == {}
    labels = [label for label, _ in links_in(message_of("rise"), route, keyed)["en"]]
    assert labels == ["I look into it", "Say whether it was right"]


NOTICES = public_notices(
    [told(), told(days=14, reason="repeated"), told("shortage", alert_id="ffff", days=2)]
)


class Client:
    """Asks the served pages."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.get(self.address + path, headers=named, timeout=10)

    def post(self, path: str, data: dict[str, str]) -> requests.Response:
        sent = {"form": TOKEN, **data}
        return requests.post(self.address + path, data=sent, headers=COOKIE, timeout=10)


class Store:
    """Stands for the alert store: one alert, and the deeds recorded."""

    deeds: list[ActionRecord]
    noted: list[tuple[str, ...]]
    """What the audit log was given."""
    held: Alert

    def __init__(self, _client: object = None) -> None:
        return None

    def record(self, deed: ActionRecord) -> None:
        Store.deeds.append(deed)


@pytest.fixture
def client(site: Client) -> Client:
    Store.deeds, Store.noted, Store.held = [], [], alert_of("rise")
    return site


@pytest.fixture(scope="module")
def site() -> Iterator[Client]:
    patched = pytest.MonkeyPatch()
    patched.setattr(acting, "AlertStore", Store)
    patched.setattr(acting, "read_alert", lambda *_: Store.held)
    patched.setattr(feeds, "_notices", lambda _: list(NOTICES))

    def acknowledge(_alert_id: str, _now: datetime) -> bool:
        firing = Store.held.state is State.FIRING
        Store.held = replace(Store.held, state=State.ACKNOWLEDGED) if firing else Store.held
        return firing

    async def answered(*noted: str) -> None:
        Store.noted.append(noted)

    counter = Counter(Settings(link_keys=SecretStr(SECRETS)), acknowledge, lambda: NOW)
    nothing: Callable[..., Any] = tuple
    register = Register(nothing, nothing, phase=str, clock=lambda: NOW)
    app = FastAPI()
    app.include_router(acting_routes(counter, register, answered, demonstration=True))
    reading = Reading(Settings(public_url="https://w.example"), cast(Any, None), lambda: NOW)
    app.include_router(feed_routes(reading))
    app.add_exception_handler(ProblemError, answer_problem)
    cookies, nobody = Cookies(secure=False), cast(Any, None)
    app.add_middleware(Visiting, sessions=nobody, cookies=cookies, clock=lambda: NOW)
    with served(app) as address:
        yield Client(address)
    patched.undo()


def token_of(purpose: Purpose) -> str:
    return sign(replace(GRANT, purpose=purpose), KEYS)


@pytest.mark.parametrize(
    ("path", "button"), [("/act", "ແມ່ນ, ຂ້າພະເຈົ້າກຳລັງກວດເບິ່ງ"), ("/en/act", "Yes, I look into it")]
)
def test_opening_the_link_changes_nothing(client: Client, path: str, button: str) -> None:
    for _ in range(3):  # as mail scanners do
        shown = client.get(f"{path}/ack/{token_of(Purpose.ACKNOWLEDGE)}")
    assert shown.status_code == 200
    assert button in shown.text
    assert "<script" not in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert shown.headers["cache-control"] == "no-store"
    assert (Store.deeds, Store.held.state) == ([], State.FIRING)


def test_the_button_acts_once_and_leaves_an_audit_row(client: Client) -> None:
    form = {"token": token_of(Purpose.ACKNOWLEDGE)}
    first, second = (client.post("/en/act/ack", data=form) for _ in range(2))
    assert "The alert is acknowledged" in first.text
    assert "already" in second.text
    (deed,) = Store.deeds
    assert (deed.action, deed.officer, deed.channel) == ("acknowledged", "attapeu", "link")
    assert Store.noted == [("link attapeu", "alert_acknowledged", GRANT.alert_id, "")]


def test_a_verdict_is_kept_without_personal_data(client: Client) -> None:
    form = {
        "token": token_of(Purpose.VERDICT), "verdict": "false", "done": "asked the factory",
        "note": "call 020 5555 1234",
    }  # fmt: skip
    assert client.post("/act/verdict", data=form).status_code == 200
    (deed,) = Store.deeds
    assert (deed.verdict, deed.done) == ("false", "asked the factory")
    assert "5555" not in deed.note
    assert Store.noted == [("link attapeu", "alert_judged", GRANT.alert_id, "false")]


def test_a_verdict_without_an_answer_is_asked_for_again(client: Client) -> None:
    answer = client.post("/en/act/verdict", data={"token": token_of(Purpose.VERDICT)})
    assert answer.status_code == 422
    assert 'value="unsure"' in answer.text
    assert (Store.deeds, Store.noted) == ([], [])


def test_forged_old_and_crossed_tokens_do_nothing(client: Client) -> None:
    old = sign(replace(GRANT, until=NOW), KEYS)
    wrong = token_of(Purpose.VERDICT)
    statuses = [
        client.post("/en/act/ack", data={"token": token}).status_code
        for token in (old, wrong, "x.y", "")
    ]
    assert statuses == [410, 403, 403, 403]
    assert (Store.deeds, Store.held.state) == ([], State.FIRING)


def test_an_alert_that_is_over_is_not_acknowledged(client: Client) -> None:
    Store.held = replace(Store.held, state=State.RESOLVED)
    answer = client.post("/en/act/ack", data={"token": token_of(Purpose.ACKNOWLEDGE)})
    assert answer.status_code == 409
    assert (Store.deeds, Store.noted) == ([], [])


@pytest.mark.parametrize("path", ["/alerts/feed.atom", "/alerts/feed.atom?lang=en", "/alerts/cap"])
def test_feeds_are_served_with_validators(client: Client, path: str) -> None:
    first = client.get(path)
    assert first.headers["content-type"].startswith("application/atom+xml")
    again = client.get(path, If_None_Match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert len(etree.fromstring(first.content).findall("{*}entry")) == len(NOTICES)


def test_every_entry_leads_to_a_message(client: Client) -> None:
    entries = etree.fromstring(client.get("/alerts/cap").content).findall("{*}entry")
    for entry in entries:
        link = entry.find("{*}link[@rel='related']")
        assert link is not None
        message = client.get(link.attrib["href"].removeprefix("https://w.example"))
        assert message.headers["content-type"].startswith("application/cap+xml")
        assert b"Exercise" in message.content


def test_what_is_not_there_is_said_so(client: Client) -> None:
    assert client.get("/alerts/cap/zzzz.1.xml").status_code == 404
    assert client.get("/alerts/feed.atom?page=0").status_code == 422
