"""Dotted paths into JSON: `jobDetail.title`, `industryId[].name`, `jobs[0].id`, `$`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

import msgspec

from scrapers.parsing.fields import Lookup, RawFields, read_fields
from scrapers.parsing.label_text import labelled_text
from scrapers.source_specs import LABEL, FieldRules

_EACH: Final = -1
_DEEPEST: Final = 20
_GUARD: Final = b")]}'"
_CALL: Final = re.compile(rb"(?:/\*\*/)?\s*[A-Za-z_$][\w$.]{0,80}\(")
_STEP: Final = re.compile(r"([^\[\]]*)((?:\[\d*\])*)")


class JsonError(ValueError):
    """The answer is not the JSON it should be; the message says what was found."""


def decode_json(body: bytes) -> Any:
    """The JSON value in `body`.

    Raises:
        JsonError: not JSON, not UTF-8, or nested too deeply.
    """
    try:
        return msgspec.json.decode(_bare(body))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JsonError(f"not JSON: {error}") from error
    except RecursionError as error:
        raise JsonError("JSON nested too deeply") from error


def _bare(body: bytes) -> bytes:
    """The JSON without what guards or wraps it: a byte order mark, `)]}',`, a callback's call."""
    body = body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body.startswith(_GUARD):
        return body.partition(b"\n")[2] or body[len(_GUARD) :].lstrip(b",\n")
    if body[:1] not in (b"{", b"[") and (call := _CALL.match(body)):
        return body[call.end() :].rstrip().rstrip(b";").rstrip().removesuffix(b")")
    return body


def find_all(node: Any, path: str) -> list[Any]:
    """Every value at `path`, in document order. A missing step gives no value."""
    steps = _steps(path)
    if len(steps) == 1 and isinstance(node, dict):  # the usual case, at a third of the cost
        return [node[steps[0]]] if steps[0] in node else []
    found = [node]
    for step in steps:
        following: list[Any] = []
        for value in found:
            if isinstance(step, str):
                if isinstance(value, dict) and step in value:
                    following.append(value[step])
            elif isinstance(value, list):
                following.extend(value if step == _EACH else value[step : step + 1])
        found = following
        if not found:
            break
    return found


def find_first(node: Any, path: str) -> Any:
    """The first value at `path`, or `None`."""
    return next(iter(find_all(node, path)), None)


def texts(node: Any, path: str) -> list[str]:
    """Texts at `path`: strings and numbers, and those in a list there; objects give nothing."""
    if isinstance(node, dict) and isinstance(node.get(path), str):
        return [node[path]]
    return [text for value in find_all(node, path) for text in _scalars(value)]


def json_fields(node: Any, rules: FieldRules) -> RawFields:
    """The fields of one JSON posting under `rules`."""
    return read_fields(rules, json_lookup(node))


def json_lookup(node: Any) -> Lookup:
    """Texts at a path of `node`; `label:…` is sought in every text of it."""

    def lookup(path: str) -> list[str]:
        if path.startswith(LABEL):
            return labelled_text("\n".join(_every_text(node)), path)
        return texts(node, path)

    return lookup


def _every_text(node: Any, depth: int = 0) -> list[str]:
    if isinstance(node, str):
        return [node]
    if depth > _DEEPEST or not isinstance(node, (dict, list)):
        return []
    values = node.values() if isinstance(node, dict) else node
    return [text for value in values for text in _every_text(value, depth + 1)]


def _scalars(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, float) and value.is_integer():
        return [str(int(value))]
    if isinstance(value, (int, float)):
        return [str(value)]
    if isinstance(value, list):
        return [text for item in value if not isinstance(item, list) for text in _scalars(item)]
    return []


@lru_cache(maxsize=1024)
def _steps(path: str) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    if path in ("$", ""):
        return ()
    for part in path.removeprefix("$.").split("."):
        match = _STEP.fullmatch(part)
        if match is None:
            steps.append(part)
            continue
        if match[1]:
            steps.append(match[1])
        steps.extend(int(i) if i else _EACH for i in re.findall(r"\[(\d*)\]", match[2]))
    return tuple(steps)
