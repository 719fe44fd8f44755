"""Log-in over real HTTP and a real Redis: sessions, forms, waits, and what is written down."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html import unescape
from typing import Any

import pytest
import requests
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from config.settings import Settings
from dashboard.accounts import passwords
from dashboard.accounts.chain import Deed, broken
from dashboard.accounts.passwords import hash_of, matches
from dashboard.accounts.records import Account, Role
from dashboard.accounts.store import AccountStore
from labourwatch.first_accounts import prepare
from tests.fixtures_redis import start_redis
from tests.push_stack import dashboard

pytestmark = pytest.mark.integration
PASSWORD, NAMES = "rice grows by the river", {role: f"the-{role}" for role in Role}


@dataclass
class House:
    """A served dashboard and its store."""

    url: str
    settings: Settings
    redis: Any

    def run(self, work: Any) -> Any:
        """The result of work on the account store."""

        async def reach() -> Any:
            async with AsyncRedis.from_url(self.settings.redis_url) as client:
                return await work(AccountStore(client))

        return asyncio.run(reach())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with start_redis(folder) as url:
        settings = Settings(var_dir=folder, redis_url=url)
        with dashboard(settings) as address:
            yield House(address, settings, Redis.from_url(url))


@cache
def hashed() -> str:
    """Made once: it takes its time, on purpose."""
    return hash_of(PASSWORD)


@pytest.fixture
def house(running: House) -> House:
    running.redis.flushall()
    stored, now = hashed(), datetime.now(UTC)

    async def fill(store: AccountStore) -> None:
        for role, name in NAMES.items():
            province = "LA-CH" if role is Role.PROVINCIAL else ""
            account = Account(
                name=name, role=role, province=province, password=stored, created_at=now
            )
            await store.add(account, "test")

    running.run(fill)
    return running


@dataclass
class Visitor:
    """A browser: keeps cookies, fills in forms."""

    house: House
    web: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str) -> requests.Response:
        return self.web.get(self.house.url + path, allow_redirects=False, timeout=20)

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's first form."""
        text = self.get(path).text.split("<form")[1]
        return {
            name: unescape(value)
            for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
        }

    def post(self, path: str, headers: Any = None, **values: str) -> requests.Response:
        return self.web.post(
            self.house.url + path, data=values, headers=headers, allow_redirects=False, timeout=20
        )

    def log_in(self, name: str, password: str = PASSWORD, **more: str) -> requests.Response:
        hidden = self.form("/en/log-in")
        return self.post("/en/log-in", **{**hidden, "name": name, "password": password, **more})

    @property
    def session(self) -> str:
        return self.web.cookies.get("lw_session") or ""


def deeds(house: House) -> list[Deed]:
    entries = house.run(lambda store: store.audit())
    assert broken(entries) is None
    return [one.deed for one in entries]


def test_logging_in_and_out(house: House) -> None:
    me = Visitor(house)
    assert "Log in" in me.get("/en").text
    answer = me.log_in("the-analyst", next="/en/alerts")
    assert (answer.status_code, answer.headers["location"]) == (303, "/en/alerts")
    cookie = next(one for one in answer.raw.headers.getlist("set-cookie") if "session" in one)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = me.get("/en")
    assert "the-analyst" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert "Cookie" in page.headers["vary"]
    kept = me.session
    hidden = me.form("/en/account")
    assert me.post("/en/log-out", **hidden).status_code == 303
    stale = requests.get(house.url + "/en", headers={"Cookie": f"lw_session={kept}"}, timeout=20)
    assert "the-analyst" not in stale.text
    assert deeds(house)[-2:] == [Deed.LOGGED_IN, Deed.LOGGED_OUT]


def test_a_session_that_was_put_into_the_browser_is_never_taken_over(house: House) -> None:
    other = Visitor(house)
    other.log_in("the-corrector")
    for planted in ("a" * 43, other.session):
        me = Visitor(house)
        me.web.cookies.set("lw_session", planted, domain="127.0.0.1", path="/")
        hidden = me.form("/en/log-in")
        me.post("/en/log-in", **hidden, name="the-analyst", password=PASSWORD)
        found = [one.value for one in me.web.cookies if one.name == "lw_session"]
        assert any(one not in ("", planted) for one in found)
    gone = requests.get(
        house.url + "/en", headers={"Cookie": f"lw_session={other.session}"}, timeout=20
    )
    assert "the-corrector" not in gone.text


def test_wrong_names_and_wrong_passwords_are_answered_alike(house: House) -> None:
    me = Visitor(house)
    answers = [me.log_in(name, "wrong password") for name in ("the-analyst", "no-such-name")]
    said = [re.sub(r'value="[^"]*"', "", answer.text.split("<main")[1]) for answer in answers]
    assert said[0] == said[1]
    assert {answer.status_code for answer in answers} == {422}


