"""A pasted text by interface and by form, over real HTTP, to the topic."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest

from config.settings import Settings
from config.topics import POSTINGS, SOURCE_RUNS
from scrapers.push.providers import Right
from tests.crawl_stack import crawl_settings
from tests.push_stack import Pusher, agreed, dashboard
from tests.served_dashboard import Answer, get
from tests.topic_reader import records

pytestmark = pytest.mark.integration
FORM = "application/x-www-form-urlencoded"
TEXT = """ບໍລິສັດ ແມ່ຂອງ ຈຳກັດ ຮັບສະໝັກ:
1. ຊ່າງໄຟຟ້າ 2 ຄົນ
2. ຄົນຂັບລົດ 3 ຄົນ
ເງິນເດືອນ: 3.500.000 ກີບ
ໂທ: 020 5555 1234
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with crawl_settings(tmp_path_factory) as settings:
        yield settings


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with dashboard(settings) as address:
        yield address


def of(settings: Settings, topic: Any, source: str) -> list[Any]:
    found = asyncio.run(records(settings.bootstrap_servers, topic))
    return [record for record in found if record.source_id == source]


def officer(settings: Settings, url: str, name: str) -> Pusher:
    return Pusher(url, agreed(settings, name, rights=(Right.TEXT,), language="lo"))


def submit(who: Pusher, values: dict[str, str], language: str = "en") -> Answer:
    path = "/en/submit" if language == "en" else "/submit"
    return who.send(path, urlencode(values).encode(), kind=FORM)


