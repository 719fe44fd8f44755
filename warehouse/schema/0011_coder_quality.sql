-- How often each coder version gives which code for which: what counts are corrected by.

CREATE TABLE IF NOT EXISTS coder_quality (
  coder_version LowCardinality(String),
  scheme LowCardinality(String) COMMENT 'isco08 or isic',
  digits UInt8 COMMENT 'level of the classification',
  language LowCardinality(String) COMMENT 'BCP 47; empty: all languages together',
  sample LowCardinality(String) COMMENT 'file, or double_coding',
  measured_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'the latest of a sample counts',
  truth LowCardinality(String) COMMENT 'code given by people; empty: not codable',
  said LowCardinality(String) COMMENT 'code given by the coder; empty: not codable',
  postings UInt32
) ENGINE = MergeTree
ORDER BY (coder_version, scheme, digits, language, sample, measured_at, truth, said)
SETTINGS non_replicated_deduplication_window = 1000;
