-- What an alert is of besides counts, what officers did about alerts, and what truly happened.

ALTER TABLE signals ADD COLUMN IF NOT EXISTS indicator LowCardinality(String) DEFAULT 'flow'
  COMMENT 'what changed: code of the list of indicators';
ALTER TABLE signals ADD COLUMN IF NOT EXISTS probability Nullable(Float64)
  COMMENT 'of a shortage or forecast';
ALTER TABLE signals ADD COLUMN IF NOT EXISTS components String CODEC(ZSTD(1))
  COMMENT 'figures behind a score, JSON';
ALTER TABLE alert_history ADD COLUMN IF NOT EXISTS indicator LowCardinality(String) DEFAULT 'flow'
  COMMENT 'what changed: code of the list of indicators';
ALTER TABLE alert_history ADD COLUMN IF NOT EXISTS probability Nullable(Float64)
  COMMENT 'of a shortage or forecast';
ALTER TABLE alert_history ADD COLUMN IF NOT EXISTS components String CODEC(ZSTD(1))
  COMMENT 'figures behind a score, JSON';
ALTER TABLE alert_history ADD COLUMN IF NOT EXISTS severity LowCardinality(String)
  DEFAULT 'moderate' COMMENT 'minor, moderate or severe';

-- Append-only: a later deed on the same alert is a further row.
CREATE TABLE IF NOT EXISTS alert_actions (
  action_id String CODEC(ZSTD(1)) COMMENT 'identity: the same deed of the same moment',
  alert_id String CODEC(ZSTD(1)),
  action LowCardinality(String) COMMENT 'acknowledged, verdict, note or escalated',
  officer LowCardinality(String) COMMENT 'account or route, never a name',
  verdict LowCardinality(String) COMMENT 'true, false or unsure; empty: none given',
  done String CODEC(ZSTD(1)) COMMENT 'what was done about it, redacted',
  note String CODEC(ZSTD(1)) COMMENT 'redacted',
  channel LowCardinality(String) COMMENT 'link, dashboard, command or service',
  at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)) COMMENT 'when it was done',
  recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (at, alert_id, action_id)
SETTINGS non_replicated_deduplication_window = 10000;

CREATE TABLE IF NOT EXISTS silences (
  silence_id String CODEC(ZSTD(1)),
  statement_id String CODEC(ZSTD(1)) COMMENT 'identity of the row: set, changed or ended',
  matchers String CODEC(ZSTD(1)) COMMENT 'what is silenced, JSON',
  from_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  to_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1)),
  officer LowCardinality(String) COMMENT 'account, never a name',
  why String CODEC(ZSTD(1)) COMMENT 'redacted',
  recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = MergeTree
ORDER BY (from_at, silence_id, recorded_at, statement_id)
SETTINGS non_replicated_deduplication_window = 1000;

-- Events of the labour market that were confirmed later, or planted in a demonstration: what
-- alerts are scored against.
CREATE TABLE IF NOT EXISTS labour_events (
  event_id String CODEC(ZSTD(1)),
  statement_id String CODEC(ZSTD(1)) COMMENT 'identity of the row; the latest of an event counts',
  province LowCardinality(String) COMMENT 'ISO 3166-2:LA; empty: the nation',
  occupation LowCardinality(String) COMMENT 'ISCO-08, 1 to 4 digits; empty: all',
  industry LowCardinality(String) COMMENT 'ISIC Rev. 4 section; empty: all',
  direction LowCardinality(String) COMMENT 'up or down',
  started_on Date CODEC(Delta, ZSTD(1)),
  ended_on Nullable(Date) CODEC(ZSTD(1)),
  confirmed_on Date CODEC(Delta, ZSTD(1)),
  basis LowCardinality(String) COMMENT 'official, officer, news or planted',
  citation String CODEC(ZSTD(1)) COMMENT 'where it can be looked up',
  officer LowCardinality(String) COMMENT 'account, never a name',
  withdrawn UInt8 COMMENT '1: it did not happen after all',
  recorded_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD(1))
) ENGINE = MergeTree
ORDER BY (started_on, event_id, recorded_at, statement_id)
SETTINGS non_replicated_deduplication_window = 1000;
