"""How fast a source is asked: by its answers, but never faster than its robots.txt allows."""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response


class Throttle(AutoThrottle):
    """Quick answers shorten the delay only down to the robots.txt's own."""

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        crawler: Any = spider
        host, slot = self._get_slot(request, spider)
        if host is not None and slot is not None:
            slot.delay = max(slot.delay, crawler.robots.delays.get(host, 0.0))
