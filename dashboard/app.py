"""The dashboard as one ASGI application: Dash pages, live socket, interface, downloads."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import dash
import structlog
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
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from fastapi import APIRouter

    from config.settings import Settings
    from dashboard.views import Snapshot

_FOLDER: Final = Path(str(files("dashboard")))
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _House:
    """What routes are made with; nothing of it is connected before the start."""

    settings: Settings
    register: Register
    acknowledge: Acknowledge
    hub: live.Hub
    pushes: PushService
    desk: FrontDesk
    cookies: Cookies
    views: Views
    measuring: Measuring
    box: FeedbackBox
    reading: Reading

    @property
    def demonstration(self) -> bool:
        """Whether everything shown is invented."""
        return self.settings.is_demonstration

    def snapshot(self) -> Snapshot:
        """What is shown at the moment."""
        return self.register.snapshot


def create_app(settings: Settings, register: Register, acknowledge: Acknowledge) -> FastAPI:
    """The application; nothing is connected before it starts.

    Args:
        settings: addresses, and whether this is the demonstration.
        register: the data shown.
        acknowledge: marks an alert as seen by an officer.
    """
    house = _house(settings, register, acknowledge)
    server = FastAPI(
        title="Labourwatch",
        openapi_url="/api/openapi.json",
        docs_url=None,  # the stock documentation page loads its script from another host
        redoc_url=None,
        lifespan=_alive(house.hub, house.pushes, house.measuring, house.box),
    )
    documents = Documents(
        register, house.views, _FOLDER / "assets", kept_for=lifetime_of(settings).whole,
        demonstration=house.demonstration,
    )  # fmt: skip
    routers = chain(_interfaces(house), _forms(house), _accounts(house), _pages(house, documents))
    for router in routers:
        server.include_router(router)
    server.add_exception_handler(ProblemError, answer_problem)
    server.state.give_up = lambda: None  # who serves says how to stop
    app = _dash(server)
    documents.serve_with(app)
    server.include_router(elsewhere(documents))
    _live_page(house).attach(app)
    _wrap(server, house, app)
    return server


def _house(settings: Settings, register: Register, acknowledge: Acknowledge) -> _House:
    pushes = PushService(settings)
    return _House(
        settings=settings,
        register=register,
        acknowledge=acknowledge,
        hub=live.Hub(register, settings.redis_url),
        pushes=pushes,
        desk=FrontDesk(settings, pushes.redis, pushes.clock),
        cookies=Cookies(secure=not is_loopback(settings.dashboard_url)),
        views=Views(),
        measuring=Measuring(settings, pushes.clock),
        box=FeedbackBox(settings),
        reading=Reading(settings, pushes.access, pushes.clock),
    )


def _interfaces(house: _House) -> Iterator[APIRouter]:
    """What programs read and write: JSON, the live channel, `/v1`, SDMX, RDF, feeds."""
    yield api.routes(house.register, demonstration=house.demonstration)
    yield live.routes(house.hub, house.register)
    yield push_routes(house.pushes)
    yield reading_routes(house.reading)
    yield sql_routes(house.reading)
    statistical = SdmxService(house.reading)
    yield sdmx_routes(statistical)
    yield rdf_routes(statistical)
    yield feed_routes(house.reading)


def _forms(house: _House) -> Iterator[APIRouter]:
    """Pages that are documents of their own: what readers ask, look up, answer and submit."""
    reading, register, invented = house.reading, house.register, house.demonstration
    settings, clock = house.settings, house.pushes.clock
    yield bulletin_routes(reading, house.snapshot, demonstration=invented)
    yield explore_routes(reading, house.snapshot, demonstration=invented)
    yield methods_routes(reading, house.snapshot)
    yield operations_routes(reading, register)
    yield statement_routes(settings, house.snapshot)
    counter = Counter(settings, partial(_by_link, house.acknowledge), clock)
    yield acting_routes(counter, register, house.desk.answered, demonstration=invented)
    deeds = Deeds(settings, house.acknowledge, clock)
    yield answer_routes(reading, register, house.desk, deeds)
    yield feedback_routes(FeedbackDesk(settings, register, house.box, clock))
    yield unknown_addresses()
    yield form_routes(house.pushes, register, demonstration=invented)
    yield coding_routes(settings, house.pushes, register)


def _accounts(house: _House) -> Iterator[APIRouter]:
    """Log-in, with a provider of identities where one is set, and who may log in."""
    desk, cookies, register = house.desk, house.cookies, house.register
    yield account_routes(desk, cookies, register)
    if house.settings.oidc_issuer:
        from dashboard.accounts.openid import OpenId
        from dashboard.accounts.openid_form import openid_routes

        yield openid_routes(desk, OpenId(house.settings), house.pushes.redis, cookies, register)
    yield admin_routes(desk, house.settings, register)


def _pages(house: _House, documents: Documents) -> Iterator[APIRouter]:
    """The first paint of every page, the installed app, and what crawled sites are told."""
    yield installing_routes(house.snapshot, demonstration=house.demonstration)
    yield page_routes(documents, _FOLDER / "assets")
    style = fingerprint((_FOLDER / "assets" / "labourwatch.css").read_bytes())
    sheet = f"/assets/labourwatch.css?m={style}"
    yield crawler_routes(house.register, facts_of(house.settings), sheet)


def _live_page(house: _House) -> Callbacks:
    return Callbacks(
        register=house.register,
        views=house.views,
        acknowledge=house.acknowledge,
        answered=house.desk.answered,
        announce=house.hub.announce,
        demonstration=house.demonstration,
    )


def _wrap(server: FastAPI, house: _House, app: dash.Dash) -> None:
    """What every request passes, the innermost first."""
    sessions, clock = house.desk.sessions, house.pushes.clock
    server.add_middleware(Bounded)
    server.add_middleware(Visiting, sessions=sessions, cookies=house.cookies, clock=clock)
    server.add_middleware(Headers, script_hashes=tuple(app.csp_hashes()))
    server.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    server.add_middleware(Measured, measuring=house.measuring)


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
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(each.run()) for each in (hub, measuring, box)]
        for running in tasks:
            running.add_done_callback(partial(_noticed, app))
        yield
        for running in tasks:
            running.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)  # who died has been noticed
        await pushes.close()

    return lifespan


def _noticed(app: FastAPI, task: asyncio.Task[None]) -> None:
    """Let the process end where a task that should run for ever has died, so that it is restarted.

    Pages would go on showing the data of that moment, and nobody would know.
    """
    if task.cancelled() or task.exception() is None:
        return
    _log.critical("task_died", exc_info=task.exception())
    app.state.give_up()
