"""Stopping and starting again continues where it stopped."""

from __future__ import annotations

from pathlib import Path
from urllib.error import URLError

import pytest

from benchmarks.spine import wait_filled
from benchmarks.stack import Stack, running, wait_until
from benchmarks.sums import check_sums
from labourwatch.orphans import reap

pytestmark = pytest.mark.functional

TINY = {
    "LABOURWATCH_SEED": "11",
    "LABOURWATCH_DEMO_DAYS": "60",
    "LABOURWATCH_DEMO_DAILY": "2",
}


def balanced(stack: Stack) -> bool:
    """Whether the sums agree; while the boards of a new start do not listen yet, they do not."""
    try:
        return check_sums(stack).balanced
    except URLError:
        return False


def filled(stack: Stack) -> int:
    wait_until(lambda: stack.progress().phase != "", 240, "the crawler did not start")
    wait_filled(stack)
    wait_until(lambda: balanced(stack), 60, "the sums do not balance", every=2)
    return check_sums(stack).served


def test_state_ports_and_sums_outlive_a_clean_stop_and_a_killed_supervisor(tmp_path: Path) -> None:
    with running(tmp_path / "var", TINY) as stack:
        before = filled(stack)
        address = stack.settings.dashboard_url
    assert reap(tmp_path / "var") == []  # a clean stop leaves no process behind

    with running(tmp_path / "var", TINY) as stack:
        assert filled(stack) >= before
        assert stack.process.poll() is None
        assert stack.settings.dashboard_url == address
        stack.process.kill()  # what a power cut does to the front door alone
        stack.process.wait()
        wait_until(
            lambda: not stack.supervisord.answers(), 60, "the parts outlive their front door"
        )

    with running(tmp_path / "var", TINY) as stack:
        assert filled(stack) >= before
        assert stack.process.poll() is None
    assert reap(tmp_path / "var") == []
