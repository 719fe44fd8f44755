"""The checks as they are declared in `warehouse/quality/checks.yaml`, validated."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Final

from pydantic import Field, StringConstraints, model_validator

from config.declared import load_declared
from config.feeds import Names, Strict
from warehouse.quality.records import Better, Dimension, Marks, Severity, Unit

CheckId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,60}$")]
Heading = Annotated[str, StringConstraints(pattern=r"^\d{1,2}(\.\d{1,2}){0,2}$")]
_WORD: Final = re.compile(r"\w+")


class Check(Strict):
    """One question to the data. Exactly one of `sql` and `function` answers it."""

    dimension: Dimension
    heading: Heading
    """Concept of the Single Integrated Metadata Structure that the answer belongs under."""
    question: Names
    """In plain words."""
    unit: Unit
    better: Better = Better.HIGH
    mark: float | None = None
    limit: float | None = None
    least: int = Field(default=1, ge=1)
    severity: Severity = Severity.MINOR
    sources: tuple[str, ...]
    """Tables that are read."""
    sql: str = ""
    """Rows of `subject`, `hits` or `value`, `n`, and where they apply `lower`, `upper`,
    `n_effective`, `detail`. The named frames may be read like tables."""
    function: str = ""
    """Name in `warehouse.quality.functions`."""
    settles: bool = False
    """Whether a batch under way can look like a fault: then a failure is looked at again."""
    of_now: bool = False
    """Whether it can be asked only of things as they stand, not as they stood."""

    @model_validator(mode="after")
    def _answerable(self) -> Check:
        if bool(self.sql) == bool(self.function):
            raise ValueError("expected either sql or function")
        if self.mark is None and self.limit is not None:
            raise ValueError("limit: expected a mark beside it")
        sign = 1 if self.better is Better.HIGH else -1
        mark, limit = self.mark, self.limit
        if mark is not None and limit is not None and (mark - limit) * sign < 0:
            raise ValueError("limit: expected to be worse than the mark, or equal")
        return self

    @property
    def marks(self) -> Marks:
        """What the verdict rests on."""
        return Marks(better=self.better, mark=self.mark, limit=self.limit, least=self.least)


class Catalogue(Strict):
    """All checks by id, and the frames that their SQL may read."""

    frames: dict[CheckId, str]
    """Common table expressions by name; a frame may read those before it."""
    checks: dict[CheckId, Check]

    def statement(self, check: Check) -> str:
        """The check's SQL with the frames that it reads, directly or through others."""
        wanted = set(_WORD.findall(check.sql))
        for name, frame in reversed(self.frames.items()):
            if name in wanted:
                wanted |= set(_WORD.findall(frame))
        used = [f"{name} AS ({frame.strip()})" for name, frame in self.frames.items()
                if name in wanted]  # fmt: skip
        return f"WITH {', '.join(used)} {check.sql.strip()}" if used else check.sql.strip()

    def method(self, check_id: str) -> str:
        """Name of a check with a digest of what it does: changes when its definition changes."""
        check = self.checks[check_id]
        told = f"{self.statement(check)}|{check.function}|{check.mark}|{check.limit}|{check.least}"
        return f"{check_id}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


@cache
def catalogue() -> Catalogue:
    """The declared checks.

    Raises:
        config.declared.DeclarationError: the file is wrong; the message says where.
    """
    return load_declared(files("warehouse") / "quality" / "checks.yaml", Catalogue)
