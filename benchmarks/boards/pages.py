"""Boards of plain HTML: cards, tables, labels, icons, scripts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from html import escape
from typing import Any, Final

from benchmarks.boards.board import Answer, Ask, Board, page, part
from benchmarks.boards.truth import Truth, by_key

_LAO_MONTHS: Final = ("ມັງກອນ", "ກຸມພາ", "ມີນາ", "ເມສາ", "ພຶດສະພາ", "ມິຖຸນາ", "ກໍລະກົດ", "ສິງຫາ",
                      "ກັນຍາ", "ຕຸລາ", "ພະຈິກ", "ທັນວາ")  # fmt: skip


def cards(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Swapped class names, icon words, EXPIRED comments, later pages that claim 1700 jobs."""
    if ask.path not in ("/", "/search_jobs.php"):
        return None
    number, size = ask.number("page", 1), 8
    shown = part(truths, number - 1, size)
    many = len(shown) if number == 1 else 1700
    body = f"<p>Show 1 - {len(shown)} jobs of all {many} jobs</p>"
    body += "".join(
        f'<div class="item"><a href="{ask.base}/jobs/{t.key}/" alt="{escape(t.employer)}">'
        f'<img title="{escape(t.employer)}"></a><div class="company-name">{escape(t.title)}'
        f'</div><div class="title">{escape(t.employer)}</div><div class="cat">'
        f'<i class="material-icons">location_on</i>{escape(t.place)}</div><div class="time">'
        f"<p><i>timer</i>{t.days_ago} days</p><p><i>date_range</i>{t.posted:%d/%m/%Y} to "
        f"{t.closing:%d/%m/%Y}</p></div></div><!-- EXPIRED JOBS -->"
        for t in shown
    )
    return page("<title>Jobs</title>", body)


