"""Lao names stand on one line, in HTML and in the live page alike."""

from __future__ import annotations

from dash import dcc, html

from dashboard.geography import provinces
from dashboard.markup import to_html
from dashboard.parts import table
from dashboard.whole import kept_whole

CHAMPASAK = "ຈຳປາສັກ"
WHOLE = f'<span class="whole">{CHAMPASAK}</span>'


def test_every_province_is_whole_wherever_it_stands_in_a_sentence() -> None:
    for held in provinces().values():
        said = to_html(html.P(f"ຄວາມກົດດັນ: {held.name_lo} 2,0"))
        assert f'<span class="whole">{held.name_lo}</span>' in said


def test_the_longest_name_is_one_and_not_the_shorter_one_within_it() -> None:
    said = to_html(html.P("ນະຄອນຫຼວງວຽງຈັນ"))
    assert said == '<p><span class="whole">ນະຄອນຫຼວງວຽງຈັນ</span></p>'


def test_text_is_escaped_around_a_name() -> None:
    assert to_html(html.P(f"<b> {CHAMPASAK} & co")) == f"<p>&lt;b&gt; {WHOLE} &amp; co</p>"


def test_an_option_holds_its_text_alone() -> None:
    assert to_html(html.Option(CHAMPASAK, value="x")) == f'<option value="x">{CHAMPASAK}</option>'
    assert kept_whole(html.Option(CHAMPASAK, value="x")).children == CHAMPASAK


def test_the_live_page_says_the_same_as_the_first_paint() -> None:
    def made() -> html.Div:
        link = dcc.Link(f"ໄປ {CHAMPASAK}", href="/")
        return html.Div([html.H1(f"{CHAMPASAK}: 22 ມັງກອນ 2026"), link, 3, None])

    assert to_html(kept_whole(made())) == to_html(made())
    assert to_html(kept_whole(made())).count('class="whole"') == 3


def test_children_stay_one_flat_list() -> None:
    """React takes no component in a list within a list: the page would stay empty."""
    held = kept_whole(html.P([html.B("x"), f"{CHAMPASAK} ແລະ {CHAMPASAK}", CHAMPASAK]))
    assert not any(isinstance(child, list) for child in held.children)
    assert to_html(held).count('class="whole"') == 3


def test_what_is_whole_already_stays_as_it_is() -> None:
    once = kept_whole(html.P(["in ", CHAMPASAK]))
    assert kept_whole(once).to_plotly_json() == once.to_plotly_json()


def test_a_cell_of_a_table_stays_one_thing_beside_its_label() -> None:
    held = to_html(table("x", ["a", "b"], [["r", f"ຫ້ອງການ, {CHAMPASAK}"], ["s", "5"]]))
    assert f'<td class="" data-label="b"><div>ຫ້ອງການ, {WHOLE}</div></td>' in held
    assert '<td class="figure" data-label="b">5</td>' in held


def test_words_without_a_name_are_left_alone() -> None:
    assert kept_whole(html.P("Vientiane")).children == "Vientiane"
