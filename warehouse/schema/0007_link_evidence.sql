-- What a link of a posting to a vacancy was made on: the levels of all fields compared.

ALTER TABLE postings ADD COLUMN IF NOT EXISTS link_evidence LowCardinality(String)
  COMMENT 'levels behind the link, field by field: employer=same title=alike …; empty: no link';
