"""Boards whose pages carry schema.org JobPosting, as carefully or carelessly as sites do."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from html import escape
from typing import Any, Final

from benchmarks.boards.board import XML, Answer, Ask, Board, page, part
from benchmarks.boards.truth import Truth, by_key, stamp

_UNIT: Final = {"month": "MONTH", "day": "DAY"}
_SPACE: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def node(truth: Truth, base: str, *, careful: bool = True) -> dict[str, Any]:
    """The advert as a JobPosting; `careful`: pay as numbers, place in one part of the address."""
    address = {"@type": "PostalAddress", "addressLocality": truth.place}
    pay: dict[str, Any] = {"currency": truth.offer.currency, "value": numbers(truth)}
    if not careful:
        names = ("streetAddress", "addressLocality", "addressRegion", "addressCountry")
        address = {**dict.fromkeys(names, truth.place), "postalCode": "-"}
        pay = {"currency": "GBP", "value": {"value": truth.offer.text, "unitText": ""}}
    found: dict[str, Any] = {
        "@type": "JobPosting",
        "identifier": {"@type": "PropertyValue", "name": truth.employer, "value": truth.key},
        "url": f"{base}/job/{truth.key}/apply-now",
        "title": truth.title,
        "description": truth.body,
        "datePosted": str(truth.posted),
        "validThrough": stamp(truth.closing, 23),
        "employmentType": "undefined",
        "hiringOrganization": {"@type": "Organization", "name": truth.employer},
        "jobLocation": {"@type": "Place", "address": address},
    }
    if truth.offer.lower or (truth.offer.text and not careful):
        found["baseSalary"] = {"@type": "MonetaryAmount", **pay}
    return found


def numbers(truth: Truth) -> dict[str, Any]:
    """Pay as a QuantitativeValue."""
    return {
        "@type": "QuantitativeValue",
        "minValue": truth.offer.lower,
        "maxValue": truth.offer.upper,
        "unitText": _UNIT[truth.offer.period],
    }


def script(value: Any) -> str:
    """A JSON-LD block."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


def sitemap(truths: Sequence[Truth], base: str) -> str:
    """A sitemap of the adverts and of pages that are none."""
    pages = "".join(f"<url><loc>{base}/{name}</loc></url>" for name in ("", "about", "jobs"))
    adverts = "".join(
        f"<url><loc>{base}/job/{t.key}/apply-now</loc><lastmod>{stamp(t.posted)}</lastmod></url>"
        for t in truths
    )
    return f"<urlset {_SPACE}>{pages}{adverts}</urlset>"


def _advert_of(truths: Sequence[Truth], ask: Ask) -> Truth | None:
    parts = ask.path.split("/")
    return by_key(truths, parts[2]) if len(parts) > 2 and parts[1] == "job" else None


