"""Structures as SDMX-JSON 1.0 and 2.0. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

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
    item_urn,
)
from dashboard.sdmx.data_json import meta_of, named, relationship
from dashboard.sdmx.labels import components
from dashboard.sdmx.message import Head
from dashboard.sdmx.structures import TIME, VALUE

SCHEMAS: Final = {
    1: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/"
    "schemas/1.0/sdmx-json-structure-schema.json",
    2: "https://json.sdmx.org/2.0.0/sdmx-json-structure-schema.json",
}
_PLACES: Final = {
    Kind.AGENCY_SCHEME: ("agencySchemes", "agencies"),
    Kind.PROVIDER_SCHEME: ("dataProviderSchemes", "dataProviders"),
    Kind.CATEGORY_SCHEME: ("categorySchemes", "categories"),
    Kind.CODELIST: ("codelists", "codes"),
    Kind.CONCEPT_SCHEME: ("conceptSchemes", "concepts"),
    Kind.DATA_STRUCTURE: ("dataStructures", ""),
    Kind.DATAFLOW: ("dataflows", ""),
    Kind.CATEGORISATION: ("categorisations", ""),
    Kind.AGREEMENT: ("provisionAgreements", ""),
}


def structure_json(
    head: Head, found: Iterable[Artefact], *, detail: Callable[[Artefact], bool], version: int
) -> Iterator[str]:
    """An SDMX-JSON structure message of `version` 1 or 2."""
    data: dict[str, list[Any]] = {}
    for artefact in found:
        told = _facts(artefact, version)
        told |= _content(artefact, version) if detail(artefact) else {"isExternalReference": True}
        data.setdefault(_place(artefact, version), []).append(told)
    yield json.dumps(
        {"meta": meta_of(head, SCHEMAS[version]), "data": data, "errors": []}, ensure_ascii=False
    )


def _place(artefact: Artefact, version: int) -> str:
    if artefact.kind is Kind.CONSTRAINT:
        return "contentConstraints" if version == 1 else "dataConstraints"
    return _PLACES[artefact.kind][0]


def _facts(artefact: Artefact, version: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": artefact.id, "agencyID": artefact.agency, "version": artefact.version,
        **named(artefact.name), "links": [{"urn": _urn(artefact, version), "rel": "self"}],
    }  # fmt: skip
    if version == 1:
        told["isFinal"] = True
    if artefact.description:
        words = artefact.description
        told |= {"description": words.en, "descriptions": dict(words.parts())}
    return told


def _urn(artefact: Artefact, version: int) -> str:
    if version > 1:
        return artefact.urn.replace("registry.ContentConstraint", "registry.DataConstraint")
    return artefact.urn


def _content(artefact: Artefact, version: int) -> dict[str, Any]:
    match artefact:
        case Scheme():
            items = [_item(artefact, item, version) for item in artefact.items]
            partial = {"isPartial": True} if artefact.partial else {}
            return partial | {_PLACES[artefact.kind][1]: items}
        case Structure():
            return {"dataStructureComponents": _structure(artefact, version)}
        case Flow():
            return {"structure": artefact.structure.urn}
        case Constraint():
            return _constraint(artefact, version)
        case Agreement():
            provider = item_urn(artefact.provider, "LABOURWATCH")
            flow = "structureUsage" if version == 1 else "dataflow"
            return {flow: artefact.flow.urn, "dataProvider": provider}
        case Categorisation():
            target = item_urn(artefact.scheme, artefact.category)
            return {"source": artefact.flow.urn, "target": target}
    raise TypeError(f"{artefact.kind} is not written")


def _item(scheme: Scheme, item: Item, version: int) -> dict[str, Any]:
    told: dict[str, Any] = {"id": item.id, **named(item.name)}
    if item.parent:
        told["parent"] = item.parent
    if item.match:
        link = {"href": item.match, "rel": "self"}
        told["annotations"] = [{"id": "EXACT_MATCH", "type": "EXACT_MATCH", "links": [link]}]
    if scheme.kind is Kind.CONCEPT_SCHEME and item.id in components():
        told["coreRepresentation"] = _represented(components()[item.id], version)
    return told


def _represented(each: Component, version: int) -> dict[str, Any]:
    if each.codelist is not None:
        return {"enumeration": each.codelist.urn}
    if version == 1:
        return {"textFormat": {"textType": each.text_type}}
    return {"format": {"dataType": each.text_type}}


def _component(used: Structure, each: Component, version: int) -> dict[str, Any]:
    return {
        "id": each.id,
        "conceptIdentity": item_urn(used.concepts, each.id),
        "localRepresentation": _represented(each, version),
    }


def _structure(used: Structure, version: int) -> dict[str, Any]:
    dimensions = [
        {**_component(used, each, version), "position": place}
        for place, each in enumerate(used.dimensions)
    ]
    time = _component(used, Component(id=TIME, text_type="ObservationalTimePeriod"), version)
    measure = _component(used, Component(id=VALUE, text_type="Double"), version)
    held = {"timeDimensions": [time]} if version == 1 else {"timeDimension": time}
    measures = {"primaryMeasure": measure} if version == 1 else {"measures": [measure]}
    attributes = [_attribute(used, each, version) for each in used.attributes]
    return {
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, **held},
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        "measureList": {"id": "MeasureDescriptor", **measures},
    }


def _attribute(used: Structure, each: Component, version: int) -> dict[str, Any]:
    told = _component(used, each, version)
    told["attributeRelationship"] = relationship(each, version)
    if version == 1:
        status = "Mandatory" if each.mandatory else "Conditional"
        return told | {"assignmentStatus": status}
    return told | {"usage": "mandatory" if each.mandatory else "optional"}


def _constraint(told: Constraint, version: int) -> dict[str, Any]:
    if version == 1:
        values: list[dict[str, Any]] = [
            {"id": name, "values": list(codes)} for name, codes in told.values.items() if codes
        ]
    else:
        values = [
            {"id": name, "values": [{"value": code} for code in codes]}
            for name, codes in told.values.items()
            if codes
        ]
    if told.first:
        ends = {"startPeriod": told.first, "endPeriod": told.last}
        bounds = {name: {"period": day, "isInclusive": True} for name, day in ends.items()}
        values.append({"id": TIME, "timeRange": bounds})
    region = {"isIncluded": True} if version == 1 else {"include": True}
    regions = [{**region, "keyValues": values}] if values else []
    return {
        "type" if version == 1 else "role": "Actual",
        "constraintAttachment": {"dataflows": [told.flow.urn]},
        **({"cubeRegions": regions} if regions else {}),
    }
