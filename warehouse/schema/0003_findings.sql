-- What was concluded from the counts. Nothing here is ever overwritten: a later issue of a figure
-- or a later state of an alert is a further row, so that any past answer can be given again.

CREATE TABLE IF NOT EXISTS observations (
  indicator LowCardinality(String),
  province LowCardinality(String) COMMENT 'ISO 3166-2:LA; empty: the nation',
  occupation LowCardinality(String) COMMENT 'ISCO-08, 1 to 4 digits; empty: all',
  time_value Date CODEC(Delta, ZSTD(1)) COMMENT 'the day, or first day of the period, described',
  issue DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'when the figure was published',
  value Nullable(Float64) CODEC(ZSTD(1)),
  n UInt32,
  employers UInt32,
  lower Nullable(Float64) CODEC(ZSTD(1)),
  upper Nullable(Float64) CODEC(ZSTD(1)),
  grade LowCardinality(String),
  method LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(time_value)
ORDER BY (indicator, province, occupation, time_value, issue)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS signals (
  signal_id String CODEC(ZSTD(1)),
  cell_province LowCardinality(String),
  cell_isco1 LowCardinality(String),
  direction LowCardinality(String),
  onset_on Date CODEC(Delta, ZSTD(1)),
  detected_on Date CODEC(Delta, ZSTD(1)),
  event_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  observed Float64,
  expected Float64,
  ratio Float64,
  ratio_lower Float64,
  ratio_upper Float64,
  score Float64,
  n UInt32,
  employers UInt32,
  sources Array(String),
  classification LowCardinality(String) COMMENT 'labour or collection_fault',
  detail String CODEC(ZSTD(1)),
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYear(event_time)
ORDER BY (event_time, signal_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS alert_history (
  alert_id String CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'event time of the transition',
  recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  state LowCardinality(String),
  previous_state LowCardinality(String),
  reason LowCardinality(String),
  kind LowCardinality(String),
  direction LowCardinality(String),
  province LowCardinality(String),
  isco1 LowCardinality(String),
  onset_on Date CODEC(Delta, ZSTD(1)),
  observed Float64,
  expected Float64,
  ratio Float64,
  ratio_lower Float64,
  ratio_upper Float64,
  n UInt32,
  sources Array(String),
  notified UInt8,
  detail String CODEC(ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (at, alert_id)
SETTINGS non_replicated_deduplication_window = 10000;
