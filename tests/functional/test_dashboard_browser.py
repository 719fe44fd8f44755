"""The dashboard in a real browser over a real warehouse and Redis: both languages, two sizes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from benchmarks.dashboard_pages import STANDING, in_language, pages
from dashboard.accounts.records import Role
from dashboard.language import CODES
from scrapers.push.providers import Right
from tests.browser_stack import Stack, Watched, dashboard_stack, live
from tests.factories_dashboard import NOW, vacancy
from tests.factories_released import ENGLISH
from tests.push_stack import agreed
from tests.seeding_dashboard import insert_opening
from warehouse.client import connect

pytestmark = [pytest.mark.browser, pytest.mark.functional]

SIZES = {"desktop": (1440, 900), "phone": (360, 780)}
PATHS = (
    "", "/alerts", "/alerts/a1b2c3d4e5f60718", "/vacancies", "/sources", "/about", "/provinces",
    "/provinces/LA-CH", "/sectors", "/sectors/F", "/occupations", "/occupations/5", "/skills",
    "/forecasts", "/strategy",
    f"/skills/{ENGLISH}",
)  # fmt: skip
PREFIXES = {"lo": "", "en": "/en"}
OUTLINED = """wanted => document.querySelector(".chart.map .js-plotly-plot").data
  .some(trace => trace.name === "chosen" && Boolean(trace.x.length) === wanted)"""
"""Whether a province of the map has the heavy outline, as wanted."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    standing = {"feedbeeffeedbeef": "LA-SV"}
    with dashboard_stack(tmp_path_factory.mktemp("dashboard"), standing) as made:
        yield made


@pytest.fixture
def watched(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Watched]:
    width, height = getattr(request, "param", SIZES["desktop"])
    page = browser.new_page(viewport={"width": width, "height": height})
    yield Watched(page)
    page.close()


@pytest.mark.parametrize("watched", SIZES.values(), ids=SIZES, indirect=True)
@pytest.mark.parametrize("language", PREFIXES)
def test_every_page_is_clean(stack: Stack, watched: Watched, language: str) -> None:
    axe = Axe()
    if watched.is_wide:  # the phone is the public's
        watched.log_in(stack, Role.POLICYMAKER)
    for path in PATHS:
        watched.open(f"{stack.url}{PREFIXES[language]}{path}" or "/")
        assert watched.page.evaluate("document.documentElement.lang") == language
        wide = "document.documentElement.scrollWidth - window.innerWidth"
        assert watched.page.evaluate(wide) <= 0, f"{path} scrolls sideways"
        found = axe.run(watched.page)
        assert found.violations_count == 0, found.generate_report()
        assert watched.page.locator("[id]").evaluate_all("all => all.length") > 0
    assert watched.complaints == []
    assert watched.hosts == {stack.url.removeprefix("http://")}


@pytest.mark.parametrize("watched", SIZES.values(), ids=SIZES, indirect=True)
@pytest.mark.parametrize("language", PREFIXES)
def test_an_officer_submits_a_text_by_keyboard(
    stack: Stack, watched: Watched, language: str
) -> None:
    token = agreed(stack.settings, "office", rights=(Right.TEXT,))
    page, wide = watched.page, "document.documentElement.scrollWidth - window.innerWidth"
    page.goto(f"{stack.url}{PREFIXES[language]}/submit")
    _clean(page)
    page.locator("#code").focus()
    page.keyboard.type("lw.wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#code[aria-invalid=true]")).to_be_visible()
    _clean(page)
    page.locator("#code").fill(token)
    page.keyboard.press("Tab")
    page.keyboard.insert_text("Riverside Hotel is hiring:\n1. Receptionist 2 persons\n2. Cook x1")
    page.locator("button[value=preview]").press("Enter")
    expect(page.locator("#v1-title")).to_have_value("Cook")
    assert page.evaluate(wide) <= 0
    _clean(page)
    assert watched.hosts == {stack.url.removeprefix("http://")}


APART = (
    "/explore?indicator=flow&indicator2=stock&province2=LA-CH&indicator3=growth", "/methods",
    "/operations",
)  # fmt: skip


