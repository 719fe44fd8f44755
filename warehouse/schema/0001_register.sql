-- The register of postings and vacancies, and the append-only events that every count is a sum of.
--
-- Every table that a stream feeds is plain MergeTree: a batch is written exactly once because its
-- insert carries a deduplication token and because rows another batch already stored are filtered
-- out by identity before the insert (warehouse/loader.py), never because a merge came in time.
-- `batch` is that token: `topic-partition-start-end`.

CREATE TABLE IF NOT EXISTS postings (
  record_id String CODEC(ZSTD(1)) COMMENT 'one observation of one posting: the identity of a row',
  posting_key String CODEC(ZSTD(1)) COMMENT 'source_id:posting_id',
  source_id LowCardinality(String),
  posting_id String CODEC(ZSTD(1)),
  vacancy_id String CODEC(ZSTD(1)),
  role LowCardinality(String) COMMENT 'what the posting is to its vacancy: streams.records.Role',
  role_reason LowCardinality(String),
  role_score Float32,
  url String CODEC(ZSTD(1)),
  title String CODEC(ZSTD(1)),
  description String CODEC(ZSTD(1)) COMMENT 'raw twin after redaction; never personal data',
  employer String CODEC(ZSTD(1)),
  location_raw String CODEC(ZSTD(1)),
  salary_raw String CODEC(ZSTD(1)),
  employment_type_raw String CODEC(ZSTD(1)),
  category_raw String CODEC(ZSTD(1)),
  industry_raw String CODEC(ZSTD(1)),
  education_raw String CODEC(ZSTD(1)),
  experience_raw String CODEC(ZSTD(1)),
  openings UInt16,
  language LowCardinality(String),
  fetched_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'event time',
  published_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)),
  processed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  opened_on Date CODEC(Delta, ZSTD(1)),
  valid_through Nullable(Date32) CODEC(ZSTD(1)),
  content_hash String CODEC(ZSTD(1)),
  redactions UInt8,
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(fetched_at)
ORDER BY (source_id, fetched_at, posting_key)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS vacancies (
  record_id String CODEC(ZSTD(1)) COMMENT 'the record that opened the vacancy or changed its codes',
  vacancy_id String CODEC(ZSTD(1)),
  opened_on Date CODEC(Delta, ZSTD(1)),
  employer String CODEC(ZSTD(1)),
  title String CODEC(ZSTD(1)),
  language LowCardinality(String),
  openings UInt16,
  isco08 LowCardinality(String) COMMENT 'ISCO-08, 4 digits; empty: not codable',
  isco1 LowCardinality(String) COMMENT 'major group 0-9; empty: not codable',
  isco2 LowCardinality(String),
  isco08_probability Float32,
  isco08_reason LowCardinality(String),
  isic LowCardinality(String) COMMENT 'ISIC Rev. 4 section letter, or empty',
  province LowCardinality(String) COMMENT 'ISO 3166-2:LA; empty: unknown',
  district LowCardinality(String),
  place_reason LowCardinality(String),
  pay_lower_lak Nullable(Float64) CODEC(ZSTD(1)) COMMENT 'kip a month',
  pay_upper_lak Nullable(Float64) CODEC(ZSTD(1)) COMMENT 'kip a month',
  pay_currency LowCardinality(String),
  pay_period LowCardinality(String),
  skills Array(LowCardinality(String)),
  coder_version LowCardinality(String),
  posting_key String CODEC(ZSTD(1)),
  source_id LowCardinality(String),
  version UInt64 CODEC(Delta, ZSTD(1)) COMMENT 'processed_at in ms: the highest is current',
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(opened_on)
ORDER BY (opened_on, vacancy_id, version)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE VIEW IF NOT EXISTS vacancies_current AS
SELECT * FROM vacancies ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id;

CREATE TABLE IF NOT EXISTS vacancy_events (
  event_id String CODEC(ZSTD(1)),
  record_id String CODEC(ZSTD(1)) COMMENT 'the stream record that caused the event',
  vacancy_id String CODEC(ZSTD(1)),
  posting_key String CODEC(ZSTD(1)),
  source_id LowCardinality(String),
  kind LowCardinality(String) COMMENT 'streams.records.EventKind',
  event_time DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  event_date Date CODEC(Delta, ZSTD(1)) COMMENT 'day in Asia/Vientiane on which the change counts',
  flow Int8 COMMENT '+1 for the opening of a new vacancy',
  stock Int8 COMMENT '+1 opened or re-posted, -1 closed or expired',
  province LowCardinality(String),
  isco08 LowCardinality(String),
  isco1 LowCardinality(String),
  isic LowCardinality(String),
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(event_date)
ORDER BY (event_date, province, isco1, source_id, event_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Dashboard grain. A view sees inserted blocks only, so it may sum nothing but append-only events;
-- its target has a deduplication window of its own, so that a retried batch repairs it too.
CREATE TABLE IF NOT EXISTS rollup_daily (
  event_date Date CODEC(Delta, ZSTD(1)),
  province LowCardinality(String),
  isco1 LowCardinality(String),
  source_id LowCardinality(String),
  flow Int64,
  stock_delta Int64
) ENGINE = SummingMergeTree((flow, stock_delta))
PARTITION BY toYYYYMM(event_date)
ORDER BY (event_date, province, isco1, source_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS rollup_daily_mv TO rollup_daily AS
SELECT
  event_date,
  province,
  isco1,
  source_id,
  sum(toInt64(vacancy_events.flow)) AS flow,
  sum(toInt64(vacancy_events.stock)) AS stock_delta
FROM vacancy_events
GROUP BY event_date, province, isco1, source_id;
