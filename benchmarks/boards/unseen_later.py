"""A second set of boards written after the readers, and after the first set was read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any, Final
from xml.sax.saxutils import escape as xml_escape

from benchmarks.boards.board import XML, Answer, Ask, Board, as_json, page, part
from benchmarks.boards.truth import Truth, by_key

_THAI: Final = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.",
                "พ.ย.", "ธ.ค.")  # fmt: skip


def attributes(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Facts in data attributes, one text for title and employer, days without a year."""
    if ask.path != "/board":
        return None
    boxes = "".join(
        f'<section data-ref="{t.key}" data-area="{escape(t.place)}" data-wage='
        f'"{escape(t.offer.text)}"><h2>{escape(t.title)} @ {escape(t.employer)}</h2>'
        f"<footer><span>since {t.posted:%d %b}</span><span>until {t.closing:%d %b}</span></footer>"
        "</section>"
        for t in truths
    )
    return page("", f"<main>{boxes}<section class=promo><h2>Post a job!</h2></section></main>")


def graphql(truths: Sequence[Truth], ask: Ask) -> Answer | int | None:
    """GraphQL: one address, the cursor in the variables of the body, edges and nodes."""
    if ask.path != "/graphql" or ask.method != "POST":
        return 405
    after = ask.body.get("variables", {}).get("after")
    start = int(after) if after else 0
    edges = [
        {"node": {"id": f"Job:{t.key}", "name": t.title, "company": {"title": t.employer},
                  "locations": [{"city": t.place}], "postedAt": f"{t.posted}T00:30:00Z",
                  "expiresAt": f"{t.closing}T16:59:59Z",
                  "compensation": {"display": t.offer.text or None}}}
        for t in truths[start : start + 6]
    ]  # fmt: skip
    end = start + 6
    info = {"endCursor": str(end) if end < len(truths) else None}
    return as_json({"data": {"jobs": {"edges": edges, "pageInfo": info}}})


