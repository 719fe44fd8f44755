"""The doctor names what is wrong with a file and what to do, before anything starts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts import routing
from alerts.parameters import ParameterError
from config.settings import Settings
from labourwatch.doctor import Finding, examine

NOW = datetime(2026, 12, 1, tzinfo=UTC)
DISABLED = """\
id: quiet-board
name: Quiet board
kind: rss
base_url: https://board.example
list:
  url: /feed
disabled_reason: asks not to be read
"""


def found(settings: Settings, subject: str, now: datetime = NOW) -> Finding:
    return next(finding for finding in examine(settings, now) if finding.subject == subject)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "sources").mkdir()
    return Settings(var_dir=tmp_path, sources_dir=tmp_path / "sources", workspace="live")


def test_the_shipped_detectors_and_routes_are_read(settings: Settings) -> None:
    assert found(settings, "detectors").grade == "ok"
    assert found(settings, "alert routes").grade == "ok"


def test_a_wrong_route_is_a_problem_with_its_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load() -> None:
        raise ParameterError("routes.yaml:2: kind must be one of")

    monkeypatch.setattr(routing, "load_routes", load)
    finding = found(settings, "alert routes")
    assert (finding.grade, finding.found) == ("problem", "routes.yaml:2: kind must be one of")
    assert finding.advice


def test_a_disabled_source_says_why(settings: Settings) -> None:
    (settings.sources_dir / "quiet-board.yaml").write_text(DISABLED, encoding="utf-8")
    finding = found(settings, "source quiet-board")
    assert (finding.grade, finding.found) == ("ok", "rss, disabled: asks not to be read")


def test_a_source_file_with_a_mistake_is_a_problem(settings: Settings) -> None:
    (settings.sources_dir / "broken.yaml").write_text("id: broken\nkind: fax\n", encoding="utf-8")
    assert found(settings, "source broken").grade == "problem"


def test_a_clock_behind_our_own_files_is_a_problem(settings: Settings) -> None:
    (settings.var_dir / "stack.env").write_text("", encoding="utf-8")
    assert found(settings, "clock", datetime(2020, 1, 1, tzinfo=UTC)).grade == "problem"


def test_live_without_sources_is_a_problem(settings: Settings) -> None:
    assert found(settings, "sources").grade == "problem"
