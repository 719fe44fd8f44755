"""One good input for each reader: what is broken in a thousand ways by `mutations`."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

NODE: Final[dict[str, Any]] = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "identifier": {"@type": "PropertyValue", "value": "J-1"},
    "title": "Sales assistant ພະນັກງານຂາຍ",
    "description": "<p>Selling &amp; counting</p>",
    "datePosted": "2026-01-05",
    "validThrough": "2026-02-05T23:59:00+07:00",
    "hiringOrganization": {"@type": "Organization", "name": "Mekong Trading"},
    "jobLocation": {"@type": "Place", "address": {"addressLocality": "Vientiane"}},
    "baseSalary": {"currency": "LAK", "value": {"minValue": 3e6, "maxValue": 4e6}},
    "totalJobOpenings": 2,
}
JOB: Final[dict[str, Any]] = {
    "id": 17,
    "title": "Driver",
    "company": {"name": "Mekong"},
    "place": "Savannakhet",
    "posted": "2026-01-05",
    "url": "/jobs/17",
    "salary": 2500000.0,
    "content": "&lt;p&gt;Drive&lt;/p&gt;",
}
ROWS: Final = [
    {"Ref": "1", "Job Title": "Driver", "Company": "Mekong", "Date": "05/01/2026", "Phone": "020"},
    {"Ref": "2", "Job Title": "ຊ່າງໄຟຟ້າ", "Company": "ບໍລິສັດ ກ", "Date": "6/1/2026", "Phone": "021"},
]
SUPPLY: Final = (
    "period,measure,province,sex,value\n"
    "2026-08,jobseekers_registered,LA-VT,,381\n"
    "2026-08,jobseekers_registered,LA-VT,f,176\n"
    "2026-08,placements,LA-SV,,12\n"
)
SOURCE: Final = """name: Board
kind: html_list
base_url: https://board.example
list:
  url: /jobs
  items: "div.job"
  page: {name: page, start: 1, max_pages: 5}
  id_pattern: '/jobs/(?P<id>[0-9]+)'
  fields: {title: "h2::text", url: "a::attr(href)"}
legal_basis: test
contact: test
owner: test
enabled: true
"""
_MICRODATA: Final = """<div itemscope itemtype="https://schema.org/JobPosting">
<h1 itemprop="title">Cook</h1><div itemprop="description"><p>Cooking</p></div>
<span itemprop="hiringOrganization" itemscope itemtype="https://schema.org/Organization">
<b itemprop="name">Inn</b></span><time itemprop="datePosted" datetime="2026-01-05">5 Jan</time></div>"""
_RDFA: Final = """<div vocab="https://schema.org/" typeof="JobPosting"><h1 property="title">Cook</h1>
<p property="description">Cooking</p><div property="hiringOrganization" typeof="Organization">
<span property="name">Inn</span></div><meta property="datePosted" content="2026-01-05"></div>"""
_CARDS: Final = """<div class="job"><h2>Cook</h2><a href="/jobs/1">more</a><span class="by">Inn</span>
<dl><dt>Location</dt><dd>Vientiane</dd></dl></div><div class="job"><h2>Driver</h2>
<a href="/jobs/2">more</a></div>"""
_SITEMAP: Final = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
<loc>https://board.example/jobs/1</loc><lastmod>2026-01-05T08:00:00+07:00</lastmod></url>
<url><loc>https://board.example/jobs/2</loc><lastmod>2026-01-06</lastmod></url></urlset>"""
_RSS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:job_listing="http://board.example"><channel><title>Jobs</title><item>
<title>Cook</title><link>https://board.example/jobs/1</link><guid>1</guid>
<pubDate>Mon, 05 Jan 2026 08:00:00 +0700</pubDate><description>&lt;p&gt;Cooking&lt;/p&gt;</description>
<job_listing:company>Inn</job_listing:company></item></channel></rss>"""
_ATOM: Final = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Jobs</title><entry><id>tag:1</id><title>Cook</title><link href="https://board.example/jobs/1"/>
<updated>2026-01-05T08:00:00Z</updated><summary>Cooking</summary></entry></feed>"""
_XML: Final = """<?xml version="1.0" encoding="utf-8"?><source><job><id>1</id><title><![CDATA[Cook]]>
</title><company>Inn</company><date>2026-01-05</date><url>https://board.example/jobs/1</url></job>
</source>"""
_ROBOTS: Final = "User-agent: *\nDisallow: /private\nCrawl-delay: 5\nVisit-time: 0100-0500\n"


