"""The skills classification in SKOS (W3C 2009), read from RDF; `dashboard` writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.sax import SAXException

from dashboard.sdmx.skill_turtle import OURS
from labourwatch.skill_list import COLUMNS, Row, SkillListError


def read_rdf(path: Path) -> list[tuple[str, Row]]:
    """National concepts of an RDF file (Turtle or RDF/XML), as rows with where each stands.

    Raises:
        SkillListError: it is no RDF, or holds no national concept.
    """
    from rdflib import Graph
    from rdflib.exceptions import Error
    from rdflib.namespace import RDF, SKOS

    graph = Graph()
    form = "turtle" if path.suffix == ".ttl" else "xml"
    try:
        graph.parse(str(path), format=form)
    except (Error, SyntaxError, SAXException, ValueError) as error:
        raise SkillListError(f"{path.name}: no {form}: {error}") from error
    found = [node for node in graph.subjects(RDF.type, SKOS.Concept) if str(node).startswith(OURS)]
    if not found:
        raise SkillListError(f"{path.name}: no skos:Concept {OURS}skill:LA-S…")
    return [(f"{path.name}: {node}", _row(graph, node)) for node in sorted(found, key=str)]


def _row(graph: Any, node: Any) -> Row:
    from rdflib import Namespace
    from rdflib.namespace import DCTERMS, SKOS

    terms = Namespace(f"{OURS}term:")

    def labels(kind: Any, language: str) -> str:
        values = (each for each in graph.objects(node, kind) if each.language == language)
        return "|".join(sorted(map(str, values)))

    def value(kind: Any) -> str:
        return str(graph.value(node, kind) or "")

    groups = sorted(str(each).rpartition("/")[2] for each in graph.objects(node, SKOS.broader))
    told = {
        "code": value(SKOS.notation),
        "kind": value(terms.kind),
        "reuse": value(terms.reuse),
        "label": labels(SKOS.prefLabel, "en"),
        "label_lo": labels(SKOS.prefLabel, "lo"),
        "alt_labels": labels(SKOS.altLabel, "en"),
        "alt_labels_lo": labels(SKOS.altLabel, "lo"),
        "groups": "|".join(groups),
        "source": value(DCTERMS.source),
        "review": value(terms.review),
    }
    return {name: told[name] for name in COLUMNS}
