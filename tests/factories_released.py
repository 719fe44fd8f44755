"""Published figures of a plausible year, as departments see them; no I/O."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config.vocabulary import industries, provinces
from dashboard.released import NATION, WEEKLY, Cell, Figures, figures_of
from warehouse.disclosure.records import SEAL, Released, View
from warehouse.disclosure.release import release
from warehouse.series import Frequency, Observation, SeriesKey, Standing

MONDAY = date(2026, 11, 16)
MONTH = date(2026, 10, 1)
ISSUE = datetime(2026, 11, 26, 0, 0, tzinfo=UTC)
WEEKS = 30
ENGLISH = "6d3edede-8951-4621-a835-e04323300fa0"
COMMUNICATION = "15d76317-c71a-4fa2-aadc-2ecc34e627b7"
CELLS = (
    ("", "", ""),
    *((code, "", "") for code in provinces()),
    *(("", code, "") for code in "0123456789"),
    *(("", "", code) for code in industries() if len(code) == 1),
)
CROSSED = (
    *((place, code, "") for place in provinces() for code in "0123456789"),
    *((place, "", code) for place in provinces() for code in ("C", "F", "I")),
)


def observation(
    indicator: str, cell: tuple[str, str, str] = ("", "", ""), **changes: object
) -> Observation:
    """A weekly figure of a cell; by default 120 with an interval."""
    province, occupation, industry = cell
    facts: dict[str, object] = {
        "series": SeriesKey(
            indicator=indicator, province=province, occupation=occupation, industry=industry,
            skill=str(changes.pop("skill", "")),
            frequency=changes.pop("frequency", Frequency.WEEKLY),  # type: ignore[arg-type]
        ),
        "time_value": MONDAY, "issue": ISSUE, "value": 120.0, "n": 120, "employers": 40,
        "lower": 100.0, "upper": 142.0, "grade": "B", "method": "gamma-poisson/2",
        "top_share": 0.1, "sources": ("lao-jobs", "mekong-ats"), "release_id": "W2026-W47.0",
    }  # fmt: skip
    return Observation(**(facts | changes))  # type: ignore[arg-type]


def observations(seed: int = 7) -> Iterator[Observation]:
    """Flow, stock, growth, shortage, pay, skills: most told, some not."""
    rng = random.Random(seed)
    for cell in CELLS:
        mean = rng.uniform(30, 300)
        for back in range(WEEKS - 1, -1, -1):
            n = max(0, round(rng.gauss(mean, math.sqrt(mean))))
            day = MONDAY - timedelta(weeks=back)
            yield observation("flow", cell, time_value=day, **_count(n))
            end = day + timedelta(days=6)
            yield observation("stock", cell, time_value=end, **(_count(4 * n) | _WHOLE))
    for cell in (*CELLS, *CROSSED):
        n = rng.randrange(5, 400)
        month: dict[str, Any] = {
            "frequency": Frequency.MONTHLY,
            "time_value": MONTH,
            "release_id": "M2026-10.0",
        }
        yield observation("flow", cell, **month, **_count(n))
        yield observation("growth", cell, value=0.12, lower=0.03, upper=0.22, n=n)
        if not cell[2]:
            yield from _judged(cell, rng, n)
            yield observation(
                "wage_median", cell, **month, n=n, value=rng.uniform(2.0e6, 8.0e6), lower=2.0e6,
                upper=8.0e6,
            )  # fmt: skip
    yield from _mismatch()
    yield from _skills()


_WHOLE: dict[str, object] = {"lower": None, "upper": None, "method": "count/1"}


def _count(n: int) -> dict[str, object]:
    half = 2 * math.sqrt(n + 1)
    return {"value": float(n), "n": n, "lower": max(0.0, n - half), "upper": n + half}


def _judged(cell: tuple[str, str, str], rng: random.Random, n: int) -> Iterator[Observation]:
    """Supply is known of groups alone."""
    known = bool(cell[1]) and not cell[0]
    chance = rng.random()
    ends = {"lower": max(0.0, chance - 0.1), "upper": min(1.0, chance + 0.1)}
    if known:
        yield observation("shortage_probability", cell, n=n, value=chance, **ends)
    else:
        yield observation("shortage_probability", cell, n=n, **untold(Standing.NO_SUPPLY))
        yield observation("demand_pressure", cell, n=n, value=2.4, lower=2.0, upper=2.7)


def untold(standing: Standing) -> dict[str, Any]:
    """A figure without a value."""
    return {"value": None, "lower": None, "upper": None, "standing": standing, "grade": ""}


def _mismatch() -> Iterator[Observation]:
    month: dict[str, Any] = {"frequency": Frequency.MONTHLY, "time_value": MONTH, "n": 900}
    yield observation("mismatch_sahin", value=0.18, lower=0.15, upper=0.22, **month)
    yield observation("mismatch_skills", **month, **untold(Standing.NO_SUPPLY))


def _skills() -> Iterator[Observation]:
    """English rises clearly in three months; communication does not."""
    for skill, before, now in ((COMMUNICATION, 0.2, 0.2), (ENGLISH, 0.2, 0.4)):
        for place in ("", "LA-VT", "LA-CH"):
            for month, share in ((date(2026, 7, 1), before), (MONTH, now)):
                yield observation(
                    "skill_share", (place, "", ""), skill=skill, frequency=Frequency.MONTHLY,
                    time_value=month, value=share, lower=share - 0.03, upper=share + 0.03, n=900,
                )  # fmt: skip


def released(held: Iterator[Observation] | list[Observation]) -> list[Released]:
    """Observations as departments see them."""
    return release(sorted(held, key=lambda o: (o.series, o.time_value)), View.DEPARTMENT)


def figures(view: View = View.PUBLIC) -> Figures:
    """All of them, looked up by series."""
    return figures_of(released(observations()), view)


def line(counts: Sequence[float | None], step: float | None = None) -> tuple[Released, ...]:
    """Weeks up to `MONDAY`; None is a week that is not told."""
    first = MONDAY - timedelta(weeks=len(counts) - 1)
    held = [
        observation(
            "flow", time_value=first + timedelta(weeks=at), n=round(count or 0),
            **({"value": count} if count is not None else untold(Standing.TOO_FEW)),
        )
        for at, count in enumerate(counts)
    ]  # fmt: skip
    return tuple(replace(one, step=step, seal=SEAL) for one in released(held))


def of(lines: dict[str, tuple[Released, ...]], cell: Cell = NATION) -> Figures:
    """Weekly lines of one cell by indicator."""
    return Figures(lines={cell.series(name, WEEKLY): held for name, held in lines.items()})
