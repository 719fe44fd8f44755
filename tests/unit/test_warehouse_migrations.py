"""Migrations run in order, once, and refuse a history that was changed."""

from __future__ import annotations

import pytest

from warehouse.migrate import MigrationError, Part, parse, pending, read_files, split_statements

FIRST = "CREATE TABLE IF NOT EXISTS a (x UInt8) ENGINE = Memory;\n"
SECOND = "ALTER TABLE a ADD COLUMN IF NOT EXISTS y UInt8;\n"


def applied(parts: list[Part]) -> dict[tuple[int, int], str]:
    return {(part.version, part.part): part.checksum for part in parts}


def test_statements_end_at_a_semicolon_that_ends_a_line() -> None:
    sql = "-- a; note\nSELECT ';' ,\n 1;\n  -- another\nSELECT 2; \nSELECT 3"
    assert split_statements(sql) == ["SELECT ';' ,\n 1", "SELECT 2", "SELECT 3"]


def test_shipped_migrations_are_in_order_and_repeatable() -> None:
    parts = parse(read_files())
    assert parts[0].name == "0001_register.sql"
    assert [part.version for part in parts] == sorted(part.version for part in parts)


def test_everything_is_pending_at_first_and_nothing_at_last() -> None:
    parts = parse({"0001_a.sql": FIRST + SECOND, "0002_b.sql": SECOND})
    assert [(part.version, part.part) for part in parts] == [(1, 1), (1, 2), (2, 1)]
    assert pending(parts, {}) == parts
    assert pending(parts, applied(parts)) == []


def test_a_crash_in_the_middle_leaves_the_rest_pending() -> None:
    parts = parse({"0001_a.sql": FIRST + SECOND, "0002_b.sql": SECOND})
    assert pending(parts, applied(parts[:2])) == parts[2:]


def test_layout_and_comments_may_change() -> None:
    before = parse({"0001_a.sql": FIRST})
    after = parse({"0001_a.sql": "-- why\n" + FIRST.replace(" (", "\n  (")})
    assert pending(after, applied(before)) == []


def test_a_changed_statement_is_refused() -> None:
    before = parse({"0001_a.sql": FIRST})
    after = parse({"0001_a.sql": FIRST.replace("UInt8", "UInt16")})
    with pytest.raises(MigrationError, match=r"0001_a.sql part 1 was changed"):
        pending(after, applied(before))


def test_a_removed_migration_is_refused() -> None:
    before = parse({"0001_a.sql": FIRST, "0002_b.sql": SECOND})
    with pytest.raises(MigrationError, match="0002 part 1 was applied but is gone"):
        pending(before[:1], applied(before))


def test_a_migration_slipped_in_before_applied_ones_is_refused() -> None:
    parts = parse({"0001_a.sql": FIRST, "0002_b.sql": SECOND})
    with pytest.raises(MigrationError, match="comes before applied ones"):
        pending(parts, applied(parts[1:]))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"1_a.sql": FIRST}, "expected a file 0001"),
        ({"0002_a.sql": FIRST}, "expected a file 0001"),
        ({"0001_a.sql": FIRST, "0001_b.sql": FIRST}, "expected a file 0002"),
        ({"0001_a.sql": "CREATE TABLE a (x UInt8) ENGINE = Memory;"}, "cannot be repeated"),
        ({"0001_a.sql": "DROP TABLE a;"}, "cannot be repeated"),
        ({"0001_a.sql": "INSERT INTO a VALUES (1);"}, "cannot be repeated"),
    ],
)
def test_bad_migrations_are_refused_before_anything_runs(
    files: dict[str, str], message: str
) -> None:
    with pytest.raises(MigrationError, match=message):
        parse(files)
