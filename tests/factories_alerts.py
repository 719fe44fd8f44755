"""A small market for tests of the watch: openings and visits, seeded, stored or in memory."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from alerts.alert import Alert, State
from alerts.cells import Cell
from alerts.coverage import Coverage, coverage_from
from alerts.signal import Classification, Direction, Phase, Signal, Size
from warehouse.openings import Opening

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

FIRST = date(2025, 6, 2)
NOON = timedelta(hours=5)  # noon in Vientiane, as UTC
CELLS = (("LA-VT", "5", 6.0), ("LA-VT", "7", 4.0), ("LA-SV", "5", 3.0), ("LA-SV", "9", 2.0))
SERVICE = Cell("LA-VT", "5")
SOURCES = ("north", "south", "west")


def market(
    days: int,
    *,
    seed: int = 1,
    change: tuple[int, int, str, str, float] | None = None,
) -> list[Opening]:
    """Openings of `days` days from `FIRST`.

    Args:
        days: how many.
        seed: of the draw.
        change: first day, last day, province, group and factor of a planted change.
    """
    rng = random.Random(seed)
    rows = []
    for day in range(days):
        for province, isco1, rate in CELLS:
            mean = rate
            if change and change[0] <= day <= change[1] and (province, isco1) == change[2:4]:
                mean *= change[4]
            for _ in range(poisson(rng, mean)):
                shown = [s for s in SOURCES if rng.random() < 0.45] or [rng.choice(SOURCES)]
                opened = FIRST.toordinal() + day
                rows.append(
                    Opening(
                        opened, province, isco1, rng.randint(1, 60), tuple(shown),
                        (opened,) * len(shown),
                    )
                )  # fmt: skip
    return rows


def poisson(rng: random.Random, mean: float) -> int:
    count, left = 0, rng.expovariate(1.0)
    while left < mean:
        count, left = count + 1, left + rng.expovariate(1.0)
    return count


def visited(days: int, *, out: Iterable[tuple[str, int]] = ()) -> Coverage:
    """Every source visited every day; `out` lists (source, day) that failed."""
    return coverage_from(visits(days, out=out))


def visits(days: int, *, out: Iterable[tuple[str, int]] = ()) -> list[tuple[str, int, bool]]:
    """The rows behind `visited`."""
    failed = set(out)
    start = FIRST.toordinal()
    return [(s, start + d, (s, d) not in failed) for s in SOURCES for d in range(days)]


def fill(
    client: Client,
    rows: Sequence[Opening],
    seen: Sequence[tuple[str, int, bool]],
    *,
    stored: datetime | None = None,
) -> None:
    """Store openings and visits as the loader would have: at once, or all at a moment."""
    vacancies, postings, runs = [], [], []
    for number, row in enumerate(rows):
        opened = date.fromordinal(row.day)
        identity = f"v{number:06d}"
        vacancies.append(
            (
                identity,
                identity,
                opened,
                f"employer {row.employer}",
                row.province,
                row.isco1,
                1,
                stored or _noon(min(row.seen)),
            )
        )
        for source, day in zip(row.sources, row.seen, strict=True):
            key = f"{source}:{number}"
            postings.append(
                (
                    f"{source}{identity}",
                    key,
                    source,
                    identity,
                    _noon(day),
                    opened,
                    stored or _noon(day),
                )
            )
    for source, day, ok in seen:
        at = _noon(day)
        outcome = "ok" if ok else "failed"
        runs.append((source, f"{source}{day}", at, at, outcome, stored or at))
    client.insert(
        "vacancies", vacancies,
        column_names=["record_id", "vacancy_id", "opened_on", "employer", "province", "isco1",
                      "version", "loaded_at"],
    )  # fmt: skip
    client.insert(
        "postings", postings,
        column_names=["record_id", "posting_key", "source_id", "vacancy_id", "fetched_at",
                      "opened_on", "loaded_at"],
    )  # fmt: skip
    client.insert(
        "source_runs", runs,
        column_names=["source_id", "run_id", "started_at", "finished_at", "outcome", "loaded_at"],
    )  # fmt: skip


def _noon(day: int) -> datetime:
    return datetime.combine(date.fromordinal(day), datetime.min.time(), UTC) + NOON


def signal(
    day: date,
    *,
    cell: Cell = SERVICE,
    direction: Direction = Direction.UP,
    phase: Phase = Phase.ACTIVE,
    observed: float = 40.0,
    expected: float = 20.0,
    employers: int = 9,
    classification: Classification = Classification.LABOUR,
    detected: date | None = None,
) -> Signal:
    """A signal of one day."""
    return Signal(
        cell=cell, direction=direction, phase=phase, onset_on=day - timedelta(days=5),
        detected_on=detected or day, day=day, event_time=_noon(day.toordinal()),
        size=Size(observed=observed, expected=expected, ratio=observed / expected, lower=1.4,
                  upper=2.9),
        score=8.0, n=int(observed), employers=employers, sources=("north", "south"),
        evidence_days=6, classification=classification,
        detail="survives leaving out each of 3 sources",
    )  # fmt: skip


def alert(state: State = State.FIRING, **changes: object) -> Alert:
    """An alert in a state, opened on the first day."""
    at = _noon(FIRST.toordinal())
    fields: dict[str, object] = {
        "alert_id": "a1b2c3d4e5f60718", "kind": Classification.LABOUR, "cell": SERVICE,
        "direction": Direction.UP, "state": state, "opened_at": at, "changed_at": at,
        "seen_at": at, "onset_on": FIRST - timedelta(days=5), "detected_on": FIRST,
        "observed": 40.0, "expected": 20.0, "ratio": 2.0, "ratio_lower": 1.4, "ratio_upper": 2.9,
        "score": 8.0, "n": 40, "employers": 9, "sources": ("north", "south"), "evidence_days": 6,
        "detail": "survives leaving out each of 3 sources",
    }  # fmt: skip
    return Alert(**{**fields, **changes})  # type: ignore[arg-type]
