"""The catalogue of data sets by DCAT-AP 3: what there is, in which forms, and on which terms. Pure.

Every record names an office, never a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from dashboard.sdmx.artefacts import Text
from dashboard.sdmx.message import DEMONSTRATION

_EU: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
SDMX_STANDARD: Final = "https://sdmx.org/standards-2/"
SKOS_STANDARD: Final = "http://www.w3.org/2004/02/skos/core"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form in which a data set can be had."""

    id: str
    title: str
    address: str
    """Path and query."""
    media_type: str
    file_type: str
    """Code of the EU's file types."""
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A data set."""

    id: str
    title: Text
    description: Text
    forms: Sequence[Form]
    frequency: str
    """Code of the EU's frequencies."""
    standard: str = ""
    first: date | None = None
    last: date | None = None
    modified: datetime | None = None
    keywords: Sequence[Text] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An interface that serves the data sets."""

    id: str
    title: str
    endpoint: str
    description: str
    standard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything that is listed."""

    base: str
    """Address of the installation, without a slash at the end."""
    email: str
    """Of the office that answers."""
    demonstration: bool
    listed: Sequence[Listed]
    services: Sequence[Service]
    modified: datetime | None = None


class _Writer:
    """A graph under construction."""

    def __init__(self, told: Catalogue) -> None:
        from rdflib import Graph, Namespace
        from rdflib.namespace import DCAT, DCTERMS, FOAF

        self.told = told
        self.vcard: Any = Namespace("http://www.w3.org/2006/vcard/ns#")
        self.graph = Graph()
        for prefix, space in (
            ("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", self.vcard),
        ):  # fmt: skip
            self.graph.bind(prefix, space)

    def node(self, path: str) -> Any:
        """A thing of this installation."""
        from rdflib import URIRef

        return URIRef(f"{self.told.base}{path}")

    def add(self, subject: Any, predicate: Any, value: Any) -> None:
        self.graph.add((subject, predicate, value))

    def typed(self, address: str, kind: Any) -> Any:
        """Something elsewhere, with its class told."""
        from rdflib import RDF, URIRef

        node = URIRef(address)
        self.add(node, RDF.type, kind)
        return node

    def words(self, subject: Any, predicate: Any, words: Text) -> None:
        from rdflib import Literal

        for code, text in words.parts():
            self.add(subject, predicate, Literal(text, lang=code))


def catalogue_graph(told: Catalogue) -> Any:
    """The catalogue as an RDF graph."""
    from rdflib import RDF
    from rdflib.namespace import DCAT, DCTERMS, FOAF

    w = _Writer(told)
    root, office, agent = w.node("/catalogue"), w.node("/catalogue#office"), w.node("/#publisher")
    w.add(root, RDF.type, DCAT.Catalog)
    name = Text(en="Labourwatch: labour-market data of the Lao PDR",
                lo="Labourwatch: ຂໍ້ມູນຕະຫຼາດແຮງງານ ສປປ ລາວ")  # fmt: skip
    w.words(root, DCTERMS.title, _marked(name, told.demonstration))
    w.words(root, DCTERMS.description, _noted(name, told.demonstration))
    w.add(agent, RDF.type, FOAF.Agent)
    w.words(agent, FOAF.name, Text(en="Labourwatch, Lao PDR"))
    w.add(root, DCTERMS.publisher, agent)
    w.add(root, DCTERMS.license, w.typed(_LICENCE, DCTERMS.LicenseDocument))
    w.add(root, DCTERMS.spatial, w.typed(f"{_EU}country/LAO", DCTERMS.Location))
    w.add(root, FOAF.homepage, w.typed(f"{told.base}/", FOAF.Document))
    _languages(w, root)
    _office(w, office)
    _moment(w, root, DCTERMS.modified, told.modified)
    for listed in told.listed:
        w.add(root, DCAT.dataset, _dataset(w, listed, office, agent))
    for service in told.services:
        w.add(root, DCAT.service, _service(w, service, office, agent))
    return w.graph


def _office(w: _Writer, office: Any) -> None:
    from rdflib import RDF, Literal, URIRef

    w.add(office, RDF.type, w.vcard.Organization)
    w.add(office, RDF.type, w.vcard.Kind)
    w.add(office, w.vcard.fn, Literal("Labourwatch office", lang="en"))
    w.add(office, w.vcard.hasEmail, URIRef(f"mailto:{w.told.email}"))


def _languages(w: _Writer, subject: Any) -> None:
    from rdflib.namespace import DCTERMS

    for code in ("ENG", "LAO"):
        language = w.typed(f"{_EU}language/{code}", DCTERMS.LinguisticSystem)
        w.add(subject, DCTERMS.language, language)


def _moment(w: _Writer, subject: Any, predicate: Any, moment: datetime | None) -> None:
    from rdflib import Literal

    if moment is not None:
        w.add(subject, predicate, Literal(moment))


