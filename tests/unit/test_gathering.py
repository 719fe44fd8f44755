"""Parts of a benchmark as processes: one that fails ends all, and nobody waits for its servers."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks import gathering

ANSWER = 'print(\'{"figures": [], "more": {"n": 1}}\')'
WITH_SERVER = "import subprocess, sys; subprocess.Popen(['sleep', '97']); sys.exit('out of order')"
WAITING = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(97)"


def python(code: str, *words: str) -> list[str]:
    return [sys.executable, "-c", code, *words]


def commands(monkeypatch: pytest.MonkeyPatch, **parts: list[str]) -> None:
    def command(area: str, group: tuple[str, ...], *, seed: int, quick: bool) -> list[str]:
        del area, seed, quick
        return parts["_".join(group)]

    monkeypatch.setattr(gathering, "_command", command)


async def measured(
    *parts: str, sharing: tuple[str, ...] = (), keep: Path | None = None
) -> dict[str, gathering.Measured]:
    groups = gathering._groups(parts, sharing)
    return await gathering._measure("area", groups, seed=1, quick=True, keep=keep)


async def test_parts_answer_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    commands(monkeypatch, a=python(ANSWER), b=python(ANSWER))
    assert await measured("b", "a") == {"b": ([], {"n": 1}), "a": ([], {"n": 1})}


async def test_parts_that_share_a_process_answer_each_with_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = ['{"figures": [], "more": {"n": 1}}', '{"figures": [], "more": {"n": 3}}']
    commands(
        monkeypatch, a_c=python(f"print('noise'); print(*{lines!r}, sep='\\n')"), b=python(ANSWER)
    )
    told: dict[str, gathering.Measured] = {
        "a": ([], {"n": 1}),
        "b": ([], {"n": 1}),
        "c": ([], {"n": 3}),
    }
    assert await measured("a", "b", "c", sharing=("a", "c"), keep=tmp_path) == told
    commands(monkeypatch)  # nothing is measured again
    assert await measured("a", "b", "c", sharing=("a", "c"), keep=tmp_path) == told


async def test_too_few_lines_fail_all_that_share_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands(monkeypatch, a_b=python(ANSWER))
    with pytest.raises(gathering.PartFailedError, match=r"a, b: "):
        await measured("a", "b", sharing=("a", "b"))


async def test_a_part_that_fails_is_told_though_its_servers_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands(monkeypatch, a=python(WITH_SERVER))
    try:
        with pytest.raises(gathering.PartFailedError, match=r"a: .*out of order"):
            await asyncio.wait_for(measured("a"), 60)
    finally:
        left = [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "97"]]
        for process in left:
            process.kill()
    assert left


async def test_the_others_end_with_it_also_those_that_are_only_starting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    failing = f"import os, time\nwhile not os.path.exists({str(begun)!r}): time.sleep(0.01)\n1 / 0"
    commands(
        monkeypatch,
        a=python(failing),
        b=python(WAITING, str(begun)),
        c=python(WAITING, str(tmp_path / "c")),
    )
    before = time.monotonic()
    with pytest.raises(gathering.PartFailedError, match="ZeroDivisionError"):
        await asyncio.wait_for(measured("a", "b", "c"), 60)
    assert time.monotonic() - before < 50
    assert [p for p in psutil.Process().children() if "touch" in " ".join(p.cmdline())] == []


async def test_who_is_cancelled_while_a_part_starts_takes_it_along() -> None:
    for wait_s in (0.0, 0.001, 0.3):
        task = asyncio.create_task(gathering._ended(python("import time; time.sleep(97)")))
        await asyncio.sleep(wait_s)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(task), 60)
    assert [p for p in psutil.Process().children() if "sleep(97)" in " ".join(p.cmdline())] == []
