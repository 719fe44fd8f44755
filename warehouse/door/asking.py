"""An analyst's statement, judged and run as the analysts' user. Blocking."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from warehouse.door.judging import Refusal, Refused, as_table, judge
from warehouse.door.profile import LONGEST_SQL, MOST_BYTES, MOST_ROWS, MOST_SECONDS

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from config.settings import Settings

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_LONGEST_VALUE: Final = 4_096
_CODE: Final = re.compile(r"Code: (\d+)\. DB::Exception: (.*)", re.DOTALL)
_HINT: Final = re.compile(
    r"[.,]? ?Maybe you meant.*|\(version .*|Received from .*|: While .*", re.DOTALL
)
_REASONS: Final[Mapping[int, Refused]] = {
    62: Refused.SYNTAX, 497: Refused.ACCESS, 164: Refused.SETTINGS, 452: Refused.SETTINGS,
    456: Refused.PARAMETER, 457: Refused.PARAMETER, 159: Refused.TIME, 160: Refused.TIME,
    241: Refused.MEMORY, 396: Refused.RESULT, 167: Refused.COMPLEXITY, 168: Refused.COMPLEXITY,
    306: Refused.COMPLEXITY, 162: Refused.COMPLEXITY, 191: Refused.MEMORY, 202: Refused.BUSY,
}  # fmt: skip
_GONE: Final = frozenset({209, 210, 516, 1000})
"""The server cannot be reached or does not know our own user: not the statement's fault."""
_PLAIN: Final[Mapping[Refused, str]] = {
    Refused.TIME: f"It takes longer than {MOST_SECONDS} s.",
    Refused.RESULT: f"The answer is larger than {MOST_ROWS:,} rows or {MOST_BYTES >> 20} MB.",
    Refused.MEMORY: "It needs more memory than a statement may take.",
}


class DoorError(Exception):
    """A statement that was not answered, with the reason."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An answer: names and ClickHouse types of its columns, and its rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: Sequence[Sequence[Any]]


def connect_analyst(settings: Settings) -> Client:
    """A client that acts as the analysts' user, whom the server itself holds to reading.

    Raises:
        clickhouse_connect.driver.exceptions.Error: unreachable or refused.
    """
    password = settings.clickhouse_analyst_password.get_secret_value()
    return clickhouse_connect.get_client(
        host=settings.clickhouse_host,
        port=settings.clickhouse_port,
        username=settings.clickhouse_analyst_user,
        password=password or settings.clickhouse_password.get_secret_value(),
        database=settings.clickhouse_database,
        autogenerate_session_id=False,
        compress=settings.clickhouse_host not in _LOOPBACK,
        connect_timeout=5,
        send_receive_timeout=MOST_SECONDS + 30,
        query_retries=0,
        tz_mode="aware",
    )


def ask(client: Client, sql: str, parameters: Mapping[str, str], *, database: str) -> Told:
    """The answer to one SELECT.

    Args:
        client: of `connect_analyst`.
        sql: the statement; `{name:Type}` stands for a parameter.
        parameters: values as text, by name.
        database: the configured one.

    Raises:
        DoorError: it was refused or failed; the reason is named.
        clickhouse_connect.driver.exceptions.ClickHouseError: the warehouse does not answer.
    """
    text = _stripped(sql)
    given = checked(text, parameters)
    tree = _told(client, f"EXPLAIN AST {as_table(text)}", given)
    refusal = judge("\n".join(str(row[0]) for row in tree.rows), database)
    if refusal is not None:
        raise DoorError(refusal)
    return _told(client, text, given)


def checked(sql: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters, if `sql` has them and names and values are of the expected form.

    Raises:
        DoorError: they are not.
    """
    for name, value in parameters.items():
        if not _NAME.fullmatch(name) or len(value) > _LONGEST_VALUE:
            what = (
                f"parameter {name[:64]!r}: expected a plain name and {_LONGEST_VALUE:,} characters"
            )
            raise DoorError(Refusal(reason=Refused.PARAMETER, detail=what))
        if not re.search(rf"\{{\s*{name}\s*:", sql):
            what = f"parameter {name!r}: the statement has no {{{name}:Type}}"
            raise DoorError(Refusal(reason=Refused.PARAMETER, detail=what))
    return dict(parameters)


def _stripped(sql: str) -> str:
    text = sql.strip().rstrip(";").rstrip()
    if not text:
        raise DoorError(Refusal(reason=Refused.NOT_ONE_SELECT, detail="Expected a SELECT."))
    if len(text.encode("utf-8", "replace")) > LONGEST_SQL or "\0" in text:
        limit = f"Expected at most {LONGEST_SQL:,} bytes of text."
        raise DoorError(Refusal(reason=Refused.TOO_LONG, detail=limit))
    return text


def _told(client: Client, sql: str, parameters: Mapping[str, str]) -> Told:
    try:
        result = client.query(sql, parameters=dict(parameters))
    except DatabaseError as error:
        raise _as_refusal(error) from error
    return Told(
        columns=tuple(result.column_names),
        types=tuple(kind.name for kind in result.column_types),
        rows=result.result_rows,
    )


def _as_refusal(error: DatabaseError) -> Exception:
    """What the author of the statement is told; the error itself where it is not about it."""
    found = _CODE.search(str(error))
    if found is None or int(found[1]) in _GONE:
        return ClickHouseError(str(error))
    reason = _REASONS.get(int(found[1]), Refused.QUERY)
    words = _HINT.sub("", found[2]).strip()[:400]
    return DoorError(Refusal(reason=reason, detail=_PLAIN.get(reason, words)))
