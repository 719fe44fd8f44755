"""Figures of an indicator as CSV or JSON; equal figures give equal bytes."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Final, TextIO

from labourwatch.indicator.told import Told


class Form(StrEnum):
    """Forms of output."""

    CSV = "csv"
    JSON = "json"


FIGURE_COLUMNS: Final = (
    "value", "lower", "upper", "n", "groups", "untold", "standing", "method",
)  # fmt: skip
"""Columns behind those of the series, the time, and which figure of the period it is."""


def write(text: TextIO, form: Form, figures: Sequence[Told], about: dict[str, Any]) -> None:
    """Write figures; JSON also tells what the file was taken for (`about`)."""
    if form is Form.JSON:
        record = {**about, "figures": [as_record(told) for told in figures]}
        text.write(json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        return
    rows = csv.DictWriter(text, columns_of(figures), restval="", lineterminator="\n")
    rows.writeheader()
    rows.writerows(as_record(told) for told in figures)


def columns_of(figures: Iterable[Told]) -> list[str]:
    """Columns of the CSV."""
    keys: dict[str, None] = {}
    more: dict[str, None] = {}
    for told in figures:
        keys |= dict.fromkeys(name for name, _ in told.key)
        more |= dict.fromkeys(_which(told))
    return [*keys, "time", *more, *FIGURE_COLUMNS]


def _which(told: Told) -> dict[str, str]:
    """Which of a period's figures it is."""
    return {
        **({"group": told.group} if told.group is not None else {}),
        **({"part": told.part} if told.part else {}),
    }


def as_record(told: Told) -> dict[str, Any]:
    """One figure; a value that is not told is null."""
    figure = told.figure
    return {
        **dict(told.key),
        "time": told.time,
        **_which(told),
        "value": figure.value,
        "lower": figure.lower,
        "upper": figure.upper,
        "n": figure.n,
        "groups": told.groups,
        "untold": told.untold,
        "standing": figure.standing.value,
        "method": figure.method,
    }
