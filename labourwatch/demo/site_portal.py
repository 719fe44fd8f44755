"""A portal that appears late in the history: JSON-LD in every shape that sites write it.

A third of the pages nest the JobPosting in `@graph`, a third in an array, and every tenth page has
microdata instead of JSON-LD. The site opens with the stock of two weeks.
"""

from __future__ import annotations

from typing import Any, ClassVar

from aiohttp import web

from labourwatch.demo.adverts import Advert
from labourwatch.demo.identity import key_of_number, number_of
from labourwatch.demo.postings import PORTAL, Defect
from labourwatch.demo.site import ROBOTS, body_html, local_date, templates
from labourwatch.demo.site_agency import AgencySite, ld_text

_UNITS = {"month": "MONTH", "day": "DAY"}
_EMPLOYMENT = {
    "Full time": "FULL_TIME",
    "Part time": "PART_TIME",
    "Contract": "CONTRACTOR",
    "Internship": "INTERN",
    "Daily": "PER_DIEM",
}


class PortalSite(AgencySite):
    """Kind `sitemap_jsonld`."""

    number: ClassVar[int] = PORTAL
    source_id: ClassVar[str] = "xaysana-portal"
    name: ClassVar[str] = "Xaysana Portal (demonstration)"
    robots: ClassVar[str] = ROBOTS + "\nSitemap: {base_url}/sitemap.xml\n"

    def posting_id(self, key: int) -> str:
        """v and a hexadecimal number."""
        return f"v{number_of(self.number, key):07x}"

    def key_of(self, posting_id: str) -> int:
        """The key behind an id."""
        digits = posting_id[1:]
        if len(posting_id) != 8 or posting_id[0] != "v" or not digits.isalnum():
            return -1
        try:
            return key_of_number(self.number, int(digits, 16))
        except ValueError:
            return -1

    def url(self, key: int) -> str:
        """Address of an advert."""
        return f"{self.base_url}/vacancy/{self.posting_id(key)}"

    def routes(self) -> list[web.RouteDef]:
        """Front page, sitemap and adverts."""
        return [
            web.get("/", self._front),
            web.get("/sitemap.xml", self._sitemap),
            web.get("/vacancy/{name}", self._advert),
        ]

    def reference(self, name: str) -> str:
        """The id in an address."""
        return name

    def _node(self, advert: Advert) -> dict[str, Any]:
        offer = advert.offer
        node: dict[str, Any] = {
            "@context": "https://schema.org",
            "title": advert.title,
            "description": body_html(advert),
            "datePosted": str(local_date(advert.posted_at)),
            "employmentType": _EMPLOYMENT.get(advert.employment_type, "OTHER"),
            "hiringOrganization": {"@type": "Organization", "name": advert.employer},
            "industry": advert.industry,
            "occupationalCategory": advert.function,
            "educationRequirements": {
                "@type": "EducationalOccupationalCredential",
                "credentialCategory": advert.education,
            },
            "experienceRequirements": {
                "@type": "OccupationalExperienceRequirements",
                "monthsOfExperience": advert.years * 12,
            },
            "totalJobOpenings": advert.openings,
        }
        if advert.place.text:
            address = {"@type": "PostalAddress", "addressLocality": advert.place.text}
            node["jobLocation"] = {"@type": "Place", "address": {**address, "addressCountry": "LA"}}
        if advert.closing:
            node["validThrough"] = str(advert.closing)
        if offer.lower:
            value = {"@type": "QuantitativeValue", "minValue": offer.lower, "maxValue": offer.upper}
            node["baseSalary"] = {
                "@type": "MonetaryAmount",
                "currency": offer.currency,
                "value": {**value, "unitText": _UNITS[offer.period]},
            }
        return node

    def _page(self, row: int) -> bytes:
        advert = self.market.advert(row)
        identity = {"@type": "JobPosting", "identifier": self.posting_id(advert.key)}
        node: Any = {**identity, "url": self.url(advert.key), **self._node(advert)}
        number = number_of(self.number, advert.key)
        if number % 10 == 0 and advert.defect is not Defect.BROKEN_MARKUP:
            template = templates().get_template("advert_microdata.html")
            return template.render(
                site=self.name, advert=advert, node=node, body=body_html(advert)
            ).encode()
        if number % 3 == 0:
            crumbs = {"@type": "BreadcrumbList", "itemListElement": []}
            node = {"@context": "https://schema.org", "@graph": [crumbs, node]}
        elif number % 3 == 1:
            node = [{"@type": "Organization", "name": self.name}, node]
        template = templates().get_template("advert_jsonld.html")
        blocks = [ld_text(node, advert.defect)]
        return template.render(site=self.name, advert=advert, blocks=blocks).encode()
