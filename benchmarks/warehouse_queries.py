"""How fast the warehouse answers: the questions of dashboard and analysts on a generated market.

Each question goes over HTTP through the client that the service uses, to the embedded server, with
other bounds each time. Compared in one run with the same questions on raw tables, and with DuckDB
inside this process, whose answers have to be equal. Cold: a new server process, its caches
dropped, and its files dropped from the system's page cache.
"""

from __future__ import annotations

import math
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from clickhouse_connect.driver.exceptions import DatabaseError
from pydantic import SecretStr

from benchmarks.asked import (
    ALL,
    COMPLEX,
    ONE_BASIS,
    STANDARD,
    comparable,
    draw_bounds,
    peer_comparable,
)
from benchmarks.generated_market import fill
from benchmarks.peer_duckdb import ask_peer, load_peer
from benchmarks.report import Figure
from config.settings import Settings
from tests.fixtures_warehouse import SECRET, start_warehouse
from warehouse.client import connect
from warehouse.migrate import migrate
from warehouse.questions.basis import Basis
from warehouse.questions.sealing import seal

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from benchmarks.asked import Bounds

_NOW: Final = datetime(2026, 11, 25, tzinfo=UTC)
_DATABASE: Final = "labourwatch"
_TOO_MUCH_MEMORY: Final = 241
"""ClickHouse's code for a query that outgrew its limit, even where what can wait on disk does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is made and how often it is asked."""

    vacancies: int
    months: int = 36
    steps: int = 36
    warm: int = 15
    cold: int = 3
    slow: int = 3
    """Rounds on raw tables and on the peer."""


_FULL: Final = Size(vacancies=10_000_000)
_SMALLER: Final = Size(vacancies=1_000_000, steps=12, warm=10, cold=0, slow=0)
_LARGER: Final = Size(vacancies=50_000_000, warm=5, cold=0, slow=0)
"""Only where `LABOURWATCH_BENCH_50M` is set: it takes about three quarters of an hour."""
_QUICK: Final = Size(vacancies=60_000, months=4, steps=2, warm=3, cold=1, slow=1)


SIZES: Final = {"full": _FULL, "quick": _QUICK}


def fill_folder(folder: Path, size: Size, seed: int) -> str:
    """A warehouse of this size in `folder`, its server stopped again. Returns the database."""
    _fill(folder, size, seed)
    return _DATABASE


@dataclass(slots=True)
class Times:
    """Milliseconds by question."""

    held: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in ALL})

    def p95(self, names: Mapping[str, Any]) -> float:
        """95th percentile over all askings of the questions."""
        return quantile([one for name in names for one in self.held[name]], 0.95)

    def told(self) -> dict[str, dict[str, float]]:
        """Median and 95th percentile of each question that was asked."""
        return {
            name: {"p50": round(quantile(ms, 0.5), 1), "p95": round(quantile(ms, 0.95), 1)}
            for name, ms in self.held.items()
            if ms
        }


