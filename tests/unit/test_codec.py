"""What the codec says of bytes it refuses goes into dead letters' details: it quotes no record."""

from __future__ import annotations

import pytest

from scrapers.codec import CodecError, decode

PERSON = "Mr Somchai 020 5551 2345"
NAMES = '"source_id":"a","posting_id":"b","hiring_organization":""'
TIMES = '"last_seen_at":"2026-01-01T00:00:00Z","withdrawn_at":"2026-01-01T00:00:00Z"'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (
            f'{{"type":"PostingWithdrawn","v":1,"record":{{{NAMES},"reason":"{PERSON}",{TIMES}}}}}',
            "PostingWithdrawn: Invalid enum value - at `$.reason`",
        ),
        (
            f'{{"type":"JobPosting","v":1,"record":{{"source_id":["{PERSON}"]}}}}',
            "JobPosting: Expected `str`, got `array` - at `$.source_id`",
        ),
        (f'{{"type":"{"x" * 80}{PERSON}","v":1,"record":{{}}}}', "record type 'xxx"),
        (f'{{"type":"{"x" * 80}{PERSON}","v":7,"record":{{}}}}', "version 7 of 'xxx"),
        (f'["{PERSON}"]', "not an envelope of type, v and record: Expected `object`, got `array`"),
    ],
)
def test_a_refusal_quotes_nothing_of_the_record(data: str, told: str) -> None:
    with pytest.raises(CodecError) as refusal:
        decode(data.encode())
    assert str(refusal.value).startswith(told)
    assert PERSON not in str(refusal.value)
