-- What operators were told of sources and of the service itself: from it the memory of who knows
-- what is rebuilt when Redis has lost it, so that nothing is told twice. Append-only.

CREATE TABLE IF NOT EXISTS operator_notices (
  notice_id String COMMENT 'identity of the message',
  stage LowCardinality(String) COMMENT 'decided, or sent: the mail server took it',
  topic String COMMENT 'what is one trouble at a time: a source, or a kind of its troubles',
  record String CODEC(ZSTD(1)) COMMENT 'the notice as decided, JSON',
  at DateTime64(3, 'UTC') COMMENT 'when it was decided, or sent',
  recorded_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (at, notice_id, stage)
TTL toDateTime(at) + INTERVAL 2 YEAR
SETTINGS non_replicated_deduplication_window = 1000;
