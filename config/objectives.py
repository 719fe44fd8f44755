"""Objectives of the service and the windows of their burn rates, from `objectives.yaml`."""

from __future__ import annotations

from enum import StrEnum
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.declared import load_declared


class Signal(StrEnum):
    """What is measured once a minute."""

    SILENT_PARTS = "silent_parts"
    WAITING_FOR_STREAM = "waiting_for_stream"
    WAITING_FOR_LOAD = "waiting_for_load"
    DAYS_BEHIND = "days_behind"
    SHARE_OF_SOURCES_MISSING = "share_of_sources_missing"
    DELIVERIES_PUT_OFF = "deliveries_put_off"
    """Messages, digests and the mail server itself that wait for another try."""


class Severity(StrEnum):
    """How soon somebody must look."""

    PAGE = "page"
    """At once."""
    TICKET = "ticket"
    """On the next working day."""


class Window(BaseModel):
    """Misses over a long window say that it matters, over a short one that it still lasts."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    severity: Severity
    long_minutes: Annotated[int, Field(gt=0)]
    short_minutes: Annotated[int, Field(gt=0)]
    burn: Annotated[float, Field(gt=0)]

    def allowed(self, target: float) -> float:
        """Share of minutes above which it burns, where `target` of all are to be good."""
        return self.burn * (1 - target)


class Objective(BaseModel):
    """One promise: in `target` of all minutes the signal is at most `at_most`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    signal: Signal
    unit: str
    at_most: Annotated[float, Field(ge=0)]
    target: Annotated[float, Field(gt=0, lt=1)]
    says: str

    def allowed(self, window: Window) -> float:
        """Share of missed minutes above which `window` is burning."""
        return window.allowed(self.target)


class Objectives(BaseModel):
    """All of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    windows: tuple[Window, ...]
    objectives: tuple[Objective, ...]

    @model_validator(mode="after")
    def _can_be_missed(self) -> Self:
        """A burn rate that even missing every minute does not reach would never be told."""
        for objective in self.objectives:
            for window in self.windows:
                if objective.allowed(window) >= 1:
                    raise ValueError(f"{objective.id}: burn {window.burn} is never reached")
        return self


def load_objectives() -> Objectives:
    """The shipped file.

    Raises:
        config.declared.DeclarationError: it is wrong; the message names the line.
    """
    return load_declared(files("config") / "objectives.yaml", Objectives)
