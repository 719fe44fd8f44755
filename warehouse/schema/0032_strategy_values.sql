-- Indicators of the strategy that the service computes or measures, kept once a day: their trend.

CREATE TABLE IF NOT EXISTS strategy_values (
  number LowCardinality(String) COMMENT 'as in config/codelists/strategy.csv',
  on_day Date COMMENT 'day that the value was computed for, in Asia/Vientiane',
  origin LowCardinality(String) COMMENT 'computed, measured or used',
  value Nullable(Float64) COMMENT 'null: not assessable, or of invented data',
  lower Nullable(Float64),
  upper Nullable(Float64),
  n UInt64 COMMENT 'systems, months, vacancies verified or requests behind it',
  invented Nullable(Float64) COMMENT 'what a demonstration found instead',
  period_start Nullable(Date) COMMENT 'first day that the value describes; null: as of the day',
  period_end Nullable(Date),
  method LowCardinality(String),
  source String,
  computed_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (number, on_day, computed_at)
SETTINGS non_replicated_deduplication_window = 1000;
