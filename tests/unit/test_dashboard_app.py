"""The application over HTTP: documents, headers, interface, downloads, socket."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from config.settings import Settings
from dashboard.app import create_app
from dashboard.data import EVERYTHING, Part, Register
from tests.factories_dashboard import NOW, snapshot
from tests.served_dashboard import get, served


class Seeded(Register):
    """A register with data and no warehouse."""

    def __init__(self) -> None:
        super().__init__(
            lambda: pytest.fail("not to be connected"), tuple, phase=str, clock=lambda: NOW
        )
        self.snapshot = snapshot(days=90, mean=60)
        self.trouble = None

    def refresh(self, parts: frozenset[Part] = EVERYTHING) -> bool:
        return not parts


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    settings = Settings(redis_url="redis://127.0.0.1:1/0")
    with served(create_app(settings, Seeded(), lambda *_: True)) as address:
        yield address


@pytest.mark.parametrize(
    ("path", "code"), [("/", "lo"), ("/en", "en"), ("/en/sources", "en"), ("/alerts/b1", "lo")]
)
def test_a_document_is_readable_before_any_script(url: str, path: str, code: str) -> None:
    answer = get(url + path)
    assert answer.status == 200
    assert f'<html lang="{code}">' in answer.text
    paint = answer.text.split('id="first-paint">')[1].split('id="react-entry-point"')[0]
    assert "<h1" in paint
    assert "@@" not in answer.text


@pytest.mark.parametrize("path", ["/", "/en/about", "/en/alerts", "/crawler", "/en/log-in"])
def test_without_scripts_the_link_to_the_content_leads_there(url: str, path: str) -> None:
    text = get(url + path).text
    assert 'href="#main"' in text
    assert text.count('id="main"') == 1


def test_a_document_names_nothing_on_other_hosts(url: str) -> None:
    text = get(url + "/en").text
    found = re.findall(r"(?:src|href)=\"(?!/(?!/)|#)([^\"]*)\"", text)
    assert found == []


def test_every_answer_forbids_other_hosts_and_framing(url: str) -> None:
    for path in ("/", "/api/summary", "/assets/labourwatch.css"):
        policy = get(url + path).headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy


def test_inline_scripts_are_those_of_the_policy_only(url: str) -> None:
    answer = get(url + "/")
    inline = re.findall(r"<script(?![^>]*src=)[^>]*>", answer.text)
    executed = [tag for tag in inline if "application/json" not in tag]
    assert len(executed) == len(re.findall("'sha256-", answer.headers["content-security-policy"]))


def test_an_unknown_page_is_404(url: str) -> None:
    assert get(url + "/alerts/a/b").status == 404
    assert get(url + "/no-such-page").status == 404


def test_charts_get_the_basic_bundle_where_dash_looks_for_the_full_one(url: str) -> None:
    path = "/_dash-component-suites/plotly/package_data/plotly.min.js"
    answer = get(url + path)
    assert "plotly.js (basic" in answer.text[:80]
    assert get(url + path, {"If-None-Match": answer.headers["etag"]}).status == 304


def test_answers_are_compressed(url: str) -> None:
    answer = get(url + "/", {"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"


def test_versioned_files_are_kept_by_browsers(url: str) -> None:
    style = re.findall(r"/assets/labourwatch\.css\?m=\w+", get(url + "/").text)
    assert "immutable" in get(url + style[0]).headers["cache-control"]


def test_summary_gives_figures_with_n_and_interval(url: str) -> None:
    body = json.loads(get(url + "/api/summary").body)
    assert body["demonstration"] is True
    assert body["filling"] is False
    assert set(body["figures"]["coded"]) == {"value", "lower", "upper", "n"}
    assert get(url + "/healthz").status == 200


def test_the_interface_describes_itself_without_a_foreign_page(url: str) -> None:
    assert "/api/summary" in json.loads(get(url + "/api/openapi.json").body)["paths"]
    assert get(url + "/docs").status == 404


def test_the_socket_tells_the_version_and_refuses_other_origins(url: str) -> None:
    address = url.replace("http", "ws") + "/live"
    with connect(address, origin=Origin(url)) as socket:
        assert json.loads(socket.recv(5)) == {"version": 1}
    with pytest.raises(InvalidStatus), connect(address, origin=Origin("http://evil.example")):
        pytest.fail("accepted")
