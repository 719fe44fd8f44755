"""Every kind of notice in both languages: complete, short, harmless; and its picture."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import lxml.html
import pytest

from alerts.alert import Reason
from alerts.cells import Cell
from alerts.notify.chart import plotted
from alerts.notify.clean import clean
from alerts.notify.email import Beside, compose
from alerts.notify.figures import plainly
from alerts.notify.kinds import KINDS, family, kind_of
from alerts.notify.numbers import chance, compared, measured, ratio
from alerts.notify.weeks import weeks_of
from alerts.notify.wording import put, words
from alerts.signal import Component
from config.settings import Settings
from tests.factories_alerts import FIRST
from tests.factories_notices import alert_of, message_of, weeks_for
from warehouse.openings import Opening

LIVE = Settings(workspace="live", public_url="https://watch.example")
PNG = b"\x89PNG\r\n"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["lo", "en"])
def test_a_notice_answers_every_question(kind: str, language: str) -> None:
    message = message_of(kind)
    assert kind_of(message.alert) == kind
    told = put(message, language, "https://watch.example")
    place = {"lo": "ນະຄອນຫຼວງວຽງຈັນ", "en": "Vientiane Capital"}[language]
    assert place in told.lead
    assert len(told.checks) >= 3
    assert all(text for _, text in told.rows)
    assert told.not_this == words(language)[f"not_{family(kind)}"]
    everything = " ".join((told.heading, told.lead, *(text for _, text in told.rows)))
    assert "{" not in everything
    assert told.link.startswith("https://watch.example/")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reason", [Reason.RETURNED, Reason.NEW_NORMAL, Reason.RECLASSIFIED])
def test_an_all_clear_says_so_and_asks_for_nothing(kind: str, reason: Reason) -> None:
    told = put(message_of(kind, reason), "en", "")
    assert told.heading.startswith("All clear: ")
    assert told.closing
    assert told.checks == ()


def test_a_shortage_gives_its_chance_and_what_it_rests_on() -> None:
    told = put(message_of("shortage"), "en", "")
    assert "93 in 100" in told.lead
    assert any("3 of 3 points" in figure for figure in told.figures)
    assert "not a count" in told.not_this


def test_demand_pressure_is_never_called_a_shortage_and_has_no_probability() -> None:
    told = put(message_of("pressure"), "en", "")
    assert "not yet a shortage" in told.heading
    assert "No probability" in told.sure


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (2.0, "about twice"), (3.2, "about 3.2 times"), (1.4, "about 40 % more than"),
        (0.5, "about half"), (0.7, "about 30 % fewer than"), (1.0, "about the same as"),
    ],
)  # fmt: skip
def test_ratios_are_put_plainly(value: float, said: str) -> None:
    assert compared(value, words("en")["comparison"], "en") == said


def test_figures_are_written_as_each_language_writes_them() -> None:
    assert ratio(2.14, "lo") == "2,1"
    assert measured(0.31, "share", "en") == "31 %"
    assert measured(0.405, "ln ratio", "lo") == "× 1,50"
    assert measured(2_500_000, "kip a month", "lo") == "2.500.000"
    assert (chance(0.999), chance(0.001), chance(None)) == ("99", "1", "–")


def test_hostile_text_is_one_harmless_line() -> None:
    evil = "a\r\nBcc: x@example.org\u202egnp.exe\u2066\x00<b>\u2028z"
    assert clean(evil) == "a Bcc: x@example.orggnp.exe<b> z"
    assert len(clean("x" * 500)) == 200


def test_hostile_sources_and_reasons_make_no_header_and_no_mark_up() -> None:
    evil = "x\r\nBcc: victim@example.org\u202e<script>alert(1)</script>"
    message = message_of("fault")
    bad = replace(message, alert=replace(message.alert, sources=(evil,), detail=evil))
    mail = compose(bad, LIVE, ["a@example.org"], ["lo", "en"])
    assert mail["Bcc"] is None
    for part in mail.walk():
        if part.get_content_type() == "text/html":
            assert "<script>" not in part.get_content()
        if not part.is_multipart():
            assert "\u202e" not in part.get_content()


def test_the_picture_is_beside_the_html_in_each_language_with_words() -> None:
    message = message_of("rise")
    beside = Beside(weeks=weeks_for(message.alert))
    mail = compose(message, LIVE, ["a@example.org"], ["lo", "en"], beside)
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    html = next(p for p in mail.walk() if p.get_content_type() == "text/html").get_content()
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.get_content().startswith(PNG)
        assert f"cid:{picture['Content-ID'].strip('<>')}" in html
    assert 'alt="Chart of new vacancies by week' in html


@pytest.mark.parametrize("language", ["lo", "en"])
@pytest.mark.parametrize("kind", ["rise", "fall", "fault"])
def test_the_legend_lies_neither_on_the_weeks_nor_on_the_title(kind: str, language: str) -> None:
    figure = plotted(weeks_for(message_of(kind).alert), words(language), "#000000")
    figure.canvas.draw()
    (axes,) = figure.axes
    legend = axes.get_legend().get_window_extent()
    assert axes.get_window_extent().y1 <= legend.y0
    assert legend.y1 <= axes._left_title.get_window_extent().y0
    assert legend.x1 <= figure.bbox.x1


def test_other_systems_can_tell_that_no_person_wrote_it() -> None:
    mail = compose(message_of("rise"), LIVE, ["a@example.org"], ["en"])
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:operators@localhost?subject=unsubscribe>"
    assert len(mail["Subject"]) <= 90


def test_weeks_count_the_cell_and_know_what_was_usual() -> None:
    through = FIRST + timedelta(days=181)
    rows = [
        Opening(FIRST.toordinal() + day, "LA-VT", group, 1, ("north",), (0,))
        for day in range(182)
        for group in ("5", "7")
    ]
    found = weeks_of(rows, Cell("LA-VT", "5"), through, through - timedelta(days=20))
    assert found is not None
    assert set(found.observed) == {7}
    assert (found.usual, found.ends[-1]) == (7.0, through)
    assert found.lower < 7.0 < found.upper


def test_no_picture_where_the_change_began_before_it() -> None:
    assert weeks_of([], Cell("", ""), FIRST, date(2024, 1, 1)) is None


def test_the_fault_is_not_graded_like_a_change() -> None:
    assert put(message_of("fault"), "en", "").sure.startswith("The sources were compared")
    assert alert_of("fault").sources


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_titles_stay_text_in_html(kind: str) -> None:
    """Sources, indicators and routes come from outside the templates: none becomes mark-up."""
    evil = '"><img src=x onerror=alert(1)>&lt;b&gt;{{7*7}}</title>'
    about = message_of(kind).alert
    bad = replace(
        message_of(kind),
        alert=replace(
            about, sources=(evil,), detail=evil, contributors=(f"{evil}/*",),
            cell=Cell(evil, evil), components=(
                Component(name=evil, value=1.0, lower=None, upper=None, n=3),
            ),
        ),
    )  # fmt: skip
    mail = compose(bad, LIVE, ["a@example.org"], ["lo", "en"])
    html = mail.get_body(("html",))
    assert html is not None
    root = lxml.html.document_fromstring(html.get_content())
    assert not root.xpath("//img | //script | //*[@onerror] | //b")
    assert "{{7*7}}" in root.text_content()
    assert "\n" not in str(mail["Subject"])


@pytest.mark.parametrize(
    "name", ["shortage_probability", "growth", "tightness", "duration_mean_60"]
)
def test_figures_have_units_and_no_logarithms(name: str) -> None:
    said = words("en")
    text = plainly(0.405, name, said)
    assert text == {
        "shortage_probability": "40 %", "growth": "50 % more", "tightness": "1.5 times",
        "duration_mean_60": "0.4 days",
    }[name]  # fmt: skip
    assert plainly(-0.69315, "growth", said) == "50 % less"


def test_an_escalation_says_why_it_comes_and_a_chance_has_no_usual_level() -> None:
    raised = put(message_of("shortage", Reason.ESCALATED), "en", "")
    assert "nobody has said yet" in raised.lead
    assert "93 in 100" in raised.lead
    over = put(message_of("forecast", Reason.RETURNED), "en", "")
    assert "below one half" in over.closing
    assert "look into" not in over.severity


@pytest.mark.parametrize("language", ["lo", "en"])
def test_an_end_tells_what_had_been_told_and_not_how_grave_it_is(language: str) -> None:
    over = put(message_of("rise", Reason.RETURNED), language, "")
    labels = [label for label, _ in over.rows]
    said = over.words
    assert labels[0] == said["what_was_label"]
    assert not {said["what_label"], said["sure_label"], said["severity_label"]} & set(labels)
    assert said["severity_label"] in [
        label for label, _ in put(message_of("rise"), language, "").rows
    ]


@pytest.mark.parametrize("language", ["lo", "en"])
def test_points_are_explained_where_there_are_any(language: str) -> None:
    note = words(language)["points_note"]
    for kind, is_told in (("shortage", True), ("rise", False)):
        mail = compose(message_of(kind), Settings(), ["a@example.org"], [language])
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            assert (note in body.get_content()) is is_told
