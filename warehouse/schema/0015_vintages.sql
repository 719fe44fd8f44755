-- Figures by more dimensions, with what the release rules and a reader need to judge them, and the
-- releases that they were published with. Append-only: a revision is a further release.

ALTER TABLE observations ADD COLUMN IF NOT EXISTS industry LowCardinality(String)
  COMMENT 'ISIC Rev. 4 section; empty: all';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS skill LowCardinality(String)
  COMMENT 'skill or skill group; empty: none in particular';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS frequency LowCardinality(String) DEFAULT 'W'
  COMMENT 'SDMX CL_FREQ: D, W or M';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS top_share Nullable(Float64)
  COMMENT 'share of n that the largest employer holds; null: not known';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS standing LowCardinality(String)
  DEFAULT 'assessable' COMMENT 'warehouse.series.Standing';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS answered_province LowCardinality(String)
  COMMENT 'rolled_up: province that the figure is of';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS answered_occupation LowCardinality(String)
  COMMENT 'rolled_up: occupation that the figure is of';
ALTER TABLE observations ADD COLUMN IF NOT EXISTS sources Array(LowCardinality(String));
ALTER TABLE observations ADD COLUMN IF NOT EXISTS release_id LowCardinality(String)
  COMMENT 'release it was published with; empty: outside releases';

CREATE TABLE IF NOT EXISTS releases (
  release_id LowCardinality(String) COMMENT 'kind, period and revision: W2026-W47.0',
  kind LowCardinality(String) COMMENT 'daily, weekly or monthly',
  status LowCardinality(String) COMMENT 'provisional or final',
  period_start Date CODEC(Delta, ZSTD(1)),
  period_end Date CODEC(Delta, ZSTD(1)),
  revision UInt16 COMMENT '0: the first of its period',
  cutoff DateTime64(3, 'UTC') COMMENT 'what was stored by then was used',
  issue DateTime64(3, 'UTC') COMMENT 'when it was published',
  methods Array(LowCardinality(String)) COMMENT 'names and versions of the formulas used',
  figures UInt32 COMMENT 'number of observations',
  digest String COMMENT 'SHA-256 of the canonical file of the release',
  supersedes String COMMENT 'release that it revises, or empty',
  note String CODEC(ZSTD(1)) COMMENT 'why it was revised, in plain words'
) ENGINE = MergeTree
ORDER BY (kind, period_end, revision, issue)
SETTINGS non_replicated_deduplication_window = 1000;
