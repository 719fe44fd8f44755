"""`labourwatch indicator`: any table of time, group, vacancies and unemployed."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Sequence
from math import sqrt
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from labourwatch.cli import app

M_TWO = 1 - 2 * sqrt(0.75 * 0.25)
"""Mismatch where vacancies are 30 and 10, unemployed 10 and 30."""


def run(path: Path, *words: str, name: str = "mismatch") -> Result:
    return CliRunner().invoke(app, ["indicator", name, str(path), "--no-interval", *words])


def written(tmp_path: Path, text: str, name: str = "counts.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def figures(path: Path, *words: str, name: str = "mismatch") -> list[dict[str, str]]:
    result = run(path, *words, name=name)
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def values(path: Path, *words: str, name: str = "mismatch") -> list[float]:
    return [float(row["value"]) for row in figures(path, *words, name=name)]


PLAIN = "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n"


@pytest.mark.parametrize(
    "heading",
    [
        "month,isco08,vacancies,unemployed",
        "Date,Industry,Vacancy,Unemployment",
        "TIME_PERIOD,occupation,Job vacancies,Registered unemployed",
        "kuukausi,ammattiryhmä,Avoimet työpaikat,Työttömät",
        "aika,maakunta,AVPAIKATLOPUSSA,TYOTTOMATLOPUSSA",
        "ເດືອນ,ອາຊີບ,ຕຳແໜ່ງງານວ່າງ,ຜູ້ຫວ່າງງານ",
        "เดือน,อาชีพ,ตำแหน่งงานว่าง,ผู้ว่างงาน",
        "period,region,v,u",
        "year,sector,Number of job openings,Unemployed job seekers",
        "openPositionsMonth,skill,vacancies_open,unemployed_persons",
    ],
)
def test_columns_are_found_by_name_in_several_languages(tmp_path: Path, heading: str) -> None:
    words = ("--map", "openPositionsMonth=time") if heading.startswith("open") else ()
    text = PLAIN.replace("time,group,vacancies,unemployed", heading)
    if heading.startswith("year"):
        text = text.replace("2026-09", "2026")
    assert values(written(tmp_path, text), *words) == pytest.approx([M_TWO], abs=1e-15)


@pytest.mark.parametrize(
    ("name", "expected"), [("turnover", 0.5), ("hellinger", sqrt(M_TWO)), ("mismatch", M_TWO)]
)
def test_each_indicator(tmp_path: Path, name: str, expected: float) -> None:
    assert values(written(tmp_path, PLAIN), name=name) == pytest.approx([expected], abs=1e-15)


def test_alpha(tmp_path: Path) -> None:
    expected = 1 - 0.75**0.3 * 0.25**0.7 - 0.25**0.3 * 0.75**0.7
    found = values(written(tmp_path, PLAIN), "--alpha", "0.3")
    assert found == pytest.approx([expected], abs=1e-15)
    result = run(written(tmp_path, PLAIN), "--alpha", "1")
    assert (result.exit_code, "between 0 and 1" in result.output) == (1, True)


M_APART = 1 - sqrt(30 / 50 * 10 / 80) - sqrt(10 / 50 * 30 / 80)


@pytest.mark.parametrize(
    "text",
    [
        (
            "time,group,vacancies,unemployed,vacancies_total,unemployed_total\n"
            "2026-09,a,30,10,50,80\n2026-09,b,10,30,50,80\n"
        ),
        (
            "time,alue,AVPAIKATLOPUSSA,TYOTTOMATLOPUSSA,kokomaa_AVPAIKATLOPUSSA,"
            "kokomaa_TYOTTOMATLOPUSSA\n2026-09,a,30,10,50,80\n2026-09,b,10,30,50,80\n"
        ),
        "time,group,v,u,V,U\n2026-09,a,30,10,50,80\n2026-09,b,10,30,50,80\n",
        "time,group,vacancies,unemployed,V,U\n2026-09,a,30,10,50,80\n2026-09,b,10,30,50,80\n",
        "time,group,vacancies,unemployed\n2026-09,SSS,50,80\n2026-09,a,30,10\n2026-09,b,10,30\n",
        "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n2026-09,Total,50,80\n",
        "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n2026-09,ລວມ,50,80\n",
        "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n2026-09,X999,10,40\n",
        "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n2026-09,,10,40\n",
        (
            "time,group,vacancies,unemployed\n2026-09,a,30,10\n2026-09,b,10,30\n"
            "2026-09,Unknown,10,40\n2026-09,TOTAL,50,80\n"
        ),
    ],
)
def test_totals_in_columns_in_a_row_or_summed_with_unknown_groups(
    tmp_path: Path, text: str
) -> None:
    assert values(written(tmp_path, text)) == pytest.approx([M_APART], abs=1e-15)


def test_totals_as_told(tmp_path: Path) -> None:
    text = PLAIN + "2026-09,Σ,50,80\n"
    path = written(tmp_path, text)
    assert values(path, "--total-row", "Σ") == pytest.approx([M_APART], abs=1e-15)
    assert values(path, "--unknown", "Σ", "--totals", "sum") != pytest.approx([M_APART])
    result = run(written(tmp_path, PLAIN), "--totals", "row")
    assert (result.exit_code, "there is none" in result.output) == (1, True)


def test_each_area_and_level_is_a_series(tmp_path: Path) -> None:
    text = "month,region,level,isco08,vacancies,unemployed\n"
    for region in ("LA-VT", "LA-SV"):
        for level, codes in ((1, "12"), (2, ("11", "21"))):
            for code, counts in zip(codes, ("30,10", "10,30"), strict=True):
                text += f"2026-09,{region},{level},{code},{counts}\n"
    found = figures(written(tmp_path, text))
    assert [(row["region"], row["level"]) for row in found] == [
        ("LA-VT", "1"), ("LA-VT", "2"), ("LA-SV", "1"), ("LA-SV", "2"),
    ]  # fmt: skip
    assert [float(row["value"]) for row in found] == pytest.approx([M_TWO] * 4, abs=1e-15)


def test_regions_are_the_groups_where_there_are_no_others(tmp_path: Path) -> None:
    text = (
        "month,region_code,region,occupation,vacancies,unemployed\n"
        "2026-09,MK01,Uusimaa,SSS,30,10\n2026-09,MK02,Varsinais-Suomi,SSS,10,30\n"
        "2026-09,SSS,KOKO MAA,SSS,50,80\n"
    )
    (row,) = figures(written(tmp_path, text))
    assert float(row["value"]) == pytest.approx(M_APART, abs=1e-15)
    assert row["groups"] == "2"


def test_levels_in_one_column_of_codes_are_told_apart(tmp_path: Path) -> None:
    text = "time,isco08,vacancies,unemployed\n2026-09,1,30,10\n2026-09,2,10,30\n"
    text += "2026-09,11,15,5\n2026-09,12,15,5\n2026-09,21,10,30\n2026-09,SSS,40,40\n"
    found = figures(written(tmp_path, text))
    assert [(row["digits"], row["groups"]) for row in found] == [("1", "2"), ("2", "3")]
    assert float(found[0]["value"]) == pytest.approx(M_TWO, abs=1e-15)


def test_an_empty_cell_is_not_zero(tmp_path: Path) -> None:
    text = PLAIN + "2026-09,c,,40\n2026-10,a,,1\n2026-10,b,,2\n2026-10,c,,2\n2026-11,a,3,..\n"
    first, second, third = figures(written(tmp_path, text))
    assert float(first["value"]) == pytest.approx(M_TWO, abs=1e-15)
    assert first["untold"] == "1"
    assert (second["value"], second["standing"]) == ("", "not_observed")
    assert (third["value"], third["standing"]) == ("", "no_supply")
    zero = figures(written(tmp_path, PLAIN + "2026-09,c,0,40\n"))
    assert float(zero[0]["value"]) > M_TWO


@pytest.mark.parametrize(
    "rows",
    [
        'a;"1.234,5";10\nb;"2.469,0";20',
        "a;1234,5;10\nb;2469;20",
        "a;1 234.5;10\nb;2 469.0;20",
        "a;1,234.5;10\nb;2,469.0;20",
        "a;1234.5 p;10\nb;2469;20",
    ],
)
def test_numbers_as_offices_write_them(tmp_path: Path, rows: str) -> None:
    text = "time;group;vacancies;unemployed\n" + "\n".join(
        f"2026-09;{row}" for row in rows.splitlines()
    )
    assert values(written(tmp_path, text)) == pytest.approx([0], abs=1e-12)


def test_one_row_for_each_measure(tmp_path: Path) -> None:
    text = (
        "kuukausi,ammatti,tiedot,value\n2026M09,a,AVPAIKATLOPUSSA,30\n2026M09,b,AVPAIKATLOPUSSA,10\n"
        "2026M09,a,TYOTTOMATLOPUSSA,10\n2026M09,b,TYOTTOMATLOPUSSA,30\n2026M09,a,UUDETAVP,7\n"
    )
    assert values(written(tmp_path, text)) == pytest.approx([M_TWO], abs=1e-15)


def test_periods_come_in_order_of_time(tmp_path: Path) -> None:
    text = "year,month,group,vacancies,unemployed\n"
    text += "".join(
        f"2026,{m},{g},{c}\n" for m in (10, 9, 1) for g, c in (("a", "3,1"), ("b", "1,3"))
    )
    assert [row["time"] for row in figures(written(tmp_path, text))] == [
        "2026-01", "2026-09", "2026-10",
    ]  # fmt: skip


def test_packed_files_and_workbooks(tmp_path: Path) -> None:
    packed = tmp_path / "counts.csv.gz"
    packed.write_bytes(gzip.compress(PLAIN.encode()))
    assert values(packed) == pytest.approx([M_TWO], abs=1e-15)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Table 3"], [], *csv.reader(io.StringIO(PLAIN))):
        sheet.append([int(cell) if str(cell).isdecimal() else cell for cell in row])
    book.save(tmp_path / "counts.xlsx")
    assert values(tmp_path / "counts.xlsx") == pytest.approx([M_TWO], abs=1e-15)


def test_json_tells_what_the_file_was_taken_for(tmp_path: Path) -> None:
    out = tmp_path / "told.json"
    result = CliRunner().invoke(
        app, ["indicator", "mismatch", str(written(tmp_path, PLAIN)), "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["columns"]["vacancies"] == "vacancies"
    assert "does not tell which employer" in told["assumed"]
    assert told["assumed"] in result.stderr
    (figure,) = told["figures"]
    assert (figure["time"], figure["n"], figure["method"]) == ("2026-09", 40, "sahin/2")
    assert 0 < figure["lower"] < M_TWO < figure["upper"]


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("a,b\n1,2\n", (), "no column for vacancies and unemployed"),
        ("time,group,vacancies\n2026,a,1\n", (), "no column for unemployed"),
        ("group,2026-01,2026-02,2026-03\na,1,2,3\n", (), "one row for each"),
        ("time,vacancies,unemployed\n2026,1,2\n", (), "no column for group"),
        (PLAIN + "2026-09,a,1,1\n", (), "rows 2 and 4 both state"),
        (PLAIN + "2026-09,c,-4,1\n", (), "row 4: vacancies"),
        (PLAIN + "2026-09,c,many,1\n", (), "got 'many'"),
        (PLAIN + "soon,c,4,1\n", (), "time 'soon'"),
        (PLAIN + "2026-09,Total,10,10\n", (), "exceeds"),
        ("time,1,vacancies,unemployed\n2026,1,2,2\n", (), "no column for group"),
        (PLAIN, ("--map", "nothing=time"), "no column 'nothing'"),
        (PLAIN, ("--map", "time=when"), "expected one of"),
        (PLAIN, ("--by", "sex"), "--by: no column 'sex'"),
        ("", (), "no row below the heading"),
        (PLAIN + "2026-09,c,1.234,1\n2026-09,d,12,1\n", (), "'1.234' beside whole numbers"),
        ("time,group,open vacancies,new vacancies,unemployed\n", (), "no row"),
        (
            "time,group,advertised vacancies,new vacancies,unemployed\n2026,a,1,2,3\n", (),
            "could both be vacancies",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, text: str, words: Sequence[str], told: str
) -> None:
    result = run(written(tmp_path, text), *words)
    assert result.exit_code == 1
    assert told in result.output


def test_an_unknown_indicator_and_file_are_refused(tmp_path: Path) -> None:
    assert "expected one of mismatch" in run(written(tmp_path, PLAIN), name="luck").output
    assert "no file" in run(tmp_path / "absent.csv").output


@pytest.mark.parametrize("heading", ["vacancies,unemployed", "vacancies,unemployed,all_v,all_u"])
def test_a_row_that_sums_the_others_is_the_total_whatever_its_name(
    tmp_path: Path, heading: str
) -> None:
    text = f"month,region,{heading}\n"
    for month in range(1, 5):
        for region, v, u in (("A", 30, 10), ("B", 10, 30), ("Suomi", 40, 40)):
            stated = f",{40 * month},{40 * month}" if "all_v" in heading else ""
            text += f"2026-0{month},{region},{v * month},{u * month}{stated}\n"
    words = ("--map", "all_v=vacancies_total", "--map", "all_u=unemployed_total")
    result = run(written(tmp_path, text), *(words if "all_v" in heading else ()))
    assert "'Suomi' is taken as the total" in result.stderr
    found = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [float(row["value"]) for row in found] == pytest.approx([M_TWO] * 4, abs=1e-15)


def test_a_group_that_once_equals_the_others_is_no_total(tmp_path: Path) -> None:
    text = "time,group,vacancies,unemployed\n2026-09,a,40,40\n2026-09,b,10,30\n2026-09,c,30,10\n"
    (row,) = figures(written(tmp_path, text))
    assert row["groups"] == "3"
