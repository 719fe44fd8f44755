"""What the command line refuses, and what it lets through to a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from labourwatch.cli import app
from labourwatch.terminal import harmless


@pytest.mark.parametrize(
    "words", [["deadletters", "list"], ["deadletters", "show", "x"], ["ingest", "a.csv"]]
)
def test_without_a_stack_nothing_is_reached(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("LABOURWATCH_BROKER_URL", raising=False)
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 1
    assert "no stack in" in told.output


def test_a_server_that_does_not_answer_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("LABOURWATCH_BROKER_URL", "kafka://127.0.0.1:1")
    told = CliRunner().invoke(app, ["deadletters", "list"])
    assert told.exit_code == 1
    assert "does not answer" in told.output


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert harmless("a\x1b]0;owned\x07b\r") == "a\\x1b]0;owned\\x07b\\r"
    assert harmless("ບໍລິສັດ ນ້ຳ\n\tx") == "ບໍລິສັດ ນ້ຳ\n\tx"


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(app, ["no-such-part"]).exit_code == 2
