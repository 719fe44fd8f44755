"""The structural metadata that we publish: records of the SDMX information model. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

AGENCY: Final = "LAMOLSW"
"""Ministry of Labour and Social Welfare of the Lao PDR: it keeps the national labour market
information system, whatever software serves it. Not registered with the global SDMX registry."""
VERSION: Final = "1.0.0"
SDMX: Final = "SDMX"
"""Keeper of the cross-domain code lists."""
_URN: Final = "urn:sdmx:org.sdmx.infomodel."


class Kind(StrEnum):
    """Kinds of artefacts, by their class in a URN."""

    CODELIST = "codelist.Codelist"
    CONCEPT_SCHEME = "conceptscheme.ConceptScheme"
    DATA_STRUCTURE = "datastructure.DataStructure"
    DATAFLOW = "datastructure.Dataflow"
    CONSTRAINT = "registry.ContentConstraint"
    AGENCY_SCHEME = "base.AgencyScheme"
    PROVIDER_SCHEME = "base.DataProviderScheme"
    AGREEMENT = "registry.ProvisionAgreement"
    CATEGORY_SCHEME = "categoryscheme.CategoryScheme"
    CATEGORISATION = "categoryscheme.Categorisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Words in both languages; `lo` is "" where no Lao wording is known."""

    en: str
    lo: str = ""

    def parts(self) -> list[tuple[str, str]]:
        """(language, words) of each language that has any."""
        return [(code, words) for code, words in (("en", self.en), ("lo", self.lo)) if words]


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefact:
    """What can be kept, versioned and asked for by itself."""

    kind: Kind
    id: str
    name: Text
    agency: str = AGENCY
    version: str = VERSION
    description: Text | None = None

    @property
    def urn(self) -> str:
        """Its name in the world."""
        return f"{_URN}{self.kind}={self.agency}:{self.id}({self.version})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A code, concept, category or organisation."""

    id: str
    name: Text
    parent: str = ""
    description: Text | None = None
    match: str = ""
    """Address of the same thing in an official scheme, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Artefact):
    """Any list of items."""

    items: Sequence[Item]
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A dimension or attribute of the data structure."""

    id: str
    codelist: Scheme | None = None
    text_type: str = "String"
    """SDMX data type where there is no code list."""
    mandatory: bool = False
    on_dataset: bool = False
    """An attribute of the data set instead of each observation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure(Artefact):
    """The data structure definition."""

    dimensions: Sequence[Component]
    attributes: Sequence[Component]
    concepts: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Artefact):
    """Data of one subject; `indicators` are the codes it holds."""

    structure: Structure
    indicators: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint(Artefact):
    """Values for which there are data in a flow."""

    flow: Flow
    values: Mapping[str, Sequence[str]]
    """Codes by dimension, `TIME_PERIOD` left out."""
    first: str = ""
    """First day with a figure (ISO 8601), or ""."""
    last: str = ""
    series: int = 0
    observations: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Artefact):
    """The provider's agreement to provide a flow."""

    flow: Flow
    provider: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorisation(Artefact):
    """A flow under a subject."""

    flow: Flow
    scheme: Scheme
    category: str


def item_urn(scheme: Artefact, item: str) -> str:
    """Name of an item of a scheme."""
    classes = {
        Kind.CODELIST: "codelist.Code",
        Kind.CONCEPT_SCHEME: "conceptscheme.Concept",
        Kind.AGENCY_SCHEME: "base.Agency",
        Kind.PROVIDER_SCHEME: "base.DataProvider",
        Kind.CATEGORY_SCHEME: "categoryscheme.Category",
    }
    place = f"{scheme.agency}:{scheme.id}({scheme.version})"
    return f"{_URN}{classes[scheme.kind]}={place}.{item}"
