-- Figures of institutions by more dimensions, each kept through all its revisions. A dimension is
-- empty where the figure is of all of it, and 'unknown' where its owner could not tell.

ALTER TABLE supply ADD COLUMN IF NOT EXISTS system LowCardinality(String) COMMENT 'feed of config/feeds';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS unit LowCardinality(String) DEFAULT 'persons';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS district LowCardinality(String) COMMENT 'P-code';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS industry LowCardinality(String) COMMENT 'ISIC Rev. 4';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS field LowCardinality(String) COMMENT 'ISCED-F 2013';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS level LowCardinality(String) COMMENT 'ISCED 2011';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS sex LowCardinality(String);
ALTER TABLE supply ADD COLUMN IF NOT EXISTS age_group LowCardinality(String);
ALTER TABLE supply ADD COLUMN IF NOT EXISTS country LowCardinality(String) COMMENT 'ISO 3166-1';
ALTER TABLE supply ADD COLUMN IF NOT EXISTS residence LowCardinality(String);
ALTER TABLE supply ADD COLUMN IF NOT EXISTS category LowCardinality(String);
ALTER TABLE supply ADD COLUMN IF NOT EXISTS releasable UInt8 DEFAULT 1;
ALTER TABLE supply ADD COLUMN IF NOT EXISTS received_at DateTime64(3, 'UTC') DEFAULT published_at;

-- The latest issue of every cell. Figures of two sources are never each other's revisions.
CREATE VIEW IF NOT EXISTS supply_current AS
SELECT * FROM supply
ORDER BY published_at DESC, received_at DESC, record_id DESC
LIMIT 1 BY source_id, system, measure, unit, period_start, period_end, province, district,
  occupation, industry, field, level, sex, age_group, country, residence, category;
