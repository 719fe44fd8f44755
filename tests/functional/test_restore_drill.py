"""A loaded stack is backed up, killed, removed and restored, and counts as if nothing had been."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.faults_restore import Size, drill

pytestmark = pytest.mark.functional


def test_what_is_restored_reads_the_same_and_comes_to_exact_counts(tmp_path: Path) -> None:
    size = Size(days=60, daily=1.0, before_s=0.5, interval_s=1.0, backups=1)
    found = drill(size, tmp_path, seed=11)
    assert found.heads[-1].running
    assert found.rows > 0
    assert found.differing == ()
    assert found.releases_differing == 0
    assert found.sums.balanced, found.sums
    assert found.told_twice == 0