@pytest.mark.parametrize("watched", SIZES.values(), ids=SIZES, indirect=True)
@pytest.mark.parametrize("language", PREFIXES)
def test_pages_that_answer_questions_are_clean(
    stack: Stack, watched: Watched, language: str
) -> None:
    page, wide = watched.page, "document.documentElement.scrollWidth - window.innerWidth"
    watched.log_in(stack, Role.ADMIN)
    for path in APART:
        answer = page.goto(f"{stack.url}{PREFIXES[language]}{path}")
        assert answer is not None
        assert answer.status == 200
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate(wide) <= 0, f"{path} scrolls sideways"
        _clean(page)
    assert watched.complaints == []
    assert watched.hosts == {stack.url.removeprefix("http://")}


def _clean_unfolded(page: Page, address: str) -> None:
    """Nothing at fault on a page, its folds opened, and nothing wider than the screen."""
    page.goto(address)
    if page.locator("#first-paint, #app").count():
        live(page)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    wide = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(wide) <= 0, f"{address} scrolls sideways"
    _clean(page)


def test_every_other_page_of_the_table_is_clean_in_the_dark(stack: Stack, browser: Browser) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, color_scheme="dark", reduced_motion="reduce"
    )
    watched = Watched(context.new_page())
    watched.log_in(stack, Role.POLICYMAKER)
    cookies = {one["name"]: one["value"] for one in context.cookies()}
    found = [path for path in pages(stack.url, cookies) if path not in PATHS]
    assert {"/", "/accessibility", f"/answer/{STANDING}", "/explore"} <= set(found)
    for at, path in enumerate(found):
        _clean_unfolded(watched.page, stack.url + in_language(path, CODES[at % len(CODES)]))
    context.close()


def test_pages_bear_a_zoom_of_400_percent_and_the_colours_of_the_reader(
    stack: Stack, browser: Browser
) -> None:
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, forced_colors="active", reduced_motion="reduce"
    )
    watched = Watched(context.new_page())
    watched.log_in(stack, Role.POLICYMAKER)
    for path in ("/", "/en/alerts", "/en/methods"):
        _clean_unfolded(watched.page, stack.url + path)
    context.close()


def test_an_officer_answers_by_keyboard_without_scripts(browser: Browser, stack: Stack) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    Watched(page).log_in(stack, Role.POLICYMAKER)
    page.goto(f"{stack.url}/en/alerts?state=waiting")
    page.get_by_role("link", name="Savannakhet").first.press("Enter")
    page.get_by_role("link", name="Answer: verdict, note, silence").press("Enter")
    page.locator("#verdict-true").press("Space")
    page.locator("#done").focus()
    page.keyboard.insert_text("Visited the job centre")
    page.get_by_role("button", name="Save my answer").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Your verdict is kept")
    assert page.url.endswith(f"/en/answer/{STANDING}?said=verdict")


def test_a_reader_explores_by_keyboard_without_scripts(browser: Browser, stack: Stack) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    Watched(page).log_in(stack, Role.ANALYST)
    page.goto(f"{stack.url}/en/explore")
    page.locator("#province").focus()
    page.keyboard.type("Champasak")
    page.locator("#as_of").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**province=LA-CH**")
    expect(page.locator("h3", has_text="1. New vacancies · Champasak · by week")).to_be_visible()
    expect(page.locator("svg.several")).to_be_visible()
    page.locator(".languages a[lang=lo]").press("Enter")
    page.wait_for_url("**/explore?indicator=flow&province=LA-CH&**")
    expect(page.locator("#province")).to_have_value("LA-CH")


