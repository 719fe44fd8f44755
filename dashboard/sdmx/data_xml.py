"""Data as SDMX-ML 2.1, generic and structure-specific, written piece by piece. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import quoteattr

from dashboard.sdmx.figures import Figure
from dashboard.sdmx.keys import dimension_ids
from dashboard.sdmx.message import Asking, DataSet, by_series
from dashboard.sdmx.structures import TIME, VALUE
from dashboard.sdmx.xml_parts import DECLARATION, NAMESPACES, header

_REFERENCE: Final = "S1"


def generic(asking: Asking, data_sets: Iterable[DataSet]) -> Iterator[str]:
    """A GenericData message."""
    yield f"{DECLARATION}<mes:GenericData{NAMESPACES}>\n{_header(asking, '')}"
    for data_set in data_sets:
        yield f'<mes:DataSet structureRef="{_REFERENCE}"{_facts(data_set, "")}>\n'
        kind = _value("DATA_KIND", asking.head.data_kind)
        yield f"<gen:Attributes>{kind}</gen:Attributes>\n"
        yield from _generic_flat(asking, data_set) if asking.flat else _generic(asking, data_set)
        yield "</mes:DataSet>\n"
    yield "</mes:GenericData>\n"


def _generic(asking: Asking, data_set: DataSet) -> Iterator[str]:
    for key, group in by_series(data_set.figures):
        values = "".join(map(_value, dimension_ids(), key))
        yield f"<gen:Series><gen:SeriesKey>{values}</gen:SeriesKey>\n"
        for figure in group if asking.observations else ():
            at = f'<gen:ObsDimension id="{TIME}" value="{figure.period}"/>'
            yield f"<gen:Obs>{at}{_content(asking, figure)}</gen:Obs>\n"
        yield "</gen:Series>\n"


def _generic_flat(asking: Asking, data_set: DataSet) -> Iterator[str]:
    for figure in data_set.figures:
        key = "".join(map(_value, (*dimension_ids(), TIME), (*figure.key, figure.period)))
        yield f"<gen:Obs><gen:ObsKey>{key}</gen:ObsKey>{_content(asking, figure)}</gen:Obs>\n"


def _content(asking: Asking, figure: Figure) -> str:
    value = f'<gen:ObsValue value="{figure.value}"/>' if figure.value else ""
    if not asking.attributes:
        return value
    held = "".join(_value(name, text) for name, text in figure.attributes.items())
    return f"{value}<gen:Attributes>{held}</gen:Attributes>"


def _value(name: str, text: str) -> str:
    return f'<gen:Value id="{name}" value={quoteattr(text)}/>'


def structure_specific(asking: Asking, data_sets: Iterable[DataSet]) -> Iterator[str]:
    """A StructureSpecificData message."""
    space = f"{asking.flow.structure.urn}:ObsLevelDim:{asking.at_observation}"
    yield f'{DECLARATION}<mes:StructureSpecificData{NAMESPACES} xmlns:lmi="{space}">\n'
    yield _header(asking, space)
    for data_set in data_sets:
        yield (
            f'<mes:DataSet ss:dataScope="DataStructure" xsi:type="lmi:DataSetType"'
            f' ss:structureRef="{_REFERENCE}"{_facts(data_set, "ss:")}'
            f' DATA_KIND="{asking.head.data_kind}">\n'
        )
        yield from _specific_flat(asking, data_set) if asking.flat else _specific(asking, data_set)
        yield "</mes:DataSet>\n"
    yield "</mes:StructureSpecificData>\n"


def _specific(asking: Asking, data_set: DataSet) -> Iterator[str]:
    for key, group in by_series(data_set.figures):
        yield f"<Series{_pairs(zip(dimension_ids(), key, strict=True))}>\n"
        for figure in group if asking.observations else ():
            yield f"<Obs{_pairs(_observed(asking, figure))}/>\n"
        yield "</Series>\n"


def _specific_flat(asking: Asking, data_set: DataSet) -> Iterator[str]:
    for figure in data_set.figures:
        key = _pairs(zip(dimension_ids(), figure.key, strict=True))
        yield f"<Obs{key}{_pairs(_observed(asking, figure))}/>\n"


def _observed(asking: Asking, figure: Figure) -> Iterator[tuple[str, str]]:
    yield TIME, figure.period
    if figure.value:
        yield VALUE, figure.value
    if asking.attributes:
        yield from figure.attributes.items()


def _pairs(given: Iterable[tuple[str, str]]) -> str:
    return "".join(f" {name}={quoteattr(text)}" for name, text in given)


def _facts(data_set: DataSet, prefix: str) -> str:
    valid = f' {prefix}validFromDate="{data_set.valid_from}"' if data_set.valid_from else ""
    return f' {prefix}action="Information"{valid}'


def _header(asking: Asking, space: str) -> str:
    flow = asking.flow
    named = f" namespace={quoteattr(space)}" if space else ""
    usage = (
        f'<mes:Structure structureID="{_REFERENCE}"{named}'
        f' dimensionAtObservation="{asking.at_observation}"><com:Structure>'
        f'<Ref id="{flow.structure.id}" version="{flow.structure.version}"'
        f' agencyID="{flow.structure.agency}" package="datastructure" class="DataStructure"/>'
        "</com:Structure></mes:Structure>"
    )
    extracted = (
        "<mes:DataSetAction>Information</mes:DataSetAction>"
        f"<mes:DataSetID>{flow.id}</mes:DataSetID>"
        f"<mes:Extracted>{asking.head.stamp}</mes:Extracted>"
    )
    return header(asking.head, usage, extracted)
