"""Files that make chDB behave like a small, closed server.

What the engine may do is said once, as grants, so that its own access check refuses local
files, other hosts, foreign table engines and shutdown, wherever in a statement they hide.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from labourwatch.embedded.warehouse.limits import MIB, Limits
from warehouse.door.allowed import ROLE, grants

GRANTS = (
    "GRANT SHOW DATABASES, SHOW TABLES, SHOW COLUMNS, SHOW DICTIONARIES ON *.*",
    "GRANT SELECT, INSERT, ALTER, TRUNCATE, OPTIMIZE ON *.*",
    "GRANT CREATE DATABASE, CREATE TABLE, CREATE VIEW, CREATE FUNCTION ON *.*",
    "GRANT CREATE TEMPORARY TABLE, CREATE ARBITRARY TEMPORARY TABLE ON *.*",
    "GRANT DROP DATABASE, DROP TABLE, DROP VIEW, DROP FUNCTION, UNDROP TABLE ON *.*",
    "GRANT KILL QUERY, SYSTEM MERGES, SYSTEM DROP CACHE, SYSTEM RELOAD FUNCTION ON *.*",
)
ENGINES = (
    "MergeTree", "ReplacingMergeTree", "SummingMergeTree", "AggregatingMergeTree",
    "CollapsingMergeTree", "VersionedCollapsingMergeTree", "Memory", "Null", "Log", "TinyLog",
    "StripeLog", "Set", "Join", "Buffer", "Merge", "Atomic", "View", "MaterializedView",
)  # fmt: skip

# Settings whose value is itself SQL, which no check of the statement would see.
LOCKED_SETTINGS = (
    "additional_table_filters", "additional_result_filter", "format_schema_source",
    "parallel_replicas_custom_key",
)  # fmt: skip

# The engine's own start database overlays the file system, so it is parked under another name
# and an ordinary `default` takes its place.
PARKED_DATABASE = "_process"
SERVICE = "service"
FEEDER = "feeder"
"""Role that the server itself takes on while it stores a block: it may read our own folder too."""


def server_xml(home: Path, limits: Limits) -> str:
    """Server configuration: memory ceilings, small caches, few threads, no foreign folders."""
    settings: dict[str, object] = {
        "default_database": PARKED_DATABASE,
        "users_config": home / "users.xml",
        "user_files_path": home / "files",
        "user_scripts_path": home / "scripts",
        "format_schema_path": home / "schemas",
        "max_server_memory_usage": limits.server_memory,
        "mark_cache_size": 32 * MIB,
        "index_mark_cache_size": 8 * MIB,
        "uncompressed_cache_size": 0,
        "index_uncompressed_cache_size": 0,
        "primary_index_cache_size": 32 * MIB,
        "query_condition_cache_size": 8 * MIB,
        "compiled_expression_cache_size": 16 * MIB,
        "mmap_cache_size": 16,
        "text_index_tokens_cache_size": 8 * MIB,
        "text_index_header_cache_size": 8 * MIB,
        "text_index_postings_cache_size": 16 * MIB,
        "vector_similarity_index_cache_size": 0,
        "parquet_metadata_cache_size": MIB,
        "iceberg_metadata_files_cache_size": MIB,
        "max_thread_pool_size": 256,
        "max_thread_pool_free_size": 8,
        "thread_pool_queue_size": 1000,
        "max_io_thread_pool_size": 16,
        "max_io_thread_pool_free_size": 2,
        "background_pool_size": 2,
        "background_schedule_pool_size": 2,
        "background_common_pool_size": 2,
    }
    lines = [f"  <{name}>{escape(str(value))}</{name}>" for name, value in settings.items()]
    lines.append(
        "  <access_control_improvements><table_engines_require_grant>true"
        "</table_engines_require_grant></access_control_improvements>"
    )
    # Merges of a one-machine warehouse stay small, so that they never take the query memory.
    lines.append(
        "  <merge_tree>"
        "<max_bytes_to_merge_at_max_space_in_pool>2147483648"
        "</max_bytes_to_merge_at_max_space_in_pool>"
        "<fsync_after_insert>1</fsync_after_insert>"
        "<fsync_part_directory>1</fsync_part_directory>"
        "</merge_tree>"
    )
    return "\n".join(["<clickhouse>", *lines, "</clickhouse>", ""])


def users_xml(limits: Limits, database: str) -> str:
    """The one user, its roles, and the settings that hold until a client names others.

    The engine knows one user only; what analysts may read is a role, which a request of theirs
    takes on alone before its statement runs. Requests of the service begin in theirs.
    """
    service = [*GRANTS, *(f"GRANT TABLE ENGINE ON {name}" for name in ENGINES)]
    roles = "".join(
        f"<{role}><grants>{_queries(granted)}</grants></{role}>"
        for role, granted in (
            (SERVICE, service),
            (FEEDER, [*service, "GRANT READ ON FILE"]),
            (ROLE, grants(database)),
        )
    )
    locked = "".join(f"<{name}><readonly/></{name}>" for name in LOCKED_SETTINGS)
    return f"""<clickhouse>
  <profiles><default>
    <max_memory_usage>{limits.query_memory}</max_memory_usage>
    <max_execution_time>{limits.query_seconds}</max_execution_time>
    <deduplicate_blocks_in_dependent_materialized_views>1</deduplicate_blocks_in_dependent_materialized_views>
    <constraints>{locked}</constraints>
  </default></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password/>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants>{_queries([f"GRANT {SERVICE}, {FEEDER}, {ROLE}"])}</grants>
  </default></users>
  <roles>{roles}</roles>
</clickhouse>
"""


def _queries(granted: Sequence[str]) -> str:
    return "".join(f"<query>{escape(grant)}</query>" for grant in granted)


def blocks_folder(data_dir: Path) -> Path:
    """Where blocks lie while they are stored."""
    return data_dir / "server" / "files"


def prepare(data_dir: Path, limits: Limits, database: str) -> Path:
    """Write the configuration into `data_dir` and return the server file's path.

    `database` is the one whose tables analysts may read as far as they are allowed. Called with
    the engine closed. Idempotent: only `default`'s identity is kept from before.
    """
    home = data_dir / "server"
    for folder in (home / "files", home / "scripts", home / "schemas"):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "users.xml").write_text(users_xml(limits, database), encoding="utf-8")
    (home / "config.xml").write_text(server_xml(home, limits), encoding="utf-8")
    metadata = data_dir / "store" / "metadata"
    metadata.mkdir(parents=True, exist_ok=True)
    identity = metadata / "default.sql"
    if not identity.exists():
        attach = f"ATTACH DATABASE _ UUID '{uuid.uuid4()}' ENGINE = Atomic\n"
        identity.write_text(attach, encoding="utf-8")
    # The engine re-creates this link; finding it there, it would attach `default` twice and abort.
    (metadata / "default").unlink(missing_ok=True)
    return home / "config.xml"
