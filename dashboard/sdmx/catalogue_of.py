"""Which artefacts a structure question asks for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dashboard.sdmx.artefacts import (
    Agreement,
    Artefact,
    Categorisation,
    Constraint,
    Flow,
    Kind,
    Structure,
)
from dashboard.sdmx.problems import Code, SdmxError, syntax

ORGANISATIONS: Final = (Kind.AGENCY_SCHEME, Kind.PROVIDER_SCHEME)
RESOURCES: Final = {
    "codelist": (Kind.CODELIST,),
    "conceptscheme": (Kind.CONCEPT_SCHEME,),
    "datastructure": (Kind.DATA_STRUCTURE,),
    "dataflow": (Kind.DATAFLOW,),
    "contentconstraint": (Kind.CONSTRAINT,),
    "actualconstraint": (Kind.CONSTRAINT,),
    "dataconstraint": (Kind.CONSTRAINT,),
    "agencyscheme": (Kind.AGENCY_SCHEME,),
    "dataproviderscheme": (Kind.PROVIDER_SCHEME,),
    "organisationscheme": ORGANISATIONS,
    "provisionagreement": (Kind.AGREEMENT,),
    "categoryscheme": (Kind.CATEGORY_SCHEME,),
    "categorisation": (Kind.CATEGORISATION,),
    "structure": tuple(Kind),
    "*": tuple(Kind),
}
_ANY: Final = frozenset({"all", "*", ""})
_LATEST: Final = frozenset({"latest", "all", "*", "~", "+", ""})
DETAILS: Final = (
    "full", "allstubs", "referencestubs", "referencepartial", "allcompletestubs",
    "referencecompletestubs", "raw",
)  # fmt: skip
_REFERENCES: Final = (
    "none", "parents", "parentsandsiblings", "ancestors", "children", "descendants", "all",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A structure question."""

    kinds: tuple[Kind, ...]
    agency: str = "all"
    resource: str = "all"
    version: str = "latest"
    item: str = ""
    detail: str = "full"
    references: str = "none"


def read_wanted(resource: str, parts: Sequence[str], *, detail: str, references: str) -> Wanted:
    """The question of an address `resource/agency/id/version/item`.

    Raises:
        SdmxError: no such kind, detail or reference.
    """
    kinds = RESOURCES.get(resource)
    if kinds is None:
        raise SdmxError(Code.NOT_IMPLEMENTED, f"{resource[:60]}: no artefacts of this kind.")
    if detail not in DETAILS:
        raise syntax("detail", f"one of {', '.join(DETAILS)}")
    if references not in _REFERENCES and references not in RESOURCES:
        raise syntax("references", f"one of {', '.join(_REFERENCES)} or a kind of artefact")
    if len(parts) > 4:
        raise syntax("address", "agency, identifier, version and item at most")
    agency, name, version, item = [*parts, *[""] * (4 - len(parts))]
    return Wanted(
        kinds=kinds, agency=agency, resource=name, version=version, item=item,
        detail=detail, references=references,
    )  # fmt: skip


def found(wanted: Wanted, everything: Sequence[Artefact]) -> list[Artefact]:
    """Artefacts asked for, then those that `references` adds.

    Raises:
        SdmxError: 404 where there is none.
    """
    named = [each for each in everything if _is_named(each, wanted)]
    if not named:
        raise SdmxError(Code.NO_RESULTS, "No such artefact.")
    more = _referenced(named, wanted.references, everything)
    urns = {each.urn for each in named}
    return [*named, *(each for each in more if each.urn not in urns)]


def _is_named(artefact: Artefact, wanted: Wanted) -> bool:
    versions = wanted.version.split("+") if wanted.version not in _LATEST else []
    return (
        artefact.kind in wanted.kinds
        and _among(artefact.agency, wanted.agency)
        and _among(artefact.id, wanted.resource)
        and (not versions or any(_same_version(artefact.version, each) for each in versions))
    )


def _among(name: str, given: str) -> bool:
    return given in _ANY or name in given.replace(",", "+").split("+")


def _same_version(held: str, asked: str) -> bool:
    """`1.0` is `1.0.0`; SDMX 3.0's `1.0+` and `1+.0` are versions from there on."""
    bare = asked.replace("+", "").replace("~", "")
    length = max(len(held.split(".")), len(bare.split(".")))
    pad = [0] * length

    def numbers(text: str) -> list[str]:
        return [*text.split("."), *map(str, pad)][:length]

    return numbers(held) == numbers(bare)


def children(artefact: Artefact) -> list[Artefact]:
    """Artefacts that this one refers to."""
    match artefact:
        case Flow():
            return [artefact.structure]
        case Structure():
            used = (*artefact.dimensions, *artefact.attributes)
            lists = {each.codelist.urn: each.codelist for each in used if each.codelist}
            return [artefact.concepts, *lists.values()]
        case Constraint():
            return [artefact.flow]
        case Agreement():
            return [artefact.flow, artefact.provider]
        case Categorisation():
            return [artefact.flow, artefact.scheme]
    return []


def _referenced(
    named: Sequence[Artefact], references: str, everything: Sequence[Artefact]
) -> list[Artefact]:
    def parents(of: Iterable[Artefact]) -> list[Artefact]:
        urns = {each.urn for each in of}
        return [a for a in everything if any(c.urn in urns for c in children(a))]

    if references in ("none", ""):
        return []
    if references == "parents":
        return parents(named)
    if references == "ancestors":
        return _closure(named, parents)
    if references == "children":
        return _known([child for each in named for child in children(each)], everything)
    if references == "descendants":
        return _known(_closure(named, _children), everything)
    above = parents(named)
    if references == "parentsandsiblings":
        return [*above, *_known(_children(above), everything)]
    whole = [*_closure(named, parents), *_closure(named, _children)]
    whole += _closure(whole, _children)
    kept: Collection[Kind] = RESOURCES.get(references, tuple(Kind))
    return [each for each in _known(whole, everything) if each.kind in kept]


def _children(of: Iterable[Artefact]) -> list[Artefact]:
    return [child for each in of for child in children(each)]


def _closure(
    start: Sequence[Artefact], step: Callable[[Iterable[Artefact]], list[Artefact]]
) -> list[Artefact]:
    reached: dict[str, Artefact] = {}
    edge = list(start)
    while edge:
        edge = [each for each in step(edge) if each.urn not in reached]
        reached |= {each.urn: each for each in edge}
    return list(reached.values())


def _known(wanted: Iterable[Artefact], everything: Sequence[Artefact]) -> list[Artefact]:
    """Each of `wanted` once, as it stands in `everything`."""
    held = {each.urn: each for each in everything}
    return list({each.urn: held.get(each.urn, each) for each in wanted}.values())
