"""How coded rows are written: CSV with a column per code, or JSON Lines with the whole record."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Protocol, TextIO

from config.vocabulary import occupations
from labourwatch.classifying import Outcome
from streams.language import second_language


class Form(StrEnum):
    """Forms of output."""

    CSV = "csv"
    JSONL = "jsonl"


class Writer(Protocol):
    """Takes outcomes one after another."""

    def write(self, outcome: Outcome) -> None:
        """Write one row."""
        ...


COLUMNS: Final = (
    "row",
    "id",
    "title",
    "status",
    "refusal",
    "detail",
    "language",
    "language_second",
    "isco08",
    "isco08_title",
    "isco08_probability",
    "isco08_reason",
    "candidates",
    "candidate_probabilities",
    "isic",
    "isic_division",
    "isic_probability",
    "isic_reason",
    "province",
    "district",
    "provinces",
    "place_reason",
    "pay_lower_lak",
    "pay_upper_lak",
    "pay_currency",
    "pay_period",
    "pay_outlier",
    "skills",
    "skill_contexts",
    "skill_scores",
    "education",
    "experience_months",
    "employment_type",
    "openings",
    "flags",
    "coder_version",
)
"""Columns of the CSV; several values in one cell are parted by blanks."""


def form_of(name: str, asked: str) -> Form:
    """The form that was asked for, else the one that a file's name tells, else CSV.

    Raises:
        ValueError: there is no such form.
    """
    if asked:
        return Form(asked.lower())
    plain = name.lower().removesuffix(".gz")
    return Form.JSONL if plain.endswith((".jsonl", ".ndjson", ".json")) else Form.CSV


@contextmanager
def opened(out: str, form: Form) -> Iterator[Writer]:
    """A writer to the file `out`, packed if it ends in .gz, or to standard output for "-".

    Equal outcomes give equal bytes.
    """
    if out == "-":
        yield _writer(sys.stdout, form)
        sys.stdout.flush()
    elif out.lower().endswith(".gz"):
        with (
            Path(out).open("wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", filename="", mtime=0) as packed,
            io.TextIOWrapper(packed, encoding="utf-8", newline="") as text,
        ):
            yield _writer(text, form)
    else:
        with Path(out).open("w", encoding="utf-8", newline="") as text:
            yield _writer(text, form)


def _writer(text: TextIO, form: Form) -> Writer:
    return CsvWriter(text) if form is Form.CSV else JsonlWriter(text)


class CsvWriter:
    """A table with a heading."""

    def __init__(self, text: TextIO) -> None:
        self._rows = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        self._rows.writeheader()

    def write(self, outcome: Outcome) -> None:
        """Write one row; cells that do not apply are empty."""
        self._rows.writerow(_cells(outcome))


class JsonlWriter:
    """An object a line."""

    def __init__(self, text: TextIO) -> None:
        self._text = text

    def write(self, outcome: Outcome) -> None:
        """Write one line."""
        self._text.write(json.dumps(as_record(outcome), ensure_ascii=False) + "\n")


def as_record(outcome: Outcome) -> dict[str, Any]:
    """An outcome as JSON; `codes` is absent for a refused row."""
    record = _head(outcome)
    if outcome.codes is not None and outcome.posting is not None:
        record["language"] = language = outcome.posting.language
        text = (outcome.posting.title, outcome.posting.description)
        record["language_second"] = second_language(*text, language)
        record["openings"] = outcome.posting.openings
        record["isco08_title"] = _name(outcome.codes.isco08)
        record |= asdict(outcome.codes)
    return record


def _head(outcome: Outcome) -> dict[str, Any]:
    refused = outcome.refused
    return {
        "row": outcome.row,
        "id": outcome.posting_id,
        "title": outcome.posting.title if outcome.posting else "",
        "status": "refused" if refused else "coded",
        **({"refusal": refused.reason, "detail": refused.detail} if refused else {}),
    }


def _cells(outcome: Outcome) -> dict[str, Any]:
    record = as_record(outcome)
    if outcome.codes is None:
        return record
    pay = record.pop("pay") or {}
    candidates = record["candidates"]
    return {
        **{name: value for name, value in record.items() if name in COLUMNS},
        **{f"pay_{name}": value for name, value in pay.items()},
        "candidates": " ".join(each["isco08"] for each in candidates),
        "candidate_probabilities": " ".join(f"{each['probability']:.4g}" for each in candidates),
        "provinces": " ".join(record["provinces"]),
        "skills": " ".join(each["code"] for each in record["skills"]),
        "skill_contexts": " ".join(each["context"] for each in record["skills"]),
        "skill_scores": " ".join(str(each["score"]) for each in record["skills"]),
        "flags": " ".join(record["flags"]),
    }


def _name(isco08: str) -> str:
    label = occupations().get(isco08)
    return label.name_en if label else ""
