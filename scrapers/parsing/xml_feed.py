"""XML job feeds without a common form (`<job>`, `<position>`, `<vacancy>`), as JSON values.

An element with child elements becomes an object, another a text; `name@attribute` holds an
attribute of the element `name`, `@attribute` one of the entry itself. Repeated names make a list.
"""

from __future__ import annotations

from typing import Any, Final

from scrapers.parsing.json_paths import JsonError
from scrapers.parsing.xml_tree import elements, local_name, parse_xml, shown_name, text_of_element

_DEEPEST: Final = 20
_MARKUP: Final = frozenset({"p", "br", "ul", "ol", "li", "div", "b", "strong", "h1", "h2", "h3"})


def read_xml_items(body: bytes, items: str) -> list[Any]:
    """The entries of a feed: every element called `items`, as a JSON value.

    Raises:
        JsonError: not XML, or no element of that name.
    """
    try:
        root = parse_xml(body)
    except ValueError as error:
        raise JsonError(str(error)) from error
    if root is None:
        raise JsonError("not XML")
    wanted = items.rpartition("/")[2].rpartition(".")[2].rpartition(":")[2]
    found = [element for element in root.iter("{*}*") if local_name(element) == wanted]
    if not found and local_name(root) == "html":
        raise JsonError("an HTML page instead of an XML feed")
    return [_value(element, 0) for element in found]


def _value(element: Any, depth: int) -> Any:
    children = list(elements(element))
    if not children or depth >= _DEEPEST or any(local_name(c) in _MARKUP for c in children):
        return text_of_element(element) if depth or children else {"$": text_of_element(element)}
    held: dict[str, Any] = {f"@{name}": value for name, value in element.attrib.items()}
    for child in children:
        name = shown_name(child)
        _add(held, name, _value(child, depth + 1))
        for attribute, value in child.attrib.items():
            _add(held, f"{name}@{attribute}", value)
    return held


def _add(held: dict[str, Any], name: str, value: Any) -> None:
    if name not in held:
        held[name] = value
    elif isinstance(held[name], list):
        held[name].append(value)
    else:
        held[name] = [held[name], value]
