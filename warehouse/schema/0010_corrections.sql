-- What officers say of codes, and what became of it. Append-only: a later statement is a further row.

CREATE TABLE IF NOT EXISTS corrections (
  correction_id String CODEC(ZSTD(1)) COMMENT 'identity: the same statement of the same moment',
  vacancy_id String CODEC(ZSTD(1)),
  posting_key String CODEC(ZSTD(1)) COMMENT 'the posting that the vacancy is described by',
  source_id LowCardinality(String),
  field LowCardinality(String) COMMENT 'streams.opinions.CorrectedField',
  before String CODEC(ZSTD(1)) COMMENT 'the value that the officer was shown',
  after String CODEC(ZSTD(1)),
  officer LowCardinality(String) COMMENT 'account identifier, never a name',
  why String CODEC(ZSTD(1)),
  corrected_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  mode LowCardinality(String) COMMENT 'correction, double_coding or revocation',
  coder_version LowCardinality(String) COMMENT 'of the coder whose code was shown',
  text_digest String CODEC(ZSTD(1)) COMMENT 'of title and description as they stood',
  title String CODEC(ZSTD(1)),
  language LowCardinality(String),
  revokes String CODEC(ZSTD(1)) COMMENT 'correction that a revocation takes back',
  posting_record_id String CODEC(ZSTD(1)) COMMENT 'row of postings that was corrected',
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(corrected_at)
ORDER BY (corrected_at, correction_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS correction_decisions (
  decision_id String CODEC(ZSTD(1)),
  correction_id String CODEC(ZSTD(1)),
  vacancy_id String CODEC(ZSTD(1)),
  officer LowCardinality(String),
  standing LowCardinality(String) COMMENT 'streams.opinions.Standing: the latest counts',
  reason LowCardinality(String),
  detail String CODEC(ZSTD(1)),
  learner_state LowCardinality(String) COMMENT 'serving after the decision',
  decided_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(decided_at)
ORDER BY (decided_at, decision_id)
SETTINGS non_replicated_deduplication_window = 10000;
