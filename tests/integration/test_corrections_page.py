"""Officers correct codes by plain forms, over a real broker, warehouse and Redis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode

import pytest

from config import topics
from dashboard.accounts.records import Role
from scrapers.push.providers import Right
from streams.opinions import CorrectedField, CorrectionMode
from tests.coding_stack import CodingStack, coding_stack
from tests.factories_coding import an_item
from tests.factories_opinions import a_correction, a_decision
from tests.logged_in import COOKIE, session_of
from tests.push_stack import Pusher, agreed, dashboard
from tests.served_dashboard import Answer, get
from warehouse.double_coding import SampleItem, sampled_posting, write_sample

pytestmark = pytest.mark.integration
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodingStack]:
    with coding_stack(tmp_path_factory.mktemp("coding")) as running:
        yield running


class Clerk:
    """An officer at the forms, who carries the ticket from page to page."""

    def __init__(self, stack: CodingStack, name: str) -> None:
        self.token = agreed(stack.settings, name, rights=(Right.CORRECT,))
        self._pusher = Pusher(stack.url, self.token)
        self._ticket = ""
        self.enter()

    def enter(self) -> Answer:
        page = self._pusher.send(
            "/en/corrections", urlencode({"code": self.token}).encode(), kind=FORM
        )
        assert page.status == 200, page.text
        self._ticket = fields(page)["ticket"]
        return page

    def send(self, step: str, **values: str) -> Answer:
        body = {"ticket": self._ticket, "step": step, **values}
        return self._pusher.send("/en/corrections", urlencode(body).encode(), kind=FORM)


def fields(page: Answer) -> dict[str, str]:
    """What a browser would send back of a page's last form, without its buttons."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        held = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if held.get("type") not in ("checkbox", "radio") or " checked" in tag:
            found[held["name"]] = unescape(held["value"]) if "value" in held else ""
    for name, options in re.findall(
        r'<select[^>]* name="(\w+)"[^>]*>(.*?)</select>', page.text, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def vacancy_form(page: Answer) -> dict[str, str]:
    main = page.text.partition('name="more"')[2].partition("</form>")[0]
    cut = Answer(page.status, page.headers, f'<input name="more" value="yes">{main}'.encode())
    return fields(cut)


def test_anybody_may_read_what_came_of_corrections_and_nothing_else(stack: CodingStack) -> None:
    for path, code in (("/corrections", "lo"), ("/en/corrections", "en")):
        page = get(stack.url + path)
        assert page.status == 200
        assert f'<html lang="{code}">' in page.text
        assert "<script" not in page.text
        assert "Senior Accountant" not in page.text
        ids = set(re.findall(r' id="([^"]+)"', page.text))
        assert set(re.findall(r'<label for="([^"]+)"', page.text)) <= ids
        assert page.headers["Cache-Control"] == "no-store"
    assert 'href="/en/corrections"' in get(f"{stack.url}/en/vacancies").text


def test_a_code_without_the_right_opens_nothing(stack: CodingStack) -> None:
    token = agreed(stack.settings, "texts-only", rights=(Right.TEXT,))
    for code, status in ((token, 403), ("lw.x", 401), ("", 401)):
        body = urlencode({"code": code}).encode()
        page = Pusher(stack.url, "").send("/en/corrections", body, kind=FORM)
        assert page.status == status
        assert 'id="code-error"' in page.text
        assert "Senior Accountant" not in page.text
    late = urlencode({"ticket": "gone", "step": "queue"}).encode()
    assert Pusher(stack.url, "").send("/en/corrections", late, kind=FORM).status == 422


def test_from_the_queue_to_a_correction_in_the_broker(stack: CodingStack) -> None:
    clerk = Clerk(stack, "anna")
    queue = clerk.enter()
    assert "Another occupation group is nearly as likely." in queue.text
    wanted = stack.ids[0]
    page = clerk.send("open", open=wanted)
    assert '<mark class="occupation">Accountant</mark>' in page.text
    assert '<mark class="skill">Excel</mark>' in page.text
    assert "3313" in page.text
    searched = clerk.send("search", **{**vacancy_form(page), "vacancy": wanted, "query": "cashier"})
    assert 'value="5230"' in searched.text
    before = len(stack.corrections())
    form = {**vacancy_form(page), "vacancy": wanted, "isco08": "3313", "why": ""}
    refused = clerk.send("save", **form)
    assert refused.status == 422
    assert 'id="why-error"' in refused.text
    done = clerk.send("save", **{**form, "why": "keeps books; call 020 5555 1234"})
    assert done.status == 200, done.text
    said = stack.corrections()[before:]
    assert [(one.field, one.before, one.after, one.officer, one.mode) for one in said] == [
        (CorrectedField.ISCO08, "2411", "3313", "anna", CorrectionMode.CORRECTION)
    ]
    assert said[0].vacancy_id == wanted
    assert "5555" not in said[0].why
    assert said[0].posting.title == "Senior Accountant"
    assert "under way" in done.text
    assert wanted not in clerk.send("queue").text
    stack.load(topics.CORRECTIONS, said, 0)
    decision = a_decision(correction_id=said[0].correction_id, vacancy_id=wanted)
    stack.load(topics.CORRECTION_DECISIONS, [decision], 0)
    assert "counted and learned" in clerk.send("look", vacancy=wanted).text
    assert f'value="{wanted}"' not in clerk.send("queue").text
    taken = clerk.send(
        "revoke", vacancy=wanted, revoke=said[0].correction_id, revoke_why="misread it"
    )
    assert taken.status == 200
    assert stack.corrections()[-1].revokes == said[0].correction_id


def test_only_what_was_changed_is_said(stack: CodingStack) -> None:
    clerk = Clerk(stack, "boun")
    wanted = stack.ids[1]
    form = {**vacancy_form(clerk.send("open", open=wanted)), "vacancy": wanted, "why": "as written"}
    before = len(stack.corrections())
    nothing = clerk.send("save", **form)
    assert nothing.status == 422
    wrong = clerk.send("save", **{**form, "pay_lower": "much", "district": "LA9999"})
    assert {"pay_lower-error", "district-error"} <= set(re.findall(r'id="([^"]+)"', wrong.text))
    del form["skill-S1"]
    form |= {"district": "LA1601", "pay_lower": "3.500.000", "pay_upper": "", "education": "3"}
    form |= {"experience_months": "24", "isic": "69", "employment_type": "PART_TIME"}
    assert clerk.send("save", **form).status == 200
    said = {one.field: one.after for one in stack.corrections()[before:]}
    assert said == {
        CorrectedField.DISTRICT: "LA1601",
        CorrectedField.PAY: "3500000-3500000",
        CorrectedField.EDUCATION: "3",
        CorrectedField.EXPERIENCE_MONTHS: "24",
        CorrectedField.ISIC: "69",
        CorrectedField.EMPLOYMENT_TYPE: "PART_TIME",
        CorrectedField.SKILLS: "",
    }


def test_two_code_blind_and_a_third_decides(stack: CodingStack) -> None:
    item = an_item(0, **_drawn(stack, stack.ids[4]))
    write_sample(stack.client, [item])
    anna, boun, chan = (Clerk(stack, name) for name in ("anna", "boun", "chan"))
    assert "Adverts that wait for your own code: 1." in anna.enter().text
    assert item.vacancy_id not in anna.enter().text
    assert anna.send("open", open=item.vacancy_id).status == 404
    page = anna.send("blind")
    assert "Driver" in page.text
    assert "8322" not in page.text
    before = len(stack.corrections())
    kept = {"vacancy": item.vacancy_id, "query": ""}
    assert anna.send("blind_save", **kept).status == 422
    assert anna.send("blind_save", **kept, isco08="8322", why="").status == 200
    assert "wait for your own code" not in anna.enter().text
    stack.load(topics.CORRECTIONS, stack.corrections()[before:], 100)
    assert "8322" not in boun.send("blind").text
    assert "wait for your own code" not in chan.enter().text
    assert boun.send("blind_save", **kept, isco08="none", why="two jobs").status == 200
    stack.load(topics.CORRECTIONS, stack.corrections()[before + 1 :], 101)
    settling = chan.send("blind")
    assert "8322" in settling.text
    assert "two jobs" in settling.text
    assert "anna" not in settling.text
    assert chan.send("blind_save", **kept, isco08="8322", why="").status == 422
    assert chan.send("blind_save", **kept, isco08="8322", why="drives").status == 200
    said = stack.corrections()[before:]
    assert [(one.officer, one.after, one.before, one.mode) for one in said] == [
        ("anna", "8322", "", CorrectionMode.DOUBLE_CODING),
        ("boun", "", "", CorrectionMode.DOUBLE_CODING),
        ("chan", "8322", "", CorrectionMode.DOUBLE_CODING),
    ]


def _drawn(stack: CodingStack, vacancy_id: str) -> dict[str, str]:
    rows = stack.client.query(
        "SELECT v.posting_key, p.record_id FROM vacancies AS v"
        " JOIN postings AS p ON p.posting_key = v.posting_key WHERE v.vacancy_id = {id:String}",
        parameters={"id": vacancy_id},
    ).result_rows
    key, record = rows[0]
    assert set(SampleItem.__dataclass_fields__) >= {"posting_key", "posting_record_id"}
    return {"vacancy_id": vacancy_id, "posting_key": key, "posting_record_id": record}


def test_agreement_stands_on_the_page_for_everybody(stack: CodingStack) -> None:
    item = an_item(0, sample_id="s2", **_drawn(stack, stack.ids[9]))
    write_sample(stack.client, [item])
    posting = sampled_posting(stack.client, item)
    assert posting is not None
    said = [
        replace(
            a_correction(vacancy_id=item.vacancy_id, officer=officer, after="8322", before=""),
            posting=posting,
            mode=CorrectionMode.DOUBLE_CODING,
        )
        for officer in ("anna", "boun")
    ]
    stack.load(topics.CORRECTIONS, said, 200)
    with dashboard(stack.settings) as fresh:
        page = get(f"{fresh}/en/corrections").text
    assert "Machine has the settled code" in page
    assert re.search(r'data-label="Adverts">\d', page)
    assert "built-in method" not in page


def test_a_hostile_advert_stays_inert(stack: CodingStack) -> None:
    page = Clerk(stack, "dara").send("open", open=stack.ids[2])
    assert "<b>now" not in page.text
    assert "&lt;b&gt;now" in page.text


def test_an_account_that_may_correct_needs_no_code(stack: CodingStack) -> None:
    def page(role: Role) -> str:
        token = session_of(stack.settings, role)
        return get(f"{stack.url}/en/corrections", {"Cookie": f"{COOKIE}={token}"}).text

    corrector, analyst = page(Role.CORRECTOR), page(Role.ANALYST)
    assert 'id="code"' not in corrector
    assert 'name="open"' in corrector
    assert 'id="code"' in analyst
    assert 'name="open"' not in analyst
