"""Whatever a site answers or lists, judging it raises nothing and lets nothing private through."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from scrapers.politeness import find_obstacle, forbidden_address, retry_after
from scrapers.robots import RobotsMemory, host_key
from scrapers.sources import Source
from scrapers.targets import forbidden_target, upgraded

NOW = datetime(2026, 1, 6, 3, tzinfo=UTC)
BOARD = Source.model_validate(
    {
        "id": "board",
        "name": "Board",
        "kind": "rss",
        "base_url": "https://board.example",
        "allowed_hosts": ["www.board.example"],
        "list": {"url": "/feed"},
    }
)
fragments = st.sampled_from(
    [
        b"<title>", b"</title>", b"<script>", b"</script", b"<", b"<input type=password>",
        b"captcha", b"\xff\xfe", b"\x00", b"JobPosting", b"<form", b"log in", b"px-captcha",
    ]
)  # fmt: skip
bodies = st.lists(fragments | st.binary(max_size=40), max_size=30).map(b"".join)
addresses = st.text(max_size=60) | st.builds(
    "{}://{}{}{}/{}".format,
    st.sampled_from(["http", "https", "ftp", "javascript", ""]),
    st.sampled_from(["", "u@", "u:p@"]),
    st.sampled_from(["board.example", "www.board.example", "evil.example", "[::1]", "[", "1.1"]),
    st.sampled_from(["", ":443", ":80", ":22", ":x", ":999999"]),
    st.text(max_size=10),
)


@given(
    status=st.integers(100, 599),
    headers=st.dictionaries(
        st.sampled_from(["content-type", "retry-after", "cf-mitigated", "x-sucuri-block"]),
        st.text(max_size=30),
    ),
    body=bodies,
    url=addresses,
)
def test_any_answer_is_judged(status: int, headers: dict[str, str], body: bytes, url: str) -> None:
    safe = url if forbidden_target(url, BOARD) is None else "https://board.example/"
    found = find_obstacle(status, headers, body, now=NOW, url=safe, asked="https://board.example/")
    assert found is not None or status < 400
    assert found is None or found.detail


@given(st.text(max_size=60))
def test_any_retry_after_is_nothing_or_a_time_that_ends(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or 0 <= wait <= 30 * 86_400


@given(addresses)
def test_what_may_be_asked_is_https_at_a_declared_host_and_port(url: str) -> None:
    if forbidden_target(url, BOARD) is None:
        parts = urlsplit(url)
        assert parts.scheme == "https"
        assert parts.hostname in BOARD.hosts
        assert parts.port in (None, 443)
        assert "@" not in parts.netloc


@given(addresses)
def test_what_is_upgraded_is_the_same_place_by_https(url: str) -> None:
    secure = upgraded(url, BOARD)
    assert secure is None or forbidden_target(secure, BOARD) in (
        None,
        "an address with a user name is not asked",
    )


@given(st.ip_addresses())
def test_only_global_addresses_pass(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if forbidden_address([str(address)], loopback_allowed=False) is None:
        mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
        assert (mapped or address).is_global


@given(st.text(max_size=300) | bodies.map(lambda body: body.decode("latin-1")))
def test_any_robots_is_rules(text: str) -> None:
    memory = RobotsMemory()
    rules = memory.put("https://board.example", text)
    assert rules.can_fetch("https://board.example/jobs/1", "labourwatch") in (True, False)
    assert memory.delays[host_key("https://board.example/x")] >= 0
