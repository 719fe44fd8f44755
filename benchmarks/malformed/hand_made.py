"""Inputs broken by hand: mistakes seen at boards and offices, and attacks."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.malformed.attacks import Made, anywhere
from benchmarks.malformed.hand_answers import broken_json, broken_xml
from benchmarks.malformed.hand_pages import broken_jsonld, hostile_pages
from benchmarks.malformed.hand_tables import delimited, packed_and_parquet, workbooks
from benchmarks.malformed.valid import SOURCE, SUPPLY


def hand_made() -> Iterator[Made]:
    """Every input made by hand."""
    for some in (
        anywhere,
        broken_jsonld,
        hostile_pages,
        broken_xml,
        broken_json,
        delimited,
        workbooks,
        packed_and_parquet,
        _supply_and_sources,
    ):
        yield from some()


def _supply_and_sources() -> Iterator[Made]:
    rows = {
        "a negative figure": SUPPLY.replace("381", "-381"),
        "NaN": SUPPLY.replace("381", "NaN"),
        "Infinity": SUPPLY.replace("381", "inf"),
        "a figure of 400 digits": SUPPLY.replace("381", "9" * 400),
        "a period in the future": SUPPLY.replace("2026-08", "2199-01"),
        "a period of no calendar": SUPPLY.replace("2026-08", "2026-13"),
        "a place nobody knows": SUPPLY.replace("LA-VT", "LA-??"),
        "a measure nobody knows": SUPPLY.replace("placements", "phantoms"),
        "contradiction": SUPPLY + "2026-08,placements,LA-SV,,13\n",
        "names of persons": SUPPLY.replace("sex", "full name"),
        "telephone numbers in a cell": SUPPLY.replace(",f,", ",020 5555 1234,"),
        "a formula": SUPPLY.replace("381", "=1+1"),
        "columns missing": "a,b\n1,2\n",
    }
    for name, text in rows.items():
        yield "supply", name, text.encode()
    written = {
        "a tab": "name: x\n\tkind: rss\n",
        "an unknown kind": SOURCE.replace("html_list", "telepathy"),
        "an unknown entry": SOURCE + "password: secret\n",
        "a number as name": SOURCE.replace("name: Board", "name: 7"),
        "a pattern that is none": SOURCE.replace("(?P<id>[0-9]+)", "(?P<id>[0-9]+"),
        "a selector that is none": SOURCE.replace("div.job", "div..job["),
        "an address that is none": SOURCE.replace("https://board.example", "http://["),
        "a file address": SOURCE.replace("https://board.example", "file:///etc/passwd"),
        "another id": SOURCE + "id: other\n",
        "a list": "- 1\n- 2\n",
        "a scalar": "board\n",
        "an unknown tag": SOURCE + "x: !!python/object/apply:os.system [ls]\n",
        "an alias nobody made": SOURCE + "licence: *x\n",
        "aliases by the billion": "a: &a [x,x]\n" + "".join(f"b{i}: &b{i} [*{_before(i)},*{_before(i)}]\n" for i in range(40)),
        "nested 3000 deep": "[" * 3_000,
        "mappings 3000 deep": "{a: " * 3_000,
        "keys that are lists": "? [a]\n: 1\nname: x\n",
        "a key twice": SOURCE + "name: Other\n",
        "a merge of itself": "a: &a\n  <<: *a\n",
        "not a number": SOURCE + "schedule_s: .nan\n",
        "an endless number": SOURCE + "rate: .inf\n",
        "a date as name": SOURCE.replace("name: Board", "name: 2026-01-05"),
        "two documents": SOURCE + "---\nname: other\n",
        "a drop that is nowhere": "name: x\nkind: drop\ndrop: {where: moon}\n",
        "a drop without a key": "name: x\nkind: drop\ndrop: {where: sftp, path: a, host: b, user: c}\n",
    }  # fmt: skip
    for name, text in written.items():
        yield "source_yaml", name, text.encode()
    yield "source_yaml", "not UTF-8", SOURCE.encode().replace(b"Board", b"\xff\xfe")
    yield "source_yaml", "a NUL", SOURCE.encode().replace(b"Board", b"B\x00d")
    yield "robots", "a million lines", b"Disallow: /x\n" * 30_000
    yield (
        "robots",
        "delays of no sense",
        b"User-agent: *\nCrawl-delay: NaN\nRequest-rate: 1/0\nVisit-time: 9999-x\n",
    )
    yield "robots", "patterns that explode", b"User-agent: *\nDisallow: /" + b"*a" * 2_000 + b"$\n"
    yield "robots", "a delay of a year", b"User-agent: *\nCrawl-delay: 1e30\n"


def _before(number: int) -> str:
    return f"b{number - 1}" if number else "a"
