"""What every board's site has: robots.txt, an archive of past days, conditional answers."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any, ClassVar, Final

import jinja2
import msgspec
import numpy as np
from aiohttp import web
from numpy.typing import NDArray

from labourwatch.demo.adverts import Advert
from labourwatch.demo.calendar import VIENTIANE
from labourwatch.demo.identity import key_of_number, number_of
from labourwatch.demo.market import Market

ROBOTS: Final = """\
User-agent: *
Crawl-delay: 0.05
Disallow: /apply/
Disallow: /account
Allow: /

User-agent: GreedyBot
Disallow: /
"""


class Site(ABC):
    """One board's site over one market. Subclasses give mark-up and the kind's own routes."""

    number: ClassVar[int]
    source_id: ClassVar[str]
    name: ClassVar[str]
    robots: ClassVar[str] = ROBOTS

    def __init__(self, market: Market, base_url: str) -> None:
        self.market = market
        self.store = market.store
        self.base_url = base_url
        self._known: dict[int, str] = {}
        self.handed_out: set[int] = set()
        """Keys of postings that have stood in an answer of this process."""

    @abstractmethod
    def routes(self) -> list[web.RouteDef]:
        """Routes of this kind of board."""

    @abstractmethod
    def native(self, advert: Advert) -> dict[str, Any]:
        """The posting in the board's own JSON, as its archive keeps it."""

    def posting_id(self, key: int) -> str:
        """The board's identifier of a posting."""
        return str(number_of(self.number, key))

    def key_of(self, posting_id: str) -> int:
        """The key behind an identifier; -1 where it is none of this board's."""
        return key_of_number(self.number, int(posting_id)) if posting_id.isdecimal() else -1

    def application(self) -> web.Application:
        """The site as an aiohttp application."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/robots.txt", self._robots),
                web.get("/archive/index.json", self._archive_index),
                web.get("/archive/{day}.json", self._archive_day),
                *self.routes(),
            ]
        )
        return app

    def open_now(self) -> NDArray[np.intp]:
        """Rows of the postings on the board at this moment, newest first."""
        return self.store.open_at(self.number, self.market.clock())

    def hand_out(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Note that these rows stand in an answer, and return them."""
        self.handed_out.update(self.store.table.key[rows].tolist())
        return rows

    def open_row(self, posting_id: str) -> int:
        """Row of an open posting; -1 where there is none (any more)."""
        index = self.store.find(self.number, self.key_of(posting_id))
        if index < 0 or not self.store.is_open(index, self.market.clock()):
            return -1
        return index

    async def _plain_advert(self, request: web.Request) -> web.Response:
        """An advert as text without structured data."""
        row = self.open_row(request.match_info["id"])
        if row < 0:
            raise web.HTTPNotFound
        template = templates().get_template("advert_plain.html")
        return conditional(
            request,
            np.array([row]),
            self.market,
            lambda: template.render(site=self.name, advert=self.market.advert(row)).encode(),
            "text/html",
        )

    async def _robots(self, _request: web.Request) -> web.Response:
        text = self.robots.format(base_url=self.base_url)
        return web.Response(text=text, content_type="text/plain")

    async def _archive_index(self, _request: web.Request) -> web.Response:
        days = [str(self.market.scenario.date_of(d)) for d in self.store.archive_days(self.number)]
        return as_json({"days": days})

    async def _archive_day(self, request: web.Request) -> web.Response:
        try:
            day = self.market.scenario.day_of(date.fromisoformat(request.match_info["day"]))
        except ValueError:
            raise web.HTTPNotFound from None
        if day not in self.store.archive_days(self.number):
            raise web.HTTPNotFound
        if self.store.is_out(self.number, day):
            raise web.HTTPServiceUnavailable(text='{"outage": true}')
        return as_json(self.archive_day(day))

    def archive_day(self, day: int) -> dict[str, Any]:
        """One archived day: postings first seen on it, and the ids of all that were listed."""
        keys = self.store.table.key
        listed = self.store.listed_on(self.number, day)
        new = self.hand_out(self.store.new_on(self.number, day))
        return {
            "date": str(self.market.scenario.date_of(day)),
            "observed_at": self.market.observed_at(day).isoformat(),
            "postings": [self.native(self.market.advert(int(index))) for index in new],
            "listed_ids": self._identifiers(keys[listed].tolist()),
        }

    def _identifiers(self, keys: list[int]) -> list[str]:
        """Identifiers of keys; remembered, as a posting is listed on some thirty days."""
        known = self._known
        for key in keys:
            if key not in known:
                known[key] = self.posting_id(key)
        return [known[key] for key in keys]


def as_json(content: Any) -> web.Response:
    """A JSON answer."""
    return web.Response(body=msgspec.json.encode(content), content_type="application/json")


def conditional(
    request: web.Request,
    rows: NDArray[np.intp],
    market: Market,
    render: Callable[[], bytes],
    content_type: str,
) -> web.Response:
    """The rendered answer, or 304 where the visitor has it already.

    The tag depends on which postings the answer shows, so that an unchanged listing is not
    rendered again; Last-Modified is the newest posting's time.
    """
    keys = market.store.table.key[rows]
    digest = hashlib.blake2b(keys.tobytes() + request.path_qs.encode(), digest_size=12)
    tag = f'"{digest.hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if len(rows):
        newest = datetime.fromtimestamp(int(market.store.posted_at[rows].max()), UTC)
        headers["Last-Modified"] = format_datetime(newest, usegmt=True)
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=render(), content_type=content_type, charset="utf-8", headers=headers)


@lru_cache(maxsize=1)
def templates() -> jinja2.Environment:
    """The sites' HTML and XML templates; everything is escaped unless marked safe."""
    folder = files("labourwatch.demo") / "templates"
    return jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: folder.joinpath(name).read_text("utf-8")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def body_html(advert: Advert) -> str:
    """The whole body as HTML, contact details included."""
    body = advert.body
    parts = [f"<p>{escape(body.intro)}</p>"]
    parts += [bullet_list(items) for items in (body.duties, body.asked, body.given) if items]
    if body.contact:
        parts.append(f"<p>{escape(body.contact)}</p>")
    return "".join(parts)


def bullet_list(items: tuple[str, ...]) -> str:
    """An HTML list; "" where there is nothing to list."""
    return "<ul>" + "".join(map(_list_item, items)) + "</ul>" if items else ""


@lru_cache(maxsize=2048)
def _list_item(text: str) -> str:
    return f"<li>{escape(text)}</li>"


def local_date(moment: datetime) -> date:
    """Civil day in Vientiane."""
    return moment.astimezone(VIENTIANE).date()
