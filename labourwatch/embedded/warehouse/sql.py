"""Just enough of ClickHouse's lexer to route a statement and to refuse local files. Pure.

Grants refuse nearly everything that reaches outside the warehouse (see `configuration`). The
engine asks no grant for the scalar function `file`, for `INTO OUTFILE` and for the functions of
`_FORBIDDEN_CALLS`, since in its own process it trusts the caller; those are refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labourwatch.embedded.warehouse.errors import ACCESS_DENIED, refusal

_TOKEN = re.compile(
    rb"""
    (?P<gap>[\s\0\x80-\xff]++|--[^\n]*+|//[^\n]*+|\#[ !][^\n]*+)
  | (?P<comment>/\*)
  | (?P<string>'(?>[^'\\]++|\\.|'')*+'|\$(?P<tag>\w*+)\$.*?\$(?P=tag)\$)
  | (?P<name>`(?>[^`\\]++|\\.|``)*+`|"(?>[^"\\]++|\\.|"")*+")
  | (?P<word>[A-Za-z0-9_$]++)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(rb"/\*|\*/")
_SUSPECT = re.compile(rb"file|executable|python|arrowstream|eval|embed|\\", re.IGNORECASE)
_IDENTIFIER_PARAMETER = re.compile(rb":\s*Identifier", re.IGNORECASE)
# A function can be passed by its bare name (`arrayMap(f, x)`), so these are refused as names.
_FORBIDDEN_NAMES = frozenset({"file", "aiembed"})
_FORBIDDEN_CALLS = frozenset({"executable", "executablepool", "python", "arrowstream", "eval"})
_FILE_CLAUSES = {"INTO": ("OUTFILE",), "FROM": ("INFILE",)}
_OPENERS, _CLOSERS = frozenset("([{"), frozenset(")]}")
_DATA_EDGE = re.compile(rb"[ \t\f]*;?\r?\n?")


@dataclass(frozen=True, slots=True)
class Token:
    """A significant token: `kind` is string, name, word or sign; `text` is bare, unquoted."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Insert:
    """An `INSERT … FORMAT name`, cut before FORMAT and where its inline data begins."""

    head: str
    format: str
    data_start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What routing needs of any other statement."""

    verb: str
    format: str | None
    without_format: str


def _after_comment(sql: bytes, start: int) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(sql, start):
        depth += 1 if edge[0] == b"/*" else -1
        if depth == 0:
            return edge.end()
    return len(sql)


def tokens(sql: bytes) -> Iterator[Token]:
    """Significant tokens; comments, white space and bytes above ASCII are skipped."""
    position = 0
    while match := _TOKEN.match(sql, position):
        position = match.end()
        if match["gap"]:
            continue
        if match["comment"]:
            position = _after_comment(sql, position)
            continue
        text = match[0].decode("utf-8", "replace")
        kind = str(match.lastgroup) if match.lastgroup != "tag" else "string"
        bare = text[1:-1] if kind == "name" else text
        yield Token(kind, bare, match.start(), match.end())


def _is_forbidden(token: Token, following: str) -> bool:
    if token.kind not in ("word", "name"):
        return False
    name = token.text.casefold()
    # An escape within a quoted name could spell anything.
    return (
        name in _FORBIDDEN_NAMES
        or (name in _FORBIDDEN_CALLS and following == "(")
        or (token.kind == "name" and "\\" in name)
    )


def refuse_local_access(sql: bytes, parameters: Mapping[str, str]) -> None:
    """Refuse the ways out of the warehouse that no grant covers.

    Raises:
        StatementError: 497, naming what was refused.
    """
    if _IDENTIFIER_PARAMETER.search(sql):
        for value in parameters.values():
            if "\\" in value or value.strip('`"').casefold() in _FORBIDDEN_NAMES:
                raise refusal(ACCESS_DENIED, f"The name {value!r} is not allowed here.")
    if not _SUSPECT.search(sql):
        return
    found = [*tokens(sql)]
    for index, token in enumerate(found):
        following = found[index + 1].text if index + 1 < len(found) else ""
        if _is_forbidden(token, following):
            raise refusal(ACCESS_DENIED, f"The name {token.text!r} is not allowed here.")
        if following.upper() in _FILE_CLAUSES.get(token.text.upper(), ()):
            raise refusal(ACCESS_DENIED, f"{token.text} {following} is not allowed here.")


def verb_of(sql: bytes) -> str:
    """The first word of a statement in capitals; "" where there is none."""
    first = next(tokens(sql), None)
    return first.text.upper() if first else ""


def find_insert(sql: bytes) -> Insert | None:
    """The parts of an INSERT whose data follow a FORMAT clause; None for every other statement."""
    depth = 0
    previous = ""
    stream = tokens(sql)
    first = next(stream, None)
    if first is None or first.text.upper() != "INSERT":
        return None
    for token in stream:
        word = token.text.upper() if token.kind == "word" else ""
        depth += (token.text in _OPENERS) - (token.text in _CLOSERS) if token.kind == "sign" else 0
        if depth == 0 and word in ("VALUES", "SELECT", "WITH", "FROM") and previous != "INTO":
            return None
        if depth == 0 and word == "FORMAT" and previous not in ("INTO", "TABLE", "."):
            return _cut_insert(sql, token.start, next(stream, None))
        previous = word or token.text
    return None


def _cut_insert(sql: bytes, head_end: int, name: Token | None) -> Insert | None:
    if name is None:
        return None
    edge = _DATA_EDGE.match(sql, name.end)
    start = edge.end() if edge else name.end
    return Insert(head=sql[:head_end].decode(), format=name.text, data_start=start)


def shape_of(sql: bytes) -> Shape:
    """Verb, output format and the text without its FORMAT clause."""
    found = [*tokens(sql)]
    while found and found[-1].text == ";":
        found.pop()
    verb = next((item.text.upper() for item in found if item.text != "("), "")
    end = found[-1].end if found else 0
    for index in range(len(found) - 2, -1, -1):
        token, name = found[index], found[index + 1]
        closes = index + 2 == len(found) or found[index + 2].text.upper() == "SETTINGS"
        if token.kind == "word" and token.text.upper() == "FORMAT" and closes:
            text = sql[: token.start] + sql[name.end : end]
            return Shape(verb=verb, format=name.text, without_format=_text(text))
    return Shape(verb=verb, format=None, without_format=_text(sql[:end]))


def _text(sql: bytes) -> str:
    return sql.decode("utf-8", "replace")


def kill_by_name(sql: bytes) -> bytes:
    """`KILL QUERY … query_id …` in terms of the tag that carries the client's query id.

    The engine names queries itself; the client's id travels as the setting `log_comment`.
    """
    parts: list[bytes] = []
    position = 0
    for token in tokens(sql):
        if token.kind == "word" and token.text.casefold() == "query_id":
            parts += [sql[position : token.start], b"Settings['log_comment']"]
            position = token.end
    return b"".join([*parts, sql[position:]])
