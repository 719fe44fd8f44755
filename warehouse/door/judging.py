"""May this statement run? Judged on the engine's own parse of it (`EXPLAIN AST`). Pure.

The statement is parsed within parentheses, as a table: there it can be one SELECT (or a union) and
nothing else, without FORMAT, INTO OUTFILE or a second statement. The server's grants and limits
hold whatever is decided here; this adds what they leave open, and says what is not possible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from warehouse.door.allowed import FUNCTIONS_REFUSED, TABLE_FUNCTIONS, TABLES

_OUTER: Final = """SelectWithUnionQuery (children 2)
 ExpressionList (children 1)
  SelectQuery (children 2)
   ExpressionList (children 1)
    Asterisk
   TablesInSelectQuery (children 1)
    TablesInSelectQueryElement (children 1)
     TableExpression (children 1)
      Subquery (children 1)
       SelectWithUnionQuery (children 1)""".splitlines()
"""The parse of the parentheses: it stands before any text of the statement's own."""
_LAST: Final = " Identifier Native"
"""The parse of the format in which the client library wants the answer: the second child."""
_NODE: Final = re.compile(r" *(\w+)(?: (.*?))?(?: \(alias .*)?(?: \(children \d+\))?")
_FOREIGN: Final = ("system", "information_schema", "_process", "default")


class Refused(StrEnum):
    """Why a statement does not run."""

    TOO_LONG = "too_long"
    NOT_ONE_SELECT = "not_one_select"
    SYNTAX = "syntax"
    TABLE = "table_not_allowed"
    TABLE_FUNCTION = "table_function_not_allowed"
    FUNCTION = "function_not_allowed"
    SETTINGS = "settings_not_allowed"
    ACCESS = "access_denied"
    PARAMETER = "parameter"
    TIME = "takes_too_long"
    MEMORY = "needs_too_much_memory"
    RESULT = "answer_too_large"
    COMPLEXITY = "too_complex"
    BUSY = "too_many_at_once"
    QUERY = "query_failed"
    """The statement is well formed and fails: an unknown column, a wrong type…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A statement that does not run: the reason, and words for its author."""

    reason: Refused
    detail: str


def as_table(sql: str) -> str:
    """The statement within parentheses, as it is given to the engine's parser."""
    return f"SELECT * FROM (\n{sql}\n)"


def judge(tree: str, database: str) -> Refusal | None:
    """Nothing where a statement may run.

    Args:
        tree: what `EXPLAIN AST` answers for `as_table(sql)`.
        database: the only one whose tables may be named.
    """
    lines = tree.splitlines()
    whole = len(lines) > len(_OUTER) and lines[-1] == _LAST
    if not whole or lines[: len(_OUTER)] != _OUTER:
        return Refusal(reason=Refused.NOT_ONE_SELECT, detail="Expected one SELECT statement.")
    previous = ""
    for line in lines[len(_OUTER) : -1]:
        node = _NODE.fullmatch(line)
        kind, name = (node[1], node[2] or "") if node else ("", "")
        refused = _judge_node(kind, name, previous, database)
        if refused is not None:
            return refused
        previous = kind
    return None


def _judge_node(kind: str, name: str, previous: str, database: str) -> Refusal | None:
    if kind == "Set":
        return Refusal(
            reason=Refused.SETTINGS, detail="SETTINGS are not possible: the limits are fixed."
        )
    if kind == "Function" and previous == "TableExpression":
        return _table_function(name)
    if kind == "Function" and _bare(name) in FUNCTIONS_REFUSED:
        return Refusal(reason=Refused.FUNCTION, detail=f"The function {name} is not possible.")
    if kind == "TableIdentifier":
        return _table(name, database)
    if kind == "Identifier" and _bare(name).split(".")[0] in _FOREIGN and "." in name:
        return Refusal(reason=Refused.TABLE, detail=f"{name} cannot be read.")
    return None


def _table_function(name: str) -> Refusal | None:
    if _bare(name) in {*TABLE_FUNCTIONS, "sqlstandardvalues"}:
        return None
    possible = ", ".join(sorted(TABLE_FUNCTIONS))
    return Refusal(
        reason=Refused.TABLE_FUNCTION,
        detail=f"The table function {name} is not possible; these are: {possible}.",
    )


def _table(name: str, database: str) -> Refusal | None:
    """Names without database may be of a WITH clause; the grants decide on them."""
    home, dot, table = name.rpartition(".")
    if not dot or (home == database and table in TABLES):
        return None
    possible = ", ".join(TABLES)
    return Refusal(reason=Refused.TABLE, detail=f"{name} cannot be read; these can: {possible}.")


def _bare(name: str) -> str:
    return name.strip("`\"' ").casefold()
