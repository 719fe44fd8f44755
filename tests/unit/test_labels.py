"""Values beside labels, in every usual mark-up."""

from __future__ import annotations

import pytest

from scrapers.parsing.json_paths import JsonError
from scrapers.parsing.label_text import labelled_text
from scrapers.parsing.page import PageError, parse_page, texts_at
from scrapers.parsing.scripts import script_json


@pytest.mark.parametrize(
    "html",
    [
        "<dl><dt>Company</dt><dd>X</dd><dt>Location:</dt><dd>Pakse</dd></dl>",
        "<table><tr><th>Location</th><td>Pakse</td></tr></table>",
        "<table><tr><td><b>Location :</b></td><td>Pakse</td></tr></table>",
        "<table><tr><td>Location *</td><td width=5> </td><td>Pakse</td></tr></table>",
        "<table><tr><th>Job<th>Location</tr><tr><td>Cook<td>Pakse</tr></table>",
        "<table><thead><tr><th>Job<th>Location</thead><tbody><tr><td>C<td>Pakse</table>",
        "<p><strong>Location:</strong> Pakse</p>",
        "<p>LOCATION: Pakse<br>Salary: 3</p>",
        "<li><span class=l>Location</span><span class=v>Pakse</span></li>",
        "<div><h4>Location</h4><p>Pakse</p></div>",
        "<div class=r><div class=l><span>Location</span></div><div class=v>Pakse</div></div>",
        "<p>Job<br><b>Location</b> – Pakse</p>",
        "<table><tr><td>Location</td><td>:</td><td>Pakse</td></tr></table>",
        "<div><i class='fa fa-map'></i><em>Location</em>: <a href=x>Pakse</a></div>",
        "<div>ສະຖານທີ່： Pakse</div>",
        "<p>📌 Location : Pakse<br>📌 Pay : 3</p>",
        "<ul><li>➤ <b>ສະຖານທີ່</b>: Pakse</li></ul>",
        "<script>Location: x</script><label>Location</label> <span>Pakse</span>",
    ],
)
def test_the_value_beside_a_label(html: str) -> None:
    page = parse_page(f"<main>{html}</main>")
    assert texts_at(page, "label:Location|ສະຖານທີ່") == ["Pakse"]


@pytest.mark.parametrize(
    "html",
    [
        "<p>Locations of our offices</p>",
        "<dl><dt>Location</dt><dt>Salary</dt><dd>3</dd></dl>",
        "<p>Relocation: paid</p>",
        "",
    ],
)
def test_nothing_beside_it_gives_nothing(html: str) -> None:
    assert texts_at(parse_page(f"<main>{html}</main>"), "label:Location") == []


def test_labels_in_texts_of_feeds_and_json() -> None:
    assert labelled_text("&lt;p&gt;Place: Pakse&lt;/p&gt;", "label:Place") == ["Pakse"]
    assert labelled_text("Cook wanted\nPlace: Pakse\nPay: 3", "label:Where|Place") == ["Pakse"]
    assert labelled_text("Cook wanted", "label:Place") == []


def test_paths_of_both_languages_and_what_is_dropped() -> None:
    html = (
        "<div><h1>Cook <span class=new>NEW</span></h1><i class='material-icons'>place</i>"
        "<p class=where><i>location_on</i>Pakse<span class='icon label'>Town</span></p>"
        "<a data-pay='3 million' href=/x>x</a></div>"
    )
    page = parse_page(html, [".new"])
    assert texts_at(page, "h1") == ["Cook"]
    assert texts_at(page, "xpath://h1/text()") == ["Cook"]
    assert texts_at(page, "a::attr(data-pay)") == ["3 million"]
    assert texts_at(page, "xpath://a/@href") == ["/x"]
    assert texts_at(page, ".where ::text") == ["Pakse", "Town"]
    with pytest.raises(PageError):
        parse_page(html, ["div[["])


def test_paths_from_the_entry_itself() -> None:
    (row,) = parse_page("<ul><li id=7><b id=8>Cook</b> in <i>Pakse</i></li></ul>").css("li")
    assert texts_at(row, ".") == ["Cook in Pakse"]
    assert texts_at(row, "::attr(id)") == ["7"]
    assert texts_at(row, "> b") == ["Cook"]
    assert texts_at(row, "xpath:@id") == ["7"]
    (card,) = parse_page("<div><a href=/x>Cook</a></div>").css("div")
    assert texts_at(card, "::attr(href)") == ["/x"], "what it has not itself, what is in it has"


def test_an_icon_tells_what_stands_beside_it() -> None:
    page = parse_page("<p><i class='fa fa-building'></i> Mekong</p><p><i class=fa>map</i>Pakse</p>")
    assert texts_at(page, "p:has(.fa-building)") == ["Mekong"]
    assert texts_at(page, "xpath://i[not(contains(@class, 'building'))]/..") == ["Pakse"]


def test_words_on_a_button_are_content_only_where_there_are_no_others() -> None:
    page = parse_page("<h2><button>Cook</button></h2><p>Pakse <button>Apply</button></p>")
    assert texts_at(page, "h2") == texts_at(page, "h2 button") == ["Cook"]
    assert texts_at(page, "p") == ["Pakse"]


@pytest.mark.parametrize(
    "html",
    [
        '<script id="__DATA__" type="application/json">{"a": {"b": 1}}</script>',
        '<script>x = 2; window.__DATA__ = {"a": {"b": 1}}; f({});</script>',
        "<script>window['__DATA__'] = {a: {b: 1}, /* c */};</script>",
        '<script>var __DATA__ = JSON.parse("{\\"a\\": {\\"b\\": 1}}");</script>',
        '<script>let __DATA__ = JSON.parse(\'{"a": {"b": 1}}\')</script>',
    ],
)
def test_json_in_scripts(html: str) -> None:
    name = "window.__DATA__" if "window.__DATA__" in html else "__DATA__"
    assert script_json(parse_page(html), name) == {"a": {"b": 1}}


def test_json_in_an_attribute_and_where_there_is_none() -> None:
    page = parse_page("<div id=app data-page='{\"a\": 1}'></div><script>var y = 1</script>")
    assert script_json(page, "#app::attr(data-page)") == {"a": 1}
    for name in ("__DATA__", "#nothing", "div[["):
        with pytest.raises(JsonError):
            script_json(page, name)
