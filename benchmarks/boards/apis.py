"""Boards that answer in JSON: paged lists with details, and known systems' APIs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from html import escape
from typing import Any, Final

from benchmarks.boards.board import Answer, Ask, Board, as_json, part
from benchmarks.boards.truth import Truth, by_key, stamp


def posted(truths: Sequence[Truth], ask: Ask) -> Answer | int | None:
    """A list and a detail, both by POST; advertisements in the list; names in lists of objects."""
    if ask.method != "POST" or not isinstance(ask.body, dict):
        return 405
    if ask.path == "/client-api/search":
        size = int(ask.body.get("perPage", 20))
        shown = part(truths, int(ask.body.get("page", 1)) - 1, size)
        jobs: list[dict[str, Any]] = [
            {"_id": f"{t.key:024x}", "type": "job", "title": t.title, "companyName": t.employer,
             "workingLocations": t.place, "closingDate": stamp(t.closing)}
            for t in shown
        ]  # fmt: skip
        jobs.insert(1, {"_id": "f" * 24, "type": "ads", "title": "Buy now"})
        return as_json({"totals": len(truths), "allJob": jobs})
    key = str(int(str(ask.body.get("jobId", "0")), 16))
    truth = by_key(truths, key)
    if ask.path != "/client-api/detail" or truth is None:
        return None
    return as_json({"jobDetail": {
        "_id": f"{truth.key:024x}", "title": truth.title, "description": truth.body,
        "openDate": stamp(truth.posted), "salary": truth.offer.text,
        "jobTypeId": [{"name": "Full time"}],
    }})  # fmt: skip


def cursor(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A cursor in the body of the answer; everything in the list; abroad beside Laos."""
    if ask.path != "/v2/jobs":
        return None
    start = int(ask.query.get("after") or 0)
    shown = truths[start : start + 10]
    data: list[dict[str, Any]] = [
        {"id": t.key, "attributes": {
            "headline": t.title, "employer": {"display": t.employer},
            "places": [{"label": t.place}], "country": "Laos",
            "open": int(_noon(t)), "close": f"{t.closing:%d %b %Y}",
            "pay": {"text": t.offer.text}}}
        for t in shown
    ]  # fmt: skip
    data.append({"id": 1, "attributes": {"headline": "Cook, Bangkok", "country": "Thailand"}})
    end = start + 10
    return as_json({"data": data, "meta": {"next": str(end) if end < len(truths) else None}})