def _dataset(w: _Writer, listed: Listed, office: Any, agent: Any) -> Any:
    from rdflib import RDF, Literal
    from rdflib.namespace import DCAT, DCTERMS, SKOS

    node = w.node(f"/catalogue#{listed.id}")
    w.add(node, RDF.type, DCAT.Dataset)
    w.words(node, DCTERMS.title, _marked(listed.title, w.told.demonstration))
    w.words(node, DCTERMS.description, _noted(listed.description, w.told.demonstration))
    w.add(node, DCTERMS.identifier, Literal(f"{w.told.base}/catalogue#{listed.id}"))
    w.add(node, DCTERMS.publisher, agent)
    w.add(node, DCAT.contactPoint, office)
    theme = w.typed(f"{_EU}data-theme/SOCI", SKOS.Concept)
    w.words(theme, SKOS.prefLabel, Text(en="Population and society", lo="ປະຊາກອນ ແລະ ສັງຄົມ"))
    w.add(node, DCAT.theme, theme)
    w.add(node, DCTERMS.spatial, w.typed(f"{_EU}country/LAO", DCTERMS.Location))
    frequency = w.typed(f"{_EU}frequency/{listed.frequency}", DCTERMS.Frequency)
    w.add(node, DCTERMS.accrualPeriodicity, frequency)
    rights = w.typed(f"{_EU}access-right/PUBLIC", DCTERMS.RightsStatement)
    w.add(node, DCTERMS.accessRights, rights)
    if listed.standard:
        w.add(node, DCTERMS.conformsTo, w.typed(listed.standard, DCTERMS.Standard))
    for words in listed.keywords:
        w.words(node, DCAT.keyword, words)
    _languages(w, node)
    _moment(w, node, DCTERMS.modified, listed.modified)
    _period(w, node, listed)
    for form in listed.forms:
        w.add(node, DCAT.distribution, _form(w, listed, form))
    return node


def _period(w: _Writer, node: Any, listed: Listed) -> None:
    from rdflib import RDF, Literal
    from rdflib.namespace import DCAT, DCTERMS

    if listed.first is None or listed.last is None:
        return
    period = w.node(f"/catalogue#{listed.id}-time")
    w.add(period, RDF.type, DCTERMS.PeriodOfTime)
    w.add(period, DCAT.startDate, Literal(listed.first))
    w.add(period, DCAT.endDate, Literal(listed.last))
    w.add(node, DCTERMS.temporal, period)


def _form(w: _Writer, listed: Listed, form: Form) -> Any:
    from rdflib import RDF, Literal
    from rdflib.namespace import DCAT, DCTERMS

    node = w.node(f"/catalogue#{listed.id}-{form.id}")
    address = w.node(form.address)
    w.add(node, RDF.type, DCAT.Distribution)
    w.add(node, DCTERMS.title, Literal(form.title, lang="en"))
    w.add(node, DCAT.accessURL, address)
    w.add(node, DCAT.downloadURL, address)
    w.add(node, DCTERMS.license, w.typed(_LICENCE, DCTERMS.LicenseDocument))
    w.add(node, DCAT.mediaType, w.typed(_IANA + form.media_type, DCTERMS.MediaType))
    file_type = w.typed(f"{_EU}file-type/{form.file_type}", DCTERMS.MediaTypeOrExtent)
    w.add(node, DCTERMS["format"], file_type)
    if form.standard:
        w.add(node, DCTERMS.conformsTo, w.typed(form.standard, DCTERMS.Standard))
    return node


def _service(w: _Writer, service: Service, office: Any, agent: Any) -> Any:
    from rdflib import RDF, Literal
    from rdflib.namespace import DCAT, DCTERMS

    node = w.node(f"/catalogue#{service.id}")
    w.add(node, RDF.type, DCAT.DataService)
    w.add(node, DCTERMS.title, Literal(service.title, lang="en"))
    w.add(node, DCAT.endpointURL, w.node(service.endpoint))
    w.add(node, DCAT.endpointDescription, w.node(service.description))
    w.add(node, DCTERMS.publisher, agent)
    w.add(node, DCAT.contactPoint, office)
    w.add(node, DCTERMS.license, w.typed(_LICENCE, DCTERMS.LicenseDocument))
    if service.standard:
        w.add(node, DCTERMS.conformsTo, w.typed(service.standard, DCTERMS.Standard))
    for listed in w.told.listed:
        w.add(node, DCAT.servesDataset, w.node(f"/catalogue#{listed.id}"))
    return node


def _marked(words: Text, demonstration: bool) -> Text:
    if not demonstration:
        return words
    return Text(en=f"{words.en} [demonstration data]",
                lo=f"{words.lo} [ຂໍ້ມູນສາທິດ]" if words.lo else "")  # fmt: skip


def _noted(words: Text, demonstration: bool) -> Text:
    if not demonstration:
        return words
    lao = f"{words.lo}. {DEMONSTRATION.lo}" if words.lo else DEMONSTRATION.lo
    return Text(en=f"{words.en}. {DEMONSTRATION.en}.", lo=lao)
