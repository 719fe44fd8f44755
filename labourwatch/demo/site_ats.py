"""An applicant tracking system's public job board, in the shape of Greenhouse's."""

from __future__ import annotations

from html import escape
from typing import Any, ClassVar, Final

import msgspec
from aiohttp import web

from labourwatch.demo.adverts import Advert
from labourwatch.demo.identity import key_of_number, number_of
from labourwatch.demo.postings import Defect
from labourwatch.demo.site import Site, as_json, body_html, conditional

BASE: Final = 4_000_000_000
"""Job ids start here."""
BOARD: Final = "lanexang"


class AtsSite(Site):
    """Kind `ats_greenhouse`."""

    number: ClassVar[int] = 4
    source_id: ClassVar[str] = "lanexang-ats"
    name: ClassVar[str] = "Lanexang Group careers (demonstration)"

    def posting_id(self, key: int) -> str:
        """A ten-digit number."""
        return str(BASE + number_of(self.number, key))

    def key_of(self, posting_id: str) -> int:
        """The key behind a job id."""
        return key_of_number(self.number, int(posting_id) - BASE) if posting_id.isdecimal() else -1

    def routes(self) -> list[web.RouteDef]:
        """The public API and the advert pages."""
        return [
            web.get(f"/v1/boards/{BOARD}/jobs", self._jobs),
            web.get(f"/v1/boards/{BOARD}/jobs/{{id}}", self._job),
            web.get("/jobs/{id}", self._plain_advert),
        ]

    def native(self, advert: Advert) -> dict[str, Any]:
        """The job object; `content` is HTML escaped once more, as that system does."""
        number = int(self.posting_id(advert.key))
        job: dict[str, Any] = {
            "id": number,
            "internal_job_id": number - 7,
            "title": advert.title,
            "absolute_url": f"{self.base_url}/jobs/{number}",
            "updated_at": advert.posted_at.isoformat(),
            "first_published": advert.posted_at.isoformat(),
            "requisition_id": f"R{number % 100_000}",
            "company_name": advert.employer,
            "location": {"name": advert.place.text},
            "content": escape(body_html(advert)),
            "departments": [{"id": 10, "name": advert.function}],
            "offices": [],
            "metadata": [
                _metadatum(
                    1, "Closing date", str(advert.closing) if advert.closing else None, "date"
                ),
                _metadatum(2, "Salary", advert.offer.text or None, "short_text"),
                _metadatum(3, "Contract", advert.employment_type, "single_select"),
            ],
        }
        if advert.defect is Defect.BROKEN_MARKUP:
            del job["title"]
        return job

    async def _jobs(self, request: web.Request) -> web.Response:
        rows = self.hand_out(self.open_now())

        def render() -> bytes:
            jobs = [self.native(advert) for advert in self.market.adverts(rows)]
            if request.query.get("content") != "true":
                jobs = [{k: v for k, v in job.items() if k != "content"} for job in jobs]
            return msgspec.json.encode({"jobs": jobs, "meta": {"total": len(jobs)}})

        return conditional(request, rows, self.market, render, "application/json")

    async def _job(self, request: web.Request) -> web.Response:
        row = self.open_row(request.match_info["id"])
        if row < 0:
            raise web.HTTPNotFound(text='{"status": 404, "error": "Job not found"}')
        return as_json(self.native(self.market.advert(row)))


def _metadatum(number: int, name: str, value: Any, value_type: str) -> dict[str, Any]:
    return {"id": number, "name": name, "value": value, "value_type": value_type}
