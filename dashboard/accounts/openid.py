"""Log-in by an OpenID provider: authorisation code with PKCE, state, nonce, and a checked token."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from urllib.parse import urlsplit

import msgspec
import redis.asyncio as redis_async
import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from config.settings import Settings
from dashboard.accounts.visiting import is_loopback

_ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Signatures by the provider's own key; never `none`, never a shared secret."""
_TIMEOUT_S: Final = 10
_LEEWAY_S: Final = 60
_LARGEST: Final = 1_000_000
_BEGUN_FOR: Final = timedelta(minutes=10)


class OpenIdError(Exception):
    """The log-in cannot be used; says why, for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A log-in that was sent to the provider and has not come back."""

    nonce: str
    verifier: str
    browser: str
    """Digest of the secret that the browser holds: nobody else's browser may finish it."""
    leads: str
    """Where it leads afterwards."""
    code: str
    """Language of the pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider vouches for."""

    name: str
    """The claim that settings choose."""
    subject: str
    """Issuer and its lasting identifier of the holder."""


class BegunStore:
    """Begun log-ins in Redis, each used once; every call may raise `redis.RedisError`."""

    def __init__(self, redis: redis_async.Redis) -> None:
        self._redis: Any = redis

    async def keep(self, state: str, begun: Begun) -> None:
        """Keep it for ten minutes."""
        await self._redis.set(_key(state), msgspec.json.encode(begun), ex=_BEGUN_FOR)

    async def take(self, state: str) -> Begun | None:
        """The log-in of this state, which is then gone."""
        held = await self._redis.getdel(_key(state))
        return msgspec.json.decode(held, type=Begun) if held else None


class OpenId:
    """One provider. Blocking."""

    def __init__(self, settings: Settings) -> None:
        """The provider of the settings.

        Raises:
            OpenIdError: its address is neither https nor on this machine.
        """
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client = settings.oidc_client_id
        self._secret = settings.oidc_client_secret.get_secret_value()
        self._claim = settings.oidc_claim
        self._back = f"{settings.dashboard_url.rstrip('/')}/log-in/answer"
        _safe(self._issuer)

    def begin(self, browser_secret: str, leads: str, code: str) -> tuple[str, str, Begun]:
        """Where to send the browser, the state, and what to keep under it.

        Raises:
            OpenIdError: the provider does not describe itself.
        """
        begun = Begun(
            nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48),
            browser=digest(browser_secret), leads=leads, code=code,
        )  # fmt: skip
        endpoint = _safe(str(self._described().get("authorization_endpoint", "")))
        address, state = self._session().create_authorization_url(
            endpoint,
            state=secrets.token_urlsafe(32),
            code_verifier=begun.verifier,
            nonce=begun.nonce,
        )
        return str(address), str(state), begun

    def finish(self, begun: Begun, answer: str, now: datetime) -> Identity:
        """Whom the provider vouches for.

        Args:
            begun: the log-in.
            answer: the code that came back.
            now: this moment.

        Raises:
            OpenIdError: the provider refuses, or its token is not as it must be.
        """
        described = self._described()
        endpoint = _safe(str(described.get("token_endpoint", "")))
        try:
            given = self._session().fetch_token(
                endpoint, code=answer, code_verifier=begun.verifier, timeout=_TIMEOUT_S
            )
        except (AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise OpenIdError(f"no token: {error}") from error
        keys = _json(_safe(str(described.get("jwks_uri", ""))))
        claims = self._checked(str(given.get("id_token", "")), keys, begun.nonce, now)
        return self._identity(claims)

    def _described(self) -> dict[str, Any]:
        found = _json(f"{self._issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._issuer:
            raise OpenIdError("the provider calls itself otherwise")
        return found

    def _session(self) -> Any:
        return OAuth2Session(
            self._client,
            self._secret or None,
            scope="openid profile email",
            redirect_uri=self._back,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
        )

    def _checked(
        self, token: str, keys: dict[str, Any], nonce: str, now: datetime
    ) -> dict[str, Any]:
        rules = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True},
            aud={"essential": True, "value": self._client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            key_set = KeySet.import_key_set(cast(Any, keys))
            claims = dict(jwt.decode(token, key_set, algorithms=_ALGORITHMS).claims)
            rules.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise OpenIdError(f"the token is not taken: {error!r}") from error
        if str(claims["iss"]).rstrip("/") != self._issuer:
            raise OpenIdError("the token is of another issuer")
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self._client:
            raise OpenIdError("the token is for several, and not for us")
        return claims

    def _identity(self, claims: dict[str, Any]) -> Identity:
        name = claims.get(self._claim)
        if not isinstance(name, str) or not name.strip():
            raise OpenIdError(f"the token has no claim {self._claim!r}")
        if self._claim == "email" and claims.get("email_verified") is not True:
            raise OpenIdError("the address is not verified")
        return Identity(name=name.strip().casefold(), subject=f"{self._issuer} {claims['sub']}")


def digest(secret: str) -> str:
    """What is kept of a browser's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _safe(address: str) -> str:
    """The address.

    Raises:
        OpenIdError: what is said there could be read or changed on the way.
    """
    if urlsplit(address).scheme == "https" or is_loopback(address):
        return address
    raise OpenIdError(f"expected an https address, found {address!r}")


def _json(address: str) -> dict[str, Any]:
    try:
        answer = requests.get(address, timeout=_TIMEOUT_S, allow_redirects=False)
        answer.raise_for_status()
        found = msgspec.json.decode(answer.content[:_LARGEST])
    except (requests.RequestException, msgspec.DecodeError) as error:
        raise OpenIdError(f"{address} does not answer as it must: {error}") from error
    if answer.status_code != 200 or not isinstance(found, dict):
        raise OpenIdError(f"{address} gives no description")
    return found


def _key(state: str) -> str:
    return f"lw:account:openid:{digest(state)}"
