-- Judged checks of data quality in all their vintages. Append-only: a check put again later is a
-- further row, so that what was known of the quality of a release can be told again.

CREATE TABLE IF NOT EXISTS quality_results (
  check_id LowCardinality(String) COMMENT 'check of warehouse/quality/checks.yaml',
  subject String CODEC(ZSTD(1)) COMMENT 'source, table, roll-up or level; empty: everything',
  dimension LowCardinality(String) COMMENT 'warehouse.quality.records.Dimension',
  severity LowCardinality(String) COMMENT 'information, minor or severe',
  unit LowCardinality(String) COMMENT 'share, count, ratio, seconds, hours or days',
  as_of DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'what was stored by then was looked at',
  period_start Date CODEC(Delta, ZSTD(1)),
  period_end Date CODEC(Delta, ZSTD(1)),
  value Nullable(Float64) CODEC(ZSTD(1)),
  lower Nullable(Float64) CODEC(ZSTD(1)),
  upper Nullable(Float64) CODEC(ZSTD(1)),
  n UInt64,
  verdict LowCardinality(String) COMMENT 'pass, warn, fail or not_assessable',
  reason LowCardinality(String) COMMENT 'warehouse.quality.records.Reason',
  mark Nullable(Float64) COMMENT 'as good or better passes; null: none is set',
  limit Nullable(Float64) COMMENT 'worse than this fails; null: none is set',
  detail String CODEC(ZSTD(1)) COMMENT 'examples or parts',
  method LowCardinality(String) COMMENT 'check and digest of its definition',
  release_id LowCardinality(String) COMMENT 'release that it accompanies, or empty',
  computed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYYYYMM(computed_at)
ORDER BY (check_id, subject, computed_at)
SETTINGS non_replicated_deduplication_window = 10000;
