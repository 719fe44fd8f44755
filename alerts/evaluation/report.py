"""All methods compared: Markdown, JSON and pictures, the same bytes from the same seed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any, Final

from alerts.evaluation.comparison import Compared, compare
from alerts.evaluation.scoring import HORIZONS, UNSCORED_DAYS, WITHIN_DAYS, Interval
from alerts.evaluation.simulator import TUNING_SEED
from alerts.parameters import Density, DetectorParameters

Results = Mapping[Density, Sequence[Compared]]
_COLUMNS: Final = (
    "method", "recall (95 %)", "big", "false a series-year", "median delay", "90th percentile",
    "precision", "1/2/4/8 weeks", "ours ahead by (paired 95 %)",
)  # fmt: skip


def compare_all(
    parameters: DetectorParameters, *, seed: int, tuning: int, test: int
) -> dict[Density, list[Compared]]:
    """Every method on every density class."""
    return {
        density: compare(density, parameters, tuning=tuning, test=test, seed=seed)
        for density in Density
    }


def write_report(directory: Path, results: Results, *, seed: int, test: int) -> list[Path]:
    """`methods.md`, `methods.json` and a picture for each class in `directory`.

    Raises:
        OSError: the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    text, data = directory / "methods.md", directory / "methods.json"
    text.write_text("\n".join(markdown(results, seed=seed, test=test)) + "\n", encoding="utf-8")
    data.write_text(json.dumps(as_data(results, seed=seed, test=test), indent=1, allow_nan=False))
    pictures = [draw(directory, density, rows) for density, rows in results.items()]
    return [text, data, *pictures]


def markdown(results: Results, *, seed: int, test: int) -> Iterator[str]:
    """The report's lines."""
    yield "# Changes in counts: methods side by side"
    yield ""
    yield (
        f"Simulated daily counts with known events and benign source faults, {test} series of "
        f"three years for each class, seed {seed}; thresholds of the baselines set on tuning seed "
        f"{TUNING_SEED} to the detector's own rate of false alarms there. An event is found while "
        f"it lasts, within {WITHIN_DAYS} days; the first {UNSCORED_DAYS} days are not scored. "
        "Intervals by bootstrap of series. A difference counts where its interval excludes zero."
    )
    for density, rows in results.items():
        yield from section(density, rows)


def section(density: Density, rows: Sequence[Compared]) -> Iterator[str]:
    """One class: its picture, its table and what the differences say."""
    yield ""
    yield f"## {density.capitalize()}"
    yield ""
    yield f"![Events found by method]({density}.png)"
    yield ""
    yield "| " + " | ".join(_COLUMNS) + " |"
    yield "|" + "---|" * len(_COLUMNS)
    yield from (_line(row) for row in rows)
    yield ""
    yield _verdict(rows)


def _line(row: Compared) -> str:
    s = row.summary
    cells = (
        row.method, _between(row.recall), _number(s.big_recall), _number(s.false_per_year),
        _days(s.median_delay), _days(s.slow_delay), _number(s.precision),
        " ".join(_number(share) for share in s.within),
        "" if row.advantage is None else _between(row.advantage, "+.2f"),
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def _verdict(rows: Sequence[Compared]) -> str:
    won = [r.method for r in rows if r.advantage is not None and r.advantage.lower > 0.0]
    lost = [r.method for r in rows if r.advantage is not None and r.advantage.upper < 0.0]
    even = [r.method for r in rows[1:] if r.method not in won and r.method not in lost]
    named = (("more than", won), ("fewer than", lost), ("not clearly more or fewer than", even))
    return " ".join(f"We find {word} {', '.join(names)}." for word, names in named if names)


def _between(value: Interval, form: str = ".2f") -> str:
    if not isfinite(value.value):
        return "–"
    return f"{value.value:{form}} ({value.lower:{form}} to {value.upper:{form}})"


def _number(value: float) -> str:
    return f"{value:.2f}" if isfinite(value) else "–"


def _days(value: float) -> str:
    return f"{value:.0f}" if isfinite(value) else "–"


def as_data(results: Results, *, seed: int, test: int) -> dict[str, Any]:
    """The same for programs; what was not measured is null."""
    return {
        "seed": seed,
        "tuning_seed": TUNING_SEED,
        "series": test,
        "horizons_days": list(HORIZONS),
        "classes": {
            str(density): [finite(asdict(row)) for row in rows] for density, rows in results.items()
        },
    }


def finite(value: Any) -> Any:
    """Plain values with null for what is not a number."""
    if isinstance(value, dict):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [finite(inner) for inner in value]
    return None if isinstance(value, float) and not isfinite(value) else value


def draw(directory: Path, density: Density, rows: Sequence[Compared]) -> Path:
    """The picture of one class in `directory`."""
    from matplotlib.figure import Figure

    ordered = list(reversed(rows))
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for place, row in enumerate(ordered):
        low, high = row.recall.lower, row.recall.upper
        colour = "#0b6e4f" if row.advantage is None else "#7a869a"
        axes.plot([low, high], [place, place], color=colour, linewidth=2)
        axes.plot([row.recall.value], [place], "o", color=colour)
    names = [f"{r.method} ({_number(r.summary.false_per_year)} false)" for r in ordered]
    axes.set_yticks(range(len(ordered)), names)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel("share of events found, 95 % interval")
    axes.set_title(f"{density.capitalize()} series; false alarms a series-year in brackets")
    path = directory / f"{density}.png"
    figure.savefig(path, dpi=110, metadata={"Software": None})
    return path
