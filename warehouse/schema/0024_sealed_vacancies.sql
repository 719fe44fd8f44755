-- Current vacancies without identities or texts, for questions that no sum answers: finding the
-- latest version of ten million vacancies costs seconds, reading ten million rows does not.

CREATE TABLE IF NOT EXISTS vacancies_sealed (
  month Date CODEC(Delta, ZSTD(1)) COMMENT 'first day of the month of opening',
  revision UInt64 COMMENT 'rows count only where a seal that stands names it',
  opened_on Date CODEC(Delta, ZSTD(1)),
  province LowCardinality(String),
  isco1 LowCardinality(String),
  isco2 LowCardinality(String),
  isic LowCardinality(String),
  education LowCardinality(String),
  employer String CODEC(ZSTD(1)),
  skills Array(LowCardinality(String)) COMMENT 'each once',
  pay Nullable(Float64) CODEC(ZSTD(1)) COMMENT 'middle of the range, kip a month; null: none that is credible'
) ENGINE = MergeTree
PARTITION BY (toYYYYMM(month), revision)
ORDER BY (isic, province, isco1, opened_on);
