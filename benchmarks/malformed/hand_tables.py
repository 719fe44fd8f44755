"""Broken tables: delimited text, workbooks, packed files, Parquet."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.malformed.attacks import LAUGHS, OUTSIDE, Made
from benchmarks.malformed.valid import csv_text, packed, parquet, parts_of, xlsx, zipped


def delimited() -> Iterator[Made]:
    good = csv_text()
    tables = {
        "heading only": "Ref,Job Title,Company\n",
        "no title column": "a,b,c\n1,2,3\n",
        "more cells than headings": good + "1,2,3,4,5,6,7,8\n",
        "fewer cells than headings": good + "3\n\n,,,,\n",
        "a quotation never closed": good + '3,"Cook,Inn\n4,Driver,Inn\n',
        "quotes inside quotes": good + '3,"The ""best"" cook" x,Inn\n',
        "line breaks in quotes": good + '3,"Cook\r\nand\rbaker\n",Inn\n',
        "NUL bytes": good.replace("Driver", "Dri\x00ver"),
        "one column of 100000": "Job Title\n" + "Cook\n" * 20_000,
        "one line of 5 MB": "Job Title," + "x" * 5_000_000,
        "a cell of 2 MB": good + '9,"' + "x" * 2_000_000 + '",Inn\n',
        "3000 columns": ",".join(["Job Title", *map(str, range(3_000))]) + "\nCook\n",
        "a million columns": "Job Title" + "," * 1_000_000 + "\nCook\n",
        "headings twice": "Job Title,Job Title,Company,Company\nCook,Baker,Inn,Bar\n",
        "formulas": good + '=cmd|"/c calc"!A1,@SUM(1),+Cook\n',
        "control characters": good.replace("Driver", "\x01\x02\x1b[0m"),
        "mixed line ends": good.replace("\n", "\r", 1),
        "only commas": ",,,,\n" * 100,
        "absurd dates": good.replace("05/01/2026", "99/99/9999"),
        "a log": "2026-01-05 ERROR: failed\n2026-01-06 WARN: slow\n",
        "sep line": "sep=;\nJob Title;Company\nCook;Inn\n",
    }
    for name, text in tables.items():
        yield "csv", name, text.encode()
    yield "csv", "lone surrogates", b"Job Title,Company\nCo\xed\xa0\x80ok,Inn\n"
    yield "csv", "UTF-16 cut in a character", good.encode("utf-16")[:-1]
    yield "csv", "two encodings", good.encode() + "4,Employé,Société\n".encode("latin-1")
    yield "csv", "a workbook named csv", xlsx()


def workbooks() -> Iterator[Made]:
    good = xlsx()
    yield "xlsx", "cut", good[: len(good) // 2]
    yield "xlsx", "a formula never computed", xlsx(formula="=1/0")
    yield "xlsx", "a formula as title", xlsx(formula='=HYPERLINK("http://x")')
    yield "xlsx", "3000 columns", xlsx(columns=3_000)
    yield "xlsx", "a zip without a workbook", zipped(a_txt=b"x")
    yield "xlsx", "an old xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000
    yield "xlsx", "an HTML table named xlsx", b"<table><tr><td>Job Title</td></tr></table>"
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b"<workbook/>",
        "xl/worksheets/sheet1.xml": b"<worksheet/>",
        "xl/sharedStrings.xml": b"<sst/>",
        "xl/styles.xml": b"<styleSheet/>",
        "xl/_rels/workbook.xml.rels": b"<Relationships/>",
    }
    for part, empty in parts.items():
        yield "xlsx", f"{part} missing", _with_part(good, part, None)
        yield "xlsx", f"{part} empty", _with_part(good, part, empty)
        yield "xlsx", f"{part} no XML", _with_part(good, part, b"\x00 no xml")
        yield "xlsx", f"{part} a billion laughs", _with_part(good, part, LAUGHS + b"<a>&a10;</a>")
        yield (
            "xlsx",
            f"{part} with an entity from outside",
            _with_part(good, part, OUTSIDE + b"<a>&x;</a>"),
        )
    sheet = "xl/worksheets/sheet1.xml"
    space = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    )
    heading = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Job Title</t></is></c></row>'
    cells = {
        "a cell at XFD1048576": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "a cell beyond the sheet": b'<row r="2"><c r="ZZZZZZ99999999"><v>1</v></c></row>',
        "a cell without place": b"<row><c><v>1</v></c></row>",
        "a text that is not there": b'<row r="2"><c r="A2" t="s"><v>999999</v></c></row>',
        "a style that is not there": b'<row r="2"><c r="A2" s="9999"><v>1</v></c></row>',
        "a number that is none": b'<row r="2"><c r="A2"><v>abc</v></c></row>',
        "a date beyond all time": b'<row r="2"><c r="A2" t="d"><v>99999-99-99</v></c></row>',
        "a boolean of 7": b'<row r="2"><c r="A2" t="b"><v>7</v></c></row>',
        "an error value": b'<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>',
        "an unknown type": b'<row r="2"><c r="A2" t="zzz"><v>1</v></c></row>',
        "rows backwards": b'<row r="9"/><row r="2"><c r="A2"><v>1</v></c></row>',
        "a row number that is none": b'<row r="abc"><c r="A2"><v>1</v></c></row>',
        "cells nested deep": b"<row><c>" * 5_000,
        "dimensions that lie": b'</sheetData><dimension ref="A1:XFD1048576"/><sheetData>',
    }
    for name, xml in cells.items():
        content = space + heading + xml + b"</sheetData></worksheet>"
        yield "xlsx", name, _with_part(good, sheet, content)
    yield "xlsx", "a bomb", _with_part(good, sheet, space + b" " * 60_000_000)
    yield "xlsx", "2000 parts", _with_parts(good, 2_000)


def packed_and_parquet() -> Iterator[Made]:
    table, good = csv_text().encode(), parquet()
    zipped_text = gzip.compress(table, mtime=0)
    yield "csv_gz", "no gzip", table
    yield "csv_gz", "cut", zipped_text[:-9]
    yield "csv_gz", "a wrong check sum", zipped_text[:-8] + b"\x00" * 8
    yield "csv_gz", "a bomb", gzip.compress(b"Job Title\n" + b"Cook\n" * 6_000_000, 9, mtime=0)
    yield "csv_gz", "gzip in gzip", gzip.compress(zipped_text, mtime=0)
    yield "csv_gz", "rubbish behind", zipped_text + b"rubbish"
    yield "csv_gz", "an endless name", b"\x1f\x8b\x08\x08" + b"\x00" * 6 + b"a" * 100_000
    yield "zip", "no zip", table
    yield "zip", "no table in it", zipped(a_pdf=b"x")
    yield "zip", "two tables in it", zipped(a_csv=table, b_csv=table)
    yield "zip", "a bomb", zipped(a_csv=b"Job Title\n" + b"Cook\n" * 6_000_000)
    yield "zip", "cut", zipped(a_csv=table)[:-20]
    yield (
        "zip",
        "a size that lies",
        zipped(a_csv=table).replace(struct.pack("<I", len(table)), b"\xff\xff\xff\x7f"),
    )
    yield "zip", "a lock", _locked(zipped(a_csv=table))
    yield (
        "zip",
        "a way of packing nobody knows",
        zipped(a_csv=table).replace(b"\x08\x00", b"\x63\x00"),
    )
    yield "zip", "a name that climbs", zipped(**{"../../etc/a_csv": table})
    for end in (4, 12, len(good) // 2, len(good) - 8, len(good) - 1):
        yield "parquet", f"cut at {end}", good[:end]
    yield "parquet", "marks only", b"PAR1" + b"\x00" * 8 + b"PAR1"
    yield "parquet", "a footer of 4 GB", good[:-8] + b"\xff\xff\xff\xff" + b"PAR1"
    yield "parquet", "a hole in its middle", good[:60] + b"\x00" * 40 + good[100:]
    yield "parquet", "3000 columns", parquet([{f"c{i}": "x" for i in range(3_000)}])
    yield "parquet", "nested lists", parquet([{"Job Title": "Cook", "x": [[{"a": [1]}]]}])
    yield "parquet", "no rows", _parquet(pa.table({"Job Title": pa.array([], pa.string())}))
    yield (
        "parquet",
        "dates beyond all time",
        _parquet(pa.table({"Job Title": ["Cook"], "Date": pa.array([2_900_000], pa.date32())})),
    )
    yield (
        "parquet",
        "times beyond all time",
        _parquet(pa.table({"Job Title": ["Cook"], "Date": pa.array([2**62], pa.timestamp("us"))})),
    )
    yield (
        "parquet",
        "NaN and bytes",
        _parquet(
            pa.table({"Job Title": [b"\xff\xfe"], "Salary": [float("nan")], "Ref": [float("inf")]})
        ),
    )


def _parquet(table: Any) -> bytes:
    content = io.BytesIO()
    pq.write_table(table, content)
    return content.getvalue()


def _with_part(book: bytes, part: str, replacement: bytes | None) -> bytes:
    parts = parts_of(book)
    parts.pop(part, None)
    return packed([*parts.items(), *([(part, replacement)] if replacement is not None else [])])


def _with_parts(book: bytes, count: int) -> bytes:
    more = [(f"xl/media/{number}.txt", b"") for number in range(count)]
    return packed([*parts_of(book).items(), *more])


def _locked(content: bytes) -> bytes:
    """The flag of encryption set in both headers of the only member."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)
