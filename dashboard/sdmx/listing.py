"""What the catalogue lists: a data set of every flow and of every code list. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final
from urllib.parse import quote

from dashboard.sdmx.artefacts import Constraint, Flow, Text
from dashboard.sdmx.codelists import indicators
from dashboard.sdmx.dcat import SDMX_STANDARD, SKOS_STANDARD, Catalogue, Form, Listed, Service
from dashboard.sdmx.skos import SKILLS, List

_SDMX: Final = (
    ("sdmx-ml", "SDMX-ML 2.1, generic", "genericdata", "application/xml", "XML"),
    ("sdmx-ss", "SDMX-ML 2.1, structure-specific", "structurespecificdata", "application/xml",
     "XML"),
    ("sdmx-json", "SDMX-JSON 1.0", "jsondata", "application/json", "JSON"),
    ("sdmx-csv", "SDMX-CSV 1.0", "csvdata", "text/csv", "CSV"),
)  # fmt: skip
_TABLES: Final = (
    ("json", "JSON", "application/json", "JSON"),
    ("csv", "CSV", "text/csv", "CSV"),
    ("xlsx", "Excel workbook",
     "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
    ("parquet", "Parquet", "application/vnd.apache.parquet", "PARQUET"),
)  # fmt: skip
_RDF: Final = (
    ("ttl", "Turtle", "text/turtle", "RDF_TURTLE"),
    ("jsonld", "JSON-LD", "application/ld+json", "JSON_LD"),
    ("rdf", "RDF/XML", "application/rdf+xml", "RDF_XML"),
)
_LISTS_CSV: Final = ("csv", "CSV", "text/csv", "CSV")
SERVICES: Final = (
    Service(id="service-sdmx-2.1", title="SDMX REST for SDMX 2.1", endpoint="/sdmx/2.1",
            description="/api/openapi.json", standard=SDMX_STANDARD),
    Service(id="service-sdmx-3.0", title="SDMX REST for SDMX 3.0", endpoint="/sdmx/3.0",
            description="/api/openapi.json", standard=SDMX_STANDARD),
    Service(id="service-v1", title="REST", endpoint="/v1", description="/api/openapi.json"),
)  # fmt: skip


def catalogue(
    base: str,
    email: str,
    *,
    demonstration: bool,
    constraints: Mapping[str, Constraint],
    lists: Iterable[List],
    modified: datetime | None,
) -> Catalogue:
    """The catalogue.

    Args:
        base: address of the installation, without a slash at the end.
        email: of the office that answers.
        demonstration: whether the data are of a simulated market.
        constraints: what there is of each flow, by its id.
        lists: code lists.
        modified: when the newest figure was issued.
    """
    listed = [_flow(told.flow, told, modified) for told in constraints.values()]
    listed += [_list(each) for each in lists]
    return Catalogue(
        base=base, email=email, demonstration=demonstration, listed=listed, services=SERVICES,
        modified=modified,
    )  # fmt: skip


def _flow(flow: Flow, told: Constraint, modified: datetime | None) -> Listed:
    names = {item.id: item.name for item in indicators().items}
    held = [names[code] for code in flow.indicators]
    monthly = "W" not in told.values.get("FREQ", ("W",))
    return Listed(
        id=flow.id,
        title=flow.name,
        description=Text(
            en=f"By province, occupation and industry: {'; '.join(n.en for n in held)}",
            lo=f"ຕາມແຂວງ, ອາຊີບ ແລະ ຂະແໜງການ: {'; '.join(n.lo for n in held if n.lo)}",
        ),
        forms=[*_sdmx_forms(flow), *_table_forms(flow)],
        frequency="MONTHLY" if monthly else "WEEKLY",
        standard=flow.structure.urn,
        first=date.fromisoformat(told.first) if told.first else None,
        last=date.fromisoformat(told.last) if told.last else None,
        modified=modified,
        keywords=(
            Text(en="labour market", lo="ຕະຫຼາດແຮງງານ"),
            Text(en="vacancies", lo="ຕຳແໜ່ງງານວ່າງ"),
        ),
    )


def _sdmx_forms(flow: Flow) -> list[Form]:
    found = [
        Form(
            id=name, title=title, address=f"/sdmx/2.1/data/{flow.id}?format={word}",
            media_type=media_type, file_type=file_type, standard=SDMX_STANDARD,
        )
        for name, title, word, media_type, file_type in _SDMX
    ]  # fmt: skip
    three = f"/sdmx/3.0/data/dataflow/{flow.agency}/{flow.id}/{flow.version}/*"
    found += [
        Form(
            id=f"sdmx3-{word}", title=f"SDMX-{word.upper()} 2.0", address=f"{three}?format={word}",
            media_type=media_type, file_type=word.upper(), standard=SDMX_STANDARD,
        )
        for word, media_type in (("json", "application/json"), ("csv", "text/csv"))
    ]  # fmt: skip
    return found


def _table_forms(flow: Flow) -> list[Form]:
    asked = quote(",".join(flow.indicators), safe=",")
    return [
        Form(
            id=f"v1-{word}", title=title, address=f"/v1/series?indicator={asked}&format={word}",
            media_type=media_type, file_type=file_type,
        )
        for word, title, media_type, file_type in _TABLES
    ]  # fmt: skip


def _list(told: List) -> Listed:
    forms = (_RDF[0], _LISTS_CSV) if told.id == SKILLS else (*_RDF, _LISTS_CSV)
    return Listed(
        id=f"codelist-{told.id}",
        title=told.name,
        description=Text(en=f"Code list: {told.name.en}. Source: {told.source}", lo=told.name.lo),
        forms=[
            Form(
                id=word, title=title, address=f"/codelists/{told.id}?format={word}",
                media_type=media_type, file_type=file_type,
                standard="" if word == "csv" else SKOS_STANDARD,
            )
            for word, title, media_type, file_type in forms
        ],
        frequency="IRREG",
        standard=SKOS_STANDARD,
        keywords=(Text(en="code list", lo="ບັນຊີລະຫັດ"),),
    )  # fmt: skip
