"""JSON with the mistakes that sites make: repaired where it is safe, else refused with the reason.

Safe is what loses nothing: wrappers, comments, raw control characters, trailing commas, other
quotes, quotes inside a text, brackets that are missing at the end. A block that ends within a
value was cut off, and half an advert is not read as a whole one.
"""

from __future__ import annotations

import html as html_entities
import json
import re
from typing import Any, Final

import json_repair

_BEFORE: Final = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */",
                  "<![CDATA[", "\ufeff")  # fmt: skip
_AFTER: Final = ("//-->", "// -->", "-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>", ";")
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
_OPEN_QUOTE: Final = re.compile(r"[:,{\[]\s*[\"']$")
_LARGEST_BLOCK: Final = 1_000_000
_LARGEST_REPAIRED: Final = 120_000
"""Repair takes time that grows faster than the text: 0.8 s at this size."""
_SURROGATE: Final = re.compile(
    r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)
"""Half of a character, written as an escape; group 1 where its other half follows."""
_BRACKET: Final = re.compile(r"[\[\]{}]")
_PROSE: Final = re.compile(r"[\s<>,;]")
_DEEPEST: Final = 64


class RepairError(ValueError):
    """The text is no JSON and cannot safely be made one; the message says why."""


def repaired_json(block: str) -> Any:
    """The value of a JSON text, mistakes repaired.

    Raises:
        RepairError: too large, nested too deeply, cut off, or beyond safe repair.
    """
    if len(block) > _LARGEST_BLOCK:
        raise RepairError(f"{len(block)} characters, more than {_LARGEST_BLOCK}")
    text = whole_characters(_unwrapped(block))
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        mistake = f"invalid JSON at line {error.lineno}: {error.msg}"
    except RecursionError as error:
        raise RepairError("nested too deeply") from error
    except ValueError as error:
        raise RepairError("a number with more digits than any has") from error
    for simple in (_TRAILING_COMMA.sub(r"\1", text), html_entities.unescape(text)):
        try:
            return json.loads(simple, strict=False)
        except (ValueError, RecursionError):
            continue
    return _thoroughly(text, mistake)


def _unwrapped(block: str) -> str:
    """The text without the comments and sections that hide scripts from old browsers."""
    text, before = block.strip(), ""
    while text != before:
        before = text
        for mark in _BEFORE:
            text = text.removeprefix(mark).lstrip()
        for mark in _AFTER:
            text = text.removesuffix(mark).rstrip()
    return text


def whole_characters(text: str) -> str:
    """JSON without escapes of half characters, which can be neither stored nor shown: each becomes
    the sign for an unknown one."""
    return _SURROGATE.sub(lambda match: match[1] or "\\ufffd", text)


def _thoroughly(text: str, mistake: str) -> Any:
    if len(text) > _LARGEST_REPAIRED:
        raise RepairError(f"{mistake}; {len(text)} characters are too many to repair")
    if not text.startswith(("{", "[")):
        raise RepairError(mistake)
    if _is_cut_off(text):
        raise RepairError(f"{mistake}; the text is cut off")
    if _depth(text) > _DEEPEST:
        raise RepairError(f"{mistake}; nested too deeply to repair")
    unescaped = html_entities.unescape(text) if '"' not in text else text
    try:
        value = json_repair.loads(unescaped, skip_json_loads=True)
    except (ValueError, RecursionError, IndexError) as error:
        raise RepairError(f"{mistake}; {error}") from error
    if not isinstance(value, (dict, list)) or not value or not _names_look_like_names(value):
        raise RepairError(f"{mistake}; beyond safe repair")
    return value


def _depth(text: str) -> int:
    """Most brackets that are open at one place, those in texts counted too."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "{[" else -1
        deepest = max(deepest, depth)
    return deepest


def _is_cut_off(text: str) -> bool:
    """Whether the text ends where a value or a name has only begun.

    Quotes are counted as a writer of JSON sets them: one opens after `{`, `[`, `:` or `,`.
    """
    if text.endswith(("}", "]")):
        return False
    return not text.endswith(('"', "'")) or _OPEN_QUOTE.search(text) is not None


def _names_look_like_names(value: Any, depth: int = 0) -> bool:
    """A text that was torn at a quote shows up as a name with spaces or mark-up in it."""
    if depth > _DEEPEST:
        return False
    if isinstance(value, list):
        return all(_names_look_like_names(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return all(
            not _PROSE.search(name) and _names_look_like_names(item, depth + 1)
            for name, item in value.items()
        )
    return True
