-- Pay that hardly any month's work brings is kept as read and marked.

ALTER TABLE vacancies ADD COLUMN IF NOT EXISTS pay_outlier UInt8
  COMMENT '1: outside 200 thousand to 500 million kip a month';

-- A view keeps the columns that its table had when it was made.
CREATE OR REPLACE VIEW vacancies_current AS
SELECT * FROM vacancies ORDER BY version DESC, record_id DESC LIMIT 1 BY vacancy_id;
