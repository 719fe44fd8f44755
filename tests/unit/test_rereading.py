"""Which letters may be read again, what their bytes say today, and what becomes known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config.vocabulary import provinces
from scrapers.frontier import Known, Standing, may_be_reread, take_reread
from scrapers.items import DeadLetter, JobPosting, LetterForm, Stage
from scrapers.letters import Original, letter_of
from scrapers.parsing.posting import Refusal, Refused, make_posting
from scrapers.reading import Entry
from scrapers.reread import NotPossible, read_again
from scrapers.sources import Source, SourceKind
from streams.classify.place import Gazetteer
from tests.tiny_site import SOURCE, page

THEN = datetime(2026, 1, 6, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOARD = Source.model_validate({**SOURCE, "base_url": "http://127.0.0.1:1"})
ENTRY = Entry(posting_id="7", url="", digest="d", modified_at=None, fields={"industry": "Retail"})
REFUSED = Known(
    standing=Standing.REFUSED,
    digest="d",
    hiring_organization="",
    closes_on=None,
    last_seen_at=THEN,
    refused_at=THEN,
)
OPEN = replace(REFUSED, standing=Standing.OPEN, hiring_organization="Mekong", refused_at=None)


def letter(form: LetterForm, payload: bytes, **how: str) -> DeadLetter:
    return letter_of(
        Original(form=form, payload=payload, **how),
        Refused(reason=Refusal.TITLE_MISSING, detail="no title found"),
        ENTRY,
        source_id="tiny",
        stage=Stage.CRAWL,
        event_time=THEN,
        failed_at=THEN + HOUR,
    )


def test_what_was_never_published_may_be_read_again() -> None:
    assert may_be_reread(None, THEN)
    assert may_be_reread(REFUSED, THEN)


@pytest.mark.parametrize(
    ("known", "event_time", "expected"),
    [
        (OPEN, THEN, False),
        (OPEN, THEN - HOUR, False),
        (OPEN, THEN + HOUR, True),
        (replace(OPEN, refused_at=THEN + HOUR), THEN + HOUR, True),
        (replace(OPEN, refused_at=THEN + HOUR), THEN, False),
        (replace(OPEN, standing=Standing.WITHDRAWN), THEN, False),
    ],
)
def test_nothing_older_than_what_is_published_is_read_again(
    known: Known, event_time: datetime, expected: bool
) -> None:
    assert may_be_reread(known, event_time) is expected


def test_two_refused_versions_are_published_in_their_order() -> None:
    both = replace(REFUSED, refused_at=THEN + HOUR)
    first = take_reread(both, OPEN, THEN + HOUR)
    assert first is not None
    assert (first.standing, first.refused_at) == (Standing.OPEN, THEN + HOUR)
    assert may_be_reread(first, THEN + HOUR)
    second = take_reread(first, replace(OPEN, last_seen_at=THEN + HOUR), THEN + HOUR)
    assert second is not None
    assert second.refused_at is None
    assert not may_be_reread(second, THEN + HOUR)


def test_the_crawlers_misses_and_digest_are_kept() -> None:
    known = take_reread(replace(REFUSED, misses=1, digest="now"), OPEN, THEN + HOUR)
    assert known == replace(OPEN, misses=1, digest="now")


def test_a_forgotten_posting_starts_with_a_miss_where_later_runs_did_not_list_it() -> None:
    late, early = (take_reread(None, OPEN, THEN + shift) for shift in (HOUR, -HOUR))
    assert late == replace(OPEN, misses=1, first_missed_at=THEN + HOUR)
    assert early == OPEN


def test_a_version_published_meanwhile_stays() -> None:
    assert take_reread(replace(OPEN, last_seen_at=THEN + HOUR), OPEN, THEN) is None


def test_an_answer_is_read_with_its_charset_address_and_listed_fields() -> None:
    body = page("Café").encode("latin-1")
    found = read_again(
        letter(LetterForm.ANSWER, body, url="http://127.0.0.1:1/jobs/7", charset="latin-1"), BOARD
    )
    assert isinstance(found, Entry)
    assert (found.posting_id, found.digest) == ("7", "d")
    assert found.fields["title"] in ("Café", "Caf\\u00e9")
    assert (found.url, found.fields["industry"]) == ("http://127.0.0.1:1/jobs/7", "Retail")


def test_what_cannot_be_read_again_says_why() -> None:
    row = letter(LetterForm.ROW, b"a\tb\tc")
    whole = letter(LetterForm.FIELDS, b'{"title":"Cook"}')
    large = letter(LetterForm.ANSWER, b"x" * 700_000)
    files = Source(id="tiny", name="tiny", kind=SourceKind.FILE)
    assert read_again(row, BOARD) is NotPossible.ROW_WITHOUT_CELLS
    assert len(large.payload) == 600_000
    assert read_again(large, BOARD) is NotPossible.CUT
    assert read_again(replace(whole, origin=None), BOARD) is NotPossible.NOT_COLLECTED
    assert read_again(letter(LetterForm.ANSWER, b"x"), files) is NotPossible.SOURCE_UNKNOWN
    assert isinstance(read_again(whole, files), Entry)


def test_the_same_bytes_refused_again_have_the_same_letter() -> None:
    one, other = letter(LetterForm.ROW, b"a"), letter(LetterForm.ROW, b"b")
    assert one.letter_id == letter(LetterForm.ROW, b"a").letter_id != other.letter_id


@pytest.mark.parametrize("code", list(provinces()))
def test_a_posting_without_place_is_in_the_sources_province(code: str) -> None:
    source = BOARD.model_copy(update={"province_default": code})
    silent, stated = (
        make_posting(fields, source=source, posting_id="7", fetched_at=THEN)
        for fields in ({"title": "Cook"}, {"title": "Cook", "job_location": "Pakse"})
    )
    assert isinstance(silent, JobPosting)
    assert isinstance(stated, JobPosting)
    assert silent.job_location_raw == provinces()[code].name_en
    assert Gazetteer().locate(silent.job_location_raw).province == code
    assert stated.job_location_raw == "Pakse"


def test_no_place_is_invented_where_no_default_is_declared() -> None:
    posting = make_posting({"title": "Cook"}, source=BOARD, posting_id="7", fetched_at=THEN)
    assert isinstance(posting, JobPosting)
    assert posting.job_location_raw == ""


@pytest.mark.parametrize("code", ["LA-ZZ", "Vientiane", "la-vt"])
def test_a_default_province_must_exist(code: str) -> None:
    declared = {**SOURCE, "base_url": "http://127.0.0.1:1", "province_default": code}
    with pytest.raises(ValueError, match="expected one of LA-VT"):
        Source.model_validate(declared)