def agency(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """WebSite first, GBP beside a text in kip, "undefined", one string in the whole address."""
    if ask.path == "/sitemap.xml":
        return XML, sitemap(truths, ask.base)
    truth = _advert_of(truths, ask)
    if truth is None:
        return None
    site = {"@context": "https://schema.org", "@type": "WebSite", "name": "Agency", "url": "/"}
    return page(script(site) + script(node(truth, ask.base, careful=False)), "<h1>Agency</h1>")


def graph(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """robots.txt names a gzipped index; `@graph` with references; other adverts beside."""
    if ask.path == "/robots.txt":
        return "text/plain", f"User-agent: *\nDisallow: /apply\nSitemap: {ask.base}/index.xml.gz\n"
    if ask.path == "/index.xml.gz":
        inner = f"<sitemap><loc>{ask.base}/jobs.xml</loc></sitemap>"
        text = f"<sitemapindex {_SPACE}>{inner}</sitemapindex>"
        return "application/gzip", gzip.compress(text.encode())
    if ask.path == "/jobs.xml":
        return XML, sitemap(truths, ask.base)
    truth = _advert_of(truths, ask)
    if truth is None:
        return None
    mine = node(truth, ask.base)
    owner = {**mine["hiringOrganization"], "@id": "#employer"}
    spot = {**mine["jobLocation"], "@id": f"{ask.base}/#place"}
    mine |= {"hiringOrganization": {"@id": "#employer"}, "jobLocation": {"@id": spot["@id"]}}
    beside = [{"@type": "ListItem", "item": node(t, ask.base)} for t in truths[:2] if t != truth]
    related = {"@type": "ItemList", "itemListElement": beside}
    return page(script({"@graph": [related, {"@type": "WebPage", "mainEntity": mine}, owner,
                                   spot]}), "")  # fmt: skip


def careless(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """JSON with comments, raw line breaks, trailing commas, quotes in the text, a missing brace."""
    if ask.path == "/sitemap.xml":
        return XML, sitemap(truths, ask.base)
    truth = _advert_of(truths, ask)
    if truth is None:
        return None
    mine = node(truth, ask.base)
    text = json.dumps(mine, ensure_ascii=False, indent=1)
    spoiled = (
        text.replace('"employmentType"', '/* kind */ "employmentType"'),
        text.rstrip("}\n ") + ",\n}}}" if text.rstrip().endswith("}}}") else text[:-1] + ",}",
        text.replace("<p>", '<p class="lead">'),
        text.rstrip()[:-1],
        text.replace("</li>", "</li>\n\t"),
        text + ";",
    )[truth.key % 6]
    return page(script(f"<!--\n{spoiled}\n-->" if truth.key % 2 else spoiled), "")


def microdata(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """A plain-text sitemap; itemprop attributes and content attributes."""
    if ask.path == "/sitemap.txt":
        return "text/plain", "\n".join(f"{ask.base}/job/{t.key}/apply-now" for t in truths)
    truth = _advert_of(truths, ask)
    if truth is None:
        return None
    pay = ""
    if truth.offer.lower:
        value = numbers(truth)
        metas = "".join(
            f'<meta itemprop="{n}" content="{v}">' for n, v in value.items() if n[0] != "@"
        )
        pay = (
            '<span itemprop="baseSalary" itemscope itemtype="http://schema.org/MonetaryAmount">'
            f'<meta itemprop="currency" content="{truth.offer.currency}"><span itemprop="value" '
            f'itemscope itemtype="http://schema.org/QuantitativeValue">{metas}</span></span>'
        )
    return page(
        "",
        f"""<main itemscope itemtype="http://schema.org/JobPosting">
<h1 itemprop="title">{escape(truth.title)}</h1>
<div itemprop="hiringOrganization" itemscope itemtype="http://schema.org/Organization">
<span itemprop="name">{escape(truth.employer)}</span></div>
<div itemprop="jobLocation" itemscope itemtype="http://schema.org/Place"><div itemprop="address"
itemscope itemtype="http://schema.org/PostalAddress"><span itemprop="addressLocality"
>{escape(truth.place)}</span></div></div>{pay}
<time itemprop="datePosted" datetime="{truth.posted}">recently</time>
<meta itemprop="validThrough" content="{truth.closing}">
<div itemprop="description">{truth.body}</div></main>""",
    )


def rdfa(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """An HTML list with a link to each page of RDFa; numbered pages."""
    if ask.path == "/jobs":
        shown = part(truths, ask.number("p", 1) - 1, 5)
        links = "".join(f'<li><a href="job/{t.key}/x">{escape(t.title)}</a></li>' for t in shown)
        return page("", f"<ul class=jobs>{links}</ul>")
    truth = _advert_of(truths, ask)
    if truth is None:
        return None
    pay = ""
    if truth.offer.text:
        pay = (
            '<p property="baseSalary" typeof="MonetaryAmount"><b property="value">'
            f"{escape(truth.offer.text)}</b></p>"
        )
    return page(
        "",
        f"""<div vocab="http://schema.org/" typeof="JobPosting">
<h1 property="title">{escape(truth.title)}</h1>
<p property="hiringOrganization" typeof="Organization"><b property="name"
>{escape(truth.employer)}</b></p><p property="jobLocation" typeof="Place"><i property="address"
typeof="PostalAddress"><b property="addressLocality">{escape(truth.place)}</b></i></p>{pay}
<time property="datePosted" datetime="{truth.posted}">x</time>
<time property="validThrough" datetime="{truth.closing}">y</time>
<div property="description">{truth.body}</div></div>""",
    )


def carried(truths: Sequence[Truth], ask: Ask) -> Answer | None:
    """List pages that carry the postings themselves in an ItemList; a rel=next link."""
    if ask.path not in ("/vacancies", "/vacancies/"):
        return None
    number = ask.number("page", 1)
    shown = part(truths, number - 1, 6)
    items = [{"@type": "ListItem", "position": n, "item": node(t, ask.base)}
             for n, t in enumerate(shown, 1)]  # fmt: skip
    more = f'<link rel="next" href="?page={number + 1}">' if len(truths) > number * 6 else ""
    return page(more + script({"@type": "ItemList", "itemListElement": items}), "<h1>Jobs</h1>")


_SITEMAP: Final = r"""
kind: sitemap_jsonld
list: {url: ADDRESS, id_pattern: '/job/(?P<id>\d+)/'}
detail: {url: "{url}"}
"""
BOARDS: Final = (
    Board(
        name="agency", layout="sitemap, careless JSON-LD values", respond=agency,
        declaration=_SITEMAP.replace("ADDRESS", "/sitemap.xml"),
    ),
    Board(
        name="graph", layout="sitemap from robots.txt, gzipped index, @graph with references",
        respond=graph, declaration=_SITEMAP.replace("url: ADDRESS, ", ""),
    ),
    Board(
        name="careless", layout="sitemap, invalid JSON-LD to repair", respond=careless,
        declaration=_SITEMAP.replace("ADDRESS", "/sitemap.xml"),
    ),
    Board(
        name="microdata", layout="plain-text sitemap, microdata", respond=microdata,
        declaration=_SITEMAP.replace("ADDRESS", "/sitemap.txt"),
    ),
    Board(
        name="rdfa", layout="HTML list, RDFa on the advert", respond=rdfa,
        declaration=r"""
kind: html_list
list:
  url: /jobs
  page: {name: p}
  items: ul.jobs li
  id_pattern: '/job/(?P<id>\d+)/'
  fields: {url: "a::attr(href)", title: a}
detail: {url: "{url}"}
""",
    ),
    Board(
        name="carried", layout="list pages carrying JSON-LD, rel=next", respond=carried,
        declaration=r"""
kind: structured_list
list:
  url: /vacancies
  page: {next: "link[rel=next]"}
  id_pattern: '/job/(?P<id>\d+)/'
""",
    ),
)  # fmt: skip
