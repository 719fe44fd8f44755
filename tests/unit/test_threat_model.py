"""The threat model names tests that exist, and says where there is none."""

from __future__ import annotations

import pytest

from benchmarks.auditing import MODEL, Threat, is_there, threats

TEXT = MODEL.read_text(encoding="utf-8")
ROWS = threats(TEXT)


def test_every_row_is_read_and_has_its_own_name() -> None:
    written = [line for line in TEXT.splitlines() if line.startswith("| ") and "|---" not in line]
    bodies = [
        line for line in written if line[2].isupper() and line[3:5].strip("0123456789 |") == ""
    ]
    assert len(ROWS) == len(bodies) > 40
    assert len({row.threat_id for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.threat_id)
def test_what_shows_a_control_exists(row: Threat) -> None:
    assert [test for test in row.tests if not is_there(test)] == []


def test_nine_of_ten_threats_are_covered_by_a_test() -> None:
    assert sum(bool(row.tests) for row in ROWS) >= 0.9 * len(ROWS)
