"""Structures as SDMX-ML 2.1. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from dashboard.sdmx.artefacts import (
    Agreement,
    Artefact,
    Categorisation,
    Component,
    Constraint,
    Flow,
    Item,
    Kind,
    Scheme,
    Structure,
)
from dashboard.sdmx.labels import components
from dashboard.sdmx.message import Head
from dashboard.sdmx.structures import TIME, VALUE
from dashboard.sdmx.xml_parts import DECLARATION, NAMESPACES, attributes, header, texts

_PLACES: Final = (
    ("OrganisationSchemes", (Kind.AGENCY_SCHEME, Kind.PROVIDER_SCHEME)),
    ("Dataflows", (Kind.DATAFLOW,)),
    ("CategorySchemes", (Kind.CATEGORY_SCHEME,)),
    ("Categorisations", (Kind.CATEGORISATION,)),
    ("Codelists", (Kind.CODELIST,)),
    ("Concepts", (Kind.CONCEPT_SCHEME,)),
    ("DataStructures", (Kind.DATA_STRUCTURE,)),
    ("Constraints", (Kind.CONSTRAINT,)),
    ("ProvisionAgreements", (Kind.AGREEMENT,)),
)
_SCHEMES: Final = {
    Kind.AGENCY_SCHEME: ("AgencyScheme", "Agency"),
    Kind.PROVIDER_SCHEME: ("DataProviderScheme", "DataProvider"),
    Kind.CATEGORY_SCHEME: ("CategoryScheme", "Category"),
    Kind.CODELIST: ("Codelist", "Code"),
    Kind.CONCEPT_SCHEME: ("ConceptScheme", "Concept"),
}


def structure_message(
    head: Head, found: Iterable[Artefact], *, detail: Callable[[Artefact], bool]
) -> Iterator[str]:
    """A structure message.

    Args:
        head: of the message.
        found: artefacts to tell.
        detail: whether an artefact is told in full, or as a stub.
    """
    yield f"{DECLARATION}<mes:Structure{NAMESPACES}>\n{header(head)}<mes:Structures>\n"
    held = list(found)
    for place, kinds in _PLACES:
        members = [each for each in held if each.kind in kinds]
        if members:
            yield f"<str:{place}>\n"
            for artefact in sorted(members, key=lambda each: kinds.index(each.kind)):
                yield from _artefact(artefact, full=detail(artefact))
            yield f"</str:{place}>\n"
    yield "</mes:Structures></mes:Structure>\n"


def _artefact(artefact: Artefact, *, full: bool) -> Iterator[str]:
    tag, content, more = _written(artefact)
    facts = attributes(
        id=artefact.id, urn=artefact.urn, agencyID=artefact.agency, version=artefact.version
    )
    stub = "" if full else ' isExternalReference="true"'
    yield f'<str:{tag}{facts} isFinal="true"{more}{stub}>'
    yield texts("Name", artefact.name) + texts("Description", artefact.description)
    if full:
        yield from content
    yield f"</str:{tag}>\n"


def _written(artefact: Artefact) -> tuple[str, Iterable[str], str]:
    """Tag, content and further attributes."""
    match artefact:
        case Scheme():
            tag, item = _SCHEMES[artefact.kind]
            partial = ' isPartial="true"' if artefact.partial else ""
            return tag, _items(artefact, item), partial
        case Structure():
            return "DataStructure", _structure(artefact), ""
        case Flow():
            inside = f"<str:Structure>{reference(artefact.structure)}</str:Structure>"
            return "Dataflow", [inside], ""
        case Constraint():
            return "ContentConstraint", _constraint(artefact), ' type="Actual"'
        case Agreement():
            inside = (
                f"<str:StructureUsage>{reference(artefact.flow)}</str:StructureUsage>"
                f"<str:DataProvider>{_member(artefact.provider, 'LABOURWATCH')}</str:DataProvider>"
            )
            return "ProvisionAgreement", [inside], ""
        case Categorisation():
            inside = (
                f"<str:Source>{reference(artefact.flow)}</str:Source><str:Target>"
                f"{_member(artefact.scheme, artefact.category)}</str:Target>"
            )
            return "Categorisation", [inside], ""
    raise TypeError(f"{artefact.kind} is not written")


def reference(artefact: Artefact) -> str:
    """A `Ref` to an artefact."""
    package, _, name = artefact.kind.partition(".")
    facts = attributes(
        id=artefact.id, version=artefact.version, agencyID=artefact.agency,
        package=package, _class=name,
    )  # fmt: skip
    return f"<Ref{facts}/>"


def _member(scheme: Scheme, item: str) -> str:
    package = scheme.kind.partition(".")[0]
    facts = attributes(
        id=item, maintainableParentID=scheme.id, maintainableParentVersion=scheme.version,
        agencyID=scheme.agency, package=package, _class=_SCHEMES[scheme.kind][1],
    )  # fmt: skip
    return f"<Ref{facts}/>"


def _items(scheme: Scheme, tag: str) -> Iterator[str]:
    for item in scheme.items:
        yield f"<str:{tag}{attributes(id=item.id)}>{_annotation(item)}{texts('Name', item.name)}"
        yield texts("Description", item.description)
        if item.parent:
            yield f"<str:Parent><Ref{attributes(id=item.parent)}/></str:Parent>"
        if scheme.kind is Kind.CONCEPT_SCHEME and item.id in components():
            yield _represented("CoreRepresentation", components()[item.id])
        yield f"</str:{tag}>\n"


def _annotation(item: Item) -> str:
    if not item.match:
        return ""
    return (
        '<com:Annotations><com:Annotation id="EXACT_MATCH">'
        "<com:AnnotationType>EXACT_MATCH</com:AnnotationType>"
        f"<com:AnnotationURL>{item.match}</com:AnnotationURL>"
        "</com:Annotation></com:Annotations>"
    )


def _structure(used: Structure) -> Iterator[str]:
    yield '<str:DataStructureComponents><str:DimensionList id="DimensionDescriptor">\n'
    for place, each in enumerate(used.dimensions, start=1):
        yield f'<str:Dimension id="{each.id}" position="{place}">{_component(used, each)}'
        yield "</str:Dimension>\n"
    time = Component(id=TIME, text_type="ObservationalTimePeriod")
    yield f'<str:TimeDimension id="{TIME}" position="{len(used.dimensions) + 1}">'
    yield f"{_component(used, time)}</str:TimeDimension></str:DimensionList>\n"
    yield '<str:AttributeList id="AttributeDescriptor">\n'
    for each in used.attributes:
        mandatory = "Mandatory" if each.mandatory else "Conditional"
        target = "<str:None/>"
        if not each.on_dataset:
            target = f'<str:PrimaryMeasure><Ref id="{VALUE}"/></str:PrimaryMeasure>'
        yield f'<str:Attribute id="{each.id}" assignmentStatus="{mandatory}">'
        yield f"{_component(used, each)}<str:AttributeRelationship>{target}"
        yield "</str:AttributeRelationship></str:Attribute>\n"
    measure = Component(id=VALUE, text_type="Double")
    yield '</str:AttributeList><str:MeasureList id="MeasureDescriptor">'
    yield f'<str:PrimaryMeasure id="{VALUE}">{_component(used, measure)}</str:PrimaryMeasure>'
    yield "</str:MeasureList></str:DataStructureComponents>"


def _component(used: Structure, each: Component) -> str:
    return (
        f"<str:ConceptIdentity>{_member(used.concepts, each.id)}</str:ConceptIdentity>"
        f"{_represented('LocalRepresentation', each)}"
    )


def _represented(tag: str, each: Component) -> str:
    if each.codelist is None:
        return f'<str:{tag}><str:TextFormat textType="{each.text_type}"/></str:{tag}>'
    return f"<str:{tag}><str:Enumeration>{reference(each.codelist)}</str:Enumeration></str:{tag}>"


def _constraint(told: Constraint) -> Iterator[str]:
    yield f"<str:ConstraintAttachment><str:Dataflow>{reference(told.flow)}</str:Dataflow>"
    yield '</str:ConstraintAttachment><str:CubeRegion include="true">\n'
    for name, codes in told.values.items():
        values: Any = "".join(f"<com:Value>{code}</com:Value>" for code in codes)
        yield f"<com:KeyValue id={quoteattr(name)}>{values}</com:KeyValue>\n"
    if told.first:
        yield (
            f'<com:KeyValue id="{TIME}"><com:TimeRange>'
            f'<com:StartPeriod isInclusive="true">{told.first}T00:00:00</com:StartPeriod>'
            f'<com:EndPeriod isInclusive="true">{told.last}T00:00:00</com:EndPeriod>'
            "</com:TimeRange></com:KeyValue>\n"
        )
    yield "</str:CubeRegion>"
