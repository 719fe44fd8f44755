-- Response times as sums (strategy indicator 1.3) and active users of a quarter (1.2).

ALTER TABLE usage_daily ADD COLUMN IF NOT EXISTS timed SimpleAggregateFunction(sum, UInt64)
  COMMENT 'requests whose times are in the sums; 0 in rows of earlier versions';
ALTER TABLE usage_daily ADD COLUMN IF NOT EXISTS total_ms SimpleAggregateFunction(sum, Float64);
ALTER TABLE usage_daily ADD COLUMN IF NOT EXISTS total_ms2 SimpleAggregateFunction(sum, Float64)
  COMMENT 'sum of squares';
ALTER TABLE usage_daily ADD COLUMN IF NOT EXISTS within_2s SimpleAggregateFunction(sum, UInt64);
ALTER TABLE usage_daily ADD COLUMN IF NOT EXISTS within_5s SimpleAggregateFunction(sum, UInt64);

-- No row is about a person: whoever uses the dashboard falls into one of 262,144 buckets by a
-- secret of the quarter, and only which buckets were hit is stored. Many visitors share a bucket,
-- no day is kept with it, and the secret is gone when the quarter is over.
CREATE TABLE IF NOT EXISTS usage_quarters (
  quarter Date COMMENT 'its first day, in Asia/Vientiane',
  audience LowCardinality(String) COMMENT 'public, department or officer',
  requests SimpleAggregateFunction(sum, UInt64),
  buckets AggregateFunction(groupBitmap, UInt32)
) ENGINE = AggregatingMergeTree
ORDER BY (quarter, audience)
TTL quarter + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 10000;
