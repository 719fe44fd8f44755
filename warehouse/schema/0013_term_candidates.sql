-- Expressions of adverts that no code covers and that are named more often than before.

CREATE TABLE IF NOT EXISTS term_candidates (
  as_of Date CODEC(Delta, ZSTD(1)) COMMENT 'last day of the recent weeks',
  computed_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'the latest of a day counts',
  recent_days UInt16,
  before_days UInt16,
  term String CODEC(ZSTD(1)) COMMENT 'one to three words; never a name of an employer',
  recent UInt32 COMMENT 'recent vacancies that name it',
  recent_of UInt32,
  before UInt32 COMMENT 'vacancies before that named it, an upper bound',
  before_of UInt32,
  employers UInt16 COMMENT 'that named it, at most 8',
  growth Float64 COMMENT 'share now over share before',
  p_value Float64,
  q_value Float64 COMMENT 'smallest false discovery rate at which it is told'
) ENGINE = MergeTree
ORDER BY (as_of, computed_at, q_value, term)
SETTINGS non_replicated_deduplication_window = 1000;
