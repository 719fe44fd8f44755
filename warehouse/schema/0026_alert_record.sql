-- The alert whole, so that the watch's state can be made anew when Redis has lost it.

ALTER TABLE alert_history ADD COLUMN IF NOT EXISTS record String CODEC(ZSTD(1))
  COMMENT 'the alert as it was kept, JSON; empty in older rows';
