"""Log-in by an OpenID provider over real HTTP: the way there and back, and tokens that lie."""

from __future__ import annotations

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from joserfc.jwk import RSAKey
from pydantic import SecretStr
from redis.asyncio import Redis

from config.settings import Settings
from dashboard.accounts.openid import OpenId, OpenIdError
from dashboard.accounts.records import Account, Role
from dashboard.accounts.store import AccountStore
from tests.fixtures_redis import start_redis
from tests.openid_provider import CLIENT, SECRET, OpenIdProvider, openid_provider
from tests.processes import free_port
from tests.push_stack import Idle
from tests.served_dashboard import served

pytestmark = pytest.mark.integration


@dataclass
class House:
    """A dashboard that logs in by the provider."""

    url: str
    provider: OpenIdProvider
    redis_url: str

    def store(self, work: Any) -> Any:
        async def reach() -> Any:
            async with Redis.from_url(self.redis_url) as client:
                return await work(client)

        return asyncio.run(reach())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    from dashboard.app import create_app

    folder = tmp_path_factory.mktemp("openid")
    with start_redis(folder) as redis_url, openid_provider() as provider:
        port = free_port()
        settings = Settings(
            var_dir=folder, redis_url=redis_url, dashboard_port=port, oidc_issuer=provider.url,
            oidc_client_id=CLIENT, oidc_client_secret=SecretStr(SECRET),
        )  # fmt: skip
        with served(create_app(settings, Idle(), lambda *_: True), port) as url:
            yield House(url, provider, redis_url)


@pytest.fixture
def house(running: House) -> House:
    made = Account(
        name="analyst-1", role=Role.ANALYST, identity="boun.analyst", created_at=datetime.now(UTC)
    )

    async def fill(client: Redis) -> None:
        await client.flushall()
        await AccountStore(client).add(made, "test")

    running.store(fill)
    running.provider.claims, running.provider.shown = {}, None
    running.provider.algorithm = "RS256"
    return running


def logged_in(house: House, web: requests.Session | None = None) -> bool:
    """Go to the provider and back; whether one is logged in then."""
    web = web or requests.Session()
    web.get(f"{house.url}/en/log-in/provider?next=/en/about", timeout=20)
    return "analyst-1" in web.get(f"{house.url}/en", timeout=20).text


def test_the_way_there_and_back(house: House) -> None:
    web = requests.Session()
    assert "Log in with your organisation" in web.get(f"{house.url}/en/log-in", timeout=20).text
    answer = web.get(f"{house.url}/en/log-in/provider?next=/en/about", timeout=20)
    assert answer.url == f"{house.url}/en/about"
    assert "analyst-1" in answer.text
    held = house.store(lambda client: AccountStore(client).get("analyst-1"))
    assert held.subject == f"{house.provider.url} 0815"
    assert logged_in(house)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": [CLIENT, "another"]},
        {"iss": "https://elsewhere.example"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"sub": None},
        {"preferred_username": "somebody.else"},
        {"preferred_username": ""},
        {"preferred_username": ["boun.analyst"]},
    ],
)
def test_a_token_that_is_not_as_it_must_be_opens_nothing(
    house: House, claims: dict[str, Any]
) -> None:
    house.provider.claims = claims
    assert not logged_in(house)


def test_a_token_signed_by_somebody_else_opens_nothing(house: House) -> None:
    house.provider.shown = RSAKey.generate_key(2048, {"kid": "one"})
    assert not logged_in(house)


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_a_token_signed_with_the_public_key_or_not_at_all_opens_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    genuine = house.provider.token

    def forged(nonce: str) -> str:
        """The same claims; the published key taken for a shared secret, or no signature."""
        claims = genuine(nonce).split(".")[1]
        header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "one"}).encode())
        said = f"{header.decode().rstrip('=')}.{claims}"
        key = house.provider.key.as_pem(private=False)
        proof = hmac.new(key, said.encode(), "sha256").digest() if algorithm == "HS256" else b""
        return f"{said}.{base64.urlsafe_b64encode(proof).decode().rstrip('=')}"

    monkeypatch.setattr(house.provider, "token", forged)
    assert not logged_in(house)


def test_a_name_given_to_another_holder_opens_nothing(house: House) -> None:
    assert logged_in(house)
    house.provider.claims = {"sub": "4711"}
    assert not logged_in(house)


def test_an_answer_is_for_the_browser_that_asked_and_for_once(house: House) -> None:
    web, other = requests.Session(), requests.Session()
    there = web.get(f"{house.url}/en/log-in/provider", allow_redirects=False, timeout=20)
    back = web.get(there.headers["location"], allow_redirects=False, timeout=20)
    address = back.headers["location"]
    other.get(f"{house.url}/en/log-in", timeout=20)
    assert other.get(address, allow_redirects=False, timeout=20).status_code == 403
    assert web.get(address, allow_redirects=False, timeout=20).status_code == 403  # used up
    assert web.get(f"{house.url}/log-in/answer", timeout=20).status_code == 403


def test_a_provider_that_could_be_overheard_is_refused() -> None:
    with pytest.raises(OpenIdError, match="https"):
        OpenId(Settings(oidc_issuer="http://id.example"))
