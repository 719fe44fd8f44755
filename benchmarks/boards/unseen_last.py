"""A third set of boards written after the readers and after the sets before it were read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from benchmarks.boards.board import XML, Answer, Ask, Board, as_json, page, part
from benchmarks.boards.structured import numbers, script, sitemap
from benchmarks.boards.truth import Truth, by_key


def tabs(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Bullets "label - value" in lists, a heading that repeats the board's name, breadcrumbs."""
    if ask.path in ("/vieclam", "/vieclam/"):
        number = ask.number("trang", 1)
        links = "".join(
            f'<div class="it"><div class="in"><a class="ttl" title="{escape(t.title)}" '
            f'href="/vieclam/v-{t.key}.htm">{escape(t.title[:12])}…</a></div></div>'
            for t in part(truths, number - 1, 6)
        )
        last = -(-len(truths) // 6)
        pages = "".join(f"<li><a href='?trang={n}'>{n}</a></li>" for n in range(1, last + 1))
        return page("<title>Jobs</title>", f"<nav>Home</nav>{links}<ul class=pg>{pages}</ul>")
    truth = by_key(truths, ask.path.removeprefix("/vieclam/v-").removesuffix(".htm"))
    if truth is None:
        return None
    facts = [
        ("Nơi làm việc", truth.place),
        ("Mức lương", truth.offer.text or "Thỏa thuận"),
        (
            "Ngày đăng",
            f"ngày {truth.posted.day} tháng {truth.posted.month} năm {truth.posted.year}",
        ),
        ("Hạn nộp", f"{truth.closing.day}/{truth.closing.month}/{truth.closing.year}"),
    ]
    lines = "".join(f"<li>{name} - <span>{escape(value)}</span></li>" for name, value in facts)
    return page(
        "",
        f"""<h1>{escape(truth.title)} | Jobs</h1><div class=box><a href=/c/1>
<h2>{escape(truth.employer)}</h2></a><ul>{lines}</ul></div><div class=txt>{truth.body}</div>""",
    )


def two_blocks(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """The organisation in a block of its own, pay in `estimatedSalary`, a region's name."""
    if ask.path == "/sitemap-jobs.xml":
        return XML, sitemap(truths, ask.base)
    bits = ask.path.split("/")
    truth = by_key(truths, bits[2]) if len(bits) > 2 and bits[1] == "job" else None
    if truth is None:
        return None
    employer = {"@context": "https://schema.org", "@type": "Organization", "@id": "#org",
                "name": truth.employer, "url": "https://x.example"}  # fmt: skip
    posting: dict[str, Any] = {
        "@context": "https://schema.org", "@type": ["JobPosting"], "@id": f"#job-{truth.key}",
        "name": truth.title, "hiringOrganization": {"@type": "Organization", "@id": "#org"},
        "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress",
                        "addressRegion": {"@type": "State", "name": truth.place}}},
        "datePosted": f"{truth.posted}T02:00:00.000Z", "validThrough": f"{truth.closing:%d/%m/%Y}",
        "description": truth.body,
    }  # fmt: skip
    if truth.offer.lower:
        posting["estimatedSalary"] = [{"@type": "MonetaryAmount", "currency": truth.offer.currency,
                                       "value": numbers(truth)}]  # fmt: skip
    return page(script(posting), script(employer))


