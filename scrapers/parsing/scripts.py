"""JSON that a page carries in a script or an attribute: `__NEXT_DATA__`, `window.__STATE__`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from parsel import Selector

from scrapers.parsing.json_paths import JsonError
from scrapers.parsing.page import PathMistake, select
from scrapers.parsing.repair import RepairError, repaired_json, whole_characters

_SELECTOR: Final = re.compile(r"[#\[:>\s]|^\.|^xpath|^css")
_PARSED: Final = re.compile(r"JSON\.parse\(\s*(?=[\"'])")
_DECODER: Final = json.JSONDecoder(strict=False)


def script_json(page: Selector, name: str) -> Any:
    """The JSON value called `name` in a page.

    `name` is the id of a script element, a variable to which a script assigns the value, or a
    selector of an element or attribute whose text is JSON (`#app::attr(data-page)`).

    Raises:
        JsonError: nothing of that name, or it is not JSON.
    """
    error = f"no script, variable or element {name!r} with JSON"
    for text in _candidates(page, name):
        try:
            return _value(text)
        except RepairError as mistake:
            error = f"{name}: {mistake}"
    raise JsonError(error)


def _candidates(page: Selector, name: str) -> Iterator[str]:
    if _SELECTOR.search(name):
        try:
            for found in select(page, name):
                yield found.root if isinstance(found.root, str) else "".join(found.root.itertext())
        except PathMistake as error:
            raise JsonError(f"{name}: {error}") from error
        return
    assigned = re.compile(rf"(?<![\w$.]){re.escape(name)}[\"'\]]*\s*=(?!=)\s*")
    for script in page.root.iter("script"):
        text = script.text or ""
        if script.get("id") == name:
            yield text
        elif match := assigned.search(text):
            yield text[match.end() :]


def _value(text: str) -> Any:
    """The value at the beginning of a script's text; what follows it is code."""
    text = whole_characters(text.strip())
    if match := _PARSED.match(text):
        text = _unquoted(text[match.end() :])
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return repaired_json(_balanced(text))


def _unquoted(text: str) -> str:
    """The content of the JavaScript string at the beginning of `text`."""
    quote = text[:1]
    match = re.match(rf"{quote}((?:[^{quote}\\]|\\.)*+){quote}", text, re.DOTALL)
    if match is None:
        raise RepairError("JSON.parse of a string that does not end")
    content = match[1]
    if quote == "'":
        content = re.sub(r'(?<!\\)"', r'\\"', content.replace("\\'", "'"))
    try:
        return str(json.loads(f'"{content}"', strict=False))
    except json.JSONDecodeError as error:
        raise RepairError(f"JSON.parse of {error.msg}") from error


def _balanced(text: str) -> str:
    """The object or list at the beginning of `text`, up to its closing bracket."""
    depth, quoted, skip = 0, "", False
    for position, character in enumerate(text):
        if skip:
            skip = False
        elif quoted:
            skip = character == "\\"
            quoted = "" if character == quoted else quoted
        elif character in "\"'`":
            quoted = character
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if depth == 0:
                return text[: position + 1]
    return text
