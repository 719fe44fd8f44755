-- Roll-ups at the grain of dashboards and of the public tables. Each sums append-only events, so a
-- reclassification (-1 in the cell left, +1 in the cell entered) is one of its rows like any other.
-- History is filled in before the view that continues it: stop the loaders of an older release.
-- A year is one part or none, so that an interrupted filling goes on where it was.

CREATE TABLE IF NOT EXISTS rollup_cells (
  event_date Date CODEC(Delta, ZSTD(1)),
  province LowCardinality(String),
  isco1 LowCardinality(String),
  flow Int64,
  stock_delta Int64,
  closed Int64 COMMENT 'closed or expired'
) ENGINE = SummingMergeTree((flow, stock_delta, closed))
PARTITION BY toYear(event_date)
ORDER BY (event_date, province, isco1)
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO rollup_cells
SELECT event_date, province, isco1, sum(toInt64(vacancy_events.flow)),
  sum(toInt64(vacancy_events.stock)), countIf(kind IN ('closed', 'expired'))
FROM vacancy_events
WHERE toYear(event_date) NOT IN (SELECT toYear(event_date) FROM rollup_cells)
GROUP BY event_date, province, isco1 ORDER BY ALL
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0,
  min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS rollup_cells_mv TO rollup_cells AS
SELECT
  event_date,
  province,
  isco1,
  sum(toInt64(vacancy_events.flow)) AS flow,
  sum(toInt64(vacancy_events.stock)) AS stock_delta,
  toInt64(countIf(kind IN ('closed', 'expired'))) AS closed
FROM vacancy_events
GROUP BY event_date, province, isco1;

CREATE TABLE IF NOT EXISTS rollup_weekly (
  week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday',
  province LowCardinality(String),
  isco1 LowCardinality(String),
  isic LowCardinality(String),
  flow Int64,
  stock_delta Int64,
  closed Int64 COMMENT 'closed or expired'
) ENGINE = SummingMergeTree((flow, stock_delta, closed))
PARTITION BY toYear(week)
ORDER BY (week, province, isco1, isic)
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO rollup_weekly
SELECT toMonday(event_date) AS week, province, isco1, isic, sum(toInt64(vacancy_events.flow)),
  sum(toInt64(vacancy_events.stock)), countIf(kind IN ('closed', 'expired'))
FROM vacancy_events
WHERE toYear(toMonday(event_date)) NOT IN (SELECT toYear(week) FROM rollup_weekly)
GROUP BY week, province, isco1, isic ORDER BY ALL
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0,
  min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS rollup_weekly_mv TO rollup_weekly AS
SELECT
  toMonday(event_date) AS week,
  province,
  isco1,
  isic,
  sum(toInt64(vacancy_events.flow)) AS flow,
  sum(toInt64(vacancy_events.stock)) AS stock_delta,
  toInt64(countIf(kind IN ('closed', 'expired'))) AS closed
FROM vacancy_events
GROUP BY week, province, isco1, isic;

CREATE TABLE IF NOT EXISTS rollup_occupations (
  week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday',
  province LowCardinality(String),
  isco08 LowCardinality(String),
  flow Int64,
  stock_delta Int64,
  closed Int64 COMMENT 'closed or expired'
) ENGINE = SummingMergeTree((flow, stock_delta, closed))
PARTITION BY toYear(week)
ORDER BY (week, province, isco08)
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO rollup_occupations
SELECT toMonday(event_date) AS week, province, isco08, sum(toInt64(vacancy_events.flow)),
  sum(toInt64(vacancy_events.stock)), countIf(kind IN ('closed', 'expired'))
FROM vacancy_events
WHERE toYear(toMonday(event_date)) NOT IN (SELECT toYear(week) FROM rollup_occupations)
GROUP BY week, province, isco08 ORDER BY ALL
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0,
  min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS rollup_occupations_mv TO rollup_occupations AS
SELECT
  toMonday(event_date) AS week,
  province,
  isco08,
  sum(toInt64(vacancy_events.flow)) AS flow,
  sum(toInt64(vacancy_events.stock)) AS stock_delta,
  toInt64(countIf(kind IN ('closed', 'expired'))) AS closed
FROM vacancy_events
GROUP BY week, province, isco08;
