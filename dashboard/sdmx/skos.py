"""Code lists as SKOS concept schemes, and as CSV. Pure, but for the table that is read.

A concept's address is that of its list and its code. Where an official scheme has the concept, it
is `skos:exactMatch`: ESCO's for ISCO-08 and ISCED-F. ISO and the United Nations give no addresses
for subdivisions and for ISIC.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from config.skills import skill_groups, skills
from config.vocabulary import (
    Label,
    districts,
    education_fields,
    industries,
    occupations,
    provinces,
    read_table,
)
from dashboard.sdmx.artefacts import Text
from dashboard.sdmx.codelists import ESCO, standings

SKILLS: Final = "skills"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One code."""

    code: str
    name: Text
    parent: str = ""
    """Code above in the same list, or ""."""
    broad_match: str = ""
    """List and code above in another list, or ""."""
    match: str = ""
    """Address of the same concept in an official scheme, or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """A code list."""

    id: str
    name: Text
    source: str
    concepts: Sequence[Concept]


def _concepts(labels: Mapping[str, Label], match: str = "", above: str = "") -> list[Concept]:
    return [
        Concept(
            code=code,
            name=Text(en=label.name_en, lo=label.name_lo),
            parent=label.parent if label.parent in labels else "",
            broad_match=f"{above}/{label.parent}" if above else "",
            match=match.format(code) if match else "",
        )
        for code, label in labels.items()
    ]


@cache
def lists() -> Mapping[str, List]:
    """Every list by its id; that of skills is written by `skill_turtle`."""
    rows = read_table("codelists", "indicators.csv")
    indicators = [
        Concept(code=row["code"], name=Text(en=row["name_en"], lo=row["name_lo"])) for row in rows
    ]
    found = (
        _list("provinces", "Provinces", "ແຂວງ", "ISO 3166-2:LA", _concepts(provinces())),
        _list("districts", "Districts", "ເມືອງ", "National P-codes",
              _concepts(districts(), above="provinces")),
        _list("isco08", "Occupations (ISCO-08)", "ອາຊີບ (ISCO-08)",
              "ILO, International Standard Classification of Occupations, ISCO-08",
              _concepts(occupations(), ESCO + "isco/C{}")),
        _list("isic4", "Industries (ISIC Rev. 4)", "ຂະແໜງການ (ISIC Rev. 4)",
              "United Nations, International Standard Industrial Classification, Rev. 4",
              _concepts(industries())),
        _list("isced-f", "Fields of education (ISCED-F 2013)", "ຂະແໜງການສຶກສາ (ISCED-F 2013)",
              "UNESCO Institute for Statistics, ISCED-F 2013",
              _concepts(education_fields(), ESCO + "isced-f/{}")),
        _list("indicators", "Indicators", "ຕົວຊີ້ວັດ", "Labourwatch", indicators),
        _list("standings", "Standing of a figure", "ສະຖານະຂອງຕົວເລກ", "Labourwatch",
              [Concept(code=item.id, name=item.name) for item in standings().items]),
        _list(SKILLS, "Skills", "ທັກສະ", "ESCO v1.1.1, adapted, and national skills", _skills()),
    )  # fmt: skip
    return {each.id: each for each in found}


def _list(name: str, en: str, lo: str, source: str, concepts: Sequence[Concept]) -> List:
    return List(id=name, name=Text(en=en, lo=lo), source=source, concepts=tuple(concepts))


def _skills() -> list[Concept]:
    groups = skill_groups()
    found = [
        Concept(code=code, name=Text(en=label), parent=parent if parent in groups else "")
        for code, (label, parent) in groups.items()
    ]
    found += [
        Concept(
            code=code,
            name=Text(en=concept.name_en, lo=concept.name_lo),
            parent=next((group for group in concept.groups if group in groups), ""),
            match="" if code.startswith("LA-") else f"{ESCO}skill/{code}",
        )
        for code, concept in skills().items()
    ]
    return found


def graph_of(told: List, base: str) -> Any:
    """The list as an RDF graph.

    Args:
        told: a list of at most some thousand codes.
        base: address of the installation, without a slash at the end.
    """
    from rdflib import RDF, Graph, Literal, Namespace, URIRef
    from rdflib.namespace import DCTERMS, SKOS

    space = Namespace(f"{base}/codelists/{told.id}/")
    scheme = URIRef(f"{base}/codelists/{told.id}")
    graph = Graph()
    graph.bind("skos", SKOS)
    graph.bind("dct", DCTERMS)
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.license, URIRef(_LICENCE)))
    graph.add((scheme, DCTERMS.source, Literal(told.source, lang="en")))
    for code, words in told.name.parts():
        graph.add((scheme, DCTERMS.title, Literal(words, lang=code)))
    for concept in told.concepts:
        node = space[concept.code]
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SKOS.inScheme, scheme))
        graph.add((node, SKOS.notation, Literal(concept.code)))
        for code, words in concept.name.parts():
            graph.add((node, SKOS.prefLabel, Literal(words, lang=code)))
        if concept.parent:
            graph.add((node, SKOS.broader, space[concept.parent]))
            graph.add((space[concept.parent], SKOS.narrower, node))
        else:
            graph.add((node, SKOS.topConceptOf, scheme))
            graph.add((scheme, SKOS.hasTopConcept, node))
        if concept.broad_match:
            above = URIRef(f"{base}/codelists/{concept.broad_match}")
            graph.add((node, SKOS.broadMatch, above))
        if concept.match:
            graph.add((node, SKOS.exactMatch, URIRef(concept.match)))
    return graph


def csv_of(told: List) -> str:
    """The list as a table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("code", "name_en", "name_lo", "parent", "exact_match"))
    for each in told.concepts:
        writer.writerow((each.code, each.name.en, each.name.lo, each.parent, each.match))
    return text.getvalue()
