"""Boards written after the readers were finished, each in a style of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time
from html import escape
from typing import Any, Final

from benchmarks.boards.board import Answer, Ask, Board, as_json, page, part
from benchmarks.boards.structured import script
from benchmarks.boards.truth import Truth, by_key
from benchmarks.boards.unseen_pages import BOARDS as PAGES


def wordpress_theme(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """WP Job Manager's archive and single page as a theme shows them, /page/2/ in the address."""
    bits = ask.path.strip("/").split("/")
    if bits[0] == "jobs":
        number = int(bits[2]) if len(bits) == 3 else 1
        shown = part(truths, number - 1, 6)
        return page("", "<ul class='job_listings'>" + "".join(
            f'<li class="post-{t.key} job_listing type-job_listing status-publish">'
            f'<a href="{ask.base}/job/{t.key}-vacancy/"><img class="company_logo" alt="logo">'
            f'<div class="position"><h3>{escape(t.title)}</h3><div class="company"><strong>'
            f'{escape(t.employer)}</strong> </div></div><div class="location">{escape(t.place)}'
            f'</div><ul class="meta"><li class="job-type full-time">Full Time</li>'
            f'<li class="date"><time datetime="{t.posted}">Posted {t.days_ago} days ago</time>'
            "</li></ul></a></li>" for t in shown) + "</ul>")  # fmt: skip
    truth = by_key(truths, bits[-1].partition("-")[0])
    if truth is None or bits[0] != "job":
        return None
    return page(
        "",
        f"""<div class="single_job_listing"><ul class="job-listing-meta meta">
<li class="location"><a class="google_map_link" href="#">{escape(truth.place)}</a></li>
<li class="salary">{escape(truth.offer.text)}</li>
<li class="application-deadline"><label>Closes:</label> {truth.closing:%B %d, %Y}</li></ul>
<div class="company"><p class="name"><a href="/x">Website</a><strong>{escape(truth.employer)}
</strong></p></div><div class="job_description">{truth.body}</div></div>""",
    )


def yoast(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A plugin's graph first; then a posting with texts where objects are usual, and entities."""
    if ask.path == "/careers/":
        links = "".join(
            f'<p><a class="entry" href="./{t.key}.html">Details</a></p>' for t in truths
        )
        return page("", links)
    truth = by_key(truths, ask.path.removeprefix("/careers/").removesuffix(".html"))
    if truth is None:
        return None
    site = {"@context": "https://schema.org", "@graph": [
        {"@type": "WebPage", "@id": "#page", "isPartOf": {"@id": "#site"}},
        {"@type": "WebSite", "@id": "#site", "name": "Careers"},
        {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "Home"}]},
    ]}  # fmt: skip
    posting = {
        "@context": {"@vocab": "http://schema.org/"}, "@type": "JobPosting",
        "title": escape(truth.title), "hiringOrganization": escape(truth.employer),
        "jobLocation": [{"@type": "Place", "address": truth.place}],
        "baseSalary": truth.offer.text, "datePosted": f"{truth.posted} 08:00:00",
        "validThrough": f"{truth.closing}T00:00", "description": escape(truth.body),
        "employmentType": ["FULL_TIME", None],
    }  # fmt: skip
    return page(script(site) + script(posting), "<h1>Vacancy</h1>")


def offsets(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A JSON API by offset whose list tells little and whose detail nests everything."""
    if ask.path == "/api/public/vacancies":
        start, count = ask.number("offset", 0), ask.number("count", 5)
        found = truths[start : start + count]
        results = [{"uid": t.key, "label": {"lo": t.title}, "hidden": False} for t in found]
        return as_json({"status": "ok", "payload": {"total": len(truths), "results": results}})
    truth = by_key(truths, ask.path.rpartition("/")[2])
    if truth is None or not ask.path.startswith("/api/public/vacancies/"):
        return None
    offer = truth.offer
    pay = {"from": offer.lower, "to": offer.upper, "cur": offer.currency, "per": offer.period}
    stamp = datetime.combine(truth.posted, time(3), UTC).timestamp()
    return as_json({"status": "ok", "payload": [{
        "uid": truth.key, "label": {"lo": truth.title}, "org": {"names": [{"v": truth.employer}]},
        "geo": {"levels": [{"t": "area", "n": truth.place}, {"t": "country", "n": "LA"}]},
        "times": {"published": int(stamp), "until": f"{truth.closing:%d-%b-%Y}"},
        "pay": pay if offer.lower else None, "html": truth.body,
    }]})  # fmt: skip


def inertia(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """The page's content as JSON in an attribute, with Laravel's paginator."""
    if ask.path != "/ko/jobs":
        return None
    number = ask.number("page", 1)
    more = f"{ask.base}/ko/jobs?page={number + 1}" if len(truths) > number * 5 else None
    data = [
        {"id": t.key, "position": t.title, "user": {"company": t.employer}, "province": t.place,
         "salary_text": t.offer.text or None, "created_at": f"{t.posted}T03:00:00.000000Z",
         "deadline": f"{t.closing:%Y/%m/%d}", "detail": t.body}
        for t in part(truths, number - 1, 5)
    ]  # fmt: skip
    held: dict[str, Any] = {
        "component": "Jobs", "props": {"jobs": {"data": data, "next_page_url": more}}
    }  # fmt: skip
    return page("", f'<div id="app" data-page="{escape(json.dumps(held))}"></div>')


BOARDS: Final = (
    *PAGES,
    Board(
        name="theme", layout="WP Job Manager's theme, page in the address",
        respond=wordpress_theme,
        declaration=r"""
kind: html_list
list:
  url: /jobs/page/{page}/
  page: {where: url}
  items: li.job_listing
  id_pattern: '/job/(?P<id>\d+)'
  fields:
    url: "a::attr(href)"
    title: h3
    hiring_organization: .company strong
    date_posted: "time::attr(datetime)"
detail:
  fields:
    job_location: .location
    base_salary: .salary
    valid_through: .application-deadline
    description: .job_description
""",
    ),
    Board(
        name="yoast", layout="texts for objects in JSON-LD, entities, relative links",
        respond=yoast,
        declaration=r"""
kind: html_list
list:
  url: /careers/
  items: a.entry
  fields: {url: "::attr(href)"}
detail: {}
""",
    ),
    Board(
        name="offsets", layout="JSON by offset, nested detail", respond=offsets,
        declaration=r"""
kind: json_api
list:
  url: /api/public/vacancies?count=5
  page: {name: offset, start: 0, step: 5}
  items: payload.results
  fields: {id: uid, title: label.lo}
detail:
  url: /api/public/vacancies/{id}
  root: payload
  fields:
    hiring_organization: "org.names[].v"
    job_location: "geo.levels[0].n"
    date_posted: times.published
    valid_through: times.until
    base_salary:
      paths: [pay.from, pay.to, pay.cur, pay.per]
      template: "{0} - {1} {2} per {3}"
    description: html
""",
    ),
    Board(
        name="inertia", layout="JSON in an attribute, next address", respond=inertia,
        declaration=r"""
kind: html_list
list:
  url: /ko/jobs
  script: "#app::attr(data-page)"
  items: props.jobs.data
  page: {next: props.jobs.next_page_url}
  fields:
    id: id
    title: position
    hiring_organization: user.company
    job_location: province
    base_salary: salary_text
    date_posted: created_at
    valid_through: deadline
    description: detail
""",
    ),
)  # fmt: skip
