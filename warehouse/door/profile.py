"""Limits of an analyst's statement, kept by the server itself, and the user on a real server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from warehouse.door.allowed import grants

MOST_SECONDS: Final = 15
MOST_ROWS: Final = 100_000
MOST_BYTES: Final = 64 << 20
"""Of an answer, as ClickHouse holds it in memory."""
MOST_MEMORY: Final = 512 << 20
LONGEST_SQL: Final = 32_768
"""Bytes of one statement."""

PROFILE: Final[Mapping[str, str]] = {
    "readonly": "1",
    "allow_ddl": "0",
    "max_execution_time": str(MOST_SECONDS),
    "timeout_overflow_mode": "throw",
    "max_estimated_execution_time": str(4 * MOST_SECONDS),
    "timeout_before_checking_execution_speed": "2",
    "max_result_rows": str(MOST_ROWS),
    "max_result_bytes": str(MOST_BYTES),
    "result_overflow_mode": "throw",
    "max_memory_usage": str(MOST_MEMORY),
    "max_threads": "2",
    "max_query_size": str(2 * LONGEST_SQL),
    "max_ast_depth": "200",
    "max_ast_elements": "5000",
    "max_expanded_ast_elements": "20000",
    "max_subquery_depth": "20",
    "max_rows_in_set": "5000000",
    "max_bytes_before_external_group_by": "0",
    "max_bytes_before_external_sort": "0",
    "use_query_cache": "0",
}
"""Settings by name. `readonly` 1 lets no statement change any of them."""


def server_sql(database: str, user: str, password_sha256: str) -> list[str]:
    """Statements that an administrator runs once on a real server, to make the analysts' user."""
    limits = ", ".join(
        f"{name} = '{value}'" if not value.isdecimal() else f"{name} = {value}"
        for name, value in PROFILE.items()
    )
    sealed = f"IDENTIFIED WITH sha256_hash BY '{password_sha256}'"
    return [
        f"CREATE ROLE IF NOT EXISTS {user}_role",
        f"CREATE SETTINGS PROFILE OR REPLACE {user}_profile SETTINGS {limits}",
        f"CREATE USER IF NOT EXISTS {user} {sealed} SETTINGS PROFILE '{user}_profile'",
        *grants(database, f"{user}_role"),
        f"GRANT {user}_role TO {user}",
        f"SET DEFAULT ROLE {user}_role TO {user}",
    ]
