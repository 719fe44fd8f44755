"""What several kinds of malformed input share: readers by kind, entities that explode or reach out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from benchmarks.malformed.valid import document

Made = tuple[str, str, bytes]
"""Reader, what is wrong, the input."""
LAUGHS: Final = (
    b'<!DOCTYPE a [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 11))
    + b"]>"
)
OUTSIDE: Final = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]>'
PAGES: Final = ("jsonld", "structured_list", "microdata", "rdfa", "html_page", "html_list")
FEEDS: Final = ("sitemap", "rss", "atom", "xml_feed")
JSON: Final = (
    "json_list", "json_detail", "ats_greenhouse", "ats_lever", "ats_workable", "ats_smartrecruiters",
    "ats_ashby", "ats_recruitee", "reliefweb", "archived_day", "push", "json", "jsonl",
)  # fmt: skip
TABLES: Final = ("csv", "xlsx", "json", "jsonl", "parquet", "csv_gz", "zip", "supply")


def anywhere() -> Iterator[Made]:
    for reader in (*PAGES, *FEEDS, *JSON, *TABLES, "robots", "source_yaml"):
        yield reader, "empty", b""
        yield reader, "zero bytes", b"\x00" * 1000
        yield reader, "an image", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8
        yield reader, "a log-in page", b"<html><title>Sign in</title><form>user</form></html>"
    for reader in (*PAGES, *FEEDS, *JSON, "csv", "supply"):
        text = document(reader).decode()
        yield reader, "in UTF-16 without a mark", text.encode("utf-16-le")
        yield reader, "in UTF-16", text.encode("utf-16")
        yield reader, "in Thai cp874", text.encode("cp874", "replace")
        yield reader, "twice encoded", text.encode().decode("latin-1").encode()
