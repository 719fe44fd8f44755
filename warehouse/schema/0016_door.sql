-- What analysts ask by SQL: their saved questions, and who asked what. Append-only: a change of a
-- saved question is a further version.

CREATE TABLE IF NOT EXISTS saved_queries (
  query_id String COMMENT 'SHA-256 of name, version and statement, 16 digits: what is shared',
  name LowCardinality(String),
  version UInt32 COMMENT '1: the first; the highest is current',
  owner LowCardinality(String) COMMENT 'account identifier, never a name',
  description String CODEC(ZSTD(1)),
  sql String CODEC(ZSTD(1)),
  parameters Map(String, String) COMMENT 'values that hold where none are given',
  as_of Nullable(DateTime64(3, 'UTC')) COMMENT 'pinned moment: value of {as_of:DateTime64(3)}',
  saved_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (name, version, saved_at)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS query_runs (
  run_id String,
  at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  asker LowCardinality(String) COMMENT 'account identifier; shell: the operator',
  way LowCardinality(String) COMMENT 'rest or shell',
  query_id LowCardinality(String) COMMENT 'saved question, or empty',
  sql String CODEC(ZSTD(1)),
  outcome LowCardinality(String) COMMENT 'answered, or warehouse.door.judging.Refused',
  rows UInt64,
  elapsed_ms UInt32
) ENGINE = MergeTree
ORDER BY (at, run_id)
TTL toDateTime(at) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 1000;

-- Supply as analysts may read it: the latest issues, without counts of persons too small to publish.
-- It reads with the rights of whoever made it, so that the table behind it can stay closed.
CREATE VIEW IF NOT EXISTS supply_released DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT * FROM supply_current WHERE releasable = 1;
