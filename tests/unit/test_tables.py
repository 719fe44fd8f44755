"""Tables in every format, encoding and layout that offices send; pure reading, no service."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from scrapers.formats.encoding import detect_encoding
from scrapers.formats.heading import find_heading
from scrapers.formats.rows import Layout, RowError, TableError
from scrapers.parsing.columns import ColumnError, TableKind, fitting_columns, map_columns
from scrapers.parsing.personal import about_persons
from scrapers.tables import read_rows

POSTINGS = Layout(fits=partial(fitting_columns, kind=TableKind.POSTINGS))
LAO = "ຕຳແໜ່ງງານ,ຊື່ບໍລິສັດ\nພະນັກງານຂາຍ,ບໍລິສັດ ກ\n"


def rows(path: Path, layout: Layout = POSTINGS) -> list[dict[str, str] | str]:
    """Cells of good rows, messages of bad ones."""
    return [str(r) if isinstance(r, RowError) else r[1] for r in read_rows(path, layout)]


def written(path: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_lao_is_read_in_every_unicode_encoding(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path / "a.csv", LAO, encoding)
    assert rows(path) == [{"ຕຳແໜ່ງງານ": "ພະນັກງານຂາຍ", "ຊື່ບໍລິສັດ": "ບໍລິສັດ ກ"}]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("ตำแหน่ง,บริษัท\nพนักงานขาย,บริษัท ก จำกัด\n", "cp874"),
        ("Poste,Société\nEmployé à Vientiane,Café\n", "cp1252"),
        ("职位,公司\n翻译员,老挝石油股份有限公司\n", "gb18030"),
    ],
)
def test_legacy_encodings_are_recognised(text: str, encoding: str) -> None:
    assert detect_encoding(text.encode(encoding)) == encoding


def test_a_declared_encoding_wins(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "title\nNhân viên bán hàng".replace("ạ", "a"), "utf-16-be")
    assert rows(path, Layout(encoding="utf-16-be")) == [{"title": "Nhân viên bán hàng"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_recognised_whatever_the_cells_hold(tmp_path: Path, delimiter: str) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    cells = ["Cook", "Vientiane, Laos; centre", 'Line 1\nline "2"']
    writer.writerows([["title", "location", "description"], cells, cells])
    found = rows(written(tmp_path / "a.csv", out.getvalue()))
    assert found == [dict(zip(("title", "location", "description"), cells, strict=True))] * 2


def test_rows_that_cannot_be_taken_apart_are_told_and_others_go_on(tmp_path: Path) -> None:
    text = 'title,company\nA,B,C\nD,E,\n\n,\nF\n"G,H\nI,J\n'
    found = list(read_rows(written(tmp_path / "a.csv", text), POSTINGS))
    told = [(r.number, str(r)) if isinstance(r, RowError) else r for r in found]
    assert told == [
        (2, "3 cells where the heading has 2"),
        (3, {"title": "D", "company": "E"}),
        (6, {"title": "F"}),
        (7, "a quotation begins here and is never closed"),
    ]


def test_a_heading_below_titles_and_over_two_rows_is_found(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Vacancies of September"])
    sheet.append([])
    sheet.append(["Job title", "Company", "Dates", None])
    sheet.append([None, None, "Date posted", "Closing date"])
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("C3:D3")
    sheet.append(["Cook", "Inn", date(2026, 9, 1), date(2026, 9, 30)])
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx") == [
        {
            "Job title": "Cook",
            "Company": "Inn",
            "Date posted": "2026-09-01",
            "Closing date": "2026-09-30",
        }
    ]


def test_a_data_row_is_never_taken_for_a_second_heading() -> None:
    fits = partial(fitting_columns, kind=TableKind.POSTINGS)
    heading = find_heading([["title", "company", ""], ["Cook", "", "x"]], fits)
    assert heading is not None
    assert (heading.names, heading.below) == (("title", "company", ""), 1)


def test_of_several_sheets_the_one_that_fits_is_read(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Notes", "by", "us"])
    jobs = book.create_sheet("Jobs")
    jobs.append(["Position", "Employer", "Employer"])
    jobs.append(["=1+1", "Inn", "second"])
    jobs.append(["Cook", None, "second"])
    hidden = book.create_sheet("Old")
    hidden.append(["title", "company", "salary", "location"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    # A formula that was never computed has no value.
    assert rows(tmp_path / "a.xlsx") == [
        {"Position": "", "Employer": "Inn", "Employer (2)": "second"},
        {"Position": "Cook", "Employer": "", "Employer (2)": "second"},
    ]
    assert rows(tmp_path / "a.xlsx", Layout(sheet="Notes"[:0] or "Sheet")) == []
    with pytest.raises(TableError, match="no sheet 'X'; there are Sheet, Jobs, Old"):
        rows(tmp_path / "a.xlsx", Layout(sheet="X"))


def test_json_in_every_shape(tmp_path: Path) -> None:
    job = {"title": "Cook", "company": {"name": "Inn", "town": ["A", "B"]}, "pay": 1.0, "x": None}
    cells = {"title": "Cook", "company.name": "Inn", "company.town": "A, B", "pay": "1", "x": ""}
    for content in ([job], {"jobs": [job], "total": 1}, {"data": {"jobs": [job]}}):
        path = written(tmp_path / "a.json", json.dumps(content))
        layout = Layout(records="data.jobs" if "data" in content else "")
        assert rows(path, layout) == [cells]
    assert rows(written(tmp_path / "a.json", f"{json.dumps(job)}\n[1]\n")) == [
        cells,
        "expected an object",
    ]
    for broken in ("{", '{"a": [], "b": []}', "3", "[" * 100_000, '{"a": 1}'):
        with pytest.raises(TableError, match=r"a\.json: cannot be read"):
            rows(written(tmp_path / "a.json", broken))


def test_packed_files_are_unpacked_and_bombs_refused(tmp_path: Path) -> None:
    table = LAO.encode()
    assert len(rows(written(tmp_path / "a.csv.gz", gzip.compress(table)))) == 1
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.pdf", b"x")
        archive.writestr("in/a.csv", table)
    assert len(rows(tmp_path / "a.zip")) == 1
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", table)
        archive.writestr("b.csv", table)
    with pytest.raises(TableError, match=r"expected one table in the zip, found 2 \(a.csv, b.csv"):
        rows(tmp_path / "two.zip")
    bomb = gzip.compress(b"title\n" + b"0" * 30_000_000)
    with pytest.raises(TableError, match="a bomb"):
        rows(written(tmp_path / "bomb.csv.gz", bomb))
    with pytest.raises(TableError, match="more than 1000 bytes"):
        rows(written(tmp_path / "b.csv.gz", gzip.compress(b"ab" * 600)), Layout(largest_bytes=1000))
    with pytest.raises(TableError, match="cannot be read"):
        rows(written(tmp_path / "c.csv.gz", gzip.compress(table)[:-9]))


def test_parquet_keeps_dates_numbers_and_nested_values(tmp_path: Path) -> None:
    table = pa.table({"title": ["Cook"], "when": [date(2026, 9, 1)], "n": [2.0], "e": [{"n": "I"}]})
    pq.write_table(table, tmp_path / "a.parquet")
    found = rows(tmp_path / "a.parquet")
    assert found == [{"title": "Cook", "when": "2026-09-01", "n": "2", "e.n": "I"}]
    whole = (tmp_path / "a.parquet").read_bytes()
    for cut in (10, len(whole) // 2, len(whole) - 3):
        with pytest.raises(TableError, match="no Parquet file"):
            rows(written(tmp_path / "b.parquet", whole[:cut]))


@pytest.mark.parametrize(
    "heading",
    [
        ["Position", "Company", "Closing date"],
        ["ຕຳແໜ່ງງານ", "ຊື່ບໍລິສັດ", "ວັນໝົດເຂດ"],
        ["ตำแหน่งงาน", "บริษัท", "วันปิดรับสมัคร"],
    ],
)
def test_columns_are_known_in_three_languages(heading: list[str]) -> None:
    found = map_columns(heading, TableKind.POSTINGS)
    assert list(found.values()) == ["title", "hiring_organization", "valid_through"]


def test_columns_about_persons_are_left_out_of_postings_and_refuse_a_supply_table() -> None:
    names = [
        "Title",
        "Contact person",
        "E-mail",
        "Phone No.",
        "ຜູ້ຕິດຕໍ່",
        "ເບີໂທ",
        "อีเมล",
        "contactPhone",
    ]
    assert map_columns(names, TableKind.POSTINGS) == {"Title": "title"}
    with pytest.raises(ColumnError, match="about persons are not taken: E-mail"):
        map_columns(names, TableKind.POSTINGS, {"E-mail": "description"})
    with pytest.raises(ColumnError, match="send aggregates only"):
        map_columns([*names, "measure"], TableKind.SUPPLY)
    aggregates = (
        "number of applicants",
        "total candidates",
        "contract",
        "occupation",
        "email-free"[:2],
    )
    assert not any(about_persons(name) for name in aggregates)
