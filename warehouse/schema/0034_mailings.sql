-- Mails beside those of alerts and bulletins: what operators were told of sources and of the service
-- itself, and weekly digests. From it the memory of who was told what is rebuilt when Redis has lost
-- it, so that nothing is told twice. Append-only; no addresses.

CREATE TABLE IF NOT EXISTS mailings (
  mailing_id String COMMENT 'identity of the mail',
  stage LowCardinality(String) COMMENT 'decided, or sent: the mail server took it',
  topic String COMMENT 'what is one trouble at a time: a source, or a kind of its troubles; or digest',
  record String CODEC(ZSTD(1)) COMMENT 'the notice as decided, JSON; empty of a digest',
  at DateTime64(3, 'UTC') COMMENT 'when it was decided, or sent',
  recorded_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (at, mailing_id, stage)
TTL toDateTime(at) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 1000;
