"""`/corrections`: an officer takes a doubtful vacancy, says what its codes are, sees the effect.

Every step is a form sent with the access code or the ticket that stands for it, or by an account
that may correct; without script. Codes are hidden from whoever is to code the vacancy blind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from config.settings import Settings
from dashboard.accounts.visiting import present
from dashboard.addresses import corrections_path
from dashboard.coding.changes import changes_in, chosen_occupation
from dashboard.coding.desk import CodingDesk
from dashboard.coding.naming import search
from dashboard.coding.page import Sheet, Stage, draw
from dashboard.coding.rounds import Part
from dashboard.data import Register
from dashboard.language import CODES
from dashboard.push.officers import identified, logged_in_officer, read_form, told_of
from dashboard.push.problems import ProblemError
from dashboard.push.service import PushService
from dashboard.push.text import FieldProblemError
from scrapers.push.providers import Provider, Right
from streams.opinions import CorrectedField, Correction, CorrectionMode
from warehouse.opinions import LONGEST_WHY, CorrectionFaultError, StoredVacancy, correction_of

Values = Mapping[str, str]


class Officer:
    """The steps of one officer's work."""

    def __init__(self, desk: CodingDesk, service: PushService) -> None:
        self._desk, self._service = desk, service
        self._steps: dict[str, Callable[[Provider, Values], Awaitable[Sheet]]] = {
            "queue": self._queue,
            "open": self._open,
            "search": self._open,
            "save": self._save,
            "look": self._look,
            "revoke": self._revoke,
            "blind": self._blind,
            "blind_search": self._blind,
            "blind_save": self._blind_save,
        }

    async def front(self, errors: Mapping[str, str] | None = None, status: int = 200) -> Sheet:
        """What everybody may see, with the field for the access code."""
        front = await self._desk.front()
        return Sheet(stage=Stage.FRONT, front=front, errors=errors or {}, status=status)

    async def begin(self) -> Sheet:
        """The queue for an account that may correct, the front for everybody else."""
        own = logged_in_officer(present().viewer, Right.CORRECT)
        try:
            return await self._queue(own, {}) if own else await self.front()
        except ProblemError as problem:
            return await self.front({"": told_of(problem)[1]}, problem.status)

    async def take(self, request: Request) -> Sheet:
        """What a submission leads to; never raises `ProblemError`."""
        try:
            values = await read_form(request)
            provider, ticket = await identified(self._service, values, Right.CORRECT)
            step = "open" if "open" in values else values.get("step", "queue")
            sheet = await self._steps.get(step, self._queue)(provider, values)
            return replace(sheet, ticket=ticket)
        except FieldProblemError as problem:
            return await self.front({"code": problem.reason}, 422)
        except ProblemError as problem:
            field, told = told_of(problem)
            return await self.front({field: told}, problem.status)

    async def _queue(self, provider: Provider, _: Values) -> Sheet:
        return Sheet(stage=Stage.QUEUE, desk=await self._desk.before(provider.id))

    async def _open(self, provider: Provider, values: Values) -> Sheet:
        vacancy_id = values.get("open") or values.get("vacancy", "")
        found = await self._desk.vacancy(vacancy_id, provider.id)
        if found is None:
            desk = await self._desk.before(provider.id)
            return Sheet(stage=Stage.QUEUE, desk=desk, errors={"": "gone"}, status=404)
        query = values.get("query", "")
        return Sheet(
            stage=Stage.VACANCY,
            vacancy=found,
            values=values,
            searched=values.get("step") == "search" and bool(query.strip()),
            found=search(query),
        )

    async def _save(self, provider: Provider, values: Values) -> Sheet:
        sheet = await self._open(provider, values)
        if sheet.vacancy is None:
            return sheet
        stored = sheet.vacancy.stored
        changes, errors = changes_in(values, stored.values, sheet.vacancy.codes.skills)
        errors.update(_why(values))
        if errors:
            return replace(sheet, errors=errors, status=422)
        said = [
            self._said(stored, provider, field, code, values) for field, code in changes.items()
        ]
        return await self._sent(sheet, provider, said)

    async def _look(self, provider: Provider, values: Values) -> Sheet:
        sheet = await self._open(provider, values)
        return sheet if sheet.vacancy is None else replace(sheet, stage=Stage.DONE)

    async def _revoke(self, provider: Provider, values: Values) -> Sheet:
        sheet = await self._open(provider, values)
        if sheet.vacancy is None:
            return sheet
        why = values.get("revoke_why", "")
        known = {one.correction_id for one in sheet.vacancy.history}
        if values.get("revoke") not in known or not why.strip():
            return replace(sheet, errors={"revoke_why": "missing"}, status=422)
        try:
            said = await self._desk.revocation(values["revoke"], provider.id, why)
        except CorrectionFaultError:
            return replace(sheet, errors={"": "other"}, status=422)
        return await self._sent(sheet, provider, [said])

    async def _blind(self, provider: Provider, values: Values) -> Sheet:
        found = await self._desk.blind(provider.id, values.get("vacancy", ""))
        if found is None and values.get("vacancy"):
            found = await self._desk.blind(provider.id)
        if found is None:
            return await self._queue(provider, values)
        query = values.get("query", "")
        return Sheet(
            stage=Stage.BLIND,
            blind=found,
            values=values,
            searched=values.get("step") == "blind_search" and bool(query.strip()),
            found=search(query),
        )

    async def _blind_save(self, provider: Provider, values: Values) -> Sheet:
        sheet = await self._blind(provider, values)
        blind = sheet.blind
        if blind is None or blind.one.item.vacancy_id != values.get("vacancy"):
            return replace(sheet, values={})
        code, errors = chosen_occupation(values)
        if code is None and not errors:
            errors["isco08"] = "nothing"
        errors.update(_why(values, needed=blind.part is Part.ADJUDICATOR))
        if errors or code is None:
            return replace(sheet, errors=errors, status=422)
        stored = StoredVacancy(
            vacancy_id=blind.one.item.vacancy_id, posting=blind.posting, values={}, coder_version=""
        )
        mode = CorrectionMode.DOUBLE_CODING
        said = self._said(stored, provider, CorrectedField.ISCO08, code, values, mode)
        try:
            await self._desk.say(provider, [said])
        except ProblemError as problem:
            _, told = told_of(problem)
            return replace(sheet, errors={"": told}, status=problem.status)
        return replace(await self._blind(provider, {}), saved=True)

    async def _sent(self, sheet: Sheet, provider: Provider, said: list[Correction]) -> Sheet:
        """The sheet after publishing; where that failed, as it was with all that was written."""
        try:
            await self._desk.say(provider, said)
        except ProblemError as problem:
            _, told = told_of(problem)
            return replace(sheet, errors={"": told}, status=problem.status)
        effect = await self._desk.effect(said, provider.id)
        return replace(sheet, stage=Stage.DONE, vacancy=effect or sheet.vacancy, saved=True)

    def _said(
        self,
        stored: StoredVacancy,
        provider: Provider,
        field: CorrectedField,
        value: str,
        values: Values,
        mode: CorrectionMode = CorrectionMode.CORRECTION,
    ) -> Correction:
        return correction_of(
            stored,
            field,
            value,
            officer=provider.id,
            why=values.get("why", ""),
            at=self._service.clock(),
            mode=mode,
        )


def _why(values: Values, *, needed: bool = True) -> dict[str, str]:
    why = values.get("why", "").strip()
    if len(why) > LONGEST_WHY:
        return {"why": "too_long"}
    return {"why": "missing"} if needed and not why else {}


def coding_routes(settings: Settings, service: PushService, register: Register) -> APIRouter:
    """`/corrections` in Lao and `/en/corrections` in English."""
    router = APIRouter(include_in_schema=False)
    officer = Officer(CodingDesk(settings, service, register), service)
    demonstration = settings.is_demonstration

    def add(code: str) -> None:
        def drawn(sheet: Sheet) -> Response:
            return draw(sheet, code, demonstration=demonstration, snapshot=register.snapshot)

        async def show() -> Response:
            return drawn(await officer.begin())

        async def take(request: Request) -> Response:
            return drawn(await officer.take(request))

        router.add_api_route(corrections_path(code), show, methods=["GET", "HEAD"])
        router.add_api_route(corrections_path(code), take, methods=["POST"])

    for code in CODES:
        add(code)
    return router
