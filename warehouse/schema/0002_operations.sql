-- Health of the collection, refusals, and the supply side.

CREATE TABLE IF NOT EXISTS source_runs (
  source_id LowCardinality(String),
  run_id String CODEC(ZSTD(1)),
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  finished_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'event time of the observation',
  outcome LowCardinality(String) COMMENT 'scrapers.items.RunOutcome',
  detail String CODEC(ZSTD(1)),
  listed UInt32,
  published UInt32,
  refused UInt32,
  withdrawn UInt32,
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(finished_at)
ORDER BY (source_id, finished_at, run_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS supply (
  source_id LowCardinality(String),
  record_id String CODEC(ZSTD(1)),
  province LowCardinality(String) COMMENT 'ISO 3166-2:LA; empty: the nation',
  occupation LowCardinality(String) COMMENT 'ISCO-08, 1 to 4 digits, or empty',
  measure LowCardinality(String),
  count Float64 COMMENT 'persons',
  period_start Date CODEC(Delta, ZSTD(1)),
  period_end Date CODEC(Delta, ZSTD(1)),
  published_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(period_end)
ORDER BY (measure, period_end, province, occupation, record_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- What was refused and why. The bytes themselves stay in the dead-letter topic, for operators only.
CREATE TABLE IF NOT EXISTS dead_letters (
  letter_id String CODEC(ZSTD(1)),
  stage LowCardinality(String),
  reason LowCardinality(String),
  detail String CODEC(ZSTD(1)),
  source_id LowCardinality(String),
  posting_id String CODEC(ZSTD(1)),
  topic LowCardinality(String),
  event_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  failed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(event_time)
ORDER BY (stage, reason, event_time, letter_id)
SETTINGS non_replicated_deduplication_window = 10000;
