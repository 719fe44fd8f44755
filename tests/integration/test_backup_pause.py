"""Parts are held for the moment of a backup, and always let go again."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from labourwatch.backup.pausing import is_held, paused, processes_of
from labourwatch.backup.records import BackupError
from tests.fixtures_warehouse import SECRET
from tests.processes import free_port, until

_COUNTS = (
    "import sys,time\n"
    "n=0\n"
    "while True:\n"
    "    n+=1\n"
    "    open(sys.argv[1],'w').write(str(n))\n"
    "    time.sleep(0.001)\n"
)


@contextmanager
def counter(path: Path, var: Path) -> Iterator[psutil.Process]:
    """A process that looks like a part of `var` and counts into a file."""
    environment = {"LABOURWATCH_VAR_DIR": str(var), "SUPERVISOR_ENABLED": "1"}
    with subprocess.Popen(
        [sys.executable, "-S", "-c", _COUNTS, str(path)], env={**os.environ, **environment}
    ) as process:
        until(lambda: path.exists() and path.read_text() != "")
        try:
            yield psutil.Process(process.pid)
        finally:
            process.kill()


def test_a_part_stands_still_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "count"
    with counter(path, tmp_path):
        assert len(processes_of(tmp_path)) == 1
        assert processes_of(tmp_path / "elsewhere") == []
        with paused(processes_of(tmp_path)) as pause:
            before = path.read_bytes()
            time.sleep(0.05)
            assert path.read_bytes() == before
        until(lambda: path.read_bytes() not in {before, b""})
        assert 0.05 <= pause.lasted_s < 30


def test_parts_go_on_when_the_backup_is_killed_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "count"
    script = (
        "import sys,time,pathlib\n"
        "from labourwatch.backup.pausing import paused, processes_of\n"
        "with paused(processes_of(pathlib.Path(sys.argv[1]))):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with counter(path, tmp_path) as part:
        holder = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert part.status() == psutil.STATUS_STOPPED
        holder.kill()
        holder.wait()
        holder.stdout.close()
        until(lambda: part.status() != psutil.STATUS_STOPPED)


def test_a_pause_that_lasts_too_long_makes_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("labourwatch.backup.pausing.LONGEST_S", 1.05)
    with (
        counter(tmp_path / "count", tmp_path) as part,
        pytest.raises(BackupError, match="held longer"),
        paused([part]),
    ):
        until(lambda: part.status() != psutil.STATUS_STOPPED)  # the warden has let it go


@pytest.mark.integration
def test_a_part_that_was_started_by_hand_is_found(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        **os.environ,
        "LABOURWATCH_VAR_DIR": str(tmp_path),
        "LABOURWATCH_BROKER_URL": f"kafka://127.0.0.1:{port}",
        "LABOURWATCH_CLICKHOUSE_PASSWORD": SECRET,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "labourwatch", "broker"], env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        until(lambda: is_held(tmp_path))
        assert [each.pid for each in processes_of(tmp_path)] == [process.pid]
        process.terminate()
    assert not is_held(tmp_path)
