-- What readers say of pages, and what operators did about it. Append-only; of several statements
-- about one piece of feedback the latest counts. Nothing says who wrote.

CREATE TABLE IF NOT EXISTS feedback (
  feedback_id String COMMENT 'random; only whoever wrote it was told',
  received_at DateTime64(3, 'UTC'),
  kind LowCardinality(String) COMMENT 'number, unclear, fault or idea',
  text String CODEC(ZSTD(1)) COMMENT 'redacted before it was kept anywhere',
  removed UInt16 COMMENT 'pieces of personal data that were taken out',
  page String COMMENT 'address within the dashboard; empty: none in particular',
  page_as_of Nullable(DateTime64(3, 'UTC')) COMMENT 'moment that the page was as of when it was drawn',
  held_as_of Nullable(DateTime64(3, 'UTC')) COMMENT 'moment that the dashboard was as of when it was sent',
  release_id LowCardinality(String) COMMENT 'newest weekly release that the page could show',
  language LowCardinality(String) COMMENT 'of the page: lo or en',
  audience LowCardinality(String) COMMENT 'public, or the role of the account'
) ENGINE = MergeTree
ORDER BY (received_at, feedback_id)
TTL toDateTime(received_at) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS feedback_statements (
  statement_id String,
  feedback_id String,
  state LowCardinality(String) COMMENT 'answered or closed',
  reason LowCardinality(String) COMMENT 'of a closing: corrected, explained, planned, duplicate, unfounded or not_ours',
  text String CODEC(ZSTD(1)) COMMENT 'answer that whoever wrote may read',
  account LowCardinality(String) COMMENT 'who says so, never a name',
  stated_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (feedback_id, stated_at, statement_id)
TTL toDateTime(stated_at) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 1000;
