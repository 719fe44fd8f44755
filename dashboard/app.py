"""The dashboard as one ASGI application: Dash pages, live socket, interface, downloads."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dash
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware

from dashboard import api, live
from dashboard.accounts.admin import admin_routes
from dashboard.accounts.desk import FrontDesk, lifetime_of
from dashboard.accounts.form import account_routes
from dashboard.accounts.seeing import Views
from dashboard.accounts.visiting import Cookies, Visiting, is_loopback
from dashboard.answering.deeds import Deeds
from dashboard.answering.routes import answer_routes
from dashboard.bounded import Bounded
from dashboard.bulletins.routes import bulletin_routes
from dashboard.callbacks import Acknowledge, Callbacks
from dashboard.coding.form import coding_routes
from dashboard.crawler_page import crawler_routes, facts_of
from dashboard.data import Register
from dashboard.documents import Documents, elsewhere, fingerprint, page_routes
from dashboard.elements import dcc, html
from dashboard.exploring.routes import explore_routes
from dashboard.feedback.box import FeedbackBox
from dashboard.feedback.routes import FeedbackDesk, feedback_routes
from dashboard.headers import Headers
from dashboard.installing import installing_routes
from dashboard.measuring import Measured, Measuring
from dashboard.notices.acting import Counter, acting_routes
from dashboard.notices.feeds import feed_routes
from dashboard.operating.routes import operations_routes
from dashboard.push.form import form_routes
from dashboard.push.problems import ProblemError, answer_problem
from dashboard.push.routes import push_routes, unknown_addresses
from dashboard.push.service import PushService
from dashboard.scoring.routes import methods_routes
from dashboard.sdmx.rdf_routes import rdf_routes
from dashboard.sdmx.routes import sdmx_routes
from dashboard.sdmx.service import SdmxService
from dashboard.statement import statement_routes
from dashboard.v1.reading import Reading
from dashboard.v1.routes import reading_routes
from dashboard.v1.sql_routes import sql_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from config.settings import Settings

_FOLDER: Final = Path(str(files("dashboard")))


def create_app(settings: Settings, register: Register, acknowledge: Acknowledge) -> FastAPI:
    """The application; nothing is connected before it starts.

    Args:
        settings: addresses, and whether this is the demonstration.
        register: the data shown.
        acknowledge: marks an alert as seen by an officer.
    """
    hub = live.Hub(register, settings.redis_url)
    pushes = PushService(settings)
    desk = FrontDesk(settings, pushes.redis, pushes.clock)
    cookies = Cookies(secure=not is_loopback(settings.dashboard_url))
    views = Views()
    measuring, box = Measuring(settings, pushes.clock), FeedbackBox(settings)
    server = FastAPI(
        title="Labourwatch",
        openapi_url="/api/openapi.json",
        docs_url=None,  # the stock documentation page loads its script from another host
        redoc_url=None,
        lifespan=_alive(hub, pushes, measuring, box),
    )
    demonstration = settings.is_demonstration
    server.include_router(api.routes(register, demonstration=demonstration))
    server.include_router(live.routes(hub, register))
    server.include_router(push_routes(pushes))
    reading = Reading(settings, pushes.access, pushes.clock)
    server.include_router(reading_routes(reading))
    server.include_router(sql_routes(reading))
    statistical = SdmxService(reading)
    server.include_router(sdmx_routes(statistical))
    server.include_router(rdf_routes(statistical))
    server.include_router(feed_routes(reading))
    shown = bulletin_routes(reading, lambda: register.snapshot, demonstration=demonstration)
    server.include_router(shown)
    explored = explore_routes(reading, lambda: register.snapshot, demonstration=demonstration)
    server.include_router(explored)
    server.include_router(methods_routes(reading, lambda: register.snapshot))
    server.include_router(operations_routes(reading, register))
    server.include_router(statement_routes(settings, lambda: register.snapshot))
    counter = Counter(settings, partial(_by_link, acknowledge), pushes.clock)
    server.include_router(acting_routes(counter, register, demonstration=demonstration))
    deeds = Deeds(settings, acknowledge, pushes.clock)
    server.include_router(answer_routes(reading, register, desk, deeds))
    server.include_router(feedback_routes(FeedbackDesk(settings, register, box, pushes.clock)))
    server.include_router(unknown_addresses())
    server.include_router(form_routes(pushes, register, demonstration=demonstration))
    server.include_router(coding_routes(settings, pushes, register))
    server.add_exception_handler(ProblemError, answer_problem)
    server.include_router(account_routes(desk, cookies, register))
    if settings.oidc_issuer:
        from dashboard.accounts.openid import OpenId
        from dashboard.accounts.openid_form import openid_routes

        provider = OpenId(settings)
        server.include_router(openid_routes(desk, provider, pushes.redis, cookies, register))
    server.include_router(admin_routes(desk, settings, register))
    documents = Documents(
        register, views, _FOLDER / "assets", kept_for=lifetime_of(settings).whole,
        demonstration=demonstration,
    )  # fmt: skip
    server.include_router(installing_routes(lambda: register.snapshot, demonstration=demonstration))
    server.include_router(page_routes(documents, _FOLDER / "assets"))
    style = fingerprint((_FOLDER / "assets" / "labourwatch.css").read_bytes())
    facts = facts_of(settings)
    server.include_router(crawler_routes(register, facts, f"/assets/labourwatch.css?m={style}"))
    app = _dash(server)
    documents.serve_with(app)
    server.include_router(elsewhere(documents))
    Callbacks(
        register=register,
        views=views,
        acknowledge=acknowledge,
        acknowledged=desk.acknowledged,
        announce=hub.announce,
        demonstration=demonstration,
    ).attach(app)
    server.add_middleware(Bounded)
    server.add_middleware(Visiting, sessions=desk.sessions, cookies=cookies, clock=pushes.clock)
    server.add_middleware(Headers, script_hashes=tuple(app.csp_hashes()))
    server.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    server.add_middleware(Measured, measuring=measuring)
    return server


def _by_link(acknowledge: Acknowledge, alert_id: str, now: datetime) -> bool:
    """Who used a link is recorded by itself, with the route it was sent to."""
    return acknowledge(alert_id, now, "desk")


def _dash(server: Any) -> dash.Dash:
    app = dash.Dash(
        "dashboard",
        server=server,
        backend="fastapi",
        assets_folder=str(_FOLDER / "assets"),
        include_assets_files=False,  # the document names them, with their versions
        index_string=(_FOLDER / "templates" / "index.html").read_text(encoding="utf-8"),
        suppress_callback_exceptions=True,
        update_title="",
        title="Labourwatch",
        enable_mcp=False,
    )
    app.layout = html.Div(
        [
            dcc.Location(id="url"),
            dcc.Store(id="live", data=0),
            dcc.Store(id="live-slow", data=0),
            html.Div(id="app"),
        ]
    )
    return app


def _alive(hub: live.Hub, pushes: PushService, measuring: Measuring, box: FeedbackBox) -> Any:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(each.run()) for each in (hub, measuring, box)]
        yield
        for running in tasks:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        await pushes.close()

    return lifespan
