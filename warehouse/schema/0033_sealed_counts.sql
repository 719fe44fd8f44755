-- Current vacancies by all that departments count by, without identities or texts: such counts ask
-- for any cell, so no sums can be kept, and the latest version of each vacancy cost seconds to find.

CREATE TABLE IF NOT EXISTS vacancies_counted (
  month Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the month of opening',
  revision UInt64 COMMENT 'rows count only where a seal that stands names it',
  opened_on Date CODEC(Delta, ZSTD(1)),
  province LowCardinality(String),
  district LowCardinality(String),
  isco08 LowCardinality(String),
  isic LowCardinality(String),
  source_id LowCardinality(String),
  language LowCardinality(String),
  firm UInt64 COMMENT 'hash of the employer in lower case; 0: without a name',
  openings UInt16,
  skills Array(LowCardinality(String)) COMMENT 'each once'
) ENGINE = MergeTree
PARTITION BY (toYYYYMM(month), revision)
ORDER BY (province, isic, isco08, opened_on);
