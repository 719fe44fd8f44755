"""Declarations: YAML → a validated record, with errors that name file, line, field, expectation."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


class DeclarationError(ValueError):
    """A declaration is wrong; each line of the message names file, line, field and expectation."""


def read_mapping(path: Traversable) -> tuple[yaml.Node | None, dict[str, Any]]:
    """The content of a YAML file, and its nodes, which know their lines.

    Raises:
        DeclarationError: the file cannot be read, or is no YAML mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationError(f"{path}:{line}: not YAML: {error.problem}") from error
    except (RecursionError, ValueError) as error:
        detail = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise DeclarationError(f"{path}:1: not YAML as expected: {detail}"[:500]) from error
    except yaml.YAMLError as error:
        raise DeclarationError(f"{path}:1: not YAML: {error}") from error
    if not isinstance(content, dict):
        raise DeclarationError(f"{path}:1: expected a mapping of fields")
    return node, content


def load_declared(path: Traversable, model: type[M], *, stem_is_id: bool = False) -> M:
    """The record that one YAML file declares.

    Args:
        stem_is_id: the file's name without ending is the record's `id`.

    Raises:
        DeclarationError: the file cannot be read, is no YAML mapping, or a field is wrong.
    """
    node, content = read_mapping(path)
    stem = path.name.removesuffix(".yaml")
    if stem_is_id and content.setdefault("id", stem) != stem:
        line = line_of(node, ("id",))
        raise DeclarationError(f"{path}:{line}: id: expected {stem!r}, the file's stem")
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise DeclarationError("\n".join(_explain(path, node, error))) from error


def _explain(path: Traversable, node: yaml.Node | None, error: ValidationError) -> list[str]:
    lines = []
    for problem in error.errors(include_url=False):
        place = tuple(problem["loc"])
        field = ".".join(str(part) for part in place if part != "[key]") or "file"
        expectation = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            expectation = "no such field"
        found = problem.get("input")
        shown = f" (found {found!r})" if isinstance(found, (str, int, float, bool)) else ""
        lines.append(f"{path}:{line_of(node, place)}: {field}: {expectation}{shown}")
    return lines


def line_of(node: yaml.Node | None, place: Sequence[int | str]) -> int:
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
