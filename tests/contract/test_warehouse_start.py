"""Starting under the kernel's rules, whatever the environment of the process holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from labourwatch.embedded.sandbox import landlock_version
from tests.fixtures_warehouse import MODULE, SECRET
from tests.processes import free_port, start_module

pytestmark = pytest.mark.integration

READ_AUXV = """
from labourwatch.embedded.sandbox import confine, interpreter_paths
confined = confine(interpreter_paths(), [])
print(confined, len(open("/proc/self/auxv", "rb").read()) > 0)
"""


@pytest.mark.skipif(landlock_version() < 3, reason="this kernel offers no Landlock")
def test_a_confined_process_can_read_what_the_kernel_gave_it() -> None:
    """Refused, chDB looked for it behind the environment, and crashed on what lay there."""
    told = subprocess.run(
        [sys.executable, "-c", READ_AUXV], capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True", "True"]


@pytest.mark.parametrize("variables", range(0, 12, 2))
def test_it_starts_at_once_with_any_number_of_variables(tmp_path: Path, variables: int) -> None:
    environment = {f"PADDING_{number}": "x" * (number * 7 % 40) for number in range(variables)}
    secret = {"LABOURWATCH_CLICKHOUSE_PASSWORD": SECRET}
    part = start_module(MODULE, tmp_path / "data", free_port(), environment | secret)
    assert part.stop() == 0
