"""What a bulletin says, and that its two forms say the same, in every language and case."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from alerts.releases.plan import Kind
from dashboard.bulletins.drawing import trend_svg
from dashboard.bulletins.laying import lay_out
from dashboard.bulletins.making import make_bulletin
from dashboard.bulletins.office import newest_release
from dashboard.bulletins.subscriptions import Subscription, subscriptions
from dashboard.bulletins.writing import amount, in_short, told
from dashboard.drawing.strokes import Point
from dashboard.language import CODES, language
from tests.factories_bulletins import alert, contents, figure, row_of
from warehouse.bulletins import digest_of
from warehouse.disclosure.records import View
from warehouse.series import Standing

EN = language("en")
URL = "https://labour.example"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("kind", "place"), [(Kind.WEEKLY, "LA-SV"), (Kind.MONTHLY, "")])
def test_both_forms_are_made_and_the_same_again(code: str, kind: Kind, place: str) -> None:
    one, again = (
        make_bulletin(contents(kind, place), code, url=URL, demonstration=False) for _ in range(2)
    )
    assert one == again
    assert one.head.digest == digest_of(one.html, one.pdf)
    assert f'<html lang="{code}">' in one.html
    assert "{" not in re.sub(r"<[^>]*>", "", one.html)
    assert one.pdf.startswith(b"%PDF")
    assert b"pdfuaid" in one.pdf or b"StructTreeRoot" in one.pdf


def test_a_weekly_bulletin_says_what_how_sure_since_when_and_on_what_evidence() -> None:
    text = html.unescape(make_bulletin(contents(), "en", url=URL, demonstration=False).html)
    for words in (
        "Savannakhet: labour market, 16 November 2026 to 22 November 2026",
        "312 new vacancies were advertised (95% interval 280 to 346), against 298",
        "No clear change of new vacancies over a year: +13%",
        "Plant and machine operators, and assemblers, Elementary occupations. 9 of 9",
        "In 4 weeks 330 new vacancies a week are expected (80% interval 290 to 371)",
        "More vacancies than usual: Savannakhet · Craft and related trades workers",
        "2.0 times the usual (1.6 to 2.5)", "2 Nov 2026", "a-board, b-board",
        "W2026-W47.0", "abababababababab", "Do not publish",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Standing.NO_SUPPLY, "not assessable: no supply data"),
        (Standing.TOO_SHORT, "too little history"),
        (Standing.NOT_OBSERVED, "not observed: sources failed"),
        (Standing.TOO_FEW, "too few to tell"),
    ],
)
def test_a_figure_that_is_not_told_says_why_and_never_0(standing: Standing, said: str) -> None:
    hidden = figure("flow", standing=standing)
    assert told(EN, hidden) == said
    lines = in_short(EN, contents(here={"flow": hidden}, alerts=(), forecasts=()))
    assert lines[0] == f"The number of new vacancies: {said}."
    assert not any(re.search(r"\b0\b", line) for line in lines)


def test_no_shortage_is_not_the_same_as_none_assessed() -> None:
    unknown = contents(groups={"1": {}, "2": {}})
    assert "cannot be assessed" in in_short(EN, unknown)[2]
    calm = contents(
        groups={"1": {"shortage_probability": figure("shortage_probability", value=0.2)}}
    )
    assert "No occupation group shows a probable shortage; 1 of 1" in in_short(EN, calm)[2]


def test_every_kind_of_alert_has_words() -> None:
    for kind in ("shortage", "demand_pressure", "surplus", "forecast", "indicator", "labour"):
        for direction in ("up", "down"):
            held = contents(alerts=(alert("firing", kind=kind, direction=direction),))
            for code in CODES:
                lay_out(language(code), held, url=URL, demonstration=True)


def test_the_public_is_told_no_forecast_and_no_size() -> None:
    held = contents(Kind.MONTHLY, "", view=View.PUBLIC, forecasts=())
    tables = lay_out(EN, held, url=URL, demonstration=False).tables
    assert "Forecasts" not in {one.heading for one in tables}
    assert len(next(one for one in tables if one.heading == "By province").rows) == 18


def test_what_the_data_say_cannot_become_markup_or_a_formula_of_the_typesetter() -> None:
    hostile = figure("flow")
    evil = '<script>alert(1)</script> #panic("x") $x$ *b* Şahin 工作 งาน \u202e 🙂'
    object.__setattr__(hostile, "sources", (evil,))
    one = make_bulletin(contents(here={"flow": hostile}), "en", url=URL, demonstration=False)
    assert "<script>" not in one.html
    assert html.escape(evil, quote=True).split("&#")[0][:20] in one.html.replace("&#34;", "&quot;")


def test_of_releases_issued_at_one_moment_the_last_period_is_told() -> None:
    last = row_of(Kind.WEEKLY)
    week = timedelta(days=7)
    before = replace(
        last, release_id="W2026-W40.0", period_start=last.period_start - 7 * week,
        period_end=last.period_end - 7 * week,
    )  # fmt: skip
    revised = replace(last, release_id="W2026-W47.1", revision=1)
    assert newest_release([before, last]) == last
    assert newest_release([revised, before, last]) == revised
    assert newest_release([]) is None


def test_probabilities_are_never_certain() -> None:
    assert amount(EN, "probability", 1.0) == "99%"
    assert amount(EN, "probability", 0.0) == "1%"


def test_gaps_of_a_trend_stay_gaps() -> None:
    days = [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26)]
    points = [
        Point(day=day, value=value, lower=value, upper=value)
        for day, value in zip(days, (3.0, None, 4.0, 5.0), strict=True)
    ]
    drawn = trend_svg(EN, points, "said")
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 3
    assert trend_svg(EN, [], "none").startswith("<svg")
    early = [
        replace(points[0], day=day, value=None) for day in (date(2025, 12, 22), date(2025, 12, 29))
    ]
    assert trend_svg(EN, [*early, *points], "said") == drawn, "it begins with the first figure"


def test_the_file_of_subscriptions_is_right_and_wrong_places_are_refused() -> None:
    assert subscriptions().weekly.recipients("LA-SV", "all@x.example") == ("all@x.example",)
    with pytest.raises(ValueError, match="LA-ZZ"):
        Subscription(send=True, languages=("lo",), to={"LA-ZZ": ("a@b.example",)})
