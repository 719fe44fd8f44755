"""Broken feeds, sitemaps, interfaces, pushes and robots.txt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.malformed.attacks import FEEDS, JSON, LAUGHS, OUTSIDE, Made
from benchmarks.malformed.valid import JOB, NODE, ROWS, document


def broken_xml() -> Iterator[Made]:
    for reader in FEEDS:
        good = document(reader)
        start = good.index(b"?>") + 2
        yield (
            reader,
            "a billion laughs",
            good[:start] + LAUGHS + good[start:].replace(b"Cook", b"&a10;"),
        )
        yield (
            reader,
            "an entity from outside",
            good[:start] + OUTSIDE + good[start:].replace(b"Cook", b"&x;"),
        )
        yield reader, "not closed", good[: len(good) * 2 // 3]
        yield reader, "100000 deep", good[:start] + b"<a>" * 100_000
        yield reader, "an unknown prefix", good.replace(b"<title>", b"<q:title>")
        yield (
            reader,
            "another encoding than told",
            good.replace(b"UTF-8", b"EUC-JP").replace(b"utf-8", b"EUC-JP"),
        )
        yield (
            reader,
            "an encoding nobody has",
            good.replace(b"UTF-8", b"X-NONE").replace(b"utf-8", b"X-NONE"),
        )
        yield (
            reader,
            "a text of 11 MB",
            good.replace(b"Cook", b"c" * 11_000_000).replace(b"jobs/1", b"j" * 11_000_000),
        )
        yield (
            reader,
            "an attribute of 11 MB",
            good[:start] + b'<urlset a="' + b"x" * 11_000_000 + b'">',
        )
        yield (
            reader,
            "control characters",
            good.replace(b"Cook", b"\x01\x02\x1f").replace(b"jobs/1", b"\x01"),
        )
        yield reader, "HTML instead", b"<!doctype html><html><body>404</body></html>"
        yield reader, "nothing in it", good[:start] + b"<urlset/>"
        yield reader, "processing instructions", good[:start] + b"<?x y?>" * 10_000 + good[start:]
        yield reader, "comments between", good.replace(b"<", b"<!-- c --><")
    yield (
        "sitemap",
        "an index of itself",
        b"<sitemapindex><sitemap><loc>https://board.example/s.xml</loc></sitemap></sitemapindex>",
    )
    yield (
        "sitemap",
        "addresses that are none",
        b"<urlset><url><loc>http://[</loc></url><url><loc>javascript:1</loc></url><url><loc>\x01/jobs/3</loc></url></urlset>",
    )
    yield (
        "sitemap",
        "lastmod of no calendar",
        document("sitemap").replace(b"2026-01-0", b"99999-99-"),
    )
    yield "rss", "pubDate of no calendar", document("rss").replace(b"05 Jan 2026", b"99 Foo -1")


def broken_json() -> Iterator[Made]:
    for reader in JSON:
        good = document(reader)
        yield reader, "100000 deep", b"[" * 100_000
        yield reader, "objects 100000 deep", b'{"a":' * 100_000
        yield reader, "closed 5000 deep", b"[" * 5_000 + b"]" * 5_000
        yield reader, "only a number", b"7"
        yield reader, "null", b"null"
        yield reader, "a text", b'"jobs"'
        yield (
            reader,
            "an error object",
            b'{"error": "not allowed", "jobs": {"0": {}}, "data": 3, "postings": {}}',
        )
        yield reader, "NaN", good.replace(b"2500000.0", b"NaN").replace(b'"1"', b"Infinity")
        yield (
            reader,
            "a number of 5000 digits",
            good.replace(b"17", b"9" * 5_000).replace(b'"1"', b"9" * 5_000),
        )
        yield (
            reader,
            "a number beyond 64 bits",
            good.replace(b"17", b"9" * 30).replace(b'"1"', b"9" * 30),
        )
        yield (
            reader,
            "a lone surrogate",
            good.replace(b"Driver", b"\\ud800 Driver").replace(b"Cook", b"\\udc00"),
        )
        yield (
            reader,
            "NUL in texts",
            good.replace(b"Driver", b"Dri\\u0000ver").replace(b"Cook", b"\\u0000"),
        )
        yield reader, "names twice", good.replace(b'"title"', b'"title": 1, "title"')
        yield reader, "a list in a list", b"[" + good + b"]"
        yield (
            reader,
            "numbers as titles",
            good.replace(b'"Driver"', b"-1e5").replace(b'"Cook"', b"{}"),
        )
        yield (
            reader,
            "not UTF-8",
            good.replace(b"Driver", b"\xff\xfe\xfa").replace(b"Cook", b"\xc3\x28"),
        )
        yield reader, "a callback", b"callback(" + good + b");"
        yield reader, "a mark before", b"\xef\xbb\xbf" + good
    holes: list[Any] = [
        {},
        None,
        1,
        [],
        "x",
        {"id": None},
        {"id": {"a": 1}, "title": []},
        {"title": "no id"},
    ]
    yield "json_list", "entries that are none", json.dumps({"jobs": [*holes, JOB]}).encode()
    yield "ats_greenhouse", "entries that are none", json.dumps({"jobs": [*holes, JOB]}).encode()
    yield "push", "records that are none", json.dumps({"postings": [*holes, NODE]}).encode()
    yield "push", "2000 records", json.dumps({"postings": [NODE] * 2000}).encode()
    yield "push", "an unknown entry", json.dumps({"postings": [], "delete": "*"}).encode()
    yield "json", "records that are none", json.dumps([*holes, ROWS[0]]).encode()
    yield "jsonl", "a line of 12 MB", b'{"Job Title": "' + b"a" * 12_000_000 + b'"}\n'
    yield "jsonl", "a record over many lines", json.dumps(ROWS[0], indent=2).encode()
    yield (
        "archived_day",
        "postings that are none",
        b'{"observed_at":"2026-01-05T00:00:00Z","postings":[1,null,{},[]]}',
    )
    yield (
        "archived_day",
        "a time of no calendar",
        b'{"observed_at":"2026-13-45T00:00:00Z","postings":[]}',
    )
