"""Every command that changes something is noted; what kind each command is of, all of them."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from dashboard.accounts.chain import Deed, Entry
from labourwatch import shell_deeds
from labourwatch.cli import app
from labourwatch.parts import PARTS
from labourwatch.shell_deeds import KEPT, NOTED, actor, keep, noted

READING: Final = frozenset(
    """
    accounts audit|accounts list|alerts list|alerts preview|alerts route|alerts show
    alerts silences|alerts what-if|backups|bulletin file|bulletin list|bulletin look
    corrections export|corrections list|deadletters list|deadletters show|doctor
    doublecoding agreement|doublecoding export|doublecoding sample|durations|evaluate|events list
    feedback list|feedback show|forecast|healthy|indicator|objectives rules|objectives status
    provider list|quality-report|query grants|query list|query runs|query saved|query series
    query sql|query vacancies|registry indicators|registry pages|registry show|release file
    release list|release revisions|release show|release verify|schema check|schema show|scorecard
    skills export|sources check|sources list|sources test|status|trace|verify
    """.strip().replace("\n    ", "|").split("|")
)  # fmt: skip
COMPUTING: Final = frozenset(
    ("backup", "classify", "quality", "quality-checks", "run", "schema seal", "skills emerging")
)
"""They start, copy or store what follows from the data alone."""
NOTED_INSIDE: Final = frozenset(
    """
    accounts add|accounts disable|accounts password|accounts role|alerts ack|alerts rebuild
    alerts silence|alerts undelivered|alerts unsilence|alerts verdict|restore
    """.strip().replace("\n    ", "|").split("|")
)  # fmt: skip
"""Where the entry says more than the words of the command; tests/integration/test_shell_deeds.py,
test_alert_recovery.py."""
SAID: Final = {
    "begin-anew": (["--accept-doubles"], ""),
    "correct": (["vac-1", "--isco", "7411", "--why", "w"], "vac-1"),
    "corrections revoke": (["c-1", "c-2", "--why", "w"], "c-1 c-2"),
    "deadletters replay": (["l-1"], "l-1"),
    "events add": (
        ["--direction", "up", "--from", "2026-01-01", "--basis", "news", "--citation", "text",
         "--officer", "desk-1"],
        "2026-01-01",
    ),
    "events withdraw": (["e-1", "--officer", "desk-1", "--why", "free text"], "e-1"),
    "feedback answer": (["f-1", "--text", "free text", "--account", "desk-1"], "f-1"),
    "feedback close": (["f-1", "--reason", "planned", "--account", "desk-1"], "f-1"),
    "ingest": (["a.csv", "b.csv"], "a.csv b.csv"),
    "provider add": (
        ["p-1", "--name", "n", "--may", "text", "--legal-basis", "l", "--contact", "c",
         "--owner", "o"],
        "p-1",
    ),
    "provider revoke": (["p-1"], "p-1"),
    "provider rotate": (["p-1"], "p-1"),
    "query save": (["q-1", "q.sql", "--description", "text"], "q-1"),
    "registry enter": (
        ["2.3", "0.5", "--on", "2026-11-01", "--source", "text", "--account", "desk-1"], "2.3",
    ),
    "release make": (["W2026-W47"], "W2026-W47"),
    "skills import": (["national.csv", "--write"], "national.csv"),
    "sources accept": (["s-1"], "s-1"),
    "sources disable": (["s-1", "--why", "free text"], "s-1"),
    "sources enable": (["s-1"], "s-1"),
    "sources resume": (["s-1"], "s-1"),
    "vacancies link": (["p-1", "p-2", "--why", "free text"], "p-1"),
    "vacancies unlink": (["p-1", "--why", "free text"], "p-1"),
}  # fmt: skip
"""Each command that the decorator notes: what may be typed, and what of it is told."""


def commands() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every command by its words, with the function behind it."""

    def below(one: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Callable[..., Any]]]:
        for name, each in getattr(one, "commands", {}).items():
            yield from below(each, (*words, name))
        if not hasattr(one, "commands"):
            # typer wraps what it was given; that is what bears the mark.
            yield " ".join(words), one.callback.__wrapped__

    yield from below(typer.main.get_command(app), ())


ALL: Final = dict(commands())


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory whose stack does not run: what is done is kept there."""
    monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("LABOURWATCH_BROKER_URL", raising=False)
    return tmp_path


def kept(state: Path) -> list[Entry]:
    file = state / KEPT
    lines = file.read_bytes().splitlines() if file.exists() else []
    return [msgspec.json.decode(line, type=Entry) for line in lines]


def test_every_command_that_changes_something_is_noted() -> None:
    marked = {words for words, work in ALL.items() if getattr(work, NOTED, None) == words}
    assert marked == set(SAID)
    parts = {part.name for part in PARTS}
    assert set(ALL) == marked | NOTED_INSIDE | READING | COMPUTING | parts
    assert not marked & (NOTED_INSIDE | READING | COMPUTING)


@pytest.mark.parametrize("words", SAID)
def test_a_command_leaves_one_entry_without_free_text(
    words: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed, told = SAID[words]
    (work,) = [
        cell
        for name, cell in zip(
            ALL[words].__code__.co_freevars, ALL[words].__closure__ or (), strict=True
        )
        if name == "work"
    ]
    monkeypatch.setattr(work, "cell_contents", lambda **_: None)
    ran = CliRunner().invoke(app, [*words.split(), *typed])
    assert ran.exit_code == 0, ran.output
    (entry,) = kept(state)
    assert (entry.deed, entry.target, entry.detail) == (Deed.COMMAND, f"{words} {told}".strip(), "")
    assert entry.actor.startswith("shell ")


@pytest.mark.parametrize("ended", [False, typer.Exit(1), RuntimeError("no")])
def test_what_changed_nothing_is_not_noted(state: Path, ended: Any) -> None:
    @noted("do")
    def work() -> bool:
        if isinstance(ended, Exception):
            raise ended
        return bool(ended)

    if ended is False:
        assert work() is False
    else:
        with pytest.raises(type(ended)):
            work()
    assert kept(state) == []


def test_what_was_done_in_part_is_noted_with_its_status(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr(
        shell_deeds, "_noted", lambda _, target, detail: told.append((target, detail))
    )
    (state / "stack.env").touch()

    @noted("do", "which")
    def work(which: list[str]) -> None:
        raise typer.Exit(3)

    with pytest.raises(typer.Exit):
        work(["a", "b"])
    assert told == [("do a b", "status 3")]


def test_the_actor_is_whom_the_system_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    monkeypatch.setattr(shell_deeds, "_logged_in", lambda: "")
    user = actor()
    assert user.startswith("shell ")
    assert getpass.getuser() not in user
    monkeypatch.setattr(shell_deeds, "_logged_in", lambda: "anna")
    assert actor() == f"shell anna/{user.removeprefix('shell ')}"


def test_where_there_is_no_service_no_directory_is_made(tmp_path: Path) -> None:
    keep(tmp_path / "var", Deed.COMMAND, "sources enable s-1")
    assert list(tmp_path.iterdir()) == []


def test_two_deeds_are_two_lines_in_order(state: Path) -> None:
    before = datetime.now(UTC)
    for target in ("restore a", "restore b"):
        keep(state, Deed.COMMAND, target)
    first, second = kept(state)
    assert (first.target, second.target) == ("restore a", "restore b")
    assert before <= first.at <= second.at
