"""The control interface of the demonstration: truth, totals, and vacancies added by hand."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from labourwatch.demo.live import Added
from labourwatch.demo.market import Market
from labourwatch.demo.site import Site, as_json
from labourwatch.demo.truth import totals, truth, write_postings_truth
from labourwatch.demo.vacancies import LANGUAGES


class VacancyError(ValueError):
    """A vacancy as asked for cannot be added; the message says what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Handlers over one market. `directory` receives exports."""

    market: Market
    sites: list[Site]
    directory: Path

    def application(self) -> web.Application:
        """GET /healthz /truth /totals; POST /vacancies /truth/postings."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/healthz", self._health),
                web.get("/truth", self._truth),
                web.get("/totals", self._totals),
                web.post("/truth/postings", self._export),
                web.post("/vacancies", self._add),
            ]
        )
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return as_json({"status": "ok", "postings": len(self.market.store)})

    async def _truth(self, _request: web.Request) -> web.Response:
        return as_json(truth(self.market, self.sites))

    async def _totals(self, _request: web.Request) -> web.Response:
        return as_json(totals(self.market, self.sites, self.market.clock()))

    async def _export(self, _request: web.Request) -> web.Response:
        path = self.directory / "truth-postings.jsonl"
        count = await asyncio.to_thread(write_postings_truth, self.market, self.sites, path)
        return as_json({"path": str(path.resolve()), "postings": count})

    async def _add(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
            added = self.add(asked)
        except (json.JSONDecodeError, UnicodeDecodeError, VacancyError) as error:
            raise web.HTTPBadRequest(
                text=json.dumps({"error": str(error)}), content_type="application/json"
            ) from error
        site = next(s for s in self.sites if s.number == added.board)
        return as_json(
            {
                "posting_id": site.posting_id(added.key),
                "source_id": site.source_id,
                "posted_at": datetime.fromtimestamp(added.posted_at, UTC).isoformat(),
                "vacancy_id": self.market.vacancy_id(added.key),
            }
        )

    def add(self, asked: Any) -> Added:
        """Add the vacancy that a JSON body asks for.

        Fields: `title` (needed), `board` (source id), `province` (ISO code), `isco08`, `employer`,
        `place`, `description`, `salary`, `language` (lo, en).

        Raises:
            VacancyError: a field is missing, unknown or out of range.
        """
        if not isinstance(asked, dict) or not all(isinstance(v, str) for v in asked.values()):
            raise VacancyError("expected a JSON object of texts")
        texts = ("title", "employer", "place", "description", "salary")
        unknown = set(asked) - {*texts, "board", "province", "isco08", "language"}
        if unknown:
            raise VacancyError(f"unknown fields: {', '.join(sorted(unknown))}")
        title = asked.get("title", "").strip()
        if not title:
            raise VacancyError("title: expected a text")
        province = self._province(asked.get("province", "LA-VT"))
        place = asked.get("place") or self.market.scenario.labour.provinces[province].name_en
        return self.market.live.add(
            self.market.clock(),
            Added(
                key=0,
                posted_at=0,
                board=self._board(asked.get("board", self.sites[0].source_id)),
                title=title,
                employer=asked.get("employer", ""),
                place=place,
                description=asked.get("description", ""),
                salary=asked.get("salary", ""),
                province=province,
                occupation=self._occupation(asked.get("isco08", "2411")),
                language=self._language(asked.get("language", "en")),
            ),
        )

    def _board(self, source_id: str) -> int:
        for site in self.sites:
            if source_id == site.source_id:
                return site.number
        names = ", ".join(site.source_id for site in self.sites)
        raise VacancyError(f"board: expected one of {names}")

    def _province(self, iso: str) -> int:
        try:
            return self.market.scenario.labour.province_index(iso)
        except KeyError:
            raise VacancyError(f"province: expected an ISO 3166-2:LA code, found {iso!r}") from None

    def _occupation(self, isco08: str) -> int:
        for index, occupation in enumerate(self.market.scenario.labour.occupations):
            if occupation.isco08 == isco08:
                return index
        raise VacancyError(f"isco08: {isco08!r} is not among the simulated occupations")

    def _language(self, language: str) -> int:
        if language not in LANGUAGES:
            raise VacancyError(f"language: expected one of {', '.join(LANGUAGES)}")
        return LANGUAGES.index(language)
