"""What `labourwatch evaluate` reads, and how it tells what was found."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from alerts.series.columns import Wanted
from alerts.series.found import Answer, Found, Stage, Watched
from alerts.series.table import Frequency, Kind, SeriesTable, read_table
from scrapers.formats.rows import Layout, Row, RowError
from scrapers.tables import read_rows

FIELDS = (
    "series", "detected_on", "onset_on", "direction", "size", "lower", "upper", "severity",
    "method", "score", "stage", "evidence",
)  # fmt: skip
_WIDTH = 40


class Form(StrEnum):
    """How alarms are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def read_series(
    path: Path, wanted: Wanted, kind: Kind | None, frequency: Frequency | None
) -> SeriesTable:
    """The series of a file.

    Raises:
        scrapers.formats.rows.TableError: no such file, or no table.
        alerts.series.columns.SeriesError: no series in it.
    """
    rows: list[Row] = []
    broken: list[str] = []
    for row in read_rows(path, Layout()):
        if isinstance(row, RowError):
            broken.append(f"row {row.number}: {row}")
        else:
            rows.append(row)
    table = read_table(rows, wanted, kind, frequency)
    return replace(table, refused=(*broken, *table.refused))


def record(found: Found) -> dict[str, object]:
    """One line as plain values, numbers rounded to what they can carry."""
    numbers = {name: round(getattr(found, name), 4) for name in ("size", "lower", "upper")}
    return {
        "series": found.series,
        "detected_on": found.detected_on.isoformat(),
        "onset_on": found.onset_on.isoformat(),
        "direction": found.direction.value,
        **numbers,
        "severity": found.severity.value,
        "method": found.method.value,
        "score": round(found.score, 3),
        "stage": found.stage.value,
        "evidence": found.evidence,
    }


def printed(found: Sequence[Found], form: Form) -> Iterator[str]:
    """Lines of the chosen form, in order of detection, then of series."""
    ordered = sorted(found, key=lambda f: (f.detected_on, f.series, f.stage, f.direction))
    if form is Form.JSON:
        yield json.dumps([record(f) for f in ordered], indent=1, ensure_ascii=False)
    elif form is Form.CSV:
        yield _as_csv(ordered)
    else:
        yield from _as_table(ordered)


def _as_csv(ordered: Sequence[Found]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(record(f) for f in ordered)
    return text.getvalue().rstrip("\n")


def _as_table(ordered: Sequence[Found]) -> Iterator[str]:
    if not ordered:
        yield "no alarms"
        return
    width = min(_WIDTH, max(6, *(len(f.series) for f in ordered)))
    yield (
        f"{'series':<{width}}  detected    onset       dir   size (95 % interval)        "
        "severity  method         stage"
    )
    for f in ordered:
        sign = "×" if f.is_ratio else "Δ"
        size = f"{sign}{f.size:.2f} ({f.lower:.2f} to {f.upper:.2f})"
        yield (
            f"{f.series[:width]:<{width}}  {f.detected_on}  {f.onset_on}  {f.direction:<4}  "
            f"{size:<27} {f.severity:<9} {f.method:<14} {f.stage}; {f.evidence}"
        )


def summary(table: SeriesTable, watched: Sequence[Watched]) -> Iterator[str]:
    """What was read and what could not be judged, a line each."""
    chosen = table.chosen
    keys = ", ".join(chosen.keys) or "none"
    yield (
        f"{len(table.series)} series of {table.kind} ({table.frequency}), "
        f"{sum(len(one.points) for one in table.series)} values; date {chosen.date}; "
        f"series by {keys}; value {', '.join(chosen.values)}"
    )
    if table.per_day > 1:
        done = "summed" if table.kind is Kind.COUNTS else "averaged"
        yield f"{table.per_day} values a day were {done}; first and last days with fewer left out"
    if chosen.others:
        yield f"not watched: {', '.join(chosen.others)} (choose with --value)"
    if table.refused:
        more = f" and {len(table.refused) - 3} more" if len(table.refused) > 3 else ""
        yield f"{len(table.refused)} rows refused: {'; '.join(table.refused[:3])}{more}"
    for answer in (Answer.INSUFFICIENT, Answer.TOO_SHORT):
        names = [one.series for one in watched if one.answer is answer]
        if names:
            more = f" and {len(names) - 5} more" if len(names) > 5 else ""
            yield f"{answer}: {', '.join(names[:5])}{more}"
    alarms = sum(f.stage is Stage.ALARM for one in watched for f in one.found)
    yield f"{alarms} alarms in {sum(any(one.found) for one in watched)} of {len(watched)} series"
