"""Where and when a source may be asked, before anything is."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.hours import Hours, parse_hours, stated_hours
from scrapers.sources import Source
from scrapers.targets import forbidden_target, upgraded


def source(**changes: Any) -> Source:
    declared = {
        "id": "board",
        "name": "Board",
        "kind": "rss",
        "base_url": "https://board.example",
        "list": {"url": "/feed"},
    }
    return Source.model_validate({**declared, **changes})


def at(clock: str) -> datetime:
    """A moment by the clock of Vientiane (UTC+7)."""
    return datetime.fromisoformat(f"2026-01-06T{clock}:00+07:00").astimezone(UTC)


@pytest.mark.parametrize(
    ("window", "clock", "wait_h"),
    [
        ("22:00-05:00", "23:30", 0),
        ("22:00-05:00", "04:59", 0),
        ("22:00-05:00", "05:00", 17),
        ("22:00-05:00", "21:00", 1),
        ("01:00-03:00", "02:00", 0),
        ("01:00-03:00", "03:00", 22),
        ("01:00-03:00", "00:00", 1),
    ],
)
def test_hours_of_the_night_are_those_of_vientiane(window: str, clock: str, wait_h: int) -> None:
    assert parse_hours(window).wait_s(at(clock)) == wait_h * 3600


def whole_minute(moment: time) -> time:
    return moment.replace(second=0, microsecond=0)


@given(
    start=st.times().map(whole_minute),
    end=st.times().map(whole_minute),
    now=st.datetimes(timezones=st.just(UTC), max_value=datetime.fromisoformat("2100-01-01")),
)
def test_after_the_wait_the_source_may_be_asked(start: time, end: time, now: datetime) -> None:
    hours = Hours(start=start, end=end)
    if start == end or now.year < 1950:
        return
    wait = hours.wait_s(now)
    assert 0 <= wait <= 86_400
    assert hours.wait_s(now + timedelta(seconds=wait, microseconds=1)) == 0


def test_visit_time_is_utc_and_may_leave_the_whole_day() -> None:
    stated = stated_hours(time(4), time(8, 45))
    assert stated is not None
    assert stated.wait_s(datetime(2026, 1, 6, 3, tzinfo=UTC)) == 3600
    assert stated_hours(time(0), time(0)) is None


@pytest.mark.parametrize("text", ["22-05", "night", "22:00", "05:00-05:00", "22:00-25:00"])
def test_other_hours_are_refused_with_the_form_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected hours such as 22:00-05:00"):
        source(politeness={"window": text})


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://board.example/jobs/1", None),
        ("https://board.example:443/jobs/1", None),
        ("https://BOARD.example/jobs/1", None),
        ("https://other.example/", "is not one of the source's hosts"),
        ("https://board.example.evil.example/", "is not one of the source's hosts"),
        ("https://board.example@evil.example/", "is not one of the source's hosts"),
        ("https://user:word@board.example/", "user name"),
        ("http://board.example/jobs/1", "is not asked by http"),
        ("https://board.example:8443/", "port 8443 is not declared"),
        ("https://board.example:6379/", "port 6379 is not declared"),
        ("https://board.example:99999/", "not an address"),
        ("ftp://board.example/", "is not one of the source's hosts"),
        ("file:///etc/passwd", "is not one of the source's hosts"),
        ("https://[::1/", "not an address"),
    ],
)
def test_only_declared_hosts_and_ports_are_asked(url: str, reason: str | None) -> None:
    found = forbidden_target(url, source())
    assert found is None if reason is None else found is not None and reason in found


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "169.254.169.254",
        "100.64.0.1", "224.0.0.1", "[::1]", "[::]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]",
        "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "2130706433", "0177.0.0.1", "0x7f.1", "127.1", "localhost", "board.local", "db.internal",
        "router.lan", "nas.home.arpa", "intranet", "board.localhost",
    ],
)  # fmt: skip
def test_private_addresses_and_names_are_not_asked_even_where_declared(host: str) -> None:
    name = host.strip("[]")
    public = source(allowed_hosts=[name, "board.example"])
    assert forbidden_target(f"https://{host}/", public) is not None


def test_names_in_lao_letters_are_the_same_in_ascii() -> None:
    board = source(base_url="https://ວຽກ.ລາວ", allowed_hosts=["WWW.Board.Example"])
    assert forbidden_target("https://xn--p6c9eyc.xn--q7ce6a/jobs/1", board) is None
    assert forbidden_target("https://www.board.example/", board) is None
    assert forbidden_target("https://xn--q7ce6a.xn--q7ce6a/jobs/1", board) is not None


def test_a_source_on_this_machine_is_asked_there_only() -> None:
    board = source(base_url="http://127.0.0.1:8123", allowed_hosts=["10.0.0.1"])
    assert forbidden_target("http://127.0.0.1:8123/feed", board) is None
    assert forbidden_target("http://127.0.0.1:6379/", board) == "port 6379 is not declared"
    assert forbidden_target("http://10.0.0.1:8123/", board) is not None


def test_an_https_source_that_lists_http_addresses_is_asked_by_https() -> None:
    assert upgraded("http://board.example/jobs/1?a=b", source()) == (
        "https://board.example/jobs/1?a=b"
    )
    assert upgraded("http://board.example:8080/", source()) is None
    assert upgraded("http://other.example/", source()) is None
    assert upgraded("http://board.example/", source(base_url="http://board.example")) is None


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ({"budget_per_run": 1}, "greater than or equal to 2"),
        ({"budget_per_day": 0}, "greater than or equal to 2"),
        ({"answer_within_s": 0}, "greater than 0"),
        ({"ignore_robots": True}, "Extra inputs"),
    ],
)
def test_manners_can_be_narrowed_only(declared: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        source(politeness=declared)