def test_unknown_names_cost_the_same_work(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash compared and one entry written, whether there is such a name or not."""
    compared: list[bool] = []

    def noted(stored: str, password: str) -> bool:
        compared.append(bool(stored))
        return matches(stored, password)

    monkeypatch.setattr(passwords, "matches", noted)
    me = Visitor(house)
    for name in ("the-analyst", "no-such-name", "NOT A NAME"):
        before = len(deeds(house))
        me.log_in(name, "wrong password")
        assert len(deeds(house)) == before + 1
    assert compared == [True, False, False]


def test_after_five_wrong_passwords_the_right_one_waits_too(house: House) -> None:
    me = Visitor(house)
    for _ in range(5):
        assert me.log_in("the-analyst", "wrong password").status_code == 422
    refused = me.log_in("the-analyst")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 30
    assert me.session == ""
    assert me.log_in("the-admin").status_code == 303
    assert Deed.LOCKED in deeds(house)
    entries = house.run(lambda store: store.audit())
    assert not any("password" in one.detail for one in entries)


def test_names_that_nobody_has_are_not_written_down(house: House) -> None:
    Visitor(house).log_in("my secret password", "x")
    assert not any(b"my secret" in house.redis.dump(key) for key in house.redis.keys("*") if key)


@pytest.mark.parametrize("path", ["/en/log-in", "/en/account", "/en/accounts", "/en/log-out"])
def test_a_form_without_its_token_changes_nothing(house: House, path: str) -> None:
    me, other = Visitor(house), Visitor(house)
    me.log_in("the-admin")
    foreign = other.form("/en/log-in")["form"]
    before = len(deeds(house))
    for given in ({}, {"form": ""}, {"form": "0" * 64}, {"form": foreign}):
        answer = me.post(
            path, **given, step="add", name="new-one", role="analyst", password=PASSWORD,
            held=PASSWORD, chosen=PASSWORD + "!", again=PASSWORD + "!",
        )  # fmt: skip
        assert answer.status_code in (403, 422), answer.text
    assert len(deeds(house)) == before
    assert "the-admin" in me.get("/en").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/en/accounts", "/_dash-update-component", "/en/submit"])
def test_what_another_site_makes_a_browser_send_is_refused(
    house: House, path: str, headers: dict[str, str]
) -> None:
    me = Visitor(house)
    me.log_in("the-admin")
    hidden = me.form("/en/accounts")
    answer = me.post(path, headers, **hidden, step="add", name="new-one", role="analyst")
    assert answer.status_code == 403
    assert house.run(lambda store: store.get("new-one")) is None


def test_an_admin_adds_changes_and_disables_accounts(house: House) -> None:
    admin = Visitor(house)
    admin.log_in("the-admin")

    def step(**values: str) -> requests.Response:
        return admin.post("/en/accounts", **admin.form("/en/accounts"), **values)

    added = step(step="add", name="new-1", role="provincial", province="LA-XA")
    link = re.search(r"/en/set-up/(new-1\.[\w-]+)", added.text)
    assert link is not None
    assert step(step="add", name="New 1", role="analyst").status_code == 422
    assert step(step="disable:the-admin").status_code == 422

    holder = Visitor(house)
    address = f"/en/set-up/{link[1]}"
    assert holder.get(address).headers["referrer-policy"] == "no-referrer"
    weak = holder.post(address, **holder.form(address), chosen="short", again="short")
    assert weak.status_code == 422
    secret = {"chosen": "the river runs south", "again": "the river runs south"}
    assert holder.post(address, **holder.form(address), **secret).status_code == 303
    assert holder.get(address).status_code == 410
    assert holder.log_in("new-1", "the river runs south").status_code == 303
    assert "new-1" in holder.get("/en").text
    assert step(step="disable:new-1").status_code == 200
    assert "new-1" not in holder.get("/en").text
    assert holder.log_in("new-1", "the river runs south").status_code == 422
    assert {Deed.ACCOUNT_ADDED, Deed.LINK_MADE, Deed.ACCOUNT_DISABLED} <= set(deeds(house))


def test_choosing_another_password_ends_every_session(house: House) -> None:
    me, elsewhere = Visitor(house), Visitor(house)
    for one in (me, elsewhere):
        one.log_in("the-analyst")
    chosen = {"chosen": "another fine sentence", "again": "another fine sentence"}
    wrong = me.post("/en/account", **me.form("/en/account"), held="wrong", **chosen)
    assert wrong.status_code == 422
    hidden = me.form("/en/account")
    assert me.post("/en/account", **hidden, held=PASSWORD, **chosen).status_code == 303
    assert "the-analyst" not in elsewhere.get("/en").text
    assert me.log_in("the-analyst").status_code == 422
    assert me.log_in("the-analyst", "another fine sentence").status_code == 303


def test_the_first_start_makes_a_link_until_an_admin_can_log_in(house: House) -> None:
    house.redis.flushall()
    told: list[str] = []
    prepare(house.settings, told.append)
    assert (address := re.search(r"(/en/set-up/admin\.[\w-]+)", " ".join(told)))
    me = Visitor(house)
    secret = {"chosen": "the river runs south", "again": "the river runs south"}
    assert me.post(address[1], **me.form(address[1]), **secret).status_code == 303
    assert me.log_in("admin", "the river runs south").status_code == 303
    prepare(house.settings, (again := list[str]()).append)
    assert not any("set-up" in line for line in again)
    assert me.log_in("demo-analyst", "demonstration only").status_code == 303


def test_demonstration_accounts_open_nothing_elsewhere(house: House) -> None:
    prepare(house.settings, lambda _: None)
    live = house.settings.model_copy(update={"workspace": "live"})
    with dashboard(live) as url:
        me = Visitor(House(url, live, house.redis))
        assert me.log_in("demo-analyst", "demonstration only").status_code == 422
        assert "demonstration only" not in me.get("/en/log-in").text
