-- What each crawl measured of its source, and the periods in which a source cannot be believed.

CREATE TABLE IF NOT EXISTS source_health (
  source_id LowCardinality(String),
  run_id String CODEC(ZSTD(1)),
  finished_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'event time of the observation',
  verdict LowCardinality(String) COMMENT 'scrapers.health_records.Verdict',
  reasons Array(LowCardinality(String)) COMMENT 'scrapers.health_records.HealthReason, strongest first',
  before Array(Float64) COMMENT 'by reason: what the history expects',
  after Array(Float64) COMMENT 'by reason: what the run showed',
  full UInt8,
  listed UInt32,
  new UInt32,
  read UInt32,
  filled Map(String, UInt32) COMMENT 'field to read postings that fill it',
  failures Map(String, UInt32) COMMENT 'reason to refused adverts',
  adverts_failed UInt32,
  repeats UInt32,
  copies UInt32,
  crossed UInt32,
  open_before UInt32,
  vanished UInt32,
  languages Map(String, UInt32),
  text_length_median Float64,
  answers UInt32,
  latency_median_s Float64,
  latency_p95_s Float64,
  bytes_read UInt64,
  statuses Map(String, UInt32),
  canaries UInt32,
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(finished_at)
ORDER BY (source_id, finished_at, run_id)
SETTINGS non_replicated_deduplication_window = 10000;

-- Append-only: a period that gets worse or ends is a further row with the same mark_id.
CREATE TABLE IF NOT EXISTS source_marks (
  record_id String CODEC(ZSTD(1)),
  mark_id String CODEC(ZSTD(1)) COMMENT 'identity of the period: source_id:from',
  source_id LowCardinality(String),
  kind LowCardinality(String) COMMENT 'changed or outage',
  from_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'last healthy run before',
  to_at Nullable(DateTime64(3, 'UTC')) CODEC(ZSTD(1)) COMMENT 'first healthy run after; null: lasts',
  reason LowCardinality(String),
  evidence String CODEC(ZSTD(1)),
  run_id String CODEC(ZSTD(1)),
  issue DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'event time of the statement',
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYear(issue)
ORDER BY (source_id, from_at, issue, record_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE VIEW IF NOT EXISTS source_marks_current AS
SELECT * FROM source_marks ORDER BY issue DESC, loaded_at DESC, record_id DESC LIMIT 1 BY mark_id;
