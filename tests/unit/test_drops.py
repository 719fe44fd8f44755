"""Which dropped files are read, what reading one means, and what a drop may declare."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from scrapers.drop_spec import DropSpec
from scrapers.drop_trial import try_file
from scrapers.drops import DroppedFile, Verdict, in_order, judge_file, judge_rows
from scrapers.items import JobPosting, RunOutcome
from scrapers.sources import Source
from scrapers.table_files import Taken

FOLDER = {"where": "folder", "path": "/drops"}


def spec(**changes: object) -> DropSpec:
    return DropSpec.model_validate({**FOLDER, **changes})


@pytest.mark.parametrize(
    ("name", "before", "known", "verdict"),
    [
        ("a.csv", True, False, Verdict.READ),
        ("A.CSV", True, False, Verdict.READ),
        ("a.csv", False, False, Verdict.CHANGING),
        ("a.csv", True, True, Verdict.KNOWN),
        ("a.xlsx", True, False, Verdict.NOT_MEANT),
        (".a.csv", True, False, Verdict.NOT_MEANT),
        ("a.csv.part", True, False, Verdict.NOT_MEANT),
        ("a.csv.done", True, False, Verdict.NOT_MEANT),
    ],
)
def test_verdicts(name: str, before: bool, known: bool, verdict: Verdict) -> None:
    file = DroppedFile(name=name, size=1, modified=2.0)
    marks = {name: file.mark}
    told = judge_file(
        file,
        spec(pattern="*.csv"),
        before=marks if before else {name: "older"},
        names=[name],
        known=marks if known else {},
    )
    assert told is verdict


def test_names_of_unfinished_files_and_marks() -> None:
    part = DroppedFile(name="a.csv.part", size=1, modified=2.0)
    same = {part.name: part.mark}
    assert judge_file(part, spec(), before=same, names=[], known={}) is Verdict.UNFINISHED
    file = DroppedFile(name="a.csv", size=1, modified=2.0)
    marked = spec(whole_when="marked")
    assert judge_file(file, marked, before={}, names=["a.csv"], known={}) is Verdict.UNMARKED
    names = ["a.csv", "a.csv.done"]
    assert judge_file(file, marked, before={}, names=names, known={}) is Verdict.READ
    assert in_order([file, DroppedFile(name="b", size=1, modified=1.0)])[0].name == "b"


@pytest.mark.parametrize(
    ("taken", "listed", "open_before", "outcome", "counts"),
    [
        (Taken(rows=3, accepted=3), 3, 3, RunOutcome.OK, True),
        (Taken(rows=3, accepted=2, refused=1), 3, 3, RunOutcome.OK, True),
        (Taken(rows=3, accepted=2, refused=1, nameless=1), 2, 3, RunOutcome.PARTIAL, False),
        (Taken(rows=3, refused=3), 3, 3, RunOutcome.FAILED, True),
        (Taken(rows=3, refused=3, nameless=3), 0, 9, RunOutcome.FAILED, False),
        (Taken(rows=3, unchanged=3), 0, 9, RunOutcome.PARTIAL, False),
    ],
)
def test_absence_counts_only_where_every_row_can_be_told(
    taken: Taken, listed: int, open_before: int, outcome: RunOutcome, counts: bool
) -> None:
    judged = judge_rows(taken, spec(complete=True), listed=listed, open_before=open_before)
    assert (judged.outcome, judged.absence_counts) == (outcome, counts)
    part = judge_rows(taken, spec(), listed=listed, open_before=open_before)
    assert not part.absence_counts


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"where": "folder"}, "path: expected the folder"),
        ({"where": "http", "url": "ftp://a"}, "http or https address"),
        (
            {"where": "http", "url": "https://a.example/x.csv", "after": "archive"},
            "moved or marked",
        ),
        ({"where": "sftp", "path": "in", "host": "h"}, "user, known_hosts, key_file: needed"),
        ({**FOLDER, "encoding": "klingon"}, "expected an encoding"),
        ({**FOLDER, "encoding": "zlib_codec"}, "expected an encoding"),
        ({**FOLDER, "table": "supply", "complete": True}, "postings only"),
        ({**FOLDER, "table": "supply", "feed": "nothing"}, "feed: of a supply table one of"),
        ({**FOLDER, "feed": "ess"}, "feed: of a supply table one of"),
        ({**FOLDER, "password": "x"}, "Extra inputs"),
    ],
)
def test_declarations_are_refused_with_what_was_expected(
    declared: dict[str, object], message: str
) -> None:
    with pytest.raises(ValidationError, match=message):
        DropSpec.model_validate(declared)


def test_a_source_of_this_kind_needs_a_drop_and_no_other_has_one() -> None:
    with pytest.raises(ValidationError, match="drop: needed"):
        Source.model_validate({"id": "a", "name": "a", "kind": "drop"})
    with pytest.raises(ValidationError, match="drop: needed"):
        Source.model_validate({"id": "a", "name": "a", "kind": "file", "drop": FOLDER})
    web = {"where": "http", "url": "https://a.example/x.csv"}
    source = Source.model_validate({"id": "a", "name": "a", "kind": "drop", "drop": web})
    assert source.hosts == {"a.example"}
    assert source.lifetime_days == 60
    complete = {"id": "a", "name": "a", "kind": "drop", "drop": {**FOLDER, "complete": True}}
    assert Source.model_validate(complete).lifetime_days is None


def test_a_file_is_tried_out_and_nothing_of_persons_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "jobs.csv"
    path.write_text("Ref,Job Title,Contact Phone\n1,Cook,020 5555\n2,,\n3,a,b,c\n")
    source = Source.model_validate({"id": "a", "name": "a", "kind": "drop", "drop": FOLDER})
    now = datetime(2026, 9, 15, 3, tzinfo=UTC)
    tried = try_file(source, spec(), path, rows=5, now=now)
    assert [one.posting_id for one in tried] == ["1", "2", "row 4"]
    assert isinstance(tried[0].posting, JobPosting)
    assert [getattr(one.posting, "reason", "") for one in tried[1:]] == [
        "title_missing",
        "row_unreadable",
    ]
    assert "5555" not in repr(tried)
