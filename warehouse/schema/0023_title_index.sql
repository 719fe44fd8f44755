-- Titles are searched by any part of a word, since Lao has no spaces between words.

ALTER TABLE vacancies ADD INDEX IF NOT EXISTS title_text lower(title) TYPE text(tokenizer = ngrams(3));
