-- Forecasts of weekly flow as they were made: vintages, never replaced. Made with the weekly release
-- `release_id`, of what was known at its cut-off.

CREATE TABLE IF NOT EXISTS forecasts (
  province LowCardinality(String) COMMENT 'ISO 3166-2:LA, "" is the nation',
  occupation LowCardinality(String) COMMENT 'ISCO-08 major group, "" is all',
  industry LowCardinality(String) COMMENT 'ISIC section, "" is all',
  made_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'when it was published',
  last_week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday of the last week it knows',
  ahead UInt8 COMMENT 'weeks from there to the week forecast',
  target_week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday of the week forecast',
  value Float64 COMMENT 'new vacancies forecast for that week',
  lower_80 Float64,
  upper_80 Float64,
  lower_95 Float64,
  upper_95 Float64,
  usual_upper Float64 COMMENT '90th percentile of the weeks of the last year',
  chance_above Nullable(Float64) COMMENT 'probability that the week exceeds usual_upper',
  weeks UInt16 COMMENT 'weeks that it rests on',
  n UInt64 COMMENT 'vacancies in those of the last half-year',
  method LowCardinality(String),
  scored UInt16 COMMENT 'earlier forecasts of the series that the scores are of',
  relative_mae Nullable(Float64) COMMENT 'their error over that of the naive forecast',
  mase Nullable(Float64) COMMENT 'their error over that of the seasonal naive forecast',
  pinball Nullable(Float64) COMMENT 'their mean pinball loss over five quantiles',
  coverage_80 Nullable(Float64) COMMENT 'share of outcomes within the 80 % interval',
  coverage_95 Nullable(Float64),
  release_id LowCardinality(String) COMMENT 'weekly release that it was made with'
) ENGINE = MergeTree
ORDER BY (province, occupation, industry, ahead, last_week, made_at)
SETTINGS non_replicated_deduplication_window = 1000;
