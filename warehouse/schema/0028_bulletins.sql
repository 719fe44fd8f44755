-- Bulletins as they were published: what stands in them never changes, not even when templates do.
-- `pdf` is base64. Sent to departments where `view` is department, open to all where it is public.

CREATE TABLE IF NOT EXISTS bulletins (
  bulletin_id String CODEC(ZSTD(1)) COMMENT 'release, place, view, language',
  release_id LowCardinality(String) COMMENT 'release whose figures it tells',
  kind LowCardinality(String) COMMENT 'weekly or monthly',
  period_start Date CODEC(Delta, ZSTD(1)),
  period_end Date CODEC(Delta, ZSTD(1)),
  place LowCardinality(String) COMMENT 'ISO 3166-2:LA, "" is the nation',
  view LowCardinality(String) COMMENT 'public or department',
  language LowCardinality(String) COMMENT 'lo or en',
  made_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'when it was published',
  title String CODEC(ZSTD(3)),
  html String CODEC(ZSTD(9)),
  pdf String CODEC(ZSTD(3)) COMMENT 'base64',
  digest FixedString(64) COMMENT 'SHA-256 of HTML and PDF'
) ENGINE = MergeTree
ORDER BY (kind, place, view, language, period_start, made_at)
SETTINGS non_replicated_deduplication_window = 1000;

-- Which bulletins went out by e-mail, never to whom by name: the place names the recipients.
CREATE TABLE IF NOT EXISTS bulletin_mails (
  bulletin_id String CODEC(ZSTD(1)),
  at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  outcome LowCardinality(String) COMMENT 'sent or refused',
  recipients UInt16 COMMENT 'how many addresses',
  detail String CODEC(ZSTD(3)) COMMENT 'the answer of a server that refused'
) ENGINE = MergeTree
ORDER BY (bulletin_id, at)
SETTINGS non_replicated_deduplication_window = 1000;
