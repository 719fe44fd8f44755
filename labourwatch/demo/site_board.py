"""The largest board: a paged JSON list and JSON details, both asked for by POST.

Traps: advertisements stand between the postings; places are one string with commas; pay is two
numbers without a currency; several texts make up one description.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar, Final

from aiohttp import web

from labourwatch.demo.adverts import Advert
from labourwatch.demo.identity import hex_id, key_of_number, number_of, number_of_hex
from labourwatch.demo.postings import Defect
from labourwatch.demo.site import Site, as_json, bullet_list, templates

_MOST_PER_PAGE: Final = 100
_AD_EVERY: Final = 8


class BoardSite(Site):
    """Kind `json_api`."""

    number: ClassVar[int] = 1
    source_id: ClassVar[str] = "ngan-lao"
    name: ClassVar[str] = "Ngan Lao (demonstration)"

    def posting_id(self, key: int) -> str:
        """24 hexadecimal digits."""
        return hex_id(number_of(self.number, key))

    def key_of(self, posting_id: str) -> int:
        """The key behind a document id."""
        return key_of_number(self.number, number_of_hex(posting_id))

    def routes(self) -> list[web.RouteDef]:
        """The client API and the permalink."""
        return [
            web.post("/client-api/get-job-search-web", self._search),
            web.post("/client-api/get-job-detail-web", self._detail),
            web.get("/job_detail/{id}", self._page),
        ]

    def native(self, advert: Advert) -> dict[str, Any]:
        """List entry and detail in one object, as the archive keeps it."""
        return {**self._entry(advert), **self._detail_of(advert)}

    def _entry(self, advert: Advert) -> dict[str, Any]:
        broken = advert.defect is Defect.BROKEN_MARKUP
        return {
            "_id": self.posting_id(advert.key),
            "type": "job",
            "title": None if broken else advert.title,
            "companyName": advert.employer,
            "workingLocations": _locations(advert),
            "closingDate": str(advert.closing) if advert.closing else None,
            "openingDate": advert.posted_at.isoformat(),
            "jobFunctionId": [{"name": advert.function}],
            "industryId": [{"name": advert.industry}],
        }

    def _detail_of(self, advert: Advert) -> dict[str, Any]:
        body, offer = advert.body, advert.offer
        broken = advert.defect is Defect.BROKEN_MARKUP
        return {
            "_id": self.posting_id(advert.key),
            "title": {"text": advert.title} if broken else advert.title,
            "companyName": advert.employer,
            "workingLocations": _locations(advert),
            "description": f"<p>{body.intro}</p><p>{body.contact}</p>",
            "responsibility": bullet_list(body.duties),
            "requirement": bullet_list(body.asked),
            "qualification": "",
            "benefit": bullet_list((*body.given, offer.text))
            if offer.text
            else bullet_list(body.given),
            "minSalary": offer.lower or None,
            "maxSalary": offer.upper or None,
            "jobTypeId": [{"name": advert.employment_type}],
            "jobLevelId": [{"name": "Officer"}],
            "jobExperienceId": [{"name": f"{advert.years} years" if advert.years else "None"}],
            "jobEducationLevelId": [{"name": advert.education}],
            "jobFunctionId": [{"name": advert.function}],
            "industryId": [{"name": advert.industry}],
            "openings": advert.openings,
            "website": "",
        }

    async def _search(self, request: web.Request) -> web.Response:
        asked = await _body(request)
        page, size = asked.get("page", 1), asked.get("perPage", 20)
        if not isinstance(page, int) or not isinstance(size, int) or page < 1 or size < 1:
            raise web.HTTPBadRequest(text='{"message": "page and perPage: positive numbers"}')
        size = min(size, _MOST_PER_PAGE)
        rows = self.open_now()
        jobs: list[dict[str, Any]] = []
        shown = self.hand_out(rows[(page - 1) * size : page * size])
        for place, advert in enumerate(self.market.adverts(shown)):
            if place % _AD_EVERY == 0:
                jobs.append({"_id": hex_id(1 + place), "type": "ads", "title": "Advertise here"})
            jobs.append(self._entry(advert))
        return as_json({"totals": len(rows), "allJob": jobs})

    async def _detail(self, request: web.Request) -> web.Response:
        row = self.open_row(str((await _body(request)).get("jobId", "")))
        if row < 0:
            raise web.HTTPNotFound(text='{"message": "not found"}')
        return as_json({"jobDetail": self._detail_of(self.market.advert(row))})

    async def _page(self, request: web.Request) -> web.Response:
        row = self.open_row(request.match_info["id"])
        if row < 0:
            raise web.HTTPNotFound
        template = templates().get_template("advert_plain.html")
        page = template.render(site=self.name, advert=self.market.advert(row))
        return web.Response(text=page, content_type="text/html")


def _locations(advert: Advert) -> str:
    if advert.english:
        return ", ".join(advert.place.provinces)
    return advert.place.text


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        asked = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise web.HTTPBadRequest(text='{"message": "expected JSON"}') from None
    if not isinstance(asked, dict):
        raise web.HTTPBadRequest(text='{"message": "expected an object"}')
    return asked