def _clean(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_figures_are_readable_without_scripts(browser: Browser, stack: Stack) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{stack.url}/en")
    expect(page.locator("h1")).to_have_text("The labour market now")
    expect(page.locator(".tile .value")).to_have_count(4)
    expect(page.locator(".alert-link").first).to_be_visible()
    page.close()


def test_a_new_vacancy_appears_without_reload(stack: Stack, watched: Watched) -> None:
    watched.open(f"{stack.url}/en/vacancies")
    expect(watched.page.locator("#connection")).to_have_class("connection on")
    watched.page.evaluate("window.notReloaded = true")
    late = replace(vacancy(900), vacancy_id="late", title="Beekeeper in Houaphanh", isco08="6123")
    late = replace(late, first_seen=NOW + timedelta(hours=1))
    insert_opening(connect(stack.settings), late)
    note = {"rows": 2, "tables": ["vacancies", "vacancy_events"]}
    stack.redis.publish("labourwatch:live", json.dumps(note))
    first = watched.page.locator("#app tbody tr").first
    expect(first).to_contain_text("Beekeeper in Houaphanh", timeout=15_000)
    expect(watched.page.locator(".as-of")).to_contain_text("17:41:07")
    assert watched.page.evaluate("window.notReloaded")
    assert watched.complaints == []


def test_a_language_switch_keeps_the_page(stack: Stack, watched: Watched) -> None:
    watched.open(f"{stack.url}/sources")
    watched.page.locator(".languages").get_by_text("English").click()
    watched.page.wait_for_url("**/en/sources")
    expect(watched.page.locator("#app h1")).to_have_text("Sources and data quality")
    assert watched.page.evaluate("document.documentElement.lang") == "en"


def test_pages_are_reached_by_keyboard_and_focus_follows(stack: Stack, watched: Watched) -> None:
    watched.open(f"{stack.url}/en")
    watched.page.keyboard.press("Tab")
    expect(watched.page.locator(":focus")).to_have_text("Skip to main content")
    watched.page.locator("#app nav .row a", has_text="Alerts").focus()
    watched.page.keyboard.press("Enter")
    expect(watched.page.locator("#app h1")).to_have_text("Labour market alerts")
    expect(watched.page.locator(":focus")).to_have_text("Labour market alerts")
    assert watched.page.title().startswith("Labour market alerts")
    assert watched.complaints == []


@pytest.mark.parametrize("watched", [SIZES["phone"]], ids=["phone"], indirect=True)
def test_the_menu_of_a_phone_opens_by_keyboard_and_folds_on_the_next_page(
    stack: Stack, watched: Watched
) -> None:
    watched.open(f"{stack.url}/en")
    menu = watched.page.locator("#app .menu")
    provinces = menu.get_by_role("link", name="Provinces")
    expect(provinces).to_be_hidden()
    menu.locator("summary").press("Enter")
    expect(provinces).to_be_visible()
    provinces.press("Enter")
    expect(watched.page.locator("#app h1")).to_have_text("Provinces")
    expect(menu.locator("summary")).to_contain_text("Provinces")
    expect(menu.get_by_role("link", name="Sectors")).to_be_hidden()
    assert watched.complaints == []


def test_choices_and_map_clicks_filter_the_charts(stack: Stack, watched: Watched) -> None:
    watched.log_in(stack, Role.ANALYST)
    watched.open(f"{stack.url}/en")
    page = watched.page
    page.select_option("#choice-province", "LA-CH")
    expect(page.get_by_text("Champasak:", exact=False).last).to_contain_text("open now")
    page.wait_for_function(OUTLINED, arg=True)
    page.get_by_role("button", name="Four-week change").click()
    expect(page.locator("[aria-pressed=true]")).to_have_text("Four-week change")
    expect(page.locator("#app")).to_contain_text("unclear in")
    chart = page.locator(".chart.map")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    savannakhet = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.69
    page.mouse.move(savannakhet[0] - 4, savannakhet[1])
    page.mouse.click(*savannakhet)
    expect(page.locator("#choice-province")).to_have_value("LA-SV")
    page.select_option("#choice-province", "all")
    page.wait_for_function(OUTLINED, arg=False)
    assert watched.complaints == []


def test_an_officer_acknowledges_an_alert(stack: Stack, watched: Watched) -> None:
    watched.log_in(stack, Role.POLICYMAKER)
    watched.open(f"{stack.url}/en/alerts/feedbeeffeedbeef")
    watched.page.get_by_role("button", name="Acknowledge this alert").click()
    expect(watched.page.locator("#acknowledge-result")).to_contain_text("Recorded")
    expect(watched.page.locator("#app .badge").first).to_contain_text("Acknowledged")
    assert watched.complaints == []


def test_a_lost_connection_is_shown_and_found_again(stack: Stack, watched: Watched) -> None:
    watched.page.route_web_socket("**/live", lambda socket: socket.close())
    watched.open(f"{stack.url}/en")
    expect(watched.page.locator("#connection")).to_contain_text(
        "Checking every 5 s", timeout=20_000
    )
