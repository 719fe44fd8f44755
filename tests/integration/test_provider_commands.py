"""`labourwatch provider` against a real Redis."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from labourwatch.cli import app
from tests.fixtures_redis import start_redis

pytestmark = pytest.mark.integration


def test_a_provider_is_added_shown_once_rotated_and_revoked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = ["--name", "Office", "--may", "text", "--legal-basis", "letter 7", "--owner", "MoLSW"]
    with start_redis(tmp_path / "redis") as url:
        monkeypatch.setenv("LABOURWATCH_VAR_DIR", str(tmp_path))
        monkeypatch.setenv("LABOURWATCH_REDIS_URL", url)
        add = ["provider", "add", "office-1", *facts, "--contact", "the office"]
        added = CliRunner().invoke(app, add)
        assert added.exit_code == 0, added.output
        token = added.output.split()[-1]
        assert token.startswith("lw.office-1.")
        assert CliRunner().invoke(app, add).exit_code == 1
        listed = CliRunner().invoke(app, ["provider", "list"])
        assert "office-1" in listed.output
        assert token not in listed.output
        rotated = CliRunner().invoke(app, ["provider", "rotate", "office-1"])
        assert rotated.output.split()[-1] != token
        assert CliRunner().invoke(app, ["provider", "revoke", "office-1"]).exit_code == 0
        assert "revoked" in CliRunner().invoke(app, ["provider", "list"]).output
        assert CliRunner().invoke(app, ["provider", "revoke", "nobody"]).exit_code == 1
        wrong = CliRunner().invoke(app, ["provider", "add", "x", *facts, "--contact", " "])
        assert wrong.exit_code == 1
        assert "contact: expected" in wrong.output
        taken = ["provider", "add", "jobs108", *facts, "--contact", "c"]
        assert "belongs to the crawler" in CliRunner().invoke(app, taken).output
