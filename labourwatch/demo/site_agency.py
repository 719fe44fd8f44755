"""A recruitment agency's site: a sitemap, and JSON-LD that says less than the text beside it.

Traps: a WebSite block stands before the JobPosting; the currency is GBP whatever the text says;
the employment type is the word "undefined"; one string fills every part of the address; `/jobs`
carries no advert.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from xml.sax.saxutils import escape

import numpy as np
from aiohttp import web
from numpy.typing import NDArray

from labourwatch.demo.adverts import Advert
from labourwatch.demo.identity import key_of_number, number_of
from labourwatch.demo.postings import Defect
from labourwatch.demo.site import ROBOTS, Site, body_html, conditional, local_date, templates

_ID: Final = re.compile(r"LAO(\d{1,9})")


def sitemap(addresses: list[tuple[str, datetime | None]]) -> bytes:
    """A sitemap of addresses with their times of change."""
    entries = "".join(
        f"<url><loc>{escape(url)}</loc>"
        + (f"<lastmod>{changed.isoformat()}</lastmod>" if changed else "")
        + "</url>\n"
        for url, changed in addresses
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{entries}</urlset>\n'.encode()


def ld_text(node: Any, defect: Defect) -> str:
    """A JSON-LD block's text; broken mark-up loses its second half."""
    text = json.dumps(node, ensure_ascii=False).replace("</", "<\\/")
    return text[: len(text) // 2] if defect is Defect.BROKEN_MARKUP else text


class AgencySite(Site):
    """Kind `sitemap_jsonld`."""

    number: ClassVar[int] = 0
    source_id: ClassVar[str] = "mekong-careers"
    name: ClassVar[str] = "Mekong Careers (demonstration)"
    robots: ClassVar[str] = ROBOTS + "\nSitemap: {base_url}/sitemap.xml\n"

    def posting_id(self, key: int) -> str:
        """LAO and a number."""
        return f"LAO{number_of(self.number, key)}"

    def key_of(self, posting_id: str) -> int:
        """The key behind a reference."""
        match = _ID.fullmatch(posting_id)
        return key_of_number(self.number, int(match[1])) if match else -1

    def routes(self) -> list[web.RouteDef]:
        """Front page, a listing without adverts, sitemap and adverts."""
        return [
            web.get("/", self._front),
            web.get("/jobs", self._front),
            web.get("/sitemap.xml", self._sitemap),
            web.get("/jobs/{name}", self._advert),
        ]

    def url(self, key: int) -> str:
        """Address of an advert."""
        return f"{self.base_url}/jobs/{self.posting_id(key)}-job"

    def reference(self, name: str) -> str:
        """The id in the last part of an advert's address; "" where it has none."""
        return name.partition("-")[0]

    def native(self, advert: Advert) -> dict[str, Any]:
        """The page's JobPosting node."""
        identity = {"@type": "JobPosting", "identifier": self.posting_id(advert.key)}
        node = {**identity, "url": self.url(advert.key), **self._node(advert)}
        if advert.defect is Defect.BROKEN_MARKUP:
            return {**identity, "url": node["url"], "unreadable": ld_text(node, advert.defect)}
        return node

    def _node(self, advert: Advert) -> dict[str, Any]:
        place = advert.place.text or "Laos"
        names = ("streetAddress", "addressLocality", "addressRegion", "addressCountry")
        address = {"@type": "PostalAddress", **dict.fromkeys(names, place), "postalCode": "-"}
        node: dict[str, Any] = {
            "@context": "https://schema.org/",
            "title": advert.title,
            "description": body_html(advert),
            "datePosted": str(local_date(advert.posted_at)),
            "employmentType": "undefined",
            "hiringOrganization": {"@type": "Organization", "name": advert.employer},
            "jobLocation": {"@type": "Place", "address": address},
            "industry": advert.industry,
            "experienceRequirements": f"{advert.years} years" if advert.years else "",
        }
        if advert.closing:
            node["validThrough"] = f"{advert.closing}T23:59:59+07:00"
        if advert.offer.text:
            node["baseSalary"] = {
                "@type": "MonetaryAmount",
                "currency": "GBP",
                "value": {"@type": "QuantitativeValue", "value": advert.offer.text, "unitText": ""},
            }
        if advert.openings > 1:
            node["totalJobOpenings"] = advert.openings
        return node

    async def _front(self, _request: web.Request) -> web.Response:
        page = templates().get_template("front.html").render(name=self.name, base=self.base_url)
        return web.Response(text=page, content_type="text/html")

    async def _sitemap(self, request: web.Request) -> web.Response:
        rows = self.hand_out(self.open_now())
        return conditional(
            request, rows, self.market, lambda: self._sitemap_of(rows), "application/xml"
        )

    def _sitemap_of(self, rows: NDArray[np.intp]) -> bytes:
        pages: list[tuple[str, datetime | None]] = [
            (f"{self.base_url}/{name}", None) for name in ("", "jobs", "about", "contact")
        ]
        table, times = self.store.table, self.store.posted_at
        for row in rows:
            changed = datetime.fromtimestamp(int(times[row]), UTC)
            pages.append((self.url(int(table.key[row])), changed))
        return sitemap(pages)

    async def _advert(self, request: web.Request) -> web.Response:
        row = self.open_row(self.reference(request.match_info["name"]))
        if row < 0:
            raise web.HTTPNotFound
        rows = np.array([row])
        return conditional(request, rows, self.market, lambda: self._page(row), "text/html")

    def _page(self, row: int) -> bytes:
        advert = self.market.advert(row)
        web_site = {"@context": "https://schema.org/", "@type": "WebSite", "name": self.name}
        node = {"@type": "JobPosting", "identifier": self.posting_id(advert.key)}
        blocks = [
            ld_text(web_site, Defect.NONE),
            ld_text({**node, "url": self.url(advert.key), **self._node(advert)}, advert.defect),
        ]
        template = templates().get_template("advert_jsonld.html")
        return template.render(site=self.name, advert=advert, blocks=blocks).encode()