def rdf(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """RSS 1.0; facts in elements of a namespace of its own."""
    if ask.path != "/jobs.rdf":
        return None
    items = "".join(
        f'<item rdf:about="{ask.base}/vac/{t.key}"><title>{xml_escape(t.title)}</title><link>'
        f"{ask.base}/vac/{t.key}</link><dc:date>{t.posted}</dc:date><j:employer>"
        f"{xml_escape(t.employer)}</j:employer><j:location>{xml_escape(t.place)}</j:location>"
        f"<j:deadline>{t.closing:%d-%m-%Y}</j:deadline><j:salary>{xml_escape(t.offer.text)}"
        f"</j:salary><description>{xml_escape(t.body)}</description></item>"
        for t in truths
    )
    return XML, (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns='
        '"http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:j="urn:j">'
        f'<channel rdf:about="{ask.base}"><title>Jobs</title></channel>{items}</rdf:RDF>'
    )


def two_columns(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Cells of a table without headings, Thai and Chinese dates, and a list of bare links."""
    if ask.path == "/vacancy/index.asp":
        start = ask.number("start", 1)
        links = "".join(
            f"<tr><td><a href='view.asp?id={t.key}&amp;lang=la'>{escape(t.title)}</a></td></tr>"
            for t in truths[start - 1 : start + 8]
        )
        return page("", f"<table class=lst>{links}</table>")
    truth = by_key(truths, ask.query.get("id", ""))
    if truth is None or ask.path != "/vacancy/view.asp":
        return None
    posted = f"{truth.posted.day} {_THAI[truth.posted.month - 1]} {truth.posted.year + 543}"
    closing = f"{truth.closing.year}年{truth.closing.month}月{truth.closing.day}日"
    pairs = {
        "Position applied for": truth.title, "Name of the employer *": truth.employer,
        "Work place:": truth.place, "Wage (gross)": truth.offer.text or "n/a",
        "Announced": posted, "Apply until": closing,
    }  # fmt: skip
    rows = "".join(
        f"<tr><td nowrap>{escape(name)}</td><td width=5></td><td>{escape(value)}</td></tr>"
        for name, value in pairs.items()
    )
    return page("", f"<table border=0>{rows}</table><div id=txt>{truth.body}</div>")


def ajax(truths: Sequence[Truth], ask: Ask) -> Answer | int | None:
    """A form sent to WordPress; JSON whose entries are keyed by number; pay in two texts."""
    if ask.path != "/wp-admin/admin-ajax.php" or (ask.body or {}).get("action") != "get_vacancies":
        return 400
    shown = part(truths, int(ask.body["paged"]) - 1, 7)
    held = {
        str(n): {"ID": t.key, "post_title": escape(t.title), "meta": {
            "_company": [t.employer], "_city": [t.place], "_from": [f"{t.posted:%Y%m%d}"],
            "_to": [f"{t.closing:%Y%m%d}"], "_pay": [t.offer.text]}}
        for n, t in enumerate(shown)
    }  # fmt: skip
    return as_json({"success": True, "data": {"posts": held}})


def hydrated(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """The list as JSON in a script told by its attribute; JSON-LD in single quotes on adverts."""
    if ask.path == "/open-roles":
        roles = [{"ref": t.key, "to": f"/open-roles/{t.key}/", "t": t.title} for t in truths]
        held: dict[str, Any] = {"state": {"roles": [{"team": "x", "open": roles}]}}
        text = json.dumps(held)
        return page("", f'<script type="application/json" data-island="roles">{text}</script>')
    truth = by_key(truths, ask.path.strip("/").rpartition("/")[2])
    if truth is None:
        return None
    name, employer = (text.replace("'", "\\'") for text in (truth.title, truth.employer))
    pay = f"'baseSalary': '{truth.offer.text}'," if truth.offer.text else ""
    block = f"""{{
  '@context': 'https://schema.org', '@type': 'JobPosting', // role
  'title': '{name}', 'hiringOrganization': {{'@type': 'Organization', 'name': '{employer}'}},
  'jobLocation': {{'@type': 'Place', 'name': '{truth.place}'}}, {pay}
  'datePosted': '{truth.posted}', 'validThrough': '{truth.closing}',
  'description': 'See below',
}}"""
    return page("", f'<script type="application/ld+json">{block}</script>{truth.body}')


def ages(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A feed of divs: age and time left in words of two languages, one line for the facts."""
    if ask.path != "/feed":
        return None
    number = ask.number("p", 0)
    posts = "".join(
        f'<div class="post" id="p{t.key}"><b class="head">{escape(t.title)}</b><div class="facts">'
        f"{escape(t.employer)} | {escape(t.place)} | {escape(t.offer.text)}</div><time>{_age(t)}"
        f"</time><em class=left>{_left(t)}</em></div>"
        for t in part(truths, number, 6)
    )
    more = f'<a href="/feed?p={number + 1}" rel="next nofollow">ເພີ່ມເຕີມ</a>'
    return page("", posts + (more if len(truths) > (number + 1) * 6 else ""))


def _age(t: Truth) -> str:
    if t.days_ago < 2:
        return (("Today", "Yesterday") if t.english else ("ມື້ນີ້", "ມື້ວານນີ້"))[t.days_ago]
    return f"{t.days_ago}d ago" if t.english else f"ເມື່ອ {t.days_ago} ມື້ກ່ອນ"


def _left(t: Truth) -> str:
    return f"Ends in {t.days_left} days" if t.english else f"ເຫຼືອເວລາອີກ {t.days_left} ວັນ"


BOARDS: Final = (
    Board(
        name="attributes", layout="data attributes, days without a year", respond=attributes,
        declaration=r"""
kind: html_list
list:
  url: /board
  items: "section[data-ref]"
  fields:
    id: "::attr(data-ref)"
    title: {paths: [h2], pattern: '(.*) @ '}
    hiring_organization: {paths: [h2], pattern: ' @ (.*)'}
    job_location: "::attr(data-area)"
    base_salary: "::attr(data-wage)"
    date_posted: {paths: [footer], pattern: 'since (\d+ \w+?)(?:until|\s|$)'}
    valid_through: {paths: [footer], pattern: 'until (.*)'}
""",
    ),
    Board(
        name="graphql", layout="GraphQL, cursor in the body", respond=graphql,
        declaration=r"""
kind: json_api
list:
  url: /graphql
  method: POST
  body: {query: "query($after: String) { jobs(after: $after) { edges { node { id } } } }",
         variables: {after: null}}
  page: {where: body, name: variables.after, cursor: data.jobs.pageInfo.endCursor}
  items: data.jobs.edges
  fields:
    id: {paths: [node.id], pattern: '\d+'}
    title: node.name
    hiring_organization: node.company.title
    job_location: "node.locations[].city"
    date_posted: node.postedAt
    valid_through: node.expiresAt
    base_salary: node.compensation.display
""",
    ),
    Board(
        name="rdf", layout="RSS 1.0, own namespace", respond=rdf,
        declaration="kind: rss\nlist: {url: /jobs.rdf, id_pattern: '/vac/(?P<id>[0-9]+)'}",
    ),
    Board(
        name="twocolumns", layout="cells without headings, Thai and Chinese dates",
        respond=two_columns,
        declaration=r"""
kind: html_list
list:
  url: /vacancy/index.asp
  page: {name: start, start: 1, step: 9}
  items: table.lst tr
  id_pattern: 'id=(?P<id>\d+)'
  fields: {url: "a::attr(href)"}
detail:
  fields:
    title: {label: Position applied for}
    hiring_organization: {label: Name of the employer}
    job_location: {label: Work place}
    base_salary: {label: Wage (gross)}
    date_posted: {label: Announced}
    valid_through: {label: Apply until}
    description: "#txt"
""",
    ),
    Board(
        name="ajax", layout="form by POST, entries keyed by number", respond=ajax,
        declaration=r"""
kind: json_api
list:
  url: /wp-admin/admin-ajax.php
  method: POST
  body_as: form
  body: {action: get_vacancies, paged: 1}
  page: {where: body, name: paged}
  items: data.posts
  fields:
    id: ID
    title: post_title
    hiring_organization: meta._company
    job_location: meta._city
    base_salary: meta._pay
    date_posted: meta._from
    valid_through: meta._to
""",
    ),
    Board(
        name="hydrated", layout="JSON in a script by selector, JSON-LD in single quotes",
        respond=hydrated,
        declaration=r"""
kind: html_list
list:
  url: /open-roles
  script: "script[data-island=roles]"
  items: "state.roles[0].open"
  fields: {id: ref, url: to, title: t}
detail: {}
""",
    ),
    Board(
        name="ages", layout="ages and time left in words, facts in one line", respond=ages,
        declaration=r"""
kind: html_list
list:
  url: /feed
  page: {next: "a[rel~=next]"}
  items: div.post
  fields:
    id: {paths: ["::attr(id)"], pattern: '\d+'}
    title: .head
    hiring_organization: {paths: [.facts], pattern: '^(.*?) \|'}
    job_location: {paths: [.facts], pattern: '\| (.*?) \|'}
    base_salary: {paths: [.facts], pattern: '\|[^|]*\| ?([^|]*)$'}
    date_posted: time
    valid_through: .left
""",
    ),
)  # fmt: skip
