"""Figures: all 18 provinces, marks that need no colour, an onset that does not explain itself."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from plotly.io.json import to_json_plotly as to_json

from dashboard.cube import PROVINCES
from dashboard.figures import evidence_figure, flow_figure, rolling_expectation, stock_figure
from dashboard.geography import provinces
from dashboard.language import language
from dashboard.maps import map_figure, province_of_click
from dashboard.pages.map_card import outline_patch
from dashboard.scales import NO_DATA, change_scale, flow_scale, legend

LAO, ENGLISH = language("lo"), language("en")
SCALE = flow_scale([float(value) for value in range(18)])
VALUES: dict[str, float | None] = {code: float(at) for at, code in enumerate(PROVINCES)}
WRITTEN = {code: str(value) for code, value in VALUES.items()}
ENDS = [date(2026, 1, 4) + timedelta(weeks=week) for week in range(40)]


def test_the_map_has_a_closed_polygon_for_each_of_the_18_provinces() -> None:
    figure = map_figure(LAO, VALUES, WRITTEN, SCALE)
    polygons = [trace for trace in figure["data"] if trace.get("fill") == "toself"]
    assert [trace["name"] for trace in polygons] == list(PROVINCES)
    for trace in polygons:
        assert (trace["x"][0], trace["y"][0]) == (trace["x"][-1], trace["y"][-1])
        assert len(trace["x"]) > 20
    assert not {"geo", "map", "mapbox"} & set(figure["layout"])


def test_the_map_names_provinces_in_the_readers_language_with_their_values() -> None:
    for lang, name in ((LAO, "ຈຳປາສັກ"), (ENGLISH, "Champasak")):
        labels = map_figure(lang, VALUES, WRITTEN, SCALE)["data"][-1]
        assert any(text.startswith(f"{name}<br>") and "15.0" in text for text in labels["text"])


def test_a_province_without_a_value_is_hatched_not_only_coloured() -> None:
    figure = map_figure(LAO, {**VALUES, "LA-XS": None}, WRITTEN, SCALE)
    hatched = [trace["name"] for trace in figure["data"] if "fillpattern" in trace]
    assert hatched == ["LA-XS"]
    assert SCALE.colour(None) == NO_DATA


def test_the_chosen_province_gets_an_outline() -> None:
    def outline(chosen: str) -> tuple[list[float | None], list[float | None]]:
        data = map_figure(LAO, VALUES, WRITTEN, SCALE, chosen)["data"]
        (drawn,) = [trace for trace in data if trace["name"] == "chosen"]
        (polygon,) = [trace for trace in data if trace["name"] == "LA-CH"]
        assert (drawn["x"], drawn["y"]) in [([], []), (polygon["x"], polygon["y"])]
        return drawn["x"], drawn["y"]

    assert outline("LA-CH")[0]
    assert outline("all") == outline("unknown") == ([], [])


@pytest.mark.parametrize("chosen", ["LA-CH", "LA-VT", "all", "unknown"])
def test_another_choice_sends_the_outline_alone(chosen: str) -> None:
    before, after = (map_figure(LAO, VALUES, WRITTEN, SCALE, each) for each in ("LA-SV", chosen))
    for step in json.loads(to_json(outline_patch(chosen)))["operations"]:
        assert step["operation"] == "Assign"
        _, trace, axis = step["location"]
        before["data"][trace][axis] = step["params"]["value"]
    assert before == after
    assert len(to_json(outline_patch(chosen))) < len(to_json(after)) / 4


@pytest.mark.parametrize(
    ("click", "province"),
    [
        (None, None),
        ({"points": []}, None),
        ({"points": [{"curveNumber": 0}]}, "LA-VT"),
        ({"points": [{"curveNumber": 15, "x": 1}]}, "LA-CH"),
        ({"points": [{"curveNumber": 18, "customdata": "LA-SV"}]}, "LA-SV"),
        ({"points": [{"curveNumber": 40}]}, None),
    ],
)
def test_a_click_on_the_map_finds_its_province(
    click: dict[str, object] | None, province: str | None
) -> None:
    assert province_of_click(click) == province


def test_every_province_has_people_of_working_age() -> None:
    people = [held.working_age for held in provinces().values()]
    assert len(people) == 18
    assert min(people) > 50_000
    assert 4_500_000 < sum(people) < 5_500_000


def test_scales_give_every_value_a_colour_and_every_colour_a_meaning() -> None:
    scale = change_scale()
    assert [scale.colour(value) for value in (-0.5, -0.2, 0.0, 0.2, 0.9)] == list(scale.colours)
    meanings = legend(ENGLISH, scale, percent=True)
    assert [colour for colour, _ in meanings] == list(scale.colours)
    assert meanings[0][1].startswith("below")
    assert flow_scale([0.0, 0.0]).colour(0.0)
    assert len(legend(ENGLISH, flow_scale([]), percent=False)) == 1
    counts = [said for _, said in legend(ENGLISH, flow_scale([3, 12, 20, 21, 28]), percent=False)]
    assert counts[:2] == ["below 12", "12 to 20"]
    rates = [said for _, said in legend(ENGLISH, flow_scale([0.31, 0.5, 1.0, 2.0]), percent=False)]
    assert "1.00" in " ".join(rates)


def test_weeks_outside_the_interval_are_marked_by_shape() -> None:
    counts = [100] * 30 + [260, 20] + [100] * 8
    trace = flow_figure(ENGLISH, ENDS, counts, rolling_expectation(ENDS, counts))["data"][-1]
    assert ENDS[30].isoformat() in trace["x"]
    assert trace["marker"]["symbol"][:2] == ["triangle-up", "triangle-down"]


def test_after_the_onset_the_expectation_stays_what_it_was() -> None:
    counts = [50] * 20 + [150] * 20
    held = rolling_expectation(ENDS, counts, onset=ENDS[20])
    learned = rolling_expectation(ENDS, counts)
    assert held[-1] is not None
    assert held[-1].value == pytest.approx(50)
    assert learned[-1] is not None
    assert learned[-1].value == pytest.approx(150)
    assert held[:8] == [None] * 8


def test_evidence_marks_the_onset_in_words() -> None:
    bands = rolling_expectation(ENDS, [5] * 40, ENDS[20])
    weeks = list(zip(ENDS, [5] * 40, bands, strict=True))
    layout = evidence_figure(ENGLISH, weeks, ENDS[20])["layout"]
    assert layout["shapes"][0]["x0"] == ENDS[20].isoformat()
    assert "Onset: 24 May 2026" in layout["annotations"][0]["text"]


def test_axes_are_localised() -> None:
    days = stock_figure(LAO, date(2026, 1, 1), np.arange(200))
    assert days["layout"]["separators"] == ",."
    assert any("ມ.ນ." in text for text in days["layout"]["xaxis"]["ticktext"])


def test_empty_series_give_an_empty_chart() -> None:
    figure = flow_figure(LAO, [], [], [])
    assert all(trace["x"] == [] for trace in figure["data"])
