-- When postings ended, as intervals: what survival analysis needs and no count does.

CREATE TABLE IF NOT EXISTS posting_ends (
  record_id String CODEC(ZSTD(1)) COMMENT 'the withdrawal: the identity of a row',
  vacancy_id String CODEC(ZSTD(1)),
  posting_key String CODEC(ZSTD(1)),
  source_id LowCardinality(String),
  cause LowCardinality(String) COMMENT 'streams.records.EndCause',
  ended_after DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'it was still open then',
  ended_before DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'it was no longer open then',
  withdrawn_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'event time of the withdrawal',
  loaded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  batch LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(withdrawn_at)
ORDER BY (source_id, withdrawn_at, posting_key)
SETTINGS non_replicated_deduplication_window = 10000;

-- Stated posting date, believed or not: the origin of a posting that was listed before we looked.
ALTER TABLE postings ADD COLUMN IF NOT EXISTS date_posted Nullable(Date32) CODEC(ZSTD(1));

-- Above 0: the whole listing was read, so absence from it counted and presence was confirmed.
ALTER TABLE source_runs ADD COLUMN IF NOT EXISTS unseen_runs UInt8 DEFAULT 0;
