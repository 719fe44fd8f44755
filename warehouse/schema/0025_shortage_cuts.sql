-- The nation's percentiles by which components of the shortage score are scored for a year. The
-- first ones stored for a component and year count; nothing is replaced.

CREATE TABLE IF NOT EXISTS shortage_cuts (
  year UInt16 COMMENT 'ISO year that they are used in',
  component LowCardinality(String) COMMENT 'component of the score',
  measured_on Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the week that they are of',
  p20 Float64,
  p50 Float64,
  p80 Float64,
  cells UInt32 COMMENT 'cells that had a figure',
  issue DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'when they were published',
  release_id LowCardinality(String) COMMENT 'release that they were frozen with'
) ENGINE = MergeTree
ORDER BY (year, component, issue, measured_on, release_id)
SETTINGS non_replicated_deduplication_window = 1000;
