"""Which of the files that lie at a place are to be read now, and why not the others. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final

from scrapers.drop_spec import DropSpec
from scrapers.items import RunOutcome
from scrapers.table_files import Taken

DONE: Final = ".done"
_FEW: Final = 5
_UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedFile:
    """One file as its place lists it."""

    name: str
    size: int
    modified: float
    """Time of its last change (seconds, by the clock of its place)."""
    version: str = ""
    """What tells its versions apart where no time does."""

    @property
    def mark(self) -> str:
        """Changes when the file changes, or is delivered again under its name."""
        return f"{self.size}:{self.modified:.6f}:{self.version}"


class Verdict(StrEnum):
    """Whether a file is read, and why not."""

    READ = "read"
    NOT_MEANT = "not_meant"
    """Its name does not fit the pattern, or is hidden."""
    UNFINISHED = "unfinished"
    """Its name says that it is still being written."""
    CHANGING = "changing"
    """It has changed, or appeared, since the last look."""
    UNMARKED = "unmarked"
    """The file that marks it as whole is not there yet."""
    KNOWN = "known"
    """It was read, or refused, as it is."""


def judge_file(
    file: DroppedFile,
    spec: DropSpec,
    *,
    before: Mapping[str, str],
    names: Collection[str],
    known: Mapping[str, str],
) -> Verdict:
    """What is done with one file.

    Args:
        before: marks by name at a look `settle_s` ago.
        names: every name that lies there.
        known: marks by name of the files that were read or refused.
    """
    if file.name.startswith(".") or file.name.endswith(DONE):
        return Verdict.NOT_MEANT
    if not fnmatchcase(file.name.lower(), spec.pattern.lower()):
        return Verdict.NOT_MEANT
    if file.name.lower().endswith(_UNFINISHED):
        return Verdict.UNFINISHED
    if known.get(file.name) == file.mark:
        return Verdict.KNOWN
    if spec.whole_when == "marked":
        return Verdict.READ if f"{file.name}{DONE}" in names else Verdict.UNMARKED
    return Verdict.READ if before.get(file.name) == file.mark else Verdict.CHANGING


def in_order(files: Iterable[DroppedFile]) -> list[DroppedFile]:
    """Files as they were delivered: by time of change, then by name."""
    return sorted(files, key=lambda file: (file.modified, file.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the reading of one file means for its source."""

    outcome: RunOutcome
    detail: str
    absence_counts: bool
    """Whether a posting that the file does not list was absent."""


def judge_rows(taken: Taken, spec: DropSpec, *, listed: int, open_before: int) -> Judged:
    """Outcome of a file that was read to its end.

    A complete file with a row that may be any posting, or in which nothing can be recognised where
    several postings were open, closes nothing: waiting is the smaller mistake.
    """
    told = [f"{taken.rows} rows, {taken.refused} refused"]
    if taken.left_out:
        told.append(f"left out, being about persons: {', '.join(taken.left_out)}")
    outcome = RunOutcome.OK if taken.rows > taken.refused else RunOutcome.FAILED
    doubtful = spec.complete and (taken.nameless > 0 or (not listed and open_before >= _FEW))
    if doubtful:
        told.append("absence not counted, for not every row can be told")
        outcome = RunOutcome.PARTIAL if outcome is RunOutcome.OK else outcome
    counts = spec.complete and not doubtful
    return Judged(outcome=outcome, detail="; ".join(told), absence_counts=counts)