def page(node: Any) -> str:
    """A page with JSON-LD of `node`, a text or an object."""
    text = node if isinstance(node, str) else json.dumps(node, ensure_ascii=False)
    script = f'<script type="application/ld+json">{text}</script>'
    return f"<!doctype html><html><head>{script}</head><body><h1>Job</h1></body></html>"


def document(reader: str) -> bytes:
    """The good input of a reader."""
    content = _DOCUMENTS[reader]()
    return content if isinstance(content, bytes) else content.encode()


def csv_text(delimiter: str = ",") -> str:
    """The good table as delimited text."""
    lines = [list(ROWS[0]), *(list(row.values()) for row in ROWS)]
    return "".join(f"{delimiter.join(line)}\n" for line in lines)


def xlsx(*, formula: str = "", columns: int = 0) -> bytes:
    """The good table as a workbook, perhaps with a formula, or with many more columns."""
    book, content = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append([*ROWS[0], *(f"c{number}" for number in range(columns))])
    for row in ROWS:
        sheet.append([*list(row.values())[:3], date(2026, 1, 5), formula or row["Phone"]])
    book.save(content)
    parts = parts_of(content.getvalue())
    parts.pop("docProps/core.xml")  # states when it was made
    return packed(parts.items())


def parquet(rows: list[dict[str, Any]] | None = None) -> bytes:
    """A table as Parquet."""
    content = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows or ROWS), content)
    return content.getvalue()


def zipped(**members: bytes) -> bytes:
    """A zip; the first underscore of a member's name stands for the point."""
    return packed((name.replace("_", ".", 1), data) for name, data in members.items())


def packed(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip, the same at any time."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in members:
            member = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def parts_of(book: bytes) -> dict[str, bytes]:
    """The parts of a workbook or another zip."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _lines() -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)


def _archived_day() -> str:
    return json.dumps({"observed_at": "2026-01-05T08:00:00+07:00", "postings": [JOB]})


_DOCUMENTS: Final[Mapping[str, Callable[[], bytes | str]]] = {
    "jsonld": lambda: page(NODE),
    "structured_list": lambda: page({"@graph": [NODE]}),
    "microdata": lambda: f"<html><body>{_MICRODATA}</body></html>",
    "rdfa": lambda: f"<html><body>{_RDFA}</body></html>",
    "html_page": lambda: f"<html><body>{_CARDS}</body></html>",
    "html_list": lambda: f"<html><body>{_CARDS}</body></html>",
    "sitemap": lambda: _SITEMAP,
    "rss": lambda: _RSS,
    "atom": lambda: _ATOM,
    "xml_feed": lambda: _XML,
    "json_list": lambda: json.dumps({"jobs": [JOB], "next": 2}),
    "json_detail": lambda: json.dumps({"data": JOB}),
    "ats_greenhouse": lambda: json.dumps({"jobs": [{**JOB, "absolute_url": "https://a.example"}]}),
    "ats_lever": lambda: json.dumps([{"id": "a", "text": "Driver", "createdAt": 1767600000000}]),
    "ats_workable": lambda: json.dumps({"jobs": [{**JOB, "shortcode": "AB"}]}),
    "ats_smartrecruiters": lambda: json.dumps({"content": [{"id": "1", "name": "Driver"}]}),
    "ats_ashby": lambda: json.dumps({"jobs": [JOB]}),
    "ats_recruitee": lambda: json.dumps({"offers": [JOB]}),
    "reliefweb": lambda: json.dumps({"data": [{"id": "1", "fields": JOB}]}),
    "archived_day": _archived_day,
    "robots": lambda: _ROBOTS,
    "csv": csv_text,
    "xlsx": xlsx,
    "json": lambda: json.dumps(ROWS, ensure_ascii=False),
    "jsonl": _lines,
    "parquet": parquet,
    "csv_gz": lambda: gzip.compress(csv_text().encode(), mtime=0),
    "zip": lambda: zipped(jobs_csv=csv_text().encode()),
    "supply": lambda: SUPPLY,
    "push": lambda: json.dumps({"postings": [{**NODE, "id": "1"}, {"id": "2", "title": "Cook"}]}),
    "source_yaml": lambda: SOURCE,
}
READERS: Final = tuple(_DOCUMENTS)
"""Every reader that takes bytes from outside."""
