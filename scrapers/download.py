"""The last step before the wire: turn, allowance, checked addresses, and time for one answer."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response

from scrapers.manners import Manners
from scrapers.politeness import forbidden_address
from scrapers.robots import host_key
from scrapers.sources import Source


class Forbidden(IgnoreRequest):
    """A request that is not made; the message says which rule forbids it."""


class Unreachable(IgnoreRequest):
    """A host without address, or robots.txt that cannot be read: nothing is fetched meanwhile."""

    def __init__(self, detail: str, wait_s: float | None = None) -> None:
        super().__init__(detail)
        self.wait_s = wait_s
        """Seconds that a robots.txt's answer asked us to stay away; `None`: it named none."""


class PublicResolver(AbstractResolver):
    """Names resolved once for a run; every address that a connection is made to was checked.

    The connection is made to the address found here, not to the name, so that a name which
    answers differently a moment later (DNS rebinding) leads nowhere else.
    """

    def __init__(self, *, loopback_allowed: bool) -> None:
        self._loopback_allowed = loopback_allowed
        self._found: dict[tuple[str, int, int], list[ResolveResult]] = {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of a name.

        Raises:
            Unreachable: it has none.
            Forbidden: one of them is not public.
        """
        key = (host, port, int(family))
        if key not in self._found:
            self._found[key] = await self._look_up(host, port, family)
        return self._found[key]

    async def close(self) -> None:
        """Nothing is held."""

    async def _look_up(
        self, host: str, port: int, family: socket.AddressFamily
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        except OSError as error:
            raise Unreachable(f"{host}: no such host ({error})") from error
        addresses = [str(info[4][0]) for info in found]
        bad = forbidden_address(addresses, loopback_allowed=self._loopback_allowed)
        if bad is not None:
            raise Forbidden(f"{bad} is not a public address")
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=info[0],
                proto=info[2],
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for info, address in zip(found, addresses, strict=True)
        ]


class PoliteDownloadHandler(AiohttpDownloadHandler):
    """Scrapy's handler behind the host's gate, the source's allowance and checked addresses.

    The time for one answer (`DOWNLOAD_TIMEOUT`) counts from the connection to the last byte, so
    that a body that trickles in ends like one that never comes.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider: Any = crawler.spider
        source: Source = spider.source
        self._manners: Manners = spider.manners
        connector: Any = self._session.connector
        # Scrapy makes the connector and takes no resolver; a test shows that this one is asked.
        connector._resolver = PublicResolver(loopback_allowed=source.is_loopback)

    async def download_request(self, request: Request) -> Response:
        """The answer, once the host's turn has come.

        Raises:
            Postponed: the request is left to a later run.
        """
        manners = self._manners
        host, robots = host_key(request.url), manners.robots
        async with manners.limits.turn(request.url, robots.delays.get(host, 0.0)):
            await manners.allowance.spend(robots.hours.get(host))
            response = await super().download_request(request)
            # An archive says 503 of a past day; any other answer says it of us, now. Nobody
            # else's turn comes before this is known.
            if response.status in (429, 503) and not request.meta.get("tells_outages"):
                manners.allowance.close()
        return response
