"""Challenges and log-in walls are known by the pages their makers serve; job pages are not."""

from __future__ import annotations

import pytest

from scrapers.challenges import challenge_by, login_wall

HTML = {"content-type": "text/html; charset=utf-8"}
JOB = (
    b'<html><head><title>Cook - Mekong Hotel</title><script type="application/ld+json">'
    b'{"@type": "JobPosting", "title": "Cook"}</script></head><body>'
)


@pytest.mark.parametrize(
    ("service", "status", "headers", "body"),
    [
        ("Cloudflare", 403, {"cf-mitigated": "challenge"}, b""),
        ("Cloudflare", 503, {}, b"<title>Just a moment...</title>"),
        ("Cloudflare", 200, {}, b"<script>window._cf_chl_opt={}</script>"),
        ("Cloudflare", 403, {}, b"/cdn-cgi/challenge-platform/h/b/x"),
        ("Vercel", 429, {"x-vercel-mitigated": "challenge"}, b""),
        ("Vercel", 429, {}, b"<title>Vercel Security Checkpoint</title>"),
        ("Akamai", 403, {}, b"<title>Access Denied</title>https://errors.edgesuite.net/18.1"),
        ("Akamai", 200, {}, b'<div id="sec-if-cpt-container"></div>'),
        ("Imperva", 200, {}, b'<iframe src="/_Incapsula_Resource?SWUDNSAI=31">'),
        ("DataDome", 403, {"content-type": "application/json"}, b"//geo.captcha-delivery.com/"),
        ("PerimeterX", 403, {}, b'<div id="px-captcha"></div>'),
        ("AWS WAF", 202, {"x-amzn-waf-action": "challenge"}, b""),
        ("AWS WAF", 405, {}, b"<script>window.gokuProps = {}</script>"),
        ("Sucuri", 403, {}, b"<title>Sucuri WebSite Firewall - Access Denied</title>"),
        ("Sucuri", 200, {}, b"<script>var s='';sucuri_cloudproxy_js=1</script>"),
        ("DDoS-Guard", 403, {}, b"<title>DDoS-Guard</title>"),
        ("SiteGround", 202, {"sg-captcha": "challenge"}, b""),
        ("Imunify360", 200, {}, b"<title>One moment, please...</title>"),
        ("LiteSpeed", 200, {}, b"<title>Bot Verification</title>"),
        ("Anubis", 200, {}, b"<title>Making sure you&#39;re not a bot!</title>"),
        ("F5", 200, {}, b"<html><title>Request Rejected</title>support ID is 1"),
        ("an unknown service", 403, {}, b"<p>Please solve the CAPTCHA</p>"),
        ("an unknown service", 200, {}, b"<title>\n Verify you are human </title>"),
    ],
)  # fmt: skip
def test_challenges_are_recognised(
    service: str, status: int, headers: dict[str, str], body: bytes
) -> None:
    assert challenge_by(status, {**HTML, **headers}, body) == service


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, {}, JOB + b'<form><div class="g-recaptcha"></div>Solve the captcha to apply</form>'),
        (200, {}, JOB + b'<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'),
        (200, {"server": "cloudflare", "cf-ray": "1"}, JOB),
        (200, {"x-sucuri-id": "12"}, JOB),
        (200, {"content-type": "application/json"}, b'{"title": "Robot check operator, captcha"}'),
        (404, {}, b"<title>Page not found</title>"),
        (503, {}, b"<title>Down for maintenance</title>"),
        (403, {}, b"<title>403 Forbidden</title>"),
        (200, {}, b"x" * 70_000 + b"px-captcha"),
    ],
)
def test_ordinary_pages_are_no_challenges(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    assert challenge_by(status, {**HTML, **headers}, body) == ""


FORM = b'<form action="/x"><input name=u><input class="f" type="password" name=p></form>'
ADVERT = "https://board.example/jobs/1"


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (b"anything", "https://board.example/login?next=/jobs/1"),
        (b"anything", "https://board.example/en/sign-in/"),
        (b"anything", "https://board.example/wp-login.php"),
        (b"<title>Sign in - Board</title>" + b"text " * 300 + FORM, ADVERT),
        ("<title>ເຂົ້າສູ່ລະບົບ</title>".encode() + b"text " * 300 + FORM, ADVERT),
        (b"<title>Board</title>" + FORM, ADVERT),
    ],
)
def test_log_in_walls_are_recognised(body: bytes, url: str) -> None:
    assert login_wall(200, HTML, body, url, ADVERT)


@pytest.mark.parametrize(
    ("body", "url", "asked"),
    [
        (JOB + FORM, ADVERT, ADVERT),
        (b"<title>Cook</title>" + b"many words of an advert " * 50 + FORM, ADVERT, ADVERT),
        (b"<title>Login engineer wanted</title>" + b"text " * 300, ADVERT, ADVERT),
        (JOB, "https://board.example/jobs/login-engineer", ADVERT),
        (JOB, "https://board.example/login-jobs", "https://board.example/login/jobs"),
    ],
)
def test_a_log_in_box_on_a_job_page_is_no_wall(body: bytes, url: str, asked: str) -> None:
    assert login_wall(200, HTML, body, url, asked) == ""
