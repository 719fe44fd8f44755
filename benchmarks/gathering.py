"""An area's figures, gathered from its parts: `python -m benchmarks.<area> [--quick] [--json]`.

Each part is a module `benchmarks.<area>_<part>` with `measure(seed, quick)` and runs in a process
of its own: one after the other at full size, so that none disturbs another's times, and side by
side with `--quick`, where parts that need the same costly things share a process.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import inspect
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from benchmarks.report import Figure, document, table, write

_TOGETHER: Final = 3
"""Parts side by side with `--quick`: while one waits for its servers, another computes."""
_GRACE_S: Final = 30.0
"""For a part to stop its servers once another has failed."""

Measured = tuple[list[Figure], dict[str, Any]]
Combine = Callable[[Sequence[Figure], Mapping[str, Mapping[str, Any]]], list[Figure]]
"""Figures of the area from those of its parts, and from what parts tell besides."""


class PartFailedError(RuntimeError):
    """A part ended without figures; its name and the end of what it said."""


def _as_told(figures: Sequence[Figure], more: Mapping[str, Mapping[str, Any]]) -> list[Figure]:
    del more
    return list(figures)


def gather(
    area: str,
    parts: tuple[str, ...],
    *,
    seed: int,
    words: Sequence[str] | None = None,
    combine: Combine = _as_told,
    sharing: Sequence[str] = (),
) -> int:
    """Measure an area as its command line says, write the results, print them.

    Args:
        area: its name.
        parts: of the area, in their order.
        seed: unless the command line gives another.
        words: of the command line; default those of this process.
        combine: makes the area's figures out of those of its parts.
        sharing: parts that `--quick` measures in threads of one process.

    Returns:
        0, for `SystemExit`.

    Raises:
        PartFailedError: a part ended without figures; nothing is written.
    """
    chosen = _arguments(area, parts, seed, words)
    if chosen.alone:
        for figures, more in _side_by_side(area, chosen.part, seed=chosen.seed, quick=chosen.quick):
            more["measured_at"] = datetime.now(UTC).isoformat(timespec="seconds")
            print(json.dumps({"figures": [asdict(f) for f in figures], "more": more}, default=str))
        return 0
    at = datetime.now(UTC)
    asked = tuple(chosen.part) or parts
    groups = _groups(asked, sharing if chosen.quick else ())
    measured = asyncio.run(
        _measure(area, groups, seed=chosen.seed, quick=chosen.quick, keep=chosen.keep)
    )
    more = {part: measured[part][1] for part in asked}
    figures = combine([figure for part in asked for figure in measured[part][0]], more)
    result = document(area, figures, seed=chosen.seed, quick=chosen.quick, at=at, more=more)
    shown = table(area, figures, seed=chosen.seed, quick=chosen.quick, at=at)
    shown += "".join(_more_tables(more))
    if asked == parts:
        write(area, result, shown, quick=chosen.quick)
    print(shown)
    if chosen.json:
        print(json.dumps(result, ensure_ascii=False, default=str))
    return 0


def measure_part(area: str, name: str, *, seed: int, quick: bool) -> Measured:
    """Figures of one part, in this process."""
    found = importlib.import_module(f"benchmarks.{area}_{name}").measure(seed, quick)
    measured: Measured = asyncio.run(found) if inspect.isawaitable(found) else found  # type: ignore[arg-type]
    return measured


def _side_by_side(area: str, parts: Sequence[str], *, seed: int, quick: bool) -> list[Measured]:
    """Figures of parts that share this process, in their order."""
    if len(parts) == 1:
        return [measure_part(area, parts[0], seed=seed, quick=quick)]
    with ThreadPoolExecutor(len(parts)) as threads:
        return list(threads.map(partial(measure_part, area, seed=seed, quick=quick), parts))


def _groups(parts: Sequence[str], sharing: Sequence[str]) -> list[tuple[str, ...]]:
    """The parts by process: those that share one first, for it takes longest."""
    groups: list[tuple[str, ...]] = [(part,) for part in parts if part not in sharing]
    shared = tuple(part for part in parts if part in sharing)
    return [shared, *groups] if shared else groups


async def _measure(
    area: str, groups: Sequence[tuple[str, ...]], *, seed: int, quick: bool, keep: Path | None
) -> dict[str, Measured]:
    room = asyncio.Semaphore(_TOGETHER if quick else 1)

    def kept(part: str) -> Path | None:
        return keep and keep / f"{area}_{part}_{seed}_{'quick' if quick else 'full'}.json"

    async def one(group: tuple[str, ...]) -> dict[str, Measured]:
        places = {part: kept(part) for part in group}
        if all(place and place.exists() for place in places.values()):
            said = [place.read_text(encoding="utf-8") for place in places.values() if place]
        else:
            async with room:
                said = await _apart(area, group, seed=seed, quick=quick)
            for place, words in zip(places.values(), said, strict=True):
                if place is not None:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_text(words, encoding="utf-8")
        return dict(zip(group, map(_read, said), strict=True))

    tasks = [asyncio.create_task(one(group)) for group in groups]
    try:
        return {
            part: told for group in await asyncio.gather(*tasks) for part, told in group.items()
        }
    finally:
        for task in tasks:  # one failed: the others end too, with what they started
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _apart(area: str, group: tuple[str, ...], *, seed: int, quick: bool) -> list[str]:
    """What parts, measured in a process of their own, said last: a line of JSON for each.

    Raises:
        PartFailedError: the process ended with an error or said too little.
    """
    status, told, trouble = await _ended(_command(area, group, seed=seed, quick=quick))
    lines = told.strip().splitlines()
    if status or len(lines) < len(group):
        raise PartFailedError(f"{', '.join(group)}: {trouble[-2000:]}")
    return lines[-len(group) :]


def _command(area: str, group: tuple[str, ...], *, seed: int, quick: bool) -> list[str]:
    asked = [word for part in group for word in ("--part", part)]
    words = ["--alone", *asked, "--seed", str(seed), *(["--quick"] if quick else [])]
    return [sys.executable, "-m", f"benchmarks.{area}", *words]


async def _ended(command: Sequence[str]) -> tuple[int, str, str]:
    """Exit status of a process, and what it said and complained of.

    Its end counts, not that of its pipes: servers that a failed part leaves behind hold those
    open. Whoever is cancelled takes the process along, also one that is only starting.
    """
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as trouble:
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(*command, stdout=told, stderr=trouble)
        )
        try:
            process = await asyncio.shield(starting)
            await process.wait()
        finally:
            await _end(await starting)
        return process.returncode or 0, _text(told), _text(trouble)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Interrupt a process that still runs, so that it stops what it started; else kill it."""
    for how in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(how)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE_S)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _read(said: str) -> Measured:
    answer = json.loads(said)
    return [Figure(**figure) for figure in answer["figures"]], answer["more"]


def _more_tables(more: dict[str, dict[str, Any]]) -> list[str]:
    """Tables that parts give besides their figures: `{"tables": {title: [row, …]}}`.

    Parts that name the same table each add their rows to it.
    """
    whole: dict[str, list[dict[str, Any]]] = {}
    for part in more.values():
        for title, rows in part.get("tables", {}).items():
            whole.setdefault(title, []).extend(rows)
    return [_as_table(title, rows) for title, rows in whole.items() if rows]


def _as_table(title: str, rows: Sequence[dict[str, Any]]) -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [f"\n## {title}\n", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    lines += [f"| {' | '.join(_cell(row.get(name)) for name in names)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value).replace("|", "\\|")


def _arguments(
    area: str, parts: tuple[str, ...], seed: int, words: Sequence[str] | None
) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{area}", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small size, within a minute")
    parser.add_argument("--json", action="store_true", help="print the JSON last")
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--part", action="append", choices=parts, default=[])
    parser.add_argument("--keep", type=Path, help="directory for the answers of parts")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(words)
