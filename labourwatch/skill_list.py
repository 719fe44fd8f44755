"""The national skills as a table that people edit: reading, checking, comparing, writing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

import yaml

from config.skills import FOLDER, SkillKind, skill_groups, skills
from config.vocabulary import education_fields, read_table

COLUMNS: Final = (
    "code", "kind", "reuse", "label", "label_lo", "alt_labels", "alt_labels_lo", "groups",
    "source", "review",
)  # fmt: skip
_LISTS: Final = ("alt_labels", "alt_labels_lo", "groups")
REUSE: Final = frozenset(("transversal", "cross-sector", "sector-specific", "occupation-specific"))
_CODE: Final = re.compile(r"LA-S\d{3}")
_LAO: Final = re.compile(r"[\u0e80-\u0eff]")

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a new list changes."""

    added: tuple[Row, ...]
    changed: tuple[tuple[str, str, str, str], ...]
    """(code, column, before, after)."""


class SkillListError(ValueError):
    """A list that cannot be taken; one line for each fault, with file and line."""


def current() -> list[Row]:
    """The national list in force."""
    return list(read_table(FOLDER, "national.csv"))


def read_csv(path: Path) -> list[tuple[str, Row]]:
    """Rows of a CSV with where each stands ("file:line").

    Raises:
        SkillListError: it is no UTF-8 CSV with the columns of the list.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SkillListError(f"{path.name}: expected UTF-8, byte {error.start} is not") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise SkillListError(f"{path.name}:1: no column {', '.join(missing)}")
    return [
        (f"{path.name}:{reader.line_num}", {name: (row[name] or "").strip() for name in COLUMNS})
        for row in reader
    ]


def check(rows: Sequence[tuple[str, Row]]) -> list[Row]:
    """The rows, if they can replace the list in force.

    Raises:
        SkillListError: naming every fault.
    """
    faults = [f"{place}: {fault}" for place, row in rows for fault in _faults(row)]
    faults += _repeated(rows, "code") + _repeated(rows, "label")
    gone = {row["code"] for row in current()} - {row["code"] for _, row in rows}
    faults += [f"{code} is missing: vacancies may carry it; keep its row" for code in sorted(gone)]
    if faults:
        raise SkillListError("\n".join(faults))
    return sorted((_tidy(row) for _, row in rows), key=lambda row: row["code"])


def compare(before: Iterable[Row], after: Iterable[Row]) -> Difference:
    """What is new and what is different in `after`."""
    known = {row["code"]: _tidy(row) for row in before}
    after = list(after)
    return Difference(
        added=tuple(row for row in after if row["code"] not in known),
        changed=tuple(
            (row["code"], name, known[row["code"]][name], row[name])
            for row in after
            if row["code"] in known
            for name in COLUMNS
            if known[row["code"]][name] != row[name]
        ),
    )


def put(rows: Iterable[Row], *, on: date, folder: Path | None = None) -> str:
    """Write the list in force and raise its version; the new version.

    Raises:
        OSError: the installation's configuration cannot be written.
    """
    folder = folder or Path(str(files("config") / FOLDER))
    stated = yaml.safe_load((folder / "version.yaml").read_text(encoding="utf-8"))
    stated = {**stated, "national": stated["national"] + 1, "date": on}
    (folder / "national.csv").write_text(as_csv(rows), encoding="utf-8")
    comment = "# `labourwatch skills import` raises `national` with every change of national.csv.\n"
    (folder / "version.yaml").write_text(comment + yaml.safe_dump(stated), encoding="utf-8")
    return f"{stated['esco']}-la{stated['national']}"


def as_csv(rows: Iterable[Row]) -> str:
    """The list as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _tidy(row: Row) -> Row:
    """The row with lists in order: their order means nothing, and SKOS has none."""
    lists = {name: "|".join(sorted(filter(None, row[name].split("|")))) for name in _LISTS}
    return {**row, **lists}


def _faults(row: Row) -> list[str]:
    faults = []
    if not _CODE.fullmatch(row["code"]):
        faults.append(f"code {row['code']!r}: expected LA-S and three digits")
    if row["kind"] not in set(SkillKind):
        faults.append(f"kind {row['kind']!r}: expected knowledge or skill")
    if row["reuse"] not in REUSE:
        faults.append(f"reuse {row['reuse']!r}: expected one of {', '.join(sorted(REUSE))}")
    if row["review"] not in {"reviewed", "unreviewed"}:
        faults.append(f"review {row['review']!r}: expected reviewed or unreviewed")
    if not row["label"]:
        faults.append("label: expected an English name")
    elif row["label"].casefold() in _names_of_esco():
        faults.append(f"label {row['label']!r} is the name of an ESCO concept")
    lao = [row["label_lo"], *row["alt_labels_lo"].split("|")]
    faults += [f"{text!r}: expected Lao letters" for text in lao if text and not _LAO.search(text)]
    known = {*skill_groups(), *education_fields()}
    unknown = [group for group in row["groups"].split("|") if group and group not in known]
    return faults + [f"group {group!r} is in no table" for group in unknown]


@cache
def _names_of_esco() -> frozenset[str]:
    return frozenset(
        concept.name_en.casefold()
        for concept in skills().values()
        if not concept.code.startswith("LA-")
    )


def _repeated(rows: Sequence[tuple[str, Row]], column: str) -> list[str]:
    first: dict[str, str] = {}
    faults = []
    for place, row in rows:
        value = row[column].casefold()
        if value and value in first:
            faults.append(f"{place}: {column} {row[column]!r} stands in {first[value]} already")
        first.setdefault(value, place)
    return faults