def greenhouse(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """HTML escaped as text."""
    if ask.path != "/v1/boards/x/jobs":
        return None
    jobs = [
        {"id": t.key, "title": t.title, "absolute_url": f"{ask.base}/x/jobs/{t.key}",
         "updated_at": stamp(t.posted), "first_published": stamp(t.posted),
         "application_deadline": str(t.closing), "company_name": t.employer,
         "location": {"name": t.place}, "content": escape(t.body), "departments": [{"name": "A"}]}
        for t in truths
    ]  # fmt: skip
    return as_json({"jobs": jobs, "meta": {"total": len(jobs)}})


def lever(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A bare list by skip and limit; dates in milliseconds."""
    if ask.path != "/v0/postings/x":
        return None
    limit, skip = ask.number("limit", 100), ask.number("skip", 0)
    return as_json([
        {"id": f"aa-{t.key}", "text": t.title, "hostedUrl": f"{ask.base}/x/{t.key}",
         "createdAt": int(_noon(t)) * 1000, "description": t.body, "lists": [], "additional": "",
         "categories": {"commitment": "Full-time", "location": t.place, "allLocations": [t.place]},
         **({"salaryRange": {"min": t.offer.lower, "max": t.offer.upper,
                             "currency": t.offer.currency,
                             "interval": f"per-{t.offer.period}-salary"}} if t.offer.lower else {})}
        for t in truths[skip : skip + limit]
    ])  # fmt: skip


def workable(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Pages by `paging.next`; drafts among the published."""
    if ask.path != "/spi/v3/jobs":
        return None
    start = ask.number("since_id", 0)
    jobs = [
        {"key": f"k{t.key}", "shortcode": f"S{t.key}", "title": t.title, "state": "published",
         "company": t.employer, "url": f"{ask.base}/j/S{t.key}", "created_at": str(t.posted),
         "closing_date": str(t.closing), "full_description": t.body,
         "location": {"country": "Laos", "country_code": "LA", "location_str": t.place}}
        for t in truths[start : start + 8]
    ]  # fmt: skip
    jobs.append({"key": "d", "shortcode": "DRAFT", "title": "Draft", "state": "draft"})
    after = start + 8
    more = {"next": f"{ask.base}/spi/v3/jobs?since_id={after}"} if after < len(truths) else {}
    return as_json({"jobs": jobs, "paging": more})


def smartrecruiters(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """offset and limit; the advert's text in `jobAd.sections` of a detail."""
    folder = "/v1/companies/x/postings"
    if ask.path == folder:
        start, limit = ask.number("offset", 0), ask.number("limit", 10)
        content = [_smart(t, ask.base, folder) for t in truths[start : start + limit]]
        return as_json({"offset": start, "limit": limit, "totalFound": len(truths),
                        "content": content})  # fmt: skip
    truth = by_key(truths, ask.path.removeprefix(f"{folder}/"))
    if truth is None:
        return None
    sections = {"jobDescription": {"title": "Job", "text": truth.body},
                "companyDescription": {"title": "Us", "text": "<p>We are one.</p>"}}  # fmt: skip
    return as_json({**_smart(truth, ask.base, folder), "jobAd": {"sections": sections},
                    "postingUrl": f"{ask.base}/x/{truth.key}"})  # fmt: skip


def _smart(t: Truth, base: str, folder: str) -> dict[str, Any]:
    return {"id": str(t.key), "name": t.title, "company": {"name": t.employer, "identifier": "x"},
            "releasedDate": stamp(t.posted), "location": {"city": t.place, "country": "la"},
            "ref": f"{base}{folder}/{t.key}", "typeOfEmployment": {"label": "Full"}}  # fmt: skip


def reliefweb(truths: Sequence[Truth], ask: Ask) -> Answer | int | None:
    """A filter in the body, offset and limit; other countries only without the filter."""
    if ask.path != "/v2/jobs":
        return None
    if ask.method != "POST" or "lao" not in str(ask.body):
        return 400
    start, limit = int(ask.body.get("offset", 0)), int(ask.body.get("limit", 10))
    data = [
        {"id": str(t.key), "score": 1, "href": f"{ask.base}/v2/jobs/{t.key}", "fields": {
            "title": t.title, "body-html": t.body, "url": f"{ask.base}/node/{t.key}",
            "date": {"created": stamp(t.posted), "closing": stamp(t.closing)},
            "source": [{"name": t.employer}], "country": [{"name": "Lao PDR", "iso3": "lao"}],
            "city": [{"name": t.place}], "type": [{"name": "Job"}]}}
        for t in truths[start : start + limit]
    ]  # fmt: skip
    return as_json({"totalCount": len(truths), "count": len(data), "data": data})


def ashby(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Everything in one answer; pay in words."""
    if ask.path != "/posting-api/job-board/x":
        return None
    return as_json({"apiVersion": "1", "jobs": [
        {"id": f"u-{t.key}", "title": t.title, "location": t.place, "publishedAt": stamp(t.posted),
         "jobUrl": f"{ask.base}/x/{t.key}", "descriptionHtml": t.body, "employmentType": "FullTime",
         "compensation": {"compensationTierSummary": t.offer.text}}
        for t in truths
    ]})  # fmt: skip


def recruitee(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Everything in one answer; pay in numbers, null where there is none."""
    if ask.path != "/api/offers/":
        return None
    return as_json({"offers": [
        {"id": t.key, "slug": "x", "title": t.title, "company_name": t.employer, "city": t.place,
         "careers_url": f"{ask.base}/o/x", "published_at": f"{t.posted} 03:00:00 UTC",
         "close_at": f"{t.closing} 03:00:00 UTC", "description": t.body, "requirements": "",
         "salary": {"min": t.offer.lower or None, "max": t.offer.upper or None,
                    "currency": (t.offer.lower and t.offer.currency) or None,
                    "period": (t.offer.lower and t.offer.period) or None}}
        for t in truths
    ]})  # fmt: skip


def _noon(t: Truth) -> float:
    return datetime.combine(t.posted, time(5), UTC).timestamp()


_NO_PAY: Final = frozenset({"title", "employer", "place", "dates"})
BOARDS: Final = (
    Board(
        name="posted", layout="JSON list and detail by POST, advertisements", respond=posted,
        declaration=r"""
kind: json_api
list:
  url: /client-api/search?lang=EN
  method: POST
  body: {page: 1, perPage: 10, title: "", token: ""}
  page: {where: body, name: page, start: 1}
  items: allJob
  skip: {type: ads}
  fields: {id: _id, title: title, hiring_organization: companyName, job_location: workingLocations,
           valid_through: closingDate}
detail:
  url: /client-api/detail
  method: POST
  body: {jobId: "{id}", token: ""}
  root: jobDetail
  fields:
    description: description
    date_posted: openDate
    base_salary: salary
    url: {paths: [_id], template: "/job/{0}"}
""",
    ),
    Board(
        name="cursor", layout="JSON list by cursor, country filter", respond=cursor,
        declaration=r"""
kind: json_api
list:
  url: /v2/jobs
  page: {name: after, cursor: meta.next}
  items: data
  only: {attributes.country: Laos}
  fields:
    id: id
    title: attributes.headline
    hiring_organization: attributes.employer.display
    job_location: "attributes.places[].label"
    date_posted: attributes.open
    valid_through: attributes.close
    base_salary: attributes.pay.text
""",
    ),
    Board(
        name="greenhouse", layout="Greenhouse, HTML escaped as text", respond=greenhouse,
        fields=_NO_PAY,
        declaration="kind: ats_greenhouse\nlist: {url: '/v1/boards/x/jobs?content=true'}",
    ),
    Board(
        name="lever", layout="Lever, skip and limit, milliseconds", respond=lever,
        fields=frozenset({"title", "place", "pay"}),
        declaration="kind: ats_lever\nlist: {url: '/v0/postings/x?limit=6'}",
    ),
    Board(
        name="workable", layout="Workable v3, next address, drafts", respond=workable,
        fields=_NO_PAY,
        declaration="kind: ats_workable\nlist: {url: /spi/v3/jobs, only: {state: published}}",
    ),
    Board(
        name="smart", layout="SmartRecruiters, offset, sections of a detail",
        respond=smartrecruiters, fields=frozenset({"title", "employer", "place"}),
        declaration="kind: ats_smartrecruiters\nlist: {url: '/v1/companies/x/postings?limit=7'}",
    ),
    Board(
        name="ashby", layout="Ashby, pay in words", respond=ashby,
        fields=frozenset({"title", "place", "pay"}),
        declaration=r"""
kind: ats_ashby
list:
  url: /posting-api/job-board/x?includeCompensation=true
  fields: {hiring_organization: {value: Champa Holdings}}
""",
    ),
    Board(
        name="recruitee", layout="Recruitee, pay in numbers", respond=recruitee,
        declaration="kind: ats_recruitee\nlist: {url: /api/offers/}",
    ),
    Board(
        name="reliefweb", layout="ReliefWeb by POST with a country filter", respond=reliefweb,
        fields=_NO_PAY,
        declaration=r"""
kind: reliefweb
list:
  url: /v2/jobs?appname=labourwatch
  method: POST
  body: {limit: 9, filter: {field: country.iso3, value: lao}}
""",
    ),
)  # fmt: skip