def rows(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A table read by XPath, without links; the next page by a link; advertisements between."""
    if ask.path != "/list":
        return None
    start = ask.number("from", 0)
    shown = truths[start : start + 7]
    lines = [
        f"<tr><td>{t.key}</td><td>{escape(t.title)}</td><td>{escape(t.employer)}</td>"
        f"<td>{escape(t.place)}</td><td>{escape(t.offer.text) or '-'}</td>"
        f"<td>{_lao(t.posted)}</td><td>{_lao(t.closing)}</td></tr>"
        for t in shown
    ]
    lines.insert(2, "<tr class=ad><td>0</td><td>Buy a motorbike</td><td colspan=5>today</td></tr>")
    more = f"<a class=btn href='?from={start + 7}'>ຕໍ່ໄປ</a>" if start + 7 < len(truths) else ""
    return page("", f"<table id=jobs><tbody>{''.join(lines)}</tbody></table>{more}")


def labels(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """Labelled values in three forms and two languages, relative dates."""
    if ask.path == "/jobs":
        shown = part(truths, ask.number("page", 1) - 1, 6)
        links = "".join(f"<h3><a href='/job?id={t.key}'>{escape(t.title)}</a></h3>" for t in shown)
        return page("", links)
    truth = by_key(truths, ask.query.get("id", ""))
    if ask.path != "/job" or truth is None:
        return None
    lao = not truth.english
    names = (
        ("ບໍລິສັດ", "ສະຖານທີ່", "ເງິນເດືອນ", "ວັນທີລົງປະກາດ", "ວັນໝົດເຂດ") if lao
        else ("Company", "Location", "Salary", "Posted", "Deadline")
    )  # fmt: skip
    ago = f"{truth.days_ago} ມື້ກ່ອນ" if lao else f"{truth.days_ago} days ago"
    left = f"ຍັງເຫຼືອ {truth.days_left} ມື້" if lao else f"{truth.days_left} days left"
    values = (truth.employer, truth.place, truth.offer.text or "—", ago, left)
    pairs = [(n, escape(v)) for n, v in zip(names, values, strict=True)]
    form = truth.key % 3
    if form == 0:
        told = "<dl>" + "".join(f"<dt>{n}:</dt><dd>{v}</dd>" for n, v in pairs) + "</dl>"
    elif form == 1:
        told = "<table>" + "".join(f"<tr><th>{n}</th><td>{v}</td></tr>" for n, v in pairs)
        told += "</table>"
    else:
        told = "".join(f"<p><strong>{n}</strong> : {v}</p>" for n, v in pairs)
    return page("", f"<h1>{escape(truth.title)}</h1>{told}<article>{truth.body}</article>")


def next_data(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A shell whose content is JSON in `__NEXT_DATA__`, list and advert."""
    if ask.path == "/jobs":
        shown = part(truths, ask.number("page", 1) - 1, 9)
        held: dict[str, Any] = {
            "jobs": [{"id": t.key, "slug": f"{t.key}-x", "name": t.title} for t in shown]
        }
    elif truth := by_key(truths, ask.path.removeprefix("/jobs/").partition("-")[0]):
        held = {"job": {
            "name": truth.title, "company": {"name": truth.employer},
            "city": truth.place, "createdAt": _epoch_ms(truth), "expire": str(truth.closing),
            "salary": truth.offer.text, "content": escape(truth.body),
        }}  # fmt: skip
    else:
        return None
    state = json.dumps({"props": {"pageProps": held}}, ensure_ascii=False)
    return page("", f'<div id=__next></div><script id="__NEXT_DATA__" type=json>{state}</script>')


def state(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """`window.__STATE__` with JavaScript around it; attributes with data; list only."""
    if ask.path != "/":
        return None
    jobs = [
        {"no": t.key, "t": t.title, "c": t.employer, "where": [t.place], "pay": t.offer.text,
         "d": [f"{t.posted:%d.%m.%Y}", f"{t.closing:%d.%m.%Y}"]}
        for t in truths
    ]  # fmt: skip
    text = json.dumps({"list": jobs, "ads": []}, ensure_ascii=False).replace("</", "<\\/")
    return page(f"<script>var a = 1; window.__STATE__ = {text}; run();</script>", "<div></div>")


def _lao(day: date) -> str:
    return f"ວັນທີ {day.day} ເດືອນ {_LAO_MONTHS[day.month - 1]} ປີ {day.year}"


def _epoch_ms(truth: Truth) -> int:
    noon = datetime(truth.posted.year, truth.posted.month, truth.posted.day, 5, tzinfo=UTC)
    return int(noon.timestamp() * 1000)


_NO_PAY: Final = frozenset({"title", "employer", "place", "dates"})
BOARDS: Final = (
    Board(
        name="cards", layout="cards, swapped classes, icon words, false totals", respond=cards,
        fields=_NO_PAY,
        declaration=r"""
kind: html_list
list:
  url: /search_jobs.php
  page: {name: page, max_pages: 20}
  items: div.item
  id_pattern: '/jobs/(?P<id>[^/]+)/?$'
  fields:
    url: "a::attr(href)"
    title: .company-name
    hiring_organization: {paths: ["a::attr(alt)", .title], pick: first}
    job_location: .cat
    date_posted: {paths: [.time], pattern: '(\d\d/\d\d/\d{4}) to'}
    valid_through: {paths: [.time], pattern: 'to (\d\d/\d\d/\d{4})'}
""",
    ),
    Board(
        name="rows", layout="table by XPath, next link, dates in Lao words", respond=rows,
        declaration=r"""
kind: html_list
list:
  url: /list
  page: {next: "a.btn"}
  items: "xpath://table[@id='jobs']//tr"
  drop: [tr.ad]
  fields:
    id: "xpath:./td[1]"
    title: "xpath:./td[2]"
    hiring_organization: "xpath:./td[3]"
    job_location: "xpath:./td[4]"
    base_salary: "xpath:./td[5]"
    date_posted: "xpath:./td[6]"
    valid_through: "xpath:./td[7]"
""",
    ),
    Board(
        name="labels", layout="labels in dl, table and paragraphs; relative dates", respond=labels,
        declaration=r"""
kind: html_list
list:
  url: /jobs
  page: {name: page}
  items: h3
  id_pattern: 'id=(?P<id>\d+)'
  fields: {url: "a::attr(href)", title: a}
detail:
  fields:
    title: h1
    hiring_organization: {label: [Company, ບໍລິສັດ]}
    job_location: {label: [Location, ສະຖານທີ່]}
    base_salary: {label: [Salary, ເງິນເດືອນ]}
    date_posted: {label: [Posted, ວັນທີລົງປະກາດ]}
    valid_through: {label: [Deadline, ວັນໝົດເຂດ]}
    description: article
""",
    ),
    Board(
        name="nextdata", layout="JSON in __NEXT_DATA__, list and advert", respond=next_data,
        declaration=r"""
kind: html_list
list:
  url: /jobs
  page: {name: page}
  script: __NEXT_DATA__
  items: props.pageProps.jobs
  fields:
    id: id
    url: {paths: [slug], template: "/jobs/{0}"}
    title: name
detail:
  script: __NEXT_DATA__
  root: props.pageProps.job
  fields:
    title: name
    hiring_organization: company.name
    job_location: city
    date_posted: createdAt
    valid_through: expire
    base_salary: salary
    description: content
""",
    ),
    Board(
        name="state", layout="JSON in window.__STATE__, list only", respond=state,
        declaration=r"""
kind: html_list
list:
  url: /
  script: window.__STATE__
  items: list
  fields:
    id: "no"
    title: t
    hiring_organization: c
    job_location: where
    base_salary: pay
    date_posted: "d[0]"
    valid_through: "d[1]"
""",
    ),
)  # fmt: skip
