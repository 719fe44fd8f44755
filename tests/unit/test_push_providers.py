"""Providers: what is checked, which tokens open, and what is kept of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from scrapers.push.providers import (
    Denial,
    ProviderError,
    Right,
    denial,
    named_in,
    new_token,
    validated,
    with_token,
)
from tests.push_stack import NOW, provider

HOUR = timedelta(hours=1)


def test_a_token_names_its_provider_and_only_its_hash_is_kept() -> None:
    token = new_token("ess-office_1")
    held = with_token(provider("ess-office_1"), token, NOW, timedelta(0))
    assert named_in(token) == "ess-office_1"
    assert denial(held, token, NOW) is None
    assert token.rpartition(".")[2] not in repr(held)
    assert new_token("a") != new_token("a")


@pytest.mark.parametrize("text", ["", "lw.a.short", "lw.A." + "x" * 43, "lw..x", "x" * 60])
def test_what_is_no_token_names_nobody(text: str) -> None:
    assert named_in(text) is None


def test_a_rotation_ends_the_old_token_at_once_or_after_its_overlap() -> None:
    old, new = new_token("a"), new_token("a")
    before = with_token(provider("a"), old, NOW, timedelta(0))
    assert denial(with_token(before, new, NOW, timedelta(0)), old, NOW) is Denial.UNKNOWN
    rotated = with_token(before, new, NOW, HOUR)
    assert denial(rotated, old, NOW) is None
    assert denial(rotated, old, NOW + HOUR) is Denial.EXPIRED
    assert denial(rotated, new, NOW + HOUR) is None


def test_revoked_and_unknown_providers_open_nothing() -> None:
    token = new_token("a")
    held = with_token(provider("a"), token, NOW, timedelta(0))
    assert denial(replace(held, revoked_at=NOW), token, NOW) is Denial.REVOKED
    assert denial(None, token, NOW) is Denial.UNKNOWN
    assert denial(held, new_token("a"), NOW) is Denial.UNKNOWN


def test_rights_and_feeds() -> None:
    one = provider("a", rights=(Right.SUPPLY,), feeds=("ess",))
    assert one.may(Right.SUPPLY, "ess")
    assert not one.may(Right.SUPPLY, "epd")
    assert not one.may(Right.POSTINGS)
    assert provider("a", rights=(Right.SUPPLY,)).may(Right.SUPPLY, "any")


def test_every_mistake_is_named_at_once() -> None:
    wrong = provider("A b", rights=(), contact=" ", province_default="LA-QQ", requests_per_minute=0)
    with pytest.raises(ProviderError) as caught:
        validated(wrong)
    for field in ("id", "may", "contact", "province", "per-minute"):
        assert f"{field}: expected" in str(caught.value)
    assert validated(provider("a")).source().default_place == ""
