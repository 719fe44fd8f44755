"""How fast a source is asked: by its answers, but never faster than its robots.txt allows."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response

from scrapers.robots import host_key


class Throttle(AutoThrottle):
    """Quick answers shorten the delay only down to the robots.txt's own."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        crawler: Any = spider
        _, slot = self._get_slot(request, spider)
        if slot is not None:
            stated = crawler.manners.robots.delays.get(host_key(request.url), 0.0)
            slot.delay = max(slot.delay, stated)
