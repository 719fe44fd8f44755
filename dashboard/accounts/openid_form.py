"""`/log-in/provider` and `/log-in/answer`: out to the OpenID provider and back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

import redis.asyncio as redis_async
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from redis.exceptions import RedisError

from dashboard.accounts.chain import Deed
from dashboard.accounts.desk import FrontDesk
from dashboard.accounts.form import Forms, safe_path
from dashboard.accounts.openid import BegunStore, Identity, OpenId, OpenIdError, digest
from dashboard.accounts.records import Account
from dashboard.accounts.store import entry_of
from dashboard.accounts.visiting import Cookies, form_token, present
from dashboard.addresses import log_in_path
from dashboard.data import Register
from dashboard.language import CODES

LOG: Final = structlog.get_logger("accounts")


class Door:
    """The two addresses."""

    def __init__(
        self, desk: FrontDesk, provider: OpenId, begun: BegunStore, forms: dict[str, Forms]
    ) -> None:
        self._desk, self._provider = desk, provider
        self._begun, self._forms = begun, forms

    async def out(self, request: Request, code: str) -> Response:
        """Send the browser to the provider."""
        leads = safe_path(request.query_params.get("next", ""), "/" if code == "lo" else "/en")
        form_token()  # so that the browser holds a secret, by which it is known again
        try:
            address, state, begun = await asyncio.to_thread(
                self._provider.begin, present().secret, leads, code
            )
            await self._begun.keep(state, begun)
        except OpenIdError as error:
            LOG.warning("openid", why=str(error))
            return self._forms[code].away()
        except RedisError:
            return self._forms[code].away()
        return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})

    async def back(self, request: Request) -> Response:
        """Take the browser back and log its holder in."""
        given = request.query_params
        try:
            begun = await self._begun.take(given.get("state", "")[:200])
            if begun is None or begun.browser != digest(present().secret):
                return self._forms["lo" if begun is None else begun.code].not_taken()
            forms = self._forms[begun.code]
            try:
                found = await asyncio.to_thread(
                    self._provider.finish, begun, given.get("code", "")[:2000], self._desk.clock()
                )
                account = await self._account(found)
            except OpenIdError as error:
                LOG.warning("openid", why=str(error))
                await self._desk.note(self._desk.clock(), "", Deed.LOG_IN_REFUSED, "", "openid")
                return forms.not_taken()
            entered = await self._desk.enter(account, instead_of=present().session, detail="openid")
        except RedisError:
            return self._forms["lo"].away()
        return forms.entered(entered, begun.leads)

    async def _account(self, found: Identity) -> Account:
        """The account of an identity, bound to its subject at the first log-in.

        Raises:
            OpenIdError: there is none, or it was bound to another holder before.
        """
        held = (await self._desk.accounts.all()).values()
        account = next((one for one in held if one.identity.casefold() == found.name), None)
        if account is None or account.disabled_at is not None:
            raise OpenIdError("no account has this identity")
        if account.subject and account.subject != found.subject:
            raise OpenIdError(f"{account.name} is bound to another holder")
        if not account.subject:
            entry = entry_of(self._desk.clock(), account.name, Deed.IDENTITY_BOUND, account.name)
            account = await self._desk.accounts.put(
                lambda one: replace(one, subject=found.subject), entry
            )
        return account


def openid_routes(
    desk: FrontDesk,
    provider: OpenId,
    redis: redis_async.Redis,
    cookies: Cookies,
    register: Register,
) -> APIRouter:
    """Both addresses; the one back is one for all languages, as the provider knows it."""
    router = APIRouter(include_in_schema=False)
    forms = {code: Forms(desk, cookies, register, code) for code in CODES}
    door = Door(desk, provider, BegunStore(redis), forms)

    def add(code: str) -> None:
        async def out(request: Request) -> Response:
            return await door.out(request, code)

        router.add_api_route(f"{log_in_path(code)}/provider", out, methods=["GET"])

    for code in CODES:
        add(code)
    router.add_api_route("/log-in/answer", door.back, methods=["GET"])
    return router
