"""Data as SDMX-JSON 1.0 and 2.0. Pure.

Keys and attributes are numbers of values; the lists of values stand behind the data, so that the
data can be written as they come. Memory holds the lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from dashboard.sdmx.artefacts import Component, Text
from dashboard.sdmx.figures import Figure
from dashboard.sdmx.keys import dimension_ids
from dashboard.sdmx.labels import code_texts, component_texts, components
from dashboard.sdmx.message import SENDER, Asking, DataSet, Head, by_series
from dashboard.sdmx.structures import TIME, VALUE

SCHEMAS: Final = {
    1: "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/"
    "1.0/sdmx-json-data-schema.json",
    2: "https://json.sdmx.org/2.0.0/sdmx-json-data-schema.json",
}
_ON_DATASET: Final = "DATA_KIND"


class _Values:
    """The values of one component in the order of their first use."""

    def __init__(self) -> None:
        self.held: dict[str, int] = {}

    def index(self, text: str) -> int:
        return self.held.setdefault(text, len(self.held))


class _Lists:
    """The lists of values of a message."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.dimensions = {name: _Values() for name in (*dimension_ids(), TIME)}
        names = [each.id for each in asking.flow.structure.attributes if not each.on_dataset]
        self.attributes = {name: _Values() for name in (names if asking.attributes else ())}

    def key(self, names: Iterable[str], texts: Iterable[str]) -> str:
        pairs = zip(names, texts, strict=True)
        return ":".join(str(self.dimensions[name].index(text)) for name, text in pairs)

    def observation(self, figure: Figure) -> list[Any]:
        """Value and numbers of the attributes."""
        held = figure.attributes
        numbers = [
            values.index(held[name]) if name in held else None
            for name, values in self.attributes.items()
        ]
        return [json.loads(figure.value) if figure.value else None, *numbers]


def data_json(asking: Asking, data_sets: Iterable[DataSet], *, version: int) -> Iterator[str]:
    """An SDMX-JSON data message of `version` 1 or 2, piece by piece."""
    lists = _Lists(asking)
    meta = json.dumps(meta_of(asking.head, SCHEMAS[version]), ensure_ascii=False)
    yield f'{{"meta":{meta},"data":{{"dataSets":['
    for place, data_set in enumerate(data_sets):
        yield ("," if place else "") + _opening(data_set, version)
        yield from _flat(lists, data_set) if asking.flat else _series(lists, data_set)
        yield "}"
    told = _structure(lists, version)
    name, shown = ("structure", told) if version == 1 else ("structures", [told])
    yield f'],"{name}":{json.dumps(shown, ensure_ascii=False)}}},"errors":[]}}\n'


def _opening(data_set: DataSet, version: int) -> str:
    facts: dict[str, Any] = {"action": "Information", "links": [], "attributes": [0]}
    if version > 1:
        facts["structure"] = 0
    if data_set.valid_from:
        facts["validFrom"] = data_set.valid_from
    return json.dumps(facts)[:-1] + ","


def _series(lists: _Lists, data_set: DataSet) -> Iterator[str]:
    yield '"series":{'
    for place, (key, group) in enumerate(by_series(data_set.figures)):
        name = lists.key(dimension_ids(), key)
        held = {
            lists.key((TIME,), (figure.period,)): lists.observation(figure)
            for figure in (group if lists.asking.observations else ())
        }
        shown = {"attributes": [], **({"observations": held} if held else {})}
        yield f'{"," if place else ""}"{name}":{json.dumps(shown, separators=(",", ":"))}'
    yield "}"


def _flat(lists: _Lists, data_set: DataSet) -> Iterator[str]:
    yield '"observations":{'
    for place, figure in enumerate(data_set.figures):
        name = lists.key((*dimension_ids(), TIME), (*figure.key, figure.period))
        shown = json.dumps(lists.observation(figure), separators=(",", ":"))
        yield f'{"," if place else ""}"{name}":{shown}'
    yield "}"


def meta_of(head: Head, schema: str) -> dict[str, Any]:
    """The head of a message."""
    told: dict[str, Any] = {
        "schema": schema, "id": head.id, "test": head.demonstration, "prepared": head.stamp,
        "contentLanguages": ["en", "lo"], "sender": {"id": SENDER, "name": "Labourwatch, Lao PDR"},
    }  # fmt: skip
    return told | {"name": head.note.en, "names": dict(head.note.parts())}


def named(words: Text) -> dict[str, Any]:
    """The best name, and the names in all languages."""
    return {"name": words.en, "names": dict(words.parts())}


def _structure(lists: _Lists, version: int) -> dict[str, Any]:
    asking = lists.asking
    dimensions = [
        _dimension(name, place, values.held, version)
        for place, (name, values) in enumerate(lists.dimensions.items())
    ]
    series = [] if asking.flat else dimensions[:-1]
    observation = dimensions if asking.flat else dimensions[-1:]
    told: dict[str, Any] = {
        **named(asking.flow.name),
        "links": _links(asking),
        "dimensions": {"dataSet": [], "series": series, "observation": observation},
        "attributes": _attributes(lists, version),
        "annotations": [],
    }
    if version > 1:
        measure = {"id": VALUE, **named(component_texts()[VALUE])}
        told |= {"measures": {"observation": [measure]}}
    return told


def _dimension(name: str, place: int, held: Mapping[str, int], version: int) -> dict[str, Any]:
    told = {"id": name, **named(component_texts()[name]), "keyPosition": place}
    return told | {"roles": [name]} | _values(name, held, version)


def _attributes(lists: _Lists, version: int) -> dict[str, Any]:
    kind = {lists.asking.head.data_kind: 0}
    return {
        "dataSet": [_attribute(_ON_DATASET, kind, version)],
        "series": [],
        "observation": [
            _attribute(name, values.held, version) for name, values in lists.attributes.items()
        ],
        **({"dimensionGroup": []} if version > 1 else {}),
    }


def relationship(component: Component, version: int) -> dict[str, Any]:
    """What an attribute's value varies with."""
    if version > 1:
        return {"dataflow": {}} if component.on_dataset else {"observation": {}}
    return {"none": {}} if component.on_dataset else {"primaryMeasure": VALUE}


def _attribute(name: str, held: Mapping[str, int], version: int) -> dict[str, Any]:
    told = {"id": name, **named(component_texts()[name])}
    told["relationship"] = relationship(components()[name], version)
    return told | _values(name, held, version)


def _values(name: str, held: Mapping[str, int], version: int) -> dict[str, Any]:
    """The values in use; without any, version 2 leaves the list out."""
    component = components().get(name)
    if not held and version > 1:
        return {}
    if name == TIME:
        values: list[dict[str, Any]] = [{"id": text, "name": text} for text in held]
    elif component is None or component.codelist is None:
        values = [{"value": text} if version > 1 else {"name": text} for text in held]
    else:
        texts = code_texts(name)
        values = [{"id": code, **named(texts.get(code, Text(en=code)))} for code in held]
    return {"values": values}


def _links(asking: Asking) -> list[dict[str, str]]:
    return [
        {"urn": asking.flow.urn, "rel": "dataflow"},
        {"urn": asking.flow.structure.urn, "rel": "datastructure"},
    ]
