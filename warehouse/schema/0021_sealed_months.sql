-- Roll-ups of what no sum of appended rows can give: skills and pay stand in versions of a vacancy
-- (a later version replaces an earlier one), and a duration needs two events. They are computed by
-- month and sealed with the mark of the rows they were computed from. A reader believes a month
-- only while its mark still stands, and otherwise reads the month's raw rows: what is told is exact
-- at every moment, whatever was corrected since, and sealing is only a matter of speed.

CREATE TABLE IF NOT EXISTS vacancy_marks (
  month Date COMMENT 'first day of the month of opening',
  rows UInt64 COMMENT 'rows of vacancies',
  digest UInt64 COMMENT 'sum of the hashes of their identities, modulo 2^64'
) ENGINE = SummingMergeTree((rows, digest))
PARTITION BY toYear(month)
ORDER BY month
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO vacancy_marks
SELECT toStartOfMonth(opened_on) AS month, count(), sum(cityHash64(record_id))
FROM vacancies
WHERE toYear(opened_on) NOT IN (SELECT toYear(month) FROM vacancy_marks)
GROUP BY month ORDER BY ALL
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0,
  min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS vacancy_marks_mv TO vacancy_marks AS
SELECT toStartOfMonth(opened_on) AS month, count() AS rows, sum(cityHash64(record_id)) AS digest
FROM vacancies
GROUP BY month;

CREATE TABLE IF NOT EXISTS event_marks (
  month Date COMMENT 'first day of the month of the event',
  rows UInt64 COMMENT 'rows of vacancy_events',
  digest UInt64 COMMENT 'sum of the hashes of their identities, modulo 2^64'
) ENGINE = SummingMergeTree((rows, digest))
PARTITION BY toYear(month)
ORDER BY month
SETTINGS non_replicated_deduplication_window = 10000;

INSERT INTO event_marks
SELECT toStartOfMonth(event_date) AS month, count(), sum(cityHash64(event_id))
FROM vacancy_events
WHERE toYear(event_date) NOT IN (SELECT toYear(month) FROM event_marks)
GROUP BY month ORDER BY ALL
SETTINGS max_insert_threads = 1, max_partitions_per_insert_block = 0,
  min_insert_block_size_rows = 1000000000, min_insert_block_size_bytes = 0;

CREATE MATERIALIZED VIEW IF NOT EXISTS event_marks_mv TO event_marks AS
SELECT toStartOfMonth(event_date) AS month, count() AS rows, sum(cityHash64(event_id)) AS digest
FROM vacancy_events
GROUP BY month;

CREATE TABLE IF NOT EXISTS rollup_seals (
  rollup LowCardinality(String) COMMENT 'rollup_skills, rollup_pay or rollup_durations',
  month Date,
  revision UInt64 COMMENT 'of the rows that hold; milliseconds since 1970 of their computation',
  rows UInt64 COMMENT 'mark of the raw rows they were computed from',
  digest UInt64
) ENGINE = MergeTree
ORDER BY (rollup, month, revision)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE TABLE IF NOT EXISTS rollup_skills (
  month Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the month of opening',
  revision UInt64 COMMENT 'rows count only where a seal that stands names it',
  week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday of the week of opening',
  province LowCardinality(String),
  isco1 LowCardinality(String),
  skill LowCardinality(String),
  vacancies UInt32 COMMENT 'current vacancies that name the skill'
) ENGINE = MergeTree
PARTITION BY (toYYYYMM(month), revision)
ORDER BY (province, isco1, week, skill);

CREATE TABLE IF NOT EXISTS rollup_pay (
  month Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the month of opening',
  revision UInt64 COMMENT 'rows count only where a seal that stands names it',
  week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday of the week of opening',
  province LowCardinality(String),
  isco1 LowCardinality(String),
  pay Float64 COMMENT 'middle of the range, kip a month; without outliers',
  vacancies UInt32
) ENGINE = MergeTree
PARTITION BY (toYYYYMM(month), revision)
ORDER BY (province, isco1, week, pay);

CREATE TABLE IF NOT EXISTS rollup_durations (
  month Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the month of closing',
  revision UInt64 COMMENT 'rows count only where a seal that stands names it',
  week Date CODEC(Delta, ZSTD(1)) COMMENT 'Monday of the week of closing',
  province LowCardinality(String),
  isco1 LowCardinality(String),
  days UInt16 COMMENT 'from the opening or last re-posting to the closing',
  vacancies UInt32
) ENGINE = MergeTree
PARTITION BY (toYYYYMM(month), revision)
ORDER BY (province, isco1, week, days);
