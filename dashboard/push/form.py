"""`/submit`: an officer pastes a text, checks what was understood, and publishes it.

Each submission needs the access code, or the ticket that stood in for it for half an hour: there is
no session that another site could use.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dashboard.data import Register
from dashboard.push.officers import identified, read_form, told_of
from dashboard.push.page import VALUES, Form, draw, first_day
from dashboard.push.problems import ProblemError
from dashboard.push.service import Once, PushService
from dashboard.push.text import FIELDS, FieldProblemError, read_text_push, understood
from scrapers.parsing.dates import local_day
from scrapers.push.providers import Right

_VACANCY: Final = re.compile(r"v(\d{1,2})-([a-z_]+)")
_PLACE: Final = re.compile(r"vacancies\.(\d+)\.(\w+)")


class Officer:
    """The form's two steps."""

    def __init__(self, service: PushService, register: Register, *, demonstration: bool) -> None:
        self._service, self._register = service, register
        self._demonstration = demonstration

    def show(self, form: Form, code: str) -> Response:
        """The page in a language."""
        snapshot = self._register.snapshot
        return draw(form, code, demonstration=self._demonstration, snapshot=snapshot)

    def empty(self) -> Form:
        """The form before anything was written."""
        return Form(values=first_day(local_day(self._service.clock())))

    async def take(self, request: Request) -> Form:
        """What a submission leads to; never raises `ProblemError`."""
        values: dict[str, str] = {}
        try:
            values = await read_form(request)
            return await self._step(values)
        except FieldProblemError as problem:
            return _back(values, problem)
        except ProblemError as problem:
            return _told(values, problem)

    async def _step(self, values: Mapping[str, str]) -> Form:
        provider, ticket = await identified(self._service, values, Right.TEXT)
        carried = {**{name: values.get(name, "") for name in VALUES}, "ticket": ticket}
        step = values.get("step", "preview")
        if step == "back":
            return Form(values=carried)
        body: dict[str, Any] = {name: values.get(name, "") for name in VALUES if name != "ticket"}
        if step != "publish":
            found = await asyncio.to_thread(understood, read_text_push(body, self._service.clock()))
            shown = [
                {name: {"title": one.title, **one.fields}.get(name, "") for name in FIELDS}
                for one in found
            ]
            return Form(values=carried, vacancies=[{**one, "keep": True} for one in shown])
        kept = [one for one in vacancies_in(values) if one["keep"]]
        if not kept:
            return Form(
                values=carried, vacancies=vacancies_in(values), errors={"": "none"}, status=422
            )
        body["vacancies"] = [{name: one[name] for name in FIELDS} for one in kept]
        push = read_text_push(body, self._service.clock())
        taken = await self._service.take_text(provider, push, Once())
        return Form(receipt=taken.receipt)


def vacancies_in(values: Mapping[str, str]) -> list[dict[str, Any]]:
    """The vacancies of the second step as they were corrected, those left out too."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in values.items():
        if match := _VACANCY.fullmatch(name):
            found.setdefault(int(match[1]), {})[match[2]] = value
    return [
        {**{name: one.get(name, "") for name in FIELDS}, "keep": "keep" in one}
        for _, one in sorted(found.items())
    ]


def _back(values: Mapping[str, str], problem: FieldProblemError) -> Form:
    """The step at which the field stands, with what was written."""
    carried = {name: values.get(name, "") for name in VALUES}
    if problem.reason == "ticket":
        carried["ticket"] = ""
    vacancies = vacancies_in(values) if values.get("step") == "publish" else []
    place = _PLACE.fullmatch(problem.field)
    if vacancies and place:
        kept = [at for at, one in enumerate(vacancies) if one["keep"]]
        field = f"v{kept[int(place[1])]}-{place[2]}"
        return Form(values=carried, vacancies=vacancies, errors={field: problem.reason}, status=422)
    field = problem.field if problem.field in (*VALUES, "code") else ""
    return Form(values=carried, errors={field: problem.reason}, status=422)


def _told(values: Mapping[str, str], problem: ProblemError) -> Form:
    carried = {name: values.get(name, "") for name in VALUES}
    field, said = told_of(problem)
    if field:
        carried["ticket"] = ""
    keeps = values.get("step") == "publish" and not field
    return Form(
        values=carried,
        vacancies=vacancies_in(values) if keeps else (),
        errors={field: said},
        status=problem.status,
    )


def form_routes(service: PushService, register: Register, *, demonstration: bool) -> APIRouter:
    """`/submit` in Lao and `/en/submit` in English."""
    router = APIRouter(include_in_schema=False)
    officer = Officer(service, register, demonstration=demonstration)

    def add(path: str, code: str) -> None:
        async def show() -> Response:
            return officer.show(officer.empty(), code)

        async def take(request: Request) -> Response:
            form = await officer.take(request)
            if not any(form.values.values()) and form.receipt is None:
                form = replace(form, values=officer.empty().values)
            return officer.show(form, code)

        router.add_api_route(path, show, methods=["GET", "HEAD"])
        router.add_api_route(path, take, methods=["POST"])

    add("/submit", "lo")
    add("/en/submit", "en")
    return router
