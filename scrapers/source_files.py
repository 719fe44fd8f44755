"""Source files: YAML ↔ `Source`, with errors that name file, line, field and expectation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import BaseModel, ValidationError

from config.declared import DeclarationError, line_of, read_mapping
from scrapers.source_checks import mistakes_of
from scrapers.source_specs import ArchiveSpec, DetailSpec, FieldRule, ListSpec, Paging
from scrapers.sources import Source

_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "": Source,
    "list": ListSpec,
    "detail": DetailSpec,
    "archive": ArchiveSpec,
    "page": Paging,
}
_DEEPEST: Final = 12


class SourceError(ValueError):
    """A source file is wrong; each line of the message names file, line, field and expectation."""


def load_source(path: Path) -> Source:
    """The source declared by one YAML file; its id is the file's stem.

    Raises:
        SourceError: the file cannot be read, is no YAML mapping, or a field is wrong.
    """
    try:
        node, content = read_mapping(path)
    except DeclarationError as error:
        raise SourceError(str(error)) from error
    if content.setdefault("id", path.stem) != path.stem:
        raise SourceError(
            f"{path}:{line_of(node, ('id',))}: id: expected {path.stem!r}, the file's stem"
        )
    return _declared(path, node, content)


def _declared(path: Path, node: yaml.Node | None, content: dict[str, Any]) -> Source:
    """The source that the file's content declares, or every mistake in it."""
    mistakes = [
        f"{path}:{line}: {name}: stands twice; expected once"
        for name, line in _repeated(node, set())
    ]
    if not mistakes:
        try:
            source = Source.model_validate(content)
        except ValidationError as error:
            raise SourceError("\n".join(_explain(path, node, error))) from error
        mistakes = [_explain_whole(path, node, mistake) for mistake in mistakes_of(source)]
        if not mistakes:
            return source
    raise SourceError("\n".join(mistakes))


def load_sources(directory: Path) -> list[Source]:
    """Every source of a directory, by id. A directory without YAML gives an empty list.

    Raises:
        SourceError: naming every mistake of every file at once.
    """
    sources: list[Source] = []
    mistakes: list[str] = []
    for path in sorted(directory.glob("*.yaml")):
        try:
            sources.append(load_source(path))
        except SourceError as error:
            mistakes.append(str(error))
    if mistakes:
        raise SourceError("\n".join(mistakes))
    return sources


def _explain(path: Path, node: yaml.Node | None, error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False):
        place = tuple(problem["loc"])
        if not place and problem["type"] == "value_error":
            told = problem["msg"].removeprefix("Value error, ").split("\n")
            lines += [_explain_whole(path, node, mistake) for mistake in told]
            continue
        field = ".".join(str(part) for part in place if part != "[key]") or "file"
        expectation = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            expectation = f"no such field{_meant(place)}; config/sources/README.md has them all"
        found = problem.get("input")
        if problem["type"] == "string_type" and (found is None or isinstance(found, (bool, int))):
            expectation += "; put it in quotes"
        shown = f" (found {found!r})" if isinstance(found, (str, int, float, bool)) else ""
        lines.append(f"{path}:{line_of(node, place)}: {field}: {expectation}{shown}")
    return lines


def _meant(place: tuple[int | str, ...]) -> str:
    """The known entry that looks most like the last part of `place`."""
    model = _MODELS.get(str(place[-2]) if len(place) > 1 else "", FieldRule)
    known = [field.alias or name for name, field in model.model_fields.items()]
    alike = get_close_matches(str(place[-1]), known, n=1, cutoff=0.6)
    return f"; did you mean {alike[0]}?" if alike else ""


def _repeated(
    node: yaml.Node | None, looked_at: set[int], within: str = ""
) -> Iterator[tuple[str, int]]:
    """Entries that stand twice in one mapping, of which YAML would silently take the last.

    Each node is looked at once: aliases can make billions of paths of a few lines.
    """
    if id(node) in looked_at:
        return
    looked_at.add(id(node))
    if within.count(".") > _DEEPEST:  # a node may hold itself
        return
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated(item, looked_at, f"{within}.")
    if not isinstance(node, yaml.MappingNode):
        return
    seen: set[str] = set()
    for key, value in node.value:
        name = f"{within}{key.value}"
        if name in seen:
            yield name, key.start_mark.line + 1
        seen.add(name)
        yield from _repeated(value, looked_at, f"{name}.")


def _explain_whole(path: Path, node: yaml.Node | None, mistake: str) -> str:
    """A mistake of several entries together, told as `entry.within: expectation`."""
    place = mistake.partition(":")[0].split(".")
    return f"{path}:{line_of(node, place)}: {mistake}"
