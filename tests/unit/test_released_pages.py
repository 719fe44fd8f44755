"""Pages made of published figures: what they say, what they draw, and what they may not tell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from dashboard.accounts.records import NOBODY, Role, Viewer
from dashboard.accounts.seeing import seen_by
from dashboard.addresses import ITEMED, NAVIGATION, Page
from dashboard.cards.compared import Compared, compared_table
from dashboard.cards.tiles import tile
from dashboard.cards.trend import no_line
from dashboard.catalogue import PAGES, scene_at
from dashboard.documents import page_paths
from dashboard.drawing.lines import Ahead, line_chart
from dashboard.drawing.strokes import Point
from dashboard.drawing.whiskers import scale_of
from dashboard.frame import frame
from dashboard.geography import neighbours, provinces
from dashboard.language import CODES, language
from dashboard.markup import to_html
from dashboard.released import NATION, WEEKLY, Cell, figures_of
from dashboard.sayings import (
    skill_changes,
)
from dashboard.views import Snapshot
from dashboard.wording import told_or_why, value_text
from tests.factories_dashboard import snapshot
from tests.factories_released import (
    COMMUNICATION,
    ENGLISH,
    figures,
    line,
    observation,
    observations,
    released,
    untold,
)
from warehouse.disclosure.records import SEAL, Hidden, View
from warehouse.disclosure.release import release
from warehouse.series import Standing

FULL = snapshot(days=70, mean=60)
EN, LO = (language(code) for code in ("en", "lo"))
CHAMPASAK = Cell(province="LA-CH")


PEOPLE = {
    View.PUBLIC: NOBODY,
    View.DEPARTMENT: Viewer(name="analyst", role=Role.ANALYST),
}


def drawn(
    path: str, held: Snapshot = FULL, view: View = View.PUBLIC, viewer: Viewer | None = None
) -> str:
    who = viewer or PEOPLE[view]
    return to_html(frame(*scene_at(path, seen_by(held, who), who, demonstration=False)))


def test_every_page_is_in_one_group_of_the_navigation_and_has_a_path() -> None:
    assert sorted(page for group in NAVIGATION.values() for page in group) == sorted(Page)
    assert set(PAGES) == set(Page)
    assert {f"/{page}/{{item}}" for page in ITEMED} < set(page_paths())


@pytest.mark.parametrize("page", [Page.PROVINCES, Page.OCCUPATIONS, Page.SECTORS, Page.SKILLS])
def test_nothing_published_is_said_and_not_shown_as_zero(page: Page) -> None:
    text = drawn(f"/en/{page}", Snapshot())
    assert "nothing has been published yet" in text or "no share of skills" in text
    assert 'class="told">0' not in text


def test_a_province_has_every_part_asked_for() -> None:
    text = drawn("/en/provinces/LA-CH")
    for words in (
        "What changed this week", "map of districts", "new vacancies a week", "vacancies open",
        "Beside its neighbours", "Shortage and demand pressure", "Skills asked for",
        "Median advertised pay", "Open alerts", "Whole country", "Pakse",
    ):  # fmt: skip
        assert words in text, words
    assert {provinces()[code].name_en for code in neighbours()["LA-CH"]} < set(
        re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', text)
    )


def test_rows_that_are_not_told_for_one_reason_are_named_together() -> None:
    rows = [Compared(name=f"place {at}", figure=figures().newest(NATION, "flow", WEEKLY))
            for at in range(2)]  # fmt: skip
    hidden = released([observation("flow", **untold(Standing.TOO_FEW))])[0]
    rows += [Compared(name=f"hidden {at}", figure=hidden, href="/x") for at in range(3)]
    text = to_html(compared_table(EN, "caption", "place", rows))
    assert text.count("<tr") == 3
    assert text.count('<a href="/x">hidden') == 3
    assert text.count("too few vacancies") == 1
    assert "caption" in text
    few = to_html(compared_table(EN, "caption", "place", rows[:-1]))
    assert few.count("<tr") == 5


def test_counts_of_districts_are_for_departments() -> None:
    counted = "new vacancies, 13 weeks"
    assert counted not in drawn("/en/provinces/LA-CH").lower()
    assert counted in drawn("/en/provinces/LA-CH", view=View.DEPARTMENT).lower()


def test_a_provincial_account_sees_its_own_province_exactly_and_no_other() -> None:
    officer = Viewer(name="officer", role=Role.PROVINCIAL, province="LA-CH")
    counted = "new vacancies, 13 weeks"
    assert counted in drawn("/en/provinces/LA-CH", viewer=officer).lower()
    assert counted not in drawn("/en/provinces/LA-SV", viewer=officer).lower()
    seen = seen_by(strict(), officer).figures(View.DEPARTMENT).lines
    exact = {key.province for key, held in seen.items() if held[-1].view is View.DEPARTMENT}
    assert exact == {"LA-CH"}
    assert View.DEPARTMENT not in seen_by(strict(), NOBODY).released


def strict() -> Snapshot:
    """The full snapshot with what the rules leave of it before any public table is decided."""
    held = sorted(observations(), key=lambda o: (o.series, o.time_value))
    hidden = figures_of(release(held, View.PUBLIC), View.PUBLIC)
    kept = figures(View.DEPARTMENT)
    return replace(FULL, released={View.PUBLIC: hidden, View.DEPARTMENT: kept})


def test_the_public_page_shows_the_public_figures_alone() -> None:
    held = strict()
    kept = held.figures(View.DEPARTMENT)
    count = value_text(EN, kept.newest(CHAMPASAK, "flow", WEEKLY))
    text = drawn("/en/provinces/LA-CH", held)
    assert "its table is being prepared" in text
    assert f'class="value">{count}<' not in text
    assert f'class="value">{count}<' in drawn("/en/provinces/LA-CH", held, View.DEPARTMENT)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("path", ["provinces", "provinces/LA-VT", "occupations/2", "sectors/I"])
def test_pictures_are_well_formed_and_say_what_they_show(code: str, view: View, path: str) -> None:
    text = drawn(f"{'/en' if code == 'en' else ''}/{path}", view=view)
    found = re.findall(r"<svg.*?</svg>(?:</svg>)?", text)
    assert found
    for part in re.findall(r'<div class="picture[^"]*">(.*?)</div>', text):
        root = ElementTree.fromstring(part)  # noqa: S314 - our own
        assert root.get("aria-hidden") == "true" or root.get("aria-label")
    assert not re.search(r"\bnan\b", text)
    assert "None" not in text


def test_one_figure_is_no_line_and_says_so() -> None:
    """A lone value in the box of what is not told reads as a reason."""
    assert no_line(EN, line([7.0])).startswith("Only 7 (")
    assert "a line needs two" in no_line(EN, line([7.0, None]))
    assert no_line(EN, line([None])) == "Not assessable: too few vacancies"
    assert "nothing has been published" in no_line(EN, ())


def test_a_count_of_a_period_without_its_sources_is_told_to_nobody_and_says_why() -> None:
    (one,) = line([60.0])
    assert to_html(told_or_why(EN, one)) == "60"
    unseen = replace(one, value=None, standing=Standing.NOT_OBSERVED, seal=SEAL)
    public = replace(unseen, hidden=Hidden.NOT_OBSERVED, seal=SEAL)
    said = {to_html(told_or_why(EN, each)) for each in (unseen, public)}
    assert len(said) == 1
    assert "sources were out for too long" in said.pop()


def test_a_map_without_a_figure_has_no_legend_of_colours() -> None:
    assert "and above" not in drawn("/en/provinces/LA-CH", Snapshot())
    assert "and above" in drawn("/en/provinces/LA-CH")


def test_a_line_is_broken_where_a_week_is_missing_or_not_told() -> None:
    days = [date(2026, 1, 4) + timedelta(weeks=at) for at in range(9) if at != 6]
    points = [Point(day=day, value=None if at == 2 else 10.0 + at) for at, day in enumerate(days)]
    drawing = line_chart(EN, points, "said", EN.number)
    assert drawing.count('class="line"') == 3
    assert drawing.count('class="band"') == 0
    assert 'aria-label="said"' in drawing
    assert ">18<" not in drawing
    assert ">17</text>" in drawing


def test_a_forecast_has_its_day_below_it() -> None:
    points = [Point(day=date(2026, 10, 4) + timedelta(weeks=at), value=10.0) for at in range(5)]
    ahead = [
        Ahead(day=date(2026, 11, day), value=9, lower_80=7, upper_80=11, lower_95=6, upper_95=12)
        for day in (15, 29)
    ]
    assert ">15 Nov</text>" in line_chart(EN, points, "said", EN.number, ahead)
    assert ">29 ພ.ຈ.</text>" in line_chart(LO, points, "said", LO.number, ahead)


def test_a_stock_is_counted_whole_and_has_no_interval_of_95_percent() -> None:
    (one,) = line([60.0])
    stock = replace(one, series=replace(one.series, indicator="stock"), step=5.0, seal=SEAL)
    assert "95% interval" in to_html(tile(EN, "new", one))
    told = to_html(tile(EN, "open", stock))
    assert "95% interval" not in told
    assert "Rounded to 5" in told


def test_short_charts_name_every_month_and_none_where_words_would_meet() -> None:
    days = [date(2026, 9, 27) + timedelta(weeks=at) for at in range(9)]
    points = [Point(day=day, value=10.0) for day in days]
    drawing = line_chart(EN, points, "said", EN.number)
    assert ">Oct 2026</text>" in drawing
    assert ">Nov</text>" in drawing
    assert ">Sep" not in drawing
    day = date(2026, 11, 22)
    near = Ahead(day=day, value=9, lower_80=7, upper_80=11, lower_95=6, upper_95=12)
    year = [Point(day=day - timedelta(weeks=at), value=10.0) for at in range(52, 2, -1)]
    assert {">Jul</text>", ">Oct</text>"} <= set(marked(line_chart(EN, year, "said", EN.number)))
    far = replace(near, day=date(2027, 2, 14))
    phone = marked(line_chart(EN, points[1:], "said", EN.number, [far]))
    assert ">Oct 2026</text>" in phone
    assert ">Nov</text>" not in phone
    before = marked(line_chart(EN, year, "said", EN.number, [near]))
    assert ">Jul</text>" in before
    assert ">Oct</text>" not in before


def marked(drawing: str) -> list[str]:
    return re.findall(r">[^<>]+</text>", drawing)


@pytest.mark.parametrize("values", [[0.0], [0.0, 0.0], [5.0], [-1.0, 2.0], [None, 1.0]])
def test_a_scale_places_everything_within_it(values: list[float | None]) -> None:
    scale = scale_of(values)
    assert all(0 <= scale.at(value) <= 1 for value in values if value is not None)


def test_only_skills_whose_intervals_part_are_called_emerging() -> None:
    changes = {change.skill: change for change in skill_changes(figures(), NATION)}
    assert changes[ENGLISH].is_clear
    assert not changes[COMMUNICATION].is_clear
    text = drawn("/en/skills")
    assert "▲" in text
    assert "+20 points" in text
