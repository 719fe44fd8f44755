"""What `labourwatch evaluate --replay` does: the stack's own history replayed and judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from labourwatch.cli_scorecard import moment_of
from labourwatch.reaching import running, said
from labourwatch.terminal import fail

if TYPE_CHECKING:
    from alerts.replays.run import Asked
    from config.settings import Settings

_MOST_ROUNDS = 50


def replay_recorded(
    *, as_of: str, known: str, rounds: int, seed: int, report: Path | None, as_json: bool
) -> None:
    """Say the report; its files go to `report`."""
    from alerts.replays.run import Asked, Knowledge

    if not 1 <= rounds <= _MOST_ROUNDS:
        raise fail(f"--rounds: expected 1 to {_MOST_ROUNDS}, not {rounds}")
    if seed < 0:
        raise fail(f"--seed: expected 0 or more, not {seed}")
    asked = Asked(as_of=moment_of(as_of), knowledge=Knowledge(known), rounds=rounds, seed=seed)
    settings = running()
    said(lambda: _lines(settings, asked, report, as_json))


def _lines(settings: Settings, asked: Asked, report: Path | None, as_json: bool) -> list[str]:
    from alerts.parameters import load_parameters
    from alerts.replays.report import as_data, markdown, write_report
    from alerts.replays.run import replay_past
    from alerts.scheduler import rules_of
    from warehouse.client import connect

    with connect(settings) as client:
        found = replay_past(client, asked, parameters=load_parameters(), rules=rules_of(settings))
    if report is not None:
        try:
            write_report(report, found)
        except OSError as error:
            raise fail(f"--report: {error}") from error
    return [json.dumps(as_data(found), indent=1)] if as_json else [*markdown(found)]
