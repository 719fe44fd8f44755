"""A replay as Markdown, JSON and pictures: the same from the same history and seed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from alerts.evaluation.comparison import Compared
from alerts.evaluation.report import draw, finite, section
from alerts.evaluation.scoring import HORIZONS, UNSCORED_DAYS, WITHIN_DAYS
from alerts.parameters import Density
from alerts.replays.methods import LEAST_CELLS
from alerts.replays.run import LATE_DAYS, Replayed
from alerts.replays.service import Judged
from alerts.scorecard.told import middle_text, share_text, table

_LOUD: Final = 1.5
_QUIET: Final = 0.05
"""Fewer false alarms a series-year are not told apart."""


def markdown(found: Replayed) -> Iterator[str]:
    """The report's lines."""
    asked, span = found.asked, found.span
    yield "# Replay of the recorded past"
    yield ""
    yield (
        f"As of {asked.as_of:%Y-%m-%d %H:%M} UTC, from {span.first} to {span.last} "
        f"({UNSCORED_DAYS} days before that only teach), {found.vacancies} vacancies, {span.cells} "
        f"cells of half a vacancy a day or more in {span.provinces} provinces, the nation as one. "
        f"Something counts as known from the day on which it was *{asked.knowledge}*; {found.late} "
        f"vacancies were stored more than {LATE_DAYS} days after they were first seen. "
        f"{asked.rounds} rounds of planted events, seed {asked.seed}."
    )
    yield ""
    yield "## The service"
    yield ""
    yield (
        "Every day decided by the service's own monitor and stages, as on that day. *Registered* "
        "are confirmed events; where not all are registered, its false alerts hold true ones too. "
        "*Injected* are changes of 60 to 120 days, planted into the same past. Only told alerts "
        "count. Intervals at 95 %."
    )
    yield ""
    yield "![Events found by days since their beginning](service.png)"
    yield ""
    yield from table(("what", "registered", "injected"), _service(found))
    yield ""
    yield "## Methods side by side"
    yield ""
    yield (
        f"One series a cell, {asked.rounds} times each with a planted event, found within "
        f"{WITHIN_DAYS} days; days that a registered event touches are left out. Cells are dealt "
        "into halves: each half's baselines have the thresholds that give them, on the other half, "
        "our own rate of false alarms. Intervals by bootstrap of cells. A difference counts where "
        "its interval excludes zero."
    )
    for density, rows in found.methods.items():
        yield from section(density, rows)
        if loud := louder(rows):
            yield ""
            yield f"More than 1.5 times our false alarms on the measured half: {', '.join(loud)}."
    missing = [str(d) for d in Density if d not in found.methods and d is not Density.SPARSE]
    if missing:
        yield ""
        yield f"Fewer than {LEAST_CELLS} cells, not compared: {', '.join(missing)}."


def _service(found: Replayed) -> Iterator[tuple[str, ...]]:
    both = (found.registered, found.injected)
    yield ("events", *(str(one.events) for one in both))
    yield ("found", *(share_text(one.recall) for one in both))
    for place, days in enumerate(HORIZONS):
        yield (f"within {days} days", *(share_text(one.within[place]) for one in both))
    yield ("days to the alert, median", *(middle_text(one.delay_days) for one in both))
    yield ("90th percentile of days", *(_number(one.slow_delay_days) for one in both))
    yield ("alerts told", *(str(one.told) for one in both))
    yield ("explained by an event", *(share_text(one.precision) for one in both))
    yield ("false a cell-year", *(f"{one.false_per_cell_year:.3f}" for one in both))
    yield ("false a province-year", *(f"{one.false_per_province_year:.2f}" for one in both))
    yield ("came back after their end", *(share_text(one.flapped) for one in both))


def louder(rows: Sequence[Compared]) -> list[str]:
    """Methods whose thresholds, set elsewhere, gave them clearly more false alarms than we had."""
    limit = _LOUD * max(rows[0].summary.false_per_year, _QUIET)
    return [row.method for row in rows[1:] if row.summary.false_per_year > limit]


def _number(value: float | None) -> str:
    return "not assessable" if value is None else f"{value:.0f}"


def as_data(found: Replayed) -> dict[str, Any]:
    """The same for programs; what was not measured is null."""
    asked, span = found.asked, found.span
    told: dict[str, Any] = finite(
        {
            "as_of": asked.as_of.isoformat(), "known": asked.knowledge.value,
            "rounds": asked.rounds, "seed": asked.seed, "first": span.first.isoformat(),
            "last": span.last.isoformat(), "cells": span.cells, "provinces": span.provinces,
            "vacancies": found.vacancies, "stored_late": found.late,
            "horizons_days": list(HORIZONS),
            "service": [asdict(found.registered), asdict(found.injected)],
            "classes": {
                str(density): [asdict(row) for row in rows]
                for density, rows in found.methods.items()
            },
        }
    )  # fmt: skip
    return told


def write_report(directory: Path, found: Replayed) -> list[Path]:
    """`replay.md`, `replay.json` and pictures in `directory`.

    Raises:
        OSError: the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    text, data = directory / "replay.md", directory / "replay.json"
    text.write_text("\n".join(markdown(found)) + "\n", encoding="utf-8")
    data.write_text(json.dumps(as_data(found), indent=1, allow_nan=False), encoding="utf-8")
    pictures = [draw(directory, density, rows) for density, rows in found.methods.items()]
    return [text, data, _draw_service(directory, (found.registered, found.injected)), *pictures]


def _draw_service(directory: Path, both: tuple[Judged, Judged]) -> Path:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for one, colour in zip(both, ("#7a869a", "#0b6e4f"), strict=True):
        if one.events:
            days = range(WITHIN_DAYS + 1)
            shares = [sum(delay <= day for delay in one.delays) / one.events for day in days]
            axes.step(days, shares, where="post", color=colour, linewidth=2)
            label = f"{one.truth}, {one.events} events"
            axes.annotate(label, (WITHIN_DAYS, shares[-1]), ha="right", va="bottom", color=colour)
    axes.set_ylim(0.0, 1.05)
    axes.set_xlim(0, WITHIN_DAYS)
    axes.set_xlabel("days since the event began")
    axes.set_ylabel("share of events found")
    path = directory / "service.png"
    figure.savefig(path, dpi=110, metadata={"Software": None})
    return path
