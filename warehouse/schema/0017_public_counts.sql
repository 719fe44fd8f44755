-- What the public is told of counts, and what was decided when. A period's table is decided once:
-- later rows of the same cell tell its revision in the same pattern.

CREATE TABLE IF NOT EXISTS public_counts (
  measure LowCardinality(String) COMMENT 'flow or stock',
  frequency LowCardinality(String) COMMENT 'W or M',
  time_value Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the period; of a stock its last',
  province LowCardinality(String) COMMENT 'ISO 3166-2:LA; empty: the nation',
  isco1 LowCardinality(String) COMMENT 'major group; empty: all',
  isic LowCardinality(String) COMMENT 'section; empty: all',
  issue DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'when it was published',
  release_id LowCardinality(String) COMMENT 'release it was published with, or empty',
  value Nullable(UInt32) CODEC(ZSTD(1)) COMMENT 'a multiple of 5; null: hidden',
  step UInt16 COMMENT 'what value is rounded to; 0: hidden',
  revised UInt8 COMMENT '1: the first value plus the rounded revision',
  hidden LowCardinality(String) COMMENT 'reason told to the public; empty: not hidden'
) ENGINE = MergeTree
PARTITION BY toYear(time_value)
ORDER BY (measure, frequency, province, isco1, isic, time_value, issue)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS count_decisions (
  measure LowCardinality(String) COMMENT 'flow or stock',
  frequency LowCardinality(String) COMMENT 'W or M',
  time_value Date CODEC(Delta, ZSTD(1)) COMMENT 'as in public_counts',
  province LowCardinality(String),
  isco1 LowCardinality(String),
  isic LowCardinality(String),
  issue DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'of the first public table',
  n UInt32 COMMENT 'the count then, to which revisions are added; never told to the public',
  value Nullable(UInt32) CODEC(ZSTD(1)) COMMENT 'told then; null: hidden for good',
  step UInt16 COMMENT 'as in public_counts',
  reason LowCardinality(String) COMMENT 'warehouse.disclosure.records.Hidden, the true one'
) ENGINE = MergeTree
PARTITION BY toYear(time_value)
ORDER BY (measure, frequency, time_value, province, isco1, isic)
SETTINGS non_replicated_deduplication_window = 10000;
