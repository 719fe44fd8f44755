"""Names of components and codes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from dashboard.sdmx.artefacts import Component, Text
from dashboard.sdmx.structures import concepts, structure

_NONE: Mapping[str, Text] = MappingProxyType({})


@cache
def component_texts() -> Mapping[str, Text]:
    """Names of dimensions, measure and attributes."""
    return MappingProxyType({item.id: item.name for item in concepts().items})


def component_name(component: str) -> str:
    """English name of a component."""
    return component_texts()[component].en


@cache
def components() -> Mapping[str, Component]:
    """Dimensions and attributes by id."""
    used = structure()
    return MappingProxyType({each.id: each for each in (*used.dimensions, *used.attributes)})


@cache
def code_texts(component: str) -> Mapping[str, Text]:
    """Names of the codes of a component; empty where it has no list."""
    held = components().get(component)
    if held is None or held.codelist is None:
        return _NONE
    return MappingProxyType({item.id: item.name for item in held.codelist.items})


def item_name(component: str, code: str) -> str:
    """English name of a code, or ""."""
    words = code_texts(component).get(code)
    return words.en if words else ""