def flat_xml(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """An aggregator's feed: upper-case tags, CDATA everywhere, salary in two elements."""
    if ask.path != "/feed/jobs":
        return None
    jobs = "".join(
        f"<JOB><REF><![CDATA[{t.key}]]></REF><TITLE><![CDATA[{t.title}]]></TITLE>"
        f"<COMPANY><![CDATA[{t.employer}]]></COMPANY><CITY><![CDATA[{t.place}]]></CITY>"
        f"<DATE><![CDATA[{t.posted:%d-%b-%Y}]]></DATE><EXPIRES>{t.closing:%m/%d/%Y}</EXPIRES>"
        + (f"<SALARY_MIN>{t.offer.lower:.0f}</SALARY_MIN><SALARY_MAX>{t.offer.upper:.0f}"
           f"</SALARY_MAX><CUR per='{t.offer.period}'>{t.offer.currency}</CUR>"
           if t.offer.lower else "")
        + f"<DESC><![CDATA[{t.body}]]></DESC></JOB>"
        for t in truths
    )  # fmt: skip
    return XML, f'<?xml version="1.0" encoding="utf-8"?>\n<JOBS count="{len(truths)}">{jobs}</JOBS>'


def keyed(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """JSON whose entries are keyed by id, and adverts in HTML."""
    if ask.path == "/data/jobs.json":
        held = {f"j{t.key}": {"h": t.title, "o": {"n": t.employer}, "path": f"v/{t.key}"}
                for t in truths}  # fmt: skip
        return as_json({"generated": "x", "jobs": held})
    truth = by_key(truths, ask.path.removeprefix("/v/"))
    if truth is None:
        return None
    return page(
        "",
        f"""<header><h1>{escape(truth.title)}</h1></header><aside><figure><figcaption>
Location</figcaption><p>{escape(truth.place)}</p></figure><figure><figcaption>Pay</figcaption><p>
{escape(truth.offer.text)}</p></figure><figure><figcaption>Dates</figcaption><p>
{truth.posted:%d %b %Y}
 – {truth.closing:%d %b %Y}</p></figure></aside><section>{truth.body}</section>""",
    )


def variables(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """`var jobs = [...]` written as JavaScript, keys without quotes, strings in single quotes."""
    if ask.path != "/vacancies.html":
        return None

    def quoted(text: str) -> str:
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    entries = ",\n".join(
        f"{{id: {t.key}, title: {quoted(t.title)}, org: {quoted(t.employer)}, "
        f"loc: {quoted(t.place)}, pay: {quoted(t.offer.text)}, from: '{t.posted:%d/%m/%y}', "
        f"to: '{t.closing:%d/%m/%y}',}}"
        for t in truths
    )
    code = f"// vacancies\nvar unit = 'x';\nvar jobs = [\n{entries}\n];\nrender(jobs);"
    return page("", f"<div id=list></div><script>{code}</script>{json.dumps('')}")


BOARDS: Final = (
    Board(
        name="tabs", layout="labels with dashes in Vietnamese, cut titles in the list",
        respond=tabs,
        declaration=r"""
kind: html_list
list:
  url: /vieclam
  page: {name: trang}
  items: .it
  id_pattern: 'v-(?P<id>\d+)\.htm'
  fields: {url: "a::attr(href)", title: "a::attr(title)"}
detail:
  fields:
    hiring_organization: .box h2
    job_location: {label: Nơi làm việc}
    base_salary: {label: Mức lương}
    date_posted: {label: Ngày đăng}
    valid_through: {label: Hạn nộp}
    description: .txt
""",
    ),
    Board(
        name="twoblocks", layout="employer in another block, estimatedSalary, State",
        respond=two_blocks,
        declaration=r"""
kind: sitemap_jsonld
list: {url: /sitemap-jobs.xml, id_pattern: '/job/(?P<id>\d+)/'}
""",
    ),
    Board(
        name="flatxml", layout="aggregator's XML, month first", respond=flat_xml,
        declaration=r"""
kind: xml_feed
date_order: mdy
list:
  url: /feed/jobs
  items: JOB
  fields:
    id: REF
    title: TITLE
    hiring_organization: COMPANY
    job_location: CITY
    date_posted: DATE
    valid_through: EXPIRES
    base_salary:
      paths: [SALARY_MIN, SALARY_MAX, CUR, "CUR@per"]
      template: "{0} - {1} {2} per {3}"
    description: DESC
""",
    ),
    Board(
        name="keyed", layout="JSON keyed by id, captions on the advert", respond=keyed,
        declaration=r"""
kind: json_api
list:
  url: /data/jobs.json
  items: jobs
  fields: {url: path, title: h, hiring_organization: o.n}
detail:
  fields:
    job_location: {label: Location}
    base_salary: {label: Pay}
    date_posted: {label: Dates, pattern: '^(.*?) –'}
    valid_through: {label: Dates, pattern: '– (.*)'}
    description: section
""",
    ),
    Board(
        name="variables", layout="JavaScript literal in a script", respond=variables,
        declaration=r"""
kind: html_list
list:
  url: /vacancies.html
  script: jobs
  items: $
  fields:
    id: id
    title: title
    hiring_organization: org
    job_location: loc
    base_salary: pay
    date_posted: from
    valid_through: to
""",
    ),
)  # fmt: skip
