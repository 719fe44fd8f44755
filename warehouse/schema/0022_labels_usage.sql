-- Names of codes in English and Lao, for whoever asks by SQL, and how the service is used.

CREATE TABLE IF NOT EXISTS labels (
  scheme LowCardinality(String) COMMENT 'province, district, occupation, industry, education_field, country or skill',
  code String,
  name_en String CODEC(ZSTD(1)),
  name_lo String CODEC(ZSTD(1)) COMMENT 'empty: none is known',
  parent String,
  reviewed UInt8 COMMENT '1: a Lao speaker has checked the Lao name',
  edition LowCardinality(String) COMMENT 'digest of the code lists it came from',
  loaded_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (scheme, code, loaded_at)
SETTINGS non_replicated_deduplication_window = 1000;

CREATE VIEW IF NOT EXISTS labels_current AS
SELECT * FROM labels ORDER BY loaded_at DESC, edition DESC LIMIT 1 BY scheme, code;

-- No row is about a person: `visitors` is a sketch of numbers that are made with a secret of the
-- day, which is stored nowhere, so nobody is known again the next day nor looked up in it.
CREATE TABLE IF NOT EXISTS usage_daily (
  day Date CODEC(Delta, ZSTD(1)) COMMENT 'in Asia/Vientiane',
  route LowCardinality(String) COMMENT 'pattern of the address, never an address',
  audience LowCardinality(String) COMMENT 'public, department or officer',
  requests SimpleAggregateFunction(sum, UInt64),
  failed SimpleAggregateFunction(sum, UInt64) COMMENT 'answered with a status of 500 or above',
  response_ms AggregateFunction(quantilesTDigest(0.5, 0.95), Float32),
  visitors AggregateFunction(uniqHLL12, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYear(day)
ORDER BY (day, route, audience)
TTL day + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 10000;
