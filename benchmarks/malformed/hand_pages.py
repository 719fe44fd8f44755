"""Broken JSON-LD and hostile HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.malformed.attacks import Made
from benchmarks.malformed.valid import NODE, page


def broken_jsonld() -> Iterator[Made]:
    written = json.dumps(NODE)
    nested: Any = NODE
    for _ in range(400):
        nested = {"@graph": [nested]}
    circle = '{"@type":"JobPosting","title":"a","hiringOrganization":{"@id":"#x"},"@id":"#x"}'
    broken = {
        "trailing commas": written.replace("}", ",}"),
        "a comment": f"/* jobs */{written}",
        "single quotes": written.replace('"', "'"),
        "escaped as HTML": written.replace('"', "&quot;"),
        "a template left in": '{"@type":"JobPosting","title":"{{ job.title }}","datePosted":{{d}}}',
        "undefined": '{"@type":"JobPosting","title":undefined,"validThrough":null}',
        "quotes inside": '{"@type":"JobPosting","title":"The "best" cook"}',
        "raw line breaks": '{"@type":"JobPosting","title":"A\ncook","description":"\t\x0b"}',
        "nested 400 deep": json.dumps(nested),
        "nested 100000 deep": "[" * 100_000,
        "objects 20000 deep": '{"@graph":' * 20_000,
        "NaN": '{"@type":"JobPosting","title":"a","baseSalary":NaN,"totalJobOpenings":-Infinity}',
        "a number of 10000 digits": '{"@type":"JobPosting","title":"a","baseSalary":' + "9" * 10_000 + "}",
        "1e999": '{"@type":"JobPosting","title":"a","baseSalary":{"value":1e999}}',
        "a lone surrogate": '{"@type":"JobPosting","title":"a\\ud800b","description":"\\udfff"}',
        "NUL in the title": '{"@type":"JobPosting","title":"a\\u0000b"}',
        "a circle of ids": circle,
        "type as a number": '{"@type":7,"title":"a"}',
        "type as a list of lists": '{"@type":[["JobPosting"]],"title":"a"}',
        "fields as lists": json.dumps({**NODE, "title": ["a", {"b": "c"}], "identifier": [[1]]}),
        "everything null": json.dumps(dict.fromkeys(NODE, None) | {"@type": "JobPosting"}),
        "everything true": json.dumps(dict.fromkeys(NODE, True) | {"@type": "JobPosting"}),
        "dates of no calendar": json.dumps({**NODE, "datePosted": "0000-99-99T99:99", "validThrough": -1}),
        "a title of a megabyte": json.dumps({**NODE, "title": "a" * 900_000}),
        "a description of 2 MB": json.dumps({**NODE, "description": "<p>" * 600_000}),
        "an id of 100000": json.dumps({**NODE, "identifier": "9" * 100_000}),
        "title without letters": json.dumps({**NODE, "title": "*** 123 ***"}),
        "title of direction marks": json.dumps({**NODE, "title": "\u202e\u200b\ufeff"}),
        "a hostile address": json.dumps({**NODE, "url": "javascript:alert(1)", "title": "<script>"}),
        "an address that is none": json.dumps({**NODE, "url": "http://[::1"}),
        "cut in a value": written[: len(written) // 2],
        "ten thousand postings": json.dumps([{**NODE, "identifier": str(i)} for i in range(3_000)]),
        "bracket bomb": "{" * 60_000 + '"a"',
        "quote bomb": '{"a":' + '"\\' * 60_000,
    }  # fmt: skip
    for name, block in broken.items():
        yield "jsonld", name, page(block).encode()
        yield "structured_list", name, page(block).encode()
    yield "jsonld", "script never closed", f'<script type="application/ld+json">{written}'.encode()
    yield "jsonld", "a thousand scripts", page(written).encode() * 1000
    yield "jsonld", "50000 openings of a script", b'<script type="application/ld+json">' * 50_000
    yield "jsonld", "CDATA", page(f"//<![CDATA[\n{written}\n//]]>").encode()


def hostile_pages() -> Iterator[Made]:
    hostile = {
        "100000 nested divs": b"<div>" * 100_000,
        "100000 nested items": b'<div itemscope itemtype="https://schema.org/JobPosting">' * 30_000,
        "nested typeof": b'<div vocab="https://schema.org/" typeof="JobPosting">' * 20_000,
        "100000 unclosed cards": b'<div class="job"><h2>a<a href="/jobs/1">' * 20_000,
        "100000 attributes": b"<div " + b" ".join(b'a%d="x"' % i for i in range(100_000)) + b">JobPosting",
        "an attribute of 5 MB": b'<div class="' + b"job " * 1_250_000 + b'"><h2>a</h2></div>',
        "10 MB of less-than": b"<" * 3_000_000,
        "unclosed comment": b"<!--" + b"x" * 1_000_000,
        "script in a title": b"<title><script></title><h2>a</h2></script><div class=job><h2>b</h2>",
        "style tricks": b"<style>" + b"</st" * 100_000 + b"<div class=job><h2>a</h2></div>",
        "entities": b"&" * 500_000 + b"&#x110000;&#xD800;&#0;&amp" + b"&lt;" * 100_000,
        "tables in tables": b"<table><tr><td>" * 20_000,
        "a form of selects": b"<select><option>" * 50_000,
        "svg and math": b"<svg><math><mi><mglyph>" * 20_000 + b"<h2>a</h2>",
        "plaintext": b'<plaintext><div class="job"><h2>a</h2></div>',
        "a wrong charset": b'<meta charset="klingon"><div class="job"><h2>\xff\xfe</h2></div>',
        "charset utf-7": b'<meta charset="utf-7"><div class="job"><h2>+ADw-script+AD4-</h2></div>',
        "NUL between tags": b"<di\x00v class=\"job\"><h\x002>a\x00b</h2></div>",
        "base to another host": b'<base href="http://169.254.169.254/"><div class=job><h2>a</h2><a href=/jobs/1>',
        "an itemref circle": b'<div itemscope itemtype="https://schema.org/JobPosting" id=a itemref="a b">'
        b'<div id=b itemprop=hiringOrganization itemscope itemref="a"></div></div>',
        "a label without end": b"<dl>" + b"<dt>Location" * 50_000 + b"</dl>",
    }  # fmt: skip
    for name, content in hostile.items():
        for reader in ("html_page", "html_list", "microdata"):
            yield reader, name, content
