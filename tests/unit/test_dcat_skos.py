"""The catalogue against the official shapes of DCAT-AP 3.0.1, and code lists as SKOS."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, SKOS

from dashboard.sdmx.artefacts import Constraint, Kind
from dashboard.sdmx.dcat import catalogue_graph
from dashboard.sdmx.listing import catalogue
from dashboard.sdmx.skos import SKILLS, csv_of, graph_of, lists
from dashboard.sdmx.structures import flows

PAGES = Path(__file__).parents[1] / "pages"
BASE = "https://labourwatch.example"
NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)


def graph(*, demonstration: bool) -> Graph:
    held = {
        name: Constraint(
            kind=Kind.CONSTRAINT, id=f"CC_{name}", name=flow.name, flow=flow,
            values={"FREQ": ("W",)}, first="2026-01-05", last="2026-02-15",
        )
        for name, flow in flows().items()
    }  # fmt: skip
    told = catalogue(
        BASE, "office@labourwatch.example", demonstration=demonstration, constraints=held,
        lists=lists().values(), modified=NOW,
    )  # fmt: skip
    made = catalogue_graph(told)
    assert isinstance(made, Graph)
    return made


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_catalogue_conforms_to_the_official_shapes() -> None:
    from pyshacl import validate

    shapes = Graph()
    for name in ("dcat_ap_shapes.ttl", "dcat_ap_ranges.ttl"):
        shapes.parse(PAGES / name, format="turtle")
    made = graph(demonstration=True)
    conforms, _, report = validate(made, shacl_graph=shapes)
    assert conforms, report
    dataset = next(made.subjects(RDF.type, DCAT.Dataset))
    made.remove((dataset, DCTERMS.title, None))
    conforms, _, _ = validate(made, shacl_graph=shapes)
    assert not conforms


def test_every_data_set_tells_its_forms_terms_and_times() -> None:
    made = graph(demonstration=False)
    sets = set(made.subjects(RDF.type, DCAT.Dataset))
    assert len(sets) == len(flows()) + len(lists())
    for dataset in sets:
        assert {
            each.language
            for each in made.objects(dataset, DCTERMS.title)
            if isinstance(each, Literal)
        } >= {"en"}
        forms = list(made.objects(dataset, DCAT.distribution))
        assert forms
        for form in forms:
            assert made.value(form, DCTERMS.license)
            assert str(made.value(form, DCAT.accessURL)).startswith(BASE)
            assert made.value(form, DCAT.mediaType)
    flow = URIRef(f"{BASE}/catalogue#LMI_COUNT")
    period = made.value(flow, DCTERMS.temporal)
    assert str(made.value(period, DCAT.startDate)) == "2026-01-05"
    assert str(made.value(flow, DCTERMS.conformsTo)) == flows()["LMI"].structure.urn


def test_demonstration_data_are_marked_in_the_catalogue() -> None:
    made = graph(demonstration=True)
    for dataset in made.subjects(RDF.type, DCAT.Dataset):
        titles = [str(each) for each in made.objects(dataset, DCTERMS.title)]
        assert all("[demonstration data]" in t or "[ຂໍ້ມູນສາທິດ]" in t for t in titles)
    assert "demonstration" not in graph(demonstration=False).serialize(format="turtle").lower()


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("name", [name for name in lists() if name != SKILLS])
def test_lists_as_skos(name: str) -> None:
    told = lists()[name]
    made = graph_of(told, BASE)
    scheme = URIRef(f"{BASE}/codelists/{name}")
    concepts = set(made.subjects(SKOS.inScheme, scheme))
    assert len(concepts) == len(told.concepts)
    for concept in concepts:
        labels = list(made.objects(concept, SKOS.prefLabel))
        assert len({label.language for label in labels}) == len(labels) > 0
        above = made.value(concept, SKOS.broader)
        assert (above in concepts) if above else (concept, SKOS.topConceptOf, scheme) in made
        if above:
            assert (above, SKOS.narrower, concept) in made
    for form in ("turtle", "json-ld", "xml"):
        read = Graph().parse(data=made.serialize(format=form), format=form)
        assert len(read) == len(made)


def test_official_concepts_are_matched() -> None:
    made = graph_of(lists()["isco08"], BASE)
    developer = URIRef(f"{BASE}/codelists/isco08/2512")
    match = URIRef("http://data.europa.eu/esco/isco/C2512")
    assert (developer, SKOS.exactMatch, match) in made
    assert (developer, SKOS.prefLabel, Literal("Software developers", lang="en")) in made
    district = URIRef(f"{BASE}/codelists/districts/LA0101")
    above = URIRef(f"{BASE}/codelists/provinces/LA-VT")
    assert (district, SKOS.broadMatch, above) in graph_of(lists()["districts"], BASE)


def test_lists_as_tables() -> None:
    for told in lists().values():
        rows = list(csv.DictReader(io.StringIO(csv_of(told))))
        assert [row["code"] for row in rows] == [each.code for each in told.concepts]
