"""Source files listed, checked and switched from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.settings import load_settings
from labourwatch.cli import app
from labourwatch.sourcing import listed
from scrapers.source_files import load_source

BOARD = """\
# A board of cards.
name: Board
kind: html_list
base_url: https://board.example
list:
  url: /jobs
  items: div.card
  id_pattern: '/jobs/(?P<id>[0-9]+)'
  fields:
    url: a::attr(href)
    title: h2   # shown in bold
    hiring_organization: p.employer
legal_basis: agreement of 2026-01-01
contact: owner@board.example
owner: Board
enabled: false
disabled_reason: >-
  waiting for
  an answer
# the end
"""
LISTING = """<div class="card"><a href="/jobs/7"><h2>ຊ່າງໄຟຟ້າ</h2></a>
<p class="employer">Mekong &amp; Co</p></div><div class="card"><h2>No link</h2></div>"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LABOURWATCH_SOURCES_DIR", str(tmp_path))
    monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path / "var"))
    (tmp_path / "board.yaml").write_text(BOARD, "utf-8")
    return tmp_path


def told(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["sources", *words])
    return result.exit_code, result.output


def test_a_source_is_listed_with_the_reason_why_it_is_not_crawled(folder: Path) -> None:
    status, text = told("list")
    assert status == 0
    assert text.split() == ["–", "board", "html_list", "disabled", "waiting", "for", "an", "answer"]


def test_every_mistake_is_told_with_its_line(folder: Path) -> None:
    wrong = BOARD.replace("kind: html_list", "kind: html").replace("items:", "itmes:")
    (folder / "wrong.yaml").write_text(wrong, "utf-8")
    status, text = told("check")
    assert status == 1
    assert f"{folder / 'board.yaml'}: right" in text
    assert f"{folder / 'wrong.yaml'}:3: kind:" in text
    assert f"{folder / 'wrong.yaml'}:7: list.itmes:" in text
    assert told("check", "board")[0] == 0


def test_an_unknown_source_is_told_with_those_there_are(folder: Path) -> None:
    status, text = told("check", "bord")
    assert (status, "there are: board" in text) == (1, True)


def test_switching_on_and_off_keeps_comments_and_everything_else(folder: Path) -> None:
    path = folder / "board.yaml"
    assert told("enable", "board")[0] == 0
    on = load_source(path)
    assert (on.enabled, on.disabled_reason) == (True, "")
    assert told("disable", "board", "--why", "asked by the owner: “stop”")[0] == 0
    off = load_source(path)
    assert (off.enabled, off.disabled_reason) == (False, "asked by the owner: “stop”")
    text = path.read_text("utf-8")
    assert all(comment in text for comment in ("# A board of", "# shown in bold", "# the end"))
    unchanged = off.model_dump(exclude={"enabled", "disabled_reason"})
    assert unchanged == on.model_dump(exclude={"enabled", "disabled_reason"})


def test_without_legal_basis_a_source_cannot_be_switched_on(folder: Path) -> None:
    path = folder / "board.yaml"
    before = BOARD.replace("agreement of 2026-01-01", '""')
    path.write_text(before, "utf-8")
    status, text = told("enable", "board")
    assert (status, "legal_basis" in text) == (1, True)
    assert path.read_text("utf-8") == before
    assert [found.name for found in folder.iterdir()] == ["board.yaml"]


def test_a_source_is_not_switched_off_without_a_reason(folder: Path) -> None:
    status, text = told("disable", "board")
    assert (status, "--why" in text) == (1, True)


def test_a_saved_listing_is_read_without_fetching(folder: Path) -> None:
    saved = folder / "saved.html"
    saved.write_text(LISTING, "utf-8")
    status, text = told("test", "board", "--listing", str(saved), "--json")
    posting = json.loads(text)["postings"][0]
    assert status == 0
    assert (posting["posting_id"], posting["title"]) == ("7", "ຊ່າງໄຟຟ້າ")
    assert posting["hiring_organization"] == "Mekong & Co"


def test_a_saved_page_is_shown_beside_its_fields_and_can_do_nothing(folder: Path) -> None:
    page, report = folder / "advert.html", folder / "report.html"
    node = {"@type": "JobPosting", "title": "Driver <b>B</b>", "datePosted": "2026-01-05"}
    page.write_text(
        f'<script type="application/ld+json">{json.dumps(node)}</script><h1>Driver B</h1>', "utf-8"
    )
    text = told("test", "board", "--page", str(page), "--report", str(report))[1]
    assert "2026-01-05" in text
    written = report.read_text("utf-8")
    assert "<iframe sandbox" in written
    assert "default-src &#39;none&#39;" in written
    assert "<script" not in written


def test_what_is_known_of_a_source_stands_below_its_line(folder: Path) -> None:
    lines, _ = listed(load_settings(), {"board": ["turned us away"], "other": ["nothing"]})
    assert lines[1:] == ["  ! turned us away"]


@pytest.mark.parametrize("command", ["resume", "accept"])
def test_commands_of_the_stack_say_that_there_is_none(folder: Path, command: str) -> None:
    status, text = told(command, "board")
    assert status == 1
    assert text.startswith("no stack in ")


def test_a_stopped_stack_keeps_no_source_from_being_listed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stack.env").write_text("LABOURWATCH_REDIS_URL=redis://127.0.0.1:1/0\n", "utf-8")
    monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path))
    status, text = told("list")
    assert status == 0
    assert "the stack is stopped" in text
    assert "board" in text
