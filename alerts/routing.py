"""Who is told of an alert, and in which language: config/routes.yaml, first fit wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from pathlib import Path
from typing import Final

import yaml

from alerts.alert import Alert
from alerts.parameters import ParameterError

ROUTES_FILE: Final = Path(__file__).parent.parent / "config" / "routes.yaml"
LANGUAGES: Final = {"lo": ("lo",), "en": ("en",), "both": ("lo", "en")}
_KINDS: Final = ("labour", "collection_fault")
_KNOWN: Final = {"name", "province", "kind", "to", "language"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule. Empty `provinces`, `kind` or `to` mean any, any, and the default address."""

    name: str
    provinces: tuple[str, ...]
    kind: str
    to: tuple[str, ...]
    languages: tuple[str, ...]

    def fits(self, alert: Alert) -> bool:
        """Whether the alert goes this way."""
        province = not self.provinces or alert.cell.province in self.provinces
        return province and self.kind in ("", alert.kind.value)


def choose(routes: Sequence[Route], alert: Alert) -> Route | None:
    """The first route that fits, or None: nobody is to be told."""
    return next((route for route in routes if route.fits(alert)), None)


def load_routes(path: Path = ROUTES_FILE) -> tuple[Route, ...]:
    """The routes in `path`.

    Raises:
        ParameterError: with file, line, and what was expected.
    """
    root = yaml.compose(path.read_text(encoding="utf-8"))
    nodes = _value(root, "routes") if isinstance(root, yaml.MappingNode) else None
    if not isinstance(nodes, yaml.SequenceNode) or not nodes.value:
        raise ParameterError(f"{path}:1: expected `routes:` with at least one route")
    return tuple(_route(node, path) for node in nodes.value)


def _route(node: yaml.Node, path: Path) -> Route:
    where = f"{path}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        raise ParameterError(f"{where}: a route must be a mapping of names to values")
    entries = {key.value: _strings(value, where) for key, value in node.value}
    if unknown := sorted(set(entries) - _KNOWN):
        raise ParameterError(f"{where}: unknown entry {unknown[0]!r}; known: {sorted(_KNOWN)}")
    kind = _one(entries, "kind", ("", *_KINDS), where)
    language = _one({"language": ("both",), **entries}, "language", tuple(LANGUAGES), where)
    to = entries.get("to", ())
    if wrong := [address for address in to if not _is_address(address)]:
        raise ParameterError(f"{where}: {wrong[0]!r} is no e-mail address")
    return Route(
        name=next(iter(entries.get("name", ())), where),
        provinces=entries.get("province", ()),
        kind=kind,
        to=to,
        languages=LANGUAGES[language],
    )


def _is_address(text: str) -> bool:
    """Whether mail can be addressed to it: else the first alert would find out that it cannot."""
    try:
        return bool(Address(addr_spec=text).domain)
    except (ValueError, IndexError, HeaderParseError):
        return False


def _one(
    entries: dict[str, tuple[str, ...]], name: str, allowed: tuple[str, ...], where: str
) -> str:
    value = next(iter(entries.get(name, ("",))), "")
    if value not in allowed:
        raise ParameterError(f"{where}: {name} must be one of {[a for a in allowed if a]}")
    return value


def _strings(node: yaml.Node, where: str) -> tuple[str, ...]:
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    if not all(isinstance(item, yaml.ScalarNode) for item in items):
        raise ParameterError(f"{where}: expected text or a list of texts")
    return tuple(str(item.value) for item in items)


def _value(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    return next((value for key, value in node.value if key.value == name), None)
