"""A job page on a common blog engine: its RSS feed carries whole adverts."""

from __future__ import annotations

from email.utils import format_datetime
from typing import Any, ClassVar, Final
from xml.sax.saxutils import escape

import numpy as np
from aiohttp import web
from numpy.typing import NDArray

from labourwatch.demo.adverts import Advert
from labourwatch.demo.postings import Defect
from labourwatch.demo.site import Site, body_html, conditional, templates

PER_PAGE: Final = 100
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:job_listing="http://localhost/job_listing/"><channel>\n'
)


class FeedSite(Site):
    """Kind `rss`."""

    number: ClassVar[int] = 3
    source_id: ClassVar[str] = "khon-ngan"
    name: ClassVar[str] = "Khon Ngan (demonstration)"

    def routes(self) -> list[web.RouteDef]:
        """Feed (by query, as the engine has it) and adverts."""
        return [web.get("/", self._feed), web.get("/job/{id}/", self._plain_advert)]

    def url(self, key: int) -> str:
        """Address of an advert."""
        return f"{self.base_url}/job/{self.posting_id(key)}/"

    def native(self, advert: Advert) -> dict[str, Any]:
        """The item's tags."""
        tags: dict[str, str] = {
            "title": "" if advert.defect is Defect.BROKEN_MARKUP else advert.title,
            "link": self.url(advert.key),
            "guid": f"{self.base_url}/?post_type=job_listing&p={self.posting_id(advert.key)}",
            "pubDate": format_datetime(advert.posted_at),
            "content:encoded": body_html(advert) + _closing(advert),
            "job_listing:location": advert.place.text,
            "job_listing:job_type": advert.employment_type,
            "job_listing:company": advert.employer,
            "job_listing:salary": advert.offer.text,
        }
        return {name: text for name, text in tags.items() if text}

    async def _feed(self, request: web.Request) -> web.Response:
        if request.query.get("feed") != "job_feed":
            page = templates().get_template("front.html").render(name=self.name, base=self.base_url)
            return web.Response(text=page, content_type="text/html")
        asked = request.query.get("paged", "1")
        number = int(asked) if asked.isdecimal() and 0 < int(asked) < 10_000 else 1
        rows = self.hand_out(self.open_now()[(number - 1) * PER_PAGE : number * PER_PAGE])
        return conditional(
            request, rows, self.market, lambda: self._feed_of(rows), "application/rss+xml"
        )

    def _feed_of(self, rows: NDArray[np.intp]) -> bytes:
        items = [self.native(advert) for advert in self.market.adverts(rows)]
        text = "".join(
            "<item>" + "".join(_tag(name, value) for name, value in item.items()) + "</item>\n"
            for item in items
        )
        title = f"<title>{escape(self.name)}</title><link>{self.base_url}</link>\n"
        return f"{_HEAD}{title}{text}</channel></rss>\n".encode()


def _closing(advert: Advert) -> str:
    return f"<p>Closing date: {advert.closing}</p>" if advert.closing else ""


def _tag(name: str, text: str) -> str:
    if name == "content:encoded":
        return f"<{name}><![CDATA[{text.replace(']]>', ']]&gt;')}]]></{name}>"
    return f"<{name}>{escape(text)}</{name}>"
