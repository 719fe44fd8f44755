"""A small portal of HTML cards: no sitemap, no JSON-LD, titles mostly in Lao.

Traps: the class names of title and employer are swapped; icon-font words stand inside fields; an
EXPIRED comment follows every card and means nothing; pages past the last claim 1,700 jobs and
carry none.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
from aiohttp import web
from numpy.typing import NDArray

from labourwatch.demo.adverts import Advert
from labourwatch.demo.postings import Defect
from labourwatch.demo.site import Site, body_html, conditional, local_date, templates

PER_PAGE: Final = 50


class CardSite(Site):
    """Kind `html_list`."""

    number: ClassVar[int] = 2
    source_id: ClassVar[str] = "vieng-cv"
    name: ClassVar[str] = "Vieng CV (demonstration)"
    robots: ClassVar[str] = "User-agent: *\nAllow: /\n"

    def routes(self) -> list[web.RouteDef]:
        """The list (also the front page) and the adverts."""
        return [
            web.get("/", self._list),
            web.get("/search_jobs.php", self._list),
            web.get("/jobs/{id}/", self._plain_advert),
        ]

    def url(self, key: int) -> str:
        """Address of an advert."""
        return f"{self.base_url}/jobs/{self.posting_id(key)}/"

    def native(self, advert: Advert) -> dict[str, Any]:
        """The card's fields and the advert's text."""
        return {
            "id": self.posting_id(advert.key),
            "url": self.url(advert.key),
            "title": "" if advert.defect is Defect.BROKEN_MARKUP else advert.title,
            "employer": advert.employer,
            "place": advert.place.text,
            "posted": card_date(advert, closing=False),
            "until": card_date(advert, closing=True),
            "description": body_html(advert),
            "salary": advert.offer.text,
        }

    async def _list(self, request: web.Request) -> web.Response:
        page = request.query.get("page", "1")
        number = int(page) if page.isdecimal() and 0 < int(page) < 10_000 else 1
        rows = self.open_now()
        shown = self.hand_out(rows[(number - 1) * PER_PAGE : number * PER_PAGE])
        return conditional(
            request,
            shown,
            self.market,
            lambda: self._page(shown, number, len(rows)),
            "text/html",
        )

    def _page(self, shown: NDArray[np.intp], number: int, total: int) -> bytes:
        cards = [
            {
                "url": self.url(advert.key),
                "title": "" if advert.defect is Defect.BROKEN_MARKUP else advert.title,
                "employer": advert.employer,
                "place": advert.place.text,
                "dates": f"{card_date(advert, closing=False)} to {card_date(advert, closing=True)}",
                "age": (self.market.clock() - advert.posted_at).days,
            }
            for advert in self.market.adverts(shown)
        ]
        first = (number - 1) * PER_PAGE + 1
        template = templates().get_template("cards.html")
        return template.render(
            site=self.name, cards=cards, first=first, last=first + len(cards) - 1,
            claimed=total if cards else 1700, number=number,
        ).encode()  # fmt: skip


def card_date(advert: Advert, *, closing: bool) -> str:
    """A card's date, dd/mm/yyyy; "-" where none is stated."""
    day = advert.closing if closing else local_date(advert.posted_at)
    return day.strftime("%d/%m/%Y") if day else "-"
