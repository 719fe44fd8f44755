"""Every page, in both languages, with data and without: complete before any script."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from dashboard.accounts.records import Role, Viewer
from dashboard.addresses import Address, Page, parse
from dashboard.catalogue import PAGES, scene_at
from dashboard.comparison import Fitness
from dashboard.cube import Cube
from dashboard.frame import frame
from dashboard.language import language
from dashboard.markup import to_html
from dashboard.views import Snapshot
from tests.factories_dashboard import fitness, snapshot
from tests.factories_released import ENGLISH

FULL = snapshot(days=200, mean=120)
ALERT = "a1b2c3d4e5f60718"
ITEMS = (
    (Page.ALERTS, ALERT),
    (Page.PROVINCES, "LA-CH"),
    (Page.SECTORS, "F"),
    (Page.OCCUPATIONS, "5"),
    (Page.SKILLS, ENGLISH),
)
ADDRESSES = [
    Address(language=code, page=page, item=item)
    for code in ("lo", "en")
    for page, item in (*((page, "") for page in Page), *ITEMS)
]


def drawn(path: str, held: Snapshot = FULL, **filters: str) -> str:
    return to_html(frame(*scene_at(path, held, demonstration=True, filters=filters)))


def components(part: Any) -> list[Any]:
    if isinstance(part, list | tuple):
        return [found for child in part for found in components(child)]
    if not hasattr(part, "to_plotly_json"):
        return []
    return [part, *components(getattr(part, "children", None))]


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.path)
def test_addresses_lead_back_to_themselves(address: Address) -> None:
    assert parse(address.path) == address


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/en/now",
        "/vacancies/x",
        "/alerts/a/b",
        "/now",
        "/provinces/LA-ZZ",
        "/sectors/01",
        "/occupations/12",
        "/skills/none",
        "/provinces/LA-CH/x",
    ],
)
def test_other_addresses_are_no_page(path: str) -> None:
    assert parse(path) is None
    assert "<h1" in drawn(path)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.path)
def test_a_page_is_whole_without_scripts(address: Address) -> None:
    text = drawn(address.path)
    assert text.count("<h1") == 1
    assert 'id="' not in text
    assert f'lang="{address.language}"' in text
    assert ("Demonstration data" if address.language == "en" else "ຂໍ້ມູນສາທິດ") in text
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    assert "{" not in re.sub(r"<[^>]*>", "", text)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.path)
def test_a_page_says_so_where_there_is_no_data(address: Address) -> None:
    assert "<h1" in drawn(address.path, Snapshot())


def test_ids_and_headings_are_unique_on_every_page() -> None:
    for address in ADDRESSES:
        found = components(frame(*scene_at(address.path, FULL, demonstration=False)))
        ids = [str(part.id) for part in found if getattr(part, "id", None) is not None]
        assert sorted(ids) == sorted(set(ids))


def test_every_live_part_has_a_drawing_and_every_drawing_a_place_on_its_page() -> None:
    for page, parts in PAGES.items():
        places: set[tuple[str, str]] = set()
        for item in ("", *(item for each, item in ITEMS if each is page)):
            path = Address(page=page, item=item).path
            for part in components(frame(*scene_at(path, FULL, demonstration=True))):
                held = getattr(part, "id", None)
                places |= set(held.items()) if isinstance(held, dict) else set()
        for kind, drawings in (
            ("slot", parts.slots),
            ("slow", parts.slow),
            ("figure", parts.figures),
        ):
            assert {name for group, name in places if group == kind} == set(drawings)


def test_every_chart_has_words_and_a_table() -> None:
    for path in ("/", f"/alerts/{ALERT}"):
        found = components(frame(*scene_at(path, FULL, demonstration=True)))
        charts = [part for part in found if getattr(part, "role", None) == "img"]
        assert charts
        assert all(getattr(part, "aria-label") for part in charts)
        assert sum(part.to_plotly_json()["type"] == "Details" for part in found) >= 1


def test_filters_reach_the_vacancies() -> None:
    path = "/en/vacancies"
    text = drawn(path, province="LA-XS", group="5")
    rows = [row for row in FULL.vacancies if row.province == "LA-XS" and row.isco08.startswith("5")]
    assert text.count("<tr data-key=") == len(rows[:60])


def test_text_from_the_web_is_escaped() -> None:
    assert "=HYPERLINK(&quot;http://x&quot;)" in drawn("/en/vacancies")


def test_only_a_firing_alert_can_be_acknowledged() -> None:
    def button(item: str) -> Any:
        viewer = Viewer(name="x", role=Role.POLICYMAKER)
        scene = scene_at(f"/alerts/{item}", FULL, viewer, demonstration=True)
        found = components(frame(*scene))
        return next(part for part in found if getattr(part, "id", None) == "acknowledge")

    assert not button(ALERT).hidden
    assert button("c1").hidden


NOTICE = {"en": "History is being read: data reach 21 November 2026", "lo": "ກຳລັງອ່ານຂໍ້ມູນອະດີດ"}


@pytest.mark.parametrize(("path", "code"), [("/en", "en"), ("/", "lo")])
def test_while_history_is_read_the_first_page_says_so_and_claims_nothing(
    path: str, code: str
) -> None:
    held = replace(FULL, filling=True, basis=None)
    text = drawn(path, held)
    assert re.search(rf'<p [^>]*role="status"[^>]*>{NOTICE[code]}', text)
    for claim in ("Below expectation", "Above expectation", "over four weeks", "than chance"):
        assert claim not in text
    assert "▼" not in text.split("<main")[1].split("tile")[1]
    assert NOTICE[code] not in drawn(path)


def test_while_history_is_read_the_newest_weeks_are_not_marked() -> None:
    def marked(held: Snapshot) -> list[str]:
        scene, parts = scene_at("/en", held, demonstration=True, filters={"province": "LA-XA"})
        return list(parts.figures["flow"](scene)["data"][-1]["x"])

    newest = {"2026-11-14", "2026-11-21"}
    cube = FULL.cube
    assert cube is not None
    halved = Cube(cube.first_day, cube.flow.copy(), cube.stock_delta)
    halved.flow[-15:] = 0
    assert newest <= set(marked(replace(FULL, cube=halved)))
    assert not newest & set(marked(replace(FULL, cube=halved, filling=True, basis=None)))


def test_the_map_of_changes_needs_eight_weeks_of_history() -> None:
    short = snapshot(days=40, mean=120)
    text = drawn("/en", short, measure="change")
    assert "Needs eight weeks of history" in text
    assert "A four-week change needs eight weeks of history." in text
    assert "Up in" not in text
    assert "Up in" in drawn("/en", measure="change")
    assert "ຕ້ອງມີຂໍ້ມູນອະດີດ 8 ອາທິດ" in drawn("/", short, measure="change")


def test_a_source_left_out_is_told_wherever_changes_are() -> None:
    assert FULL.basis is not None
    joined = fitness("new-board", fitness=Fitness.JOINED)
    basis = replace(FULL.basis, sources=(*FULL.basis.sources, joined))
    held = replace(FULL, basis=basis)
    named = "Source new-board joined on"
    assert drawn("/en", held, measure="change").count(named) == 3
    assert "The newest 9 weeks are not marked" in drawn("/en", held)
    assert "are not marked" not in drawn("/en")


@pytest.mark.parametrize("code", ["lo", "en"])
def test_the_condition_of_a_source_says_since_when_and_which_metric_moved(code: str) -> None:
    lang = language(code)
    text = drawn(Address(language=code, page=Page.SOURCES).path)
    for key in ("verdict_healthy", "verdict_changed", "verdict_suspicious", "period_lasts"):
        assert lang.say(key) in text
    assert lang.say("health_coverage_of_employer_fell") in text
    assert lang.say("condition_change", before=lang.percent(0.98), after=lang.percent(0)) in text
    assert lang.say("ending_recovered") in text


def test_what_a_demonstration_invents_counts_for_no_indicator() -> None:
    def now_of(text: str) -> list[str]:
        return re.findall(r"<strong>([\d,]+)</strong>", text)

    invented = drawn("/en/sources")
    assert now_of(invented) == ["0", "0", "0", "0"]
    assert "demonstration: 6" in invented
    assert "counts for none of these indicators" in invented
    real = to_html(frame(*scene_at("/en/sources", FULL, demonstration=False)))
    assert now_of(real) == ["1", "1", "0", "0"]
    assert re.search(r"<span[^>]*>✓</span> Connected", real)
    assert "not on the register" in real
    assert "demonstration:" not in real
