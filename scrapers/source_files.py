"""Source files: YAML ↔ `Source`, with errors that name file, line, field and expectation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from scrapers.sources import Source


class SourceError(ValueError):
    """A source file is wrong; each line of the message names file, line, field and expectation."""


def load_source(path: Path) -> Source:
    """The source declared by one YAML file; its id is the file's stem.

    Raises:
        SourceError: the file cannot be read, is no YAML mapping, or a field is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError(f"{path}:{line}: not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise SourceError(f"{path}:1: not YAML: {error}") from error
    if not isinstance(content, dict):
        raise SourceError(f"{path}:1: expected a mapping of fields (id, name, kind, …)")
    if content.setdefault("id", path.stem) != path.stem:
        raise SourceError(
            f"{path}:{_line(node, ('id',))}: id: expected {path.stem!r}, the file's stem"
        )
    try:
        return Source.model_validate(content)
    except ValidationError as error:
        raise SourceError("\n".join(_explain(path, node, error))) from error


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
            expectation = "no such field; see config/sources/README.md for those there are"
        found = problem.get("input")
        shown = f" (found {found!r})" if isinstance(found, (str, int, float, bool)) else ""
        lines.append(f"{path}:{_line(node, place)}: {field}: {expectation}{shown}")
    return lines


def _explain_whole(path: Path, node: yaml.Node | None, mistake: str) -> str:
    """A mistake of several entries together, told as `entry.within: expectation`."""
    place = mistake.partition(":")[0].split(".")
    return f"{path}:{_line(node, place)}: {mistake}"


def _line(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    """Line (from 1) of the deepest part of `place` that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for part in place:
        found: tuple[yaml.Node, yaml.Node] | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((pair for pair in node.value if pair[0].value == str(part)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            found = next(((item, item) for item in node.value[part : part + 1]), None)
        if found is None:
            return line
        line = found[0].start_mark.line + 1
        node = found[1]
    return line
