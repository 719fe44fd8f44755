-- Samples that two officers code without sight of each other, and a third settles. What they say
-- is in `corrections`, mode double_coding.

CREATE TABLE IF NOT EXISTS coding_samples (
  sample_id String CODEC(ZSTD(1)),
  position UInt32 COMMENT 'place in the drawn order',
  vacancy_id String CODEC(ZSTD(1)) COMMENT 'in one sample only',
  posting_key String CODEC(ZSTD(1)),
  posting_record_id String CODEC(ZSTD(1)) COMMENT 'row of postings with the text that is coded',
  language LowCardinality(String),
  stratum LowCardinality(String) COMMENT 'language/sureness of the coder/major group',
  stratum_size UInt32 COMMENT 'vacancies of the stratum when it was drawn',
  stratum_drawn UInt32,
  coder_isco08 LowCardinality(String) COMMENT 'code of the coder when it was drawn, hidden from officers',
  coder_probability Float32,
  coder_version LowCardinality(String),
  first_officer LowCardinality(String) COMMENT 'account identifier, never a name',
  second_officer LowCardinality(String),
  adjudicator LowCardinality(String) COMMENT 'settles where the two differ',
  seed UInt64,
  drawn_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = MergeTree
ORDER BY (drawn_at, sample_id, position)
SETTINGS non_replicated_deduplication_window = 1000;
