"""Buckets: what is alike meets in one, what they hold is bounded and forgotten by event time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from scrapers.codec import encode
from scrapers.items import JobPosting
from streams.intake import Arrival, read
from streams.nearby import (
    GENERATION_DAYS,
    MOST_BLOCKS,
    NAME_BYTES,
    Nearby,
    Probe,
    names_in,
    probe_of,
    with_name,
)
from streams.traits import traits_of
from tests.factories_streams import START, a_posting, province_double

HOME, AWAY = "0" * 20, "a" * 20


def probe(posting: JobPosting) -> Probe:
    arrival = read(encode(posting))
    assert isinstance(arrival, Arrival)
    assert arrival.posting is not None
    return probe_of(traits_of(arrival.posting, province_double))


def found(one: JobPosting, other: JobPosting) -> list[str]:
    nearby = Nearby(probes={0: probe(one), 1: probe(other)}, found={})
    nearby.add(0, AWAY)
    return nearby.around(1, HOME)


def test_a_text_an_equal_pay_or_a_beginning_of_the_name_is_enough() -> None:
    assert found(a_posting(), a_posting(hiring_organization="")) == [AWAY]
    assert found(a_posting(), a_posting(hiring_organization="", description="")) == [AWAY]
    one = a_posting(description="", base_salary_raw="")
    assert found(one, replace(one, hiring_organization="Mekong Tradng")) == [AWAY]


def test_another_place_or_job_does_not_meet() -> None:
    assert found(a_posting(), a_posting(job_location_raw="Savannakhet")) == []
    other = a_posting(title="Welder", description="", base_salary_raw="", hiring_organization="")
    assert found(a_posting(), other) == []


def test_titles_in_two_languages_meet_where_pay_agrees() -> None:
    lao = a_posting(title="ນັກບັນຊີອາວຸໂສ", description="", hiring_organization="")
    assert found(a_posting(), lao) == [AWAY]


def test_what_is_old_is_not_looked_for_and_what_is_recent_is() -> None:
    for days, names in ((GENERATION_DAYS // 2, [AWAY]), (2 * GENERATION_DAYS + 1, [])):
        later = a_posting(fetched_at=START + timedelta(days=days))
        assert found(a_posting(), later) == names


def test_a_bucket_keeps_the_newest_and_each_once() -> None:
    entries = b""
    for number in range(MOST_BLOCKS + 3):
        name = number.to_bytes(NAME_BYTES)
        entries = with_name(with_name(entries, name), name)
    assert len(names_in(entries)) == MOST_BLOCKS
    assert names_in(entries)[-1] == (MOST_BLOCKS + 2).to_bytes(NAME_BYTES).hex()
    assert len(entries) <= 64  # Redis packs no longer values together
