"""`/accounts`: admins add accounts, change them, and read the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from redis.exceptions import RedisError

from config.settings import Settings
from dashboard.accounts.chain import Deed, Entry
from dashboard.accounts.desk import FrontDesk
from dashboard.accounts.page import Drawing
from dashboard.accounts.policy import Action, Resource, may
from dashboard.accounts.records import Account, Role, Viewer
from dashboard.accounts.store import AccountError, entry_of
from dashboard.accounts.trail import alert_of, detail_said, target_said
from dashboard.accounts.visiting import present
from dashboard.addresses import Address, Page, accounts_path, set_up_path
from dashboard.data import Register
from dashboard.elements import html
from dashboard.geography import provinces
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.pages import closed
from dashboard.plain import plain_document
from dashboard.push.officers import read_form
from dashboard.push.problems import ProblemError

LOG: Final = structlog.get_logger("accounts")
SHOWN: Final = 50
"""Entries of the audit log on the page; the shell shows all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of a submission."""

    said: str = ""
    """Key of a string."""
    detail: str = ""
    link: str = ""
    """Shown once."""
    failed: bool = False


class Admin:
    """The page in one language."""

    def __init__(self, desk: FrontDesk, settings: Settings, register: Register, code: str) -> None:
        self._desk, self._register, self._code = desk, register, code
        self._url = settings.dashboard_url.rstrip("/")
        self._demonstration = settings.is_demonstration

    async def show(self, _request: Request) -> Response:
        """All accounts."""
        return await self._answer(Action.READ, None)

    async def change(self, request: Request) -> Response:
        """What was submitted, then all accounts."""
        return await self._answer(Action.ACT, request)

    async def _answer(self, action: Action, request: Request | None) -> Response:
        viewer = present().viewer
        if not may(viewer, "", action, Resource.ACCOUNTS).allowed:
            return await self._closed(viewer)
        done = Done()
        try:
            if request is not None:
                done = await self._step(viewer, await read_form(request))
        except (AccountError, ProblemError) as error:
            done = Done(said="accounts_refused", detail=str(error), failed=True)
        except RedisError:
            done = Done(said="accounts_away", failed=True)
        return await self._page(done)

    async def _step(self, viewer: Viewer, values: Mapping[str, str]) -> Done:
        step, _, name = values.get("step", "").partition(":")
        if step == "add":
            return await self._add(viewer, values)
        if step == "link":
            return await self._link(viewer, name)
        if step == "role":
            return await self._role(viewer, values)
        if step in {"disable", "enable"}:
            if name == viewer.name:
                raise AccountError(f"{name} is your own account")
            return await self._switch(viewer, name, on=step == "enable")
        raise AccountError("step: expected add, link, role, disable or enable")

    async def _add(self, viewer: Viewer, values: Mapping[str, str]) -> Done:
        account = Account(
            name=values.get("name", "").strip(),
            role=_role(values.get("role", "")),
            province=values.get("province", ""),
            identity=values.get("identity", "").strip()[:200],
            created_at=self._desk.clock(),
        )
        await self._desk.accounts.add(account, viewer.name)
        return await self._link(viewer, account.name)

    async def _link(self, viewer: Viewer, name: str) -> Done:
        secret = await self._desk.accounts.new_link(name, viewer.name, self._desk.clock())
        link = f"{self._url}{set_up_path(self._code)}/{secret}"
        return Done(said="accounts_link", detail=name, link=link)

    async def _role(self, viewer: Viewer, values: Mapping[str, str]) -> Done:
        name, role = values.get("name", ""), _role(values.get("role", ""))
        if name == viewer.name:
            raise AccountError(f"{name} is your own account")
        province = values.get("province", "")
        detail = f"{role} {province}".strip()
        entry = entry_of(self._desk.clock(), viewer.name, Deed.ROLE_CHANGED, name, detail)
        await self._desk.change(entry, lambda held: replace(held, role=role, province=province))
        return Done(said="accounts_changed", detail=name)

    async def _switch(self, viewer: Viewer, name: str, *, on: bool) -> Done:
        now = self._desk.clock()
        deed = Deed.ACCOUNT_ENABLED if on else Deed.ACCOUNT_DISABLED
        entry = entry_of(now, viewer.name, deed, name)
        await self._desk.change(entry, lambda held: replace(held, disabled_at=None if on else now))
        return Done(said="accounts_changed", detail=name)

    async def _page(self, done: Done) -> Response:
        try:
            held = list((await self._desk.accounts.all()).values())
            entries = await self._desk.accounts.audit(SHOWN)
        except RedisError:
            done, held, entries = Done(said="accounts_away", failed=True), [], []
        given = {
            "done": done,
            "accounts": [
                {
                    "account": one,
                    "province": provinces()[one.province].name(self._code) if one.province else "",
                    "standing": _standing(one),
                }
                for one in held
            ],
            "roles": [role.value for role in Role],
            "provinces": [(code, one.name(self._code)) for code, one in provinces().items()],
            "entries": [self._entry(one) for one in reversed(entries)],
        }
        status = 422 if done.failed else 200
        return self._drawing().document("accounts", "accounts_title", given, status=status)

    def _entry(self, entry: Entry) -> dict[str, str]:
        """A line of the audit log as it is shown."""
        lang, alert = language(self._code), alert_of(entry)
        return {
            "at": lang.short_moment(entry.at),
            "actor": entry.actor,
            "deed": entry.deed,
            "target": target_said(lang, entry, self._register.snapshot),
            "detail": detail_said(lang, entry),
            "href": Address(language=self._code, page=Page.ALERTS, item=alert).path
            if alert
            else "",
        }

    async def _closed(self, viewer: Viewer) -> Response:
        """The page that says for whom this is; whoever is logged in and asks is noted."""
        if viewer.is_known:
            try:
                now = self._desk.clock()
                await self._desk.note(now, viewer.name, Deed.REFUSED, "", "accounts")
            except RedisError:
                LOG.warning("refusal not noted", account=viewer.name)
        scene = self._drawing().scene("accounts")
        content = to_html(html.Div(closed.PARTS.content(scene)))
        return plain_document(scene, closed.PARTS.title(scene), content, status=403)

    def _drawing(self) -> Drawing:
        return Drawing(
            snapshot=self._register.snapshot,
            demonstration=self._demonstration,
            language=self._code,
        )


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise AccountError(f"role: expected one of {', '.join(Role)}") from error


def _standing(account: Account) -> str:
    if account.disabled_at is not None:
        return "disabled"
    return "active" if account.password or account.identity else "waiting"


def admin_routes(desk: FrontDesk, settings: Settings, register: Register) -> APIRouter:
    """The page in every language."""
    router = APIRouter(include_in_schema=False)
    for code in CODES:
        admin = Admin(desk, settings, register, code)
        router.add_api_route(accounts_path(code), admin.show, methods=["GET", "HEAD"])
        router.add_api_route(accounts_path(code), admin.change, methods=["POST"])
    return router
