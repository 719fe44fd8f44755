"""A small OpenID provider in this process, which can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.served_dashboard import served

CLIENT, SECRET = "labourwatch", "a secret of the tests"


@dataclass
class OpenIdProvider:
    """Vouches for whoever `claims` say; every test may change what its tokens hold."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown: RSAKey | None = None
    """The key it publishes; another than `key` for a token of somebody else."""
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, nonce: str) -> str:
        """The signed token."""
        now = int(time.time())
        held = {
            "iss": self.url, "aud": CLIENT, "sub": "0815", "iat": now, "exp": now + 300,
            "nonce": nonce, "preferred_username": "Boun.Analyst", **self.claims,
        }  # fmt: skip
        header = {"alg": self.algorithm, "kid": "one"}
        return str(jwt.encode(header, {k: v for k, v in held.items() if v is not None}, self.key))


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    """A provider, served until the block ends."""
    made = OpenIdProvider()
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def described() -> dict[str, Any]:
        return {
            "issuer": made.url, "authorization_endpoint": f"{made.url}/authorize",
            "token_endpoint": f"{made.url}/token", "jwks_uri": f"{made.url}/keys",
        }  # fmt: skip

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        made.asked[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        asked = made.asked.pop(given["code"], None)
        pairs = (f"{CLIENT}:{SECRET}", f"{quote_plus(CLIENT)}:{quote_plus(SECRET)}")
        basic = {f"Basic {base64.b64encode(pair.encode()).decode()}" for pair in pairs}
        proof = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).decode().rstrip("=")
        known = request.headers.get("authorization") in basic
        if asked is None or asked["code_challenge"] != challenge or not known:
            return JSONResponse({"error": "invalid_grant"}, 400)
        held = {"access_token": "x", "token_type": "Bearer", "id_token": made.token(asked["nonce"])}
        return JSONResponse(held)

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        return {"keys": [(made.shown or made.key).as_dict(private=False)]}

    with served(app) as url:
        made.url = url
        yield made
