"""The report of all methods: complete, the same from the same seed, honest about gaps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alerts.evaluation.baselines import BASELINES
from alerts.evaluation.comparison import OURS, Compared, compare
from alerts.evaluation.report import as_data, markdown, write_report
from alerts.evaluation.river_methods import RIVER
from alerts.evaluation.simulator import TUNING_SEED
from alerts.parameters import Density, load_parameters
from labourwatch.cli import app


@pytest.fixture(scope="module")
def results() -> dict[Density, list[Compared]]:
    return {Density.DENSE: compare(Density.DENSE, load_parameters(), tuning=3, test=3, seed=8)}


def test_every_method_has_a_row_and_a_verdict(results: dict[Density, list[Compared]]) -> None:
    text = "\n".join(markdown(results, seed=8, test=3))
    for name in (OURS, *BASELINES, *RIVER):
        assert f"| {name} |" in text
        assert name == OURS or text.count(name) == 2
    assert "seed 8" in text


def test_files_are_written_and_told_again_byte_by_byte(
    results: dict[Density, list[Compared]], tmp_path: Path
) -> None:
    first = write_report(tmp_path / "a", results, seed=8, test=3)
    again = write_report(tmp_path / "b", results, seed=8, test=3)
    assert [path.name for path in first] == ["methods.md", "methods.json", "dense.png"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_what_is_not_known_is_null(results: dict[Density, list[Compared]]) -> None:
    data = json.loads(json.dumps(as_data(results, seed=8, test=3), allow_nan=False))
    ours, *others = data["classes"]["dense"]
    assert ours["advantage"] is None
    assert all(len(row["recall"]) == 3 for row in (ours, *others))


def test_the_command_wants_a_file_or_a_number_of_series() -> None:
    for words in ([], ["--simulated", "1"], ["a.csv", "--simulated", "9"]):
        told = CliRunner().invoke(app, ["evaluate", *words])
        assert told.exit_code == 1
        assert "--simulated" in told.output


def test_the_tuning_seed_is_refused(tmp_path: Path) -> None:
    words = ["evaluate", "--simulated", "2", "--seed", str(TUNING_SEED), "--report", str(tmp_path)]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 1
    assert "no test" in told.output
