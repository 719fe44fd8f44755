"""Where a log-in may lead, and which cookies it sets."""

from __future__ import annotations

import pytest

from dashboard.accounts.form import safe_path
from dashboard.accounts.visiting import Cookies, is_loopback


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/en/alerts?x=1", "/en/alerts?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_a_log_in_leads_to_our_own_pages_only(wanted: str, leads: str) -> None:
    assert safe_path(wanted, "/") == leads


def test_cookies_are_of_this_host_and_of_tls_only_away_from_this_machine() -> None:
    assert is_loopback("http://127.0.0.1:8050")
    assert is_loopback("http://localhost:8050")
    assert not is_loopback("https://lmis.gov.example")
    assert not is_loopback("http://0.0.0.0:8050")
    cookies = Cookies(secure=True)
    made = cookies.made(cookies.session, "x")
    assert made.startswith("__Host-lw_session=x; Path=/; HttpOnly; SameSite=Lax")
    assert made.endswith("; Secure")
