"""`labourwatch classify`: any table in, a row of codes or a reason out, and how right they are."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from labourwatch.classify_columns import columns_of
from labourwatch.classify_output import COLUMNS, Form, form_of, opened
from labourwatch.classifying import Outcome, Table, classify_rows
from labourwatch.cli import app
from labourwatch.scoring import Score
from labourwatch.scoring_isic import IsicScore, truth_of
from scrapers.formats.rows import TableError
from scrapers.parsing.columns import ColumnError
from streams.classify.accuracy import (
    Scored,
    Tally,
    calibration_error,
    coverage_at,
    truths_of,
    wilson,
)
from streams.codes import Candidate, Codes
from streams.records import NormalisedPosting

_SEEN = datetime(2026, 11, 2, 5, tzinfo=UTC)


class Parrot:
    """Codes every posting as an accountant; breaks on the word "boom"."""

    version = "parrot-1"

    def code(self, batch: Sequence[NormalisedPosting]) -> list[Codes]:
        return [self._one(posting) for posting in batch]

    def _one(self, posting: NormalisedPosting) -> Codes:
        if "boom" in posting.title:
            raise ValueError("boom")
        known = "accountant" in posting.title.lower() or "ບັນຊີ" in posting.title
        code = "2411" if known else ""
        return Codes(
            isco08=code,
            isco08_probability=0.8 if known else 0.0,
            isco08_reason="parrot",
            isic="",
            province="",
            district="",
            place_reason="",
            pay=None,
            skills=(),
            coder_version=self.version,
            candidates=(
                Candidate(isco08="2411", probability=0.8),
                Candidate(isco08="3313", probability=0.1),
            )
            if known
            else (),
        )


def outcomes(path: Path, truths: Sequence[str] = ()) -> list[Outcome]:
    table = Table(path=path, told={}, truths=truths, seen_at=_SEEN)
    return list(classify_rows(table, Parrot()))


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    data = text.encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def test_every_row_gives_one_outcome_in_order(tmp_path: Path) -> None:
    text = "id,title,description\n1,Accountant,x\n2,,x\n3,boom,x\n4,123,x\n5,ນັກບັນຊີ,x\n6,a,b,c,d\n"
    found = outcomes(written(tmp_path, "a.csv.gz", text))
    assert [each.row for each in found] == [2, 3, 4, 5, 6, 7]
    reasons = [each.refused.reason if each.refused else "" for each in found]
    assert reasons == [
        "",
        "title_missing",
        "coder_failed",
        "title_without_letters",
        "",
        "row_unreadable",
    ]
    assert [each.codes.isco08 for each in found if each.codes] == ["2411", "2411"]


def test_records_of_json_lines_may_have_keys_of_their_own(tmp_path: Path) -> None:
    lines = ['{"id": 1, "jobTitle": "Accountant"}', "[1]", '{"jobTitle": "Accountant", "x": 1}']
    lines += ["not json", '{"position": "Accountant"}', "{}"]
    found = outcomes(written(tmp_path, "a.jsonl", "\n".join(lines)))
    reasons = [each.refused.reason if each.refused else "" for each in found]
    unread = "row_unreadable"
    assert reasons == ["", unread, "", unread, "title_missing", "title_missing"]


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (["id", "Job Title", "description"], "Job Title"),
        (["title_lo", "isco08"], "title_lo"),
        (["vacancy_name", "employer"], "vacancy_name"),
        (["occupation", "salary"], "occupation"),
        (["raw_text", "code"], "raw_text"),
        (["ຊື່ຕຳແໜ່ງວຽກ", "ລະຫັດ"], "ຊື່ຕຳແໜ່ງວຽກ"),
        (["no", "职位名称"], "职位名称"),
        (["something", "isco_code"], "something"),
    ],
)
def test_titles_are_found_whatever_they_are_called(names: list[str], title: str) -> None:
    fields = columns_of(names, {}).fields
    assert [column for column, field in fields.items() if field == "title"] == [title]


def test_columns_with_true_codes_are_no_evidence() -> None:
    columns = columns_of(["title", "occupation", "language"], {}, ["occupation"])
    assert columns.fields == {"title": "title"}
    assert columns.language == "language"


def test_a_table_without_titles_is_refused() -> None:
    with pytest.raises(ColumnError, match="no column for title"):
        columns_of(["id", "isco08", "code"], {})
    with pytest.raises(ColumnError, match="no column 'truth'"):
        columns_of(["title"], {}, ["truth"])


def test_an_empty_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no row"):
        outcomes(written(tmp_path, "a.csv", "title,isco\n"))


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.jsonl", "out.ndjson.gz"])
def test_equal_input_gives_equal_bytes(tmp_path: Path, name: str) -> None:
    found = outcomes(written(tmp_path, "a.csv", "title\nAccountant\nboom\n=1+1 driver\n"))
    contents = []
    for turn in ("a", "b"):
        path = tmp_path / f"{turn}-{name}"
        with opened(str(path), form_of(name, "")) as writer:
            for outcome in found:
                writer.write(outcome)
        contents.append(path.read_bytes())
    assert contents[0] == contents[1]
    text = (gzip.decompress(contents[0]) if name.endswith(".gz") else contents[0]).decode()
    if form_of(name, "") is Form.CSV:
        rows = list(csv.DictReader(text.splitlines()))
        assert tuple(rows[0]) == COLUMNS
        assert (rows[0]["isco08"], rows[0]["candidates"]) == ("2411", "2411 3313")
        assert (rows[1]["status"], rows[1]["refusal"]) == ("refused", "coder_failed")
    else:
        records = [json.loads(line) for line in text.splitlines()]
        assert records[0]["candidates"][1] == {"isco08": "3313", "probability": 0.1}
        assert "isco08" not in records[1]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("2422", ("2422",)),
        ("2422.10", ("2422",)),
        ("2631.2.2", ("2631",)),
        ("2422.0", ("2422",)),
        ("ISCO 2422 Policy", ("2422",)),
        ("2422|2421", ("2422", "2421")),
        ("110", ("0110",)),
        ("24", ("24",)),
        ("", ()),
        ("N/A", ()),
        ("0000", ()),
        ("accountant", None),
        ("9999", None),
    ],
)
def test_true_codes_are_read_as_tables_write_them(cell: str, codes: tuple[str, ...] | None) -> None:
    assert truths_of(cell) == codes


def test_hits_are_counted_by_digits() -> None:
    tally = Tally()
    tally.add(Scored(truths=("2411",), said=("2412", "2411"), probability=0.6))
    tally.add(Scored(truths=("24",), said=("2411",), probability=0.9))
    tally.add(Scored(truths=("5120",), said=(), probability=0.0))
    tally.add(Scored(truths=(), said=(), probability=0.0))
    assert tally.top1 == {1: 2, 2: 2, 3: 1, 4: 0}
    assert tally.top5 == {1: 2, 2: 2, 3: 1, 4: 1}
    assert tally.asked == {1: 3, 2: 3, 3: 2, 4: 2}
    assert (tally.n, tally.answered, tally.uncodable_left) == (3, 2, 1)
    assert tally.stated == [(0.6, False), (0.9, True)]


def test_wilson_interval_of_known_shares() -> None:
    # Newcombe (1998), table I, method 3: 81 of 263 and 0 of 20.
    share = wilson(81, 263)
    assert (round(share.lower, 4), round(share.upper, 4)) == (0.2553, 0.3662)
    assert round(wilson(0, 20).upper, 4) == 0.1611
    assert wilson(0, 0).value is None


def test_calibration_and_coverage() -> None:
    assert calibration_error([]) is None
    assert calibration_error([(0.75, True), (0.75, True), (0.75, True), (0.75, False)]) == 0.0
    assert calibration_error([(1.0, False)]) == 1.0
    stated = [(0.9, True)] * 9 + [(0.8, False)] + [(0.1, False)] * 5
    assert coverage_at(stated, 20, 0.9) == 0.5
    assert coverage_at([(0.5, True), (0.5, False)], 2, 0.9) == 0.0


@given(st.text(max_size=40))
def test_any_cell_is_read_as_codes_or_told_not_to_be_one(cell: str) -> None:
    found = truths_of(cell)
    assert found is None or all(1 <= len(code) <= 4 and code.isdecimal() for code in found)


def test_a_score_counts_refused_rows_as_unanswered(tmp_path: Path) -> None:
    text = "title,code\nAccountant,2411\nboom,2411\nCook,5120\nAccountant,x\nHelp,\n"
    score = Score(column="code")
    for outcome in outcomes(written(tmp_path, "a.csv", text), ["code"]):
        score.add(outcome)
    told = score.as_record()
    assert (told["rows"], told["refused"], told["truth_unreadable"]) == (5, 1, 1)
    assert told["all"]["isco4_top1"]["n"] == 3
    assert told["all"]["isco4_top1"]["hits"] == 1
    assert told["all"]["uncodable_left"]["hits"] == 1


@pytest.mark.parametrize(
    ("cell", "section", "division"),
    [
        ("I", "I", ""),
        ("55", "I", "55"),
        ("I55", "I", "55"),
        ("5510", "I", "55"),
        ("01", "A", "01"),
        ("1", "A", "01"),
        ("", "", ""),
    ],
)
def test_true_industries_are_read_as_tables_write_them(
    cell: str, section: str, division: str
) -> None:
    truth = truth_of(cell)
    assert truth is not None
    assert (truth.section, truth.division) == (section, division)


@pytest.mark.parametrize("cell", ["hotel", "A55", "04", "Z"])
def test_what_is_no_industry_is_told(cell: str) -> None:
    assert truth_of(cell) is None


def test_industries_are_scored_at_section_and_division(tmp_path: Path) -> None:
    text = "title,code\nAccountant,I\nAccountant,55\nAccountant,\nboom,\n"
    score = IsicScore(column="code")
    for outcome in outcomes(written(tmp_path, "a.csv", text), ["code"]):
        score.add(outcome)
    assert score.sections == [False, False, True, False]
    assert score.divisions == [False, True, False]


def test_the_command_codes_and_scores_a_file(tmp_path: Path) -> None:
    text = "title,code\nAccountant,2411\nBus driver,8331\n,5120\n"
    path, out = written(tmp_path, "a.csv", text), tmp_path / "out.csv"
    words = ["classify", str(path), "--truth", "code", "--out", str(out), "--json"]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)["all"]["isco4_top1"]
    assert (found["hits"], found["n"]) == (2, 3)
    assert "row 4: title_missing" in told.stderr
    assert len(out.read_text().splitlines()) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["absent.csv"], "absent.csv"),
        (["a.csv", "--format", "xml"], "xml"),
        (["a.csv", "--as-of", "soon"], "--as-of"),
        (["a.csv", "--map", "x"], "expected column=field"),
    ],
)
def test_the_command_tells_what_it_cannot_do(words: list[str], said: str) -> None:
    told = CliRunner().invoke(app, ["classify", *words])
    assert told.exit_code == 1
    assert said in told.stderr