def fields(page: Answer) -> dict[str, str]:
    """What a browser would send back of a page, without its buttons."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        held = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if held.get("type") != "checkbox" or " checked" in tag:
            found[held["name"]] = unescape(held["value"])
    for name, text in re.findall(
        r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', page.text, re.DOTALL
    ):
        found[name] = unescape(text)
    return found


def test_a_preview_says_what_is_understood_and_publishes_nothing(
    settings: Settings, url: str
) -> None:
    me = officer(settings, url, "preview")
    answer = me.send("/v1/postings/text", {"text": TEXT, "preview": True})
    assert answer.status == 200
    vacancies = json.loads(answer.body)["vacancies"]
    assert [one["title"] for one in vacancies] == ["ຊ່າງໄຟຟ້າ", "ຄົນຂັບລົດ"]
    assert vacancies[0]["fields"]["total_job_openings"] == "2"
    assert vacancies[0]["found"]["title"] == "list"
    assert "5555" not in answer.text
    assert me.send("/v1/postings", {"postings": [{"id": "1", "title": "x"}]}).status == 403


def test_a_text_is_taken_once(settings: Settings, url: str) -> None:
    me = officer(settings, url, "once")
    body = {"text": TEXT, "channel": "Jobs in Vientiane", "seen_on": "", "province": "LA-VT"}
    first = json.loads(me.send("/v1/postings/text", body).body)
    again = json.loads(me.send("/v1/postings/text", {**body, "text": TEXT + "\n "}).body)
    assert (first["kind"], first["accepted"], again["unchanged"]) == ("text", 2, 2)
    taken = of(settings, POSTINGS, "once")
    assert [(one.title, one.hiring_organization, one.job_location_raw) for one in taken] == [
        ("ຊ່າງໄຟຟ້າ", "ບໍລິສັດ ແມ່ຂອງ ຈຳກັດ", "Vientiane Capital"),
        ("ຄົນຂັບລົດ", "ບໍລິສັດ ແມ່ຂອງ ຈຳກັດ", "Vientiane Capital"),
    ]
    assert "Jobs in Vientiane" in of(settings, SOURCE_RUNS, "once")[0].detail


def test_a_text_without_a_vacancy_asks_for_the_title(settings: Settings, url: str) -> None:
    me = officer(settings, url, "asks")
    answer = me.send("/v1/postings/text", {"text": "hello there"})
    assert (answer.status, json.loads(answer.body)["field"]) == (422, "title")
    titled = me.send("/v1/postings/text", {"text": "hello there", "title": "Cook"})
    assert json.loads(titled.body)["accepted"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": 5}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"seen_on": "2020-01-01"}, "seen_on"),
        ({"province": "LA-QQ"}, "province"),
        ({"channel": "x" * 301}, "channel"),
        ({"preview": "yes"}, "preview"),
        ({"vacancies": [{"title": ""}]}, "vacancies.0.title"),
        ({"vacancies": [{"title": "A", "valid_through": "soon"}]}, "vacancies.0.valid_through"),
        ({"vacancies": [{"title": "A", "source_id": "x"}]}, "vacancies.0"),
    ],
)
def test_each_mistake_is_told_by_its_field(
    settings: Settings, url: str, change: dict[str, Any], field: str
) -> None:
    answer = officer(settings, url, "fields").send("/v1/postings/text", {"text": TEXT, **change})
    assert (answer.status, json.loads(answer.body)["field"]) == (422, field)


@pytest.mark.parametrize("language", ["en", "lo"])
def test_the_form_leads_from_text_to_receipt(settings: Settings, url: str, language: str) -> None:
    me = officer(settings, url, f"form-{language}")
    page = submit(me, {"step": "preview", "code": me.token, "text": TEXT}, language)
    assert page.status == 200, page.text
    assert me.token not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    values = fields(page)
    assert values["v1-title"] == "ຄົນຂັບລົດ"
    values.update({"v0-title": "ຊ່າງໄຟຟ້າ ອາຄານ", "step": "publish"})
    del values["v1-keep"]
    done = submit(me, values, language)
    assert done.status == 200
    assert 'role="status"' in done.text
    taken = of(settings, POSTINGS, f"form-{language}")
    assert [one.title for one in taken] == ["ຊ່າງໄຟຟ້າ ອາຄານ"]


def test_mistakes_stand_beside_their_fields_and_nothing_written_is_lost(
    settings: Settings, url: str
) -> None:
    me = officer(settings, url, "mistakes")
    page = submit(me, {"step": "preview", "code": "lw.x", "text": TEXT, "channel": "G"})
    assert page.status == 401
    assert 'id="code-error"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert fields(page)["text"].strip() == TEXT.strip()
    assert fields(page)["channel"] == "G"
    late = submit(me, {"step": "publish", "ticket": "gone", "text": TEXT})
    assert late.status == 422
    assert 'name="code"' in late.text
    page = submit(me, {"step": "preview", "code": me.token, "text": "hello there"})
    assert 'id="title-error"' in page.text
    values = fields(submit(me, {"step": "preview", "code": me.token, "text": TEXT}))
    values.update({"step": "publish", "v1-valid_through": "soon"})
    del values["v0-keep"]
    wrong = submit(me, values)
    assert 'id="v1-valid_through-error"' in wrong.text
    back = submit(me, {**values, "step": "back"})
    assert 'name="code"' not in back.text
    assert fields(back)["text"].strip() == TEXT.strip()


def test_a_hostile_text_stays_inert(settings: Settings, url: str) -> None:
    me = officer(settings, url, "inert")
    text = 'Position: "><script>alert(1)</script> Cook {{ 7*7 }}\nSalary: =cmd|calc'
    page = submit(me, {"step": "preview", "code": me.token, "text": text})
    assert "<script" not in page.text
    assert "{{ 7*7 }}" in unescape(page.text)


def test_the_form_is_there_without_any_script_or_foreign_address(url: str) -> None:
    for path, code in (("/submit", "lo"), ("/en/submit", "en")):
        page = get(url + path)
        assert page.status == 200
        assert f'<html lang="{code}">' in page.text
        assert "<script" not in page.text
        assert "http://" not in page.text.replace(url, "")
        ids = set(re.findall(r' id="([^"]+)"', page.text))
        assert set(re.findall(r'<label for="([^"]+)"', page.text)) <= ids
    assert 'href="/en/submit"' in get(url + "/en/sources").text