def quantile(values: Sequence[float], level: float) -> float:
    """The smallest value that at least the share `level` does not exceed; NaN of none."""
    ordered = sorted(values)
    return ordered[math.ceil(level * len(ordered)) - 1] if ordered else math.nan


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Answering times at full size, ratios to raw tables and the peer, and growth with size."""
    main = _at_size(_QUICK if quick else _FULL, seed)
    others = [] if quick else [_SMALLER]
    if os.environ.get("LABOURWATCH_BENCH_50M") and not quick:
        others.append(_LARGER)
    growth = {size.vacancies: _at_size(size, seed) for size in others}
    growth[main["vacancies"]] = main
    more = {
        **main,
        "growth": {
            str(count): {
                "standard_p95_ms": round(found["warm"].p95(STANDARD), 1),
                "complex_p95_ms": round(found["warm"].p95(COMPLEX), 1),
            }
            for count, found in sorted(growth.items())
        },
    }
    figures = _figures(main)
    for kind in ("warm", "cold", "raw", "peer"):
        more[kind] = main[kind].told()
    return figures, more


def _figures(found: Mapping[str, Any]) -> list[Figure]:
    warm, cold, raw, peer = (found[kind] for kind in ("warm", "cold", "raw", "peer"))
    both = [name for name in ALL if name not in ONE_BASIS and name not in found["raw_refused"]]
    told = (
        ("rows", found["rows"], "", "rows of vacancies and vacancy_events"),
        ("standard_p95_ms", warm.p95(STANDARD), "≤ 200",
         f"95th percentile over all askings of the dashboard's {len(STANDARD)} questions, warm"),
        ("complex_p95_ms", warm.p95(COMPLEX), "≤ 1000",
         f"the same of {len(COMPLEX)} questions of analysts over a year"),
        ("standard_cold_p95_ms", cold.p95(STANDARD), "",
         "each asked of a new server whose files are not in memory"),
        ("complex_cold_p95_ms", cold.p95(COMPLEX), "", "the same of analysts' questions"),
        ("raw_ratio", _ratio(raw, warm, both), "> 1",
         ("median time on raw tables over that on roll-ups, geometric mean of the "
         f"{len(both)} questions that have both")),
        ("peer_ratio", _ratio(peer, warm, list(ALL)), "> 1",
         (f"median time of DuckDB (raw, sorted, latest versions found beforehand, two threads, in "
         f"process) over ours, geometric mean of {len(ALL)} questions")),
        ("raw_refused", len(found["raw_refused"]), "",
         ("questions that raw tables cannot answer within the memory of a query, left out of the "
          f"ratio: {', '.join(found['raw_refused']) or 'none'}")),
        ("answers_differing", found["differing"], "0",
         "answers on raw tables or of DuckDB that differ from ours"),
    )  # fmt: skip
    return [
        Figure(
            key=key,
            value=round(value, 1) if isinstance(value, float) else value,
            goal=goal,
            about=about,
        )
        for key, value, goal, about in told
    ]


def _ratio(slow: Times, fast: Times, names: Sequence[str]) -> float:
    return statistics.geometric_mean(
        quantile(slow.held[name], 0.5) / quantile(fast.held[name], 0.5) for name in names
    )


def _at_size(size: Size, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="labourwatch-queries-") as place:
        folder = Path(place)
        found = {"vacancies": size.vacancies, **_fill(folder, size, seed)}
        with _serving(folder) as client:
            found["warm"] = _warm(client, size, seed)
            found |= _compared(client, folder, size, seed)
        found["cold"] = _cold(folder, size, seed)
    return found


@contextmanager
def _serving(folder: Path) -> Iterator[Client]:
    """A client as the service makes it, on a new server process over the same data."""
    with start_warehouse(folder / "warehouse") as (host, port, _):
        settings = Settings(
            clickhouse_host=host,
            clickhouse_port=port,
            clickhouse_password=SecretStr(SECRET),
            clickhouse_database=_DATABASE,
        )
        client = connect(settings, database="default")
        client.command(f"CREATE DATABASE IF NOT EXISTS {_DATABASE}")
        client.database = _DATABASE
        try:
            yield client
        finally:
            client.close()


def _fill(folder: Path, size: Size, seed: int) -> dict[str, Any]:
    with _serving(folder) as client:
        migrate(client, database=_DATABASE, now=_NOW)
        begun = time.monotonic()
        fill(client, vacancies=size.vacancies, months_=size.months, steps=size.steps, seed=seed)
        filled = time.monotonic()
        seal(client, now=_NOW)
        sealed = time.monotonic()
        rows, disk = client.query(
            """SELECT sumIf(rows, table IN ('vacancies', 'vacancy_events')), sum(bytes_on_disk)
            FROM system.parts WHERE active AND database = currentDatabase()"""
        ).result_rows[0]
    return {
        "rows": rows,
        "disk_gb": round(disk / 1e9, 2),
        "fill_s": round(filled - begun, 1),
        "seal_s": round(sealed - filled, 1),
    }


def _ask(client: Client, name: str, bounds: Bounds, basis: Basis) -> tuple[list[Any], float]:
    begun = time.perf_counter()
    answer = ALL[name](client, bounds, basis)
    return answer, (time.perf_counter() - begun) * 1000


def _warm(client: Client, size: Size, seed: int) -> Times:
    times, rounds = Times(), draw_bounds(seed)
    for number, bounds in enumerate(islice(rounds, size.warm + 1)):
        for name in ALL:
            _, ms = _ask(client, name, bounds, Basis.ROLLUP)
            if number:  # the first round warms
                times.held[name].append(ms)
    return times


def _compared(client: Client, folder: Path, size: Size, seed: int) -> dict[str, Any]:
    raw, peer, differing = Times(), Times(), 0
    refused: set[str] = set()
    if not size.slow:
        return {"raw": raw, "peer": peer, "differing": 0, "raw_refused": []}
    database = load_peer(client, folder)
    for bounds in islice(draw_bounds(seed + 1), size.slow):
        for name in ALL:
            answer, _ = _ask(client, name, bounds, Basis.ROLLUP)
            begun = time.perf_counter()
            theirs = ask_peer(database, name, bounds)
            peer.held[name].append((time.perf_counter() - begun) * 1000)
            ours = comparable(name, answer, bounds)
            differing += ours != peer_comparable(name, theirs, bounds)
            if name not in ONE_BASIS | refused:
                try:
                    again, ms = _ask(client, name, bounds, Basis.RAW)
                except DatabaseError as error:
                    if f"Code: {_TOO_MUCH_MEMORY}" not in str(error):
                        raise
                    refused.add(name)  # it cannot be answered from raw rows here at all
                    continue
                raw.held[name].append(ms)
                differing += again != answer
    database.close()
    return {"raw": raw, "peer": peer, "differing": differing, "raw_refused": sorted(refused)}


def _cold(folder: Path, size: Size, seed: int) -> Times:
    times = Times()
    for bounds in islice(draw_bounds(seed + 2), size.cold):
        with _serving(folder) as client:
            client.query("SELECT 1")
            for name in ALL:
                for cache in ("MARK", "UNCOMPRESSED"):
                    client.command(f"SYSTEM DROP {cache} CACHE")
                _forget_files(folder / "warehouse")
                times.held[name].append(_ask(client, name, bounds, Basis.ROLLUP)[1])
    return times


def _forget_files(folder: Path) -> None:
    """Ask the system to drop the files' pages from memory."""
    for path in folder.rglob("*.bin"):
        try:
            handle = os.open(path, os.O_RDONLY)
        except FileNotFoundError:  # merged away meanwhile
            continue
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
