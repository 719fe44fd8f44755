"""The register of the systems from which the strategy wants data (`config/registry.yaml`).

It states what people know: who owns a system, how its data are to come, which agreement there is.
What has come is not stated here; it is counted from the warehouse (`warehouse.systems`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from config.declared import load_declared
from config.feeds import Names, Strict, Text, feeds

SourceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,40}$")]


class SystemKind(StrEnum):
    """What a system is; the parts of the strategy's formulas are sums over kinds."""

    JOB_PLATFORM = "job_platform"
    EMPLOYMENT_SERVICE = "employment_service"
    MIGRATION = "migration"
    EMPLOYERS = "employers"
    EDUCATION = "education"
    SURVEY = "survey"
    SOCIAL_SECURITY = "social_security"
    POPULATION = "population"
    GIG_PLATFORM = "gig_platform"
    SOCIAL_MEDIA = "social_media"
    REFERENCE = "reference"


class Sector(StrEnum):
    """Whose system it is: the addends of indicators 3.1 and 3.5."""

    GOVERNMENT = "government"
    PRIVATE = "private"
    JOB_PLATFORM = "job_platform"
    EDUCATION = "education"
    OTHER = "other"


class Connection(StrEnum):
    """How its data come."""

    AUTOMATIC = "automatic"
    """A machine sends or is asked: crawl, interface, push, scheduled drop."""
    BY_HAND = "by_hand"
    """A person sends files or pastes texts."""


class AgreementState(StrEnum):
    """How far an agreement on sharing data has come."""

    NONE = "none"
    REQUESTED = "requested"
    SIGNED = "signed"
    REFUSED = "refused"


class Agreement(Strict):
    """A memorandum on sharing data, or that there is none."""

    state: AgreementState = AgreementState.NONE
    dated: date | None = None
    """Day of the request, signature or refusal."""
    reference: str = ""
    until: date | None = None
    """Last day on which it holds; without one it holds until further notice."""

    @model_validator(mode="after")
    def _dated(self) -> Agreement:
        if self.state is not AgreementState.NONE and self.dated is None:
            raise ValueError("dated: expected the day of the request, signature or refusal")
        if self.state is AgreementState.SIGNED and not self.reference:
            raise ValueError("reference: expected the number or title of what was signed")
        if self.until is not None and self.dated is not None and self.until < self.dated:
            raise ValueError("until: expected a day after the signature")
        return self

    def holds(self, day: date) -> bool:
        """Whether it is signed and in force on `day`."""
        signed = (
            self.state is AgreementState.SIGNED and self.dated is not None and self.dated <= day
        )
        return signed and (self.until is None or day <= self.until)

    def known(self, day: date) -> AgreementState:
        """What was the case on `day`."""
        if self.dated is None or day < self.dated:
            return AgreementState.NONE
        ended = self.until is not None and day > self.until
        return AgreementState.NONE if ended else self.state


class System(Strict):
    """One external system."""

    id: SourceId
    name: Names
    kind: SystemKind
    sector: Sector
    owner: Names
    feed: str = ""
    """Schema of what it sends, where it sends figures."""
    sources: tuple[SourceId, ...] = ()
    """Sources whose data are this system's; its own id always is one."""
    connection: Connection
    expected_days: int = Field(ge=1, le=800)
    """A receipt that is older says that the connection does not work."""
    agreement: Agreement = Agreement()
    real_time: bool = False
    """Whether it is a digital source whose records indicator 3.6 counts."""
    refusal: str = ""
    """Why its owner's side refuses to be read, as far as it has: without agreement, by machine."""
    strategy: Text
    note: str = ""

    @model_validator(mode="after")
    def _known(self) -> System:
        if self.feed and self.feed not in feeds():
            raise ValueError(f"feed: expected one of {', '.join(feeds())}")
        return self

    @property
    def all_sources(self) -> frozenset[str]:
        """Names under which its data arrive."""
        return frozenset({self.id, *self.sources})


class Registry(Strict):
    """Every system, in the order of the register."""

    systems: tuple[System, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _unambiguous(self) -> Registry:
        owners: dict[str, str] = {}
        for system in self.systems:
            for source in system.all_sources:
                if source in owners:
                    raise ValueError(f"source {source!r} belongs to {owners[source]} already")
                owners[source] = system.id
        return self

    def system_of(self, source_id: str, feed: str = "") -> System | None:
        """The system whose data arrive under this source, if it is on the register.

        A source that no system names, such as one office of many, belongs to its feed's system.
        """
        named = next((held for held in self.systems if source_id in held.all_sources), None)
        return named or next((held for held in self.systems if feed and held.id == feed), None)


@cache
def registry() -> Registry:
    """The register shipped with the service.

    Raises:
        DeclarationError: naming file, line, field and expectation.
    """
    return load_declared(files("config") / "registry.yaml", Registry)
