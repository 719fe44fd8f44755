-- What is kept how long. Facts and findings are kept for good: any figure ever published must be
-- reproducible. Only the list of refusals, which no figure depends on, is cut, two years after
-- the refusal (wall clock, so that a backfill of old days is not cut at once). The bytes refused
-- live in the dead-letter topic and go after 30 days.

ALTER TABLE dead_letters MODIFY TTL toDateTime(failed_at) + INTERVAL 2 YEAR;
