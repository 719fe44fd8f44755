-- All that the coders say of a vacancy. Arrays named skill_… run parallel to `skills`.

ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS candidates Array(LowCardinality(String))
  COMMENT 'ISCO-08 occupations by probability, the one chosen first';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS candidate_probabilities Array(Float32);
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS isic_division LowCardinality(String)
  COMMENT 'ISIC Rev. 4, two digits, or empty';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS isic_probability Float32;
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS isic_reason LowCardinality(String);
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS provinces Array(LowCardinality(String))
  COMMENT 'every province named, where several are';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS education LowCardinality(String)
  COMMENT 'lowest level asked for, ISCED 2011 (0 to 8), or empty';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS experience_months Nullable(UInt16)
  COMMENT 'shortest experience asked for; 0: none is needed; null: not said';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS employment_type LowCardinality(String)
  COMMENT 'schema.org term, or empty';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS flags Array(LowCardinality(String))
  COMMENT 'green, digital, platform';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS skill_contexts Array(LowCardinality(String))
  COMMENT 'required, nice or mentioned';
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS skill_starts Array(UInt32);
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS skill_ends Array(UInt32);
ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS skill_scores Array(Float32);

-- A view keeps the columns that its table had when it was made.
CREATE OR REPLACE VIEW vacancies_current AS
SELECT * FROM vacancies ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id;
