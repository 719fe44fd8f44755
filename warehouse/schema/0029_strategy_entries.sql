-- Indicators of the strategy that no data decide: entered by an officer with day and source.
-- Append-only; of several entries for one day the latest counts.

CREATE TABLE IF NOT EXISTS strategy_entries (
  number LowCardinality(String) COMMENT 'as in config/codelists/strategy.csv',
  on_day Date COMMENT 'day that the value holds for',
  value Float64 COMMENT 'share 0 to 1, count, or times a year',
  source String COMMENT 'document or register that says so',
  account LowCardinality(String) COMMENT 'who entered it, never a name',
  entered_at DateTime64(3, 'UTC')
) ENGINE = MergeTree
ORDER BY (number, on_day, entered_at)
SETTINGS non_replicated_deduplication_window = 1000;
