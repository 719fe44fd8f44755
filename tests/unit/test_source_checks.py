"""Mistakes in source files: each told with its line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.source_files import SourceError, load_source
from scrapers.source_specs import FieldRule

HEAD = "name: A\nbase_url: https://a.example\n"
CARDS = HEAD + "kind: html_list\nlist:\n  url: /x\n  items: li\n  fields:\n    title: b\n"
API = HEAD + "kind: json_api\nlist:\n  url: /x\n  items: jobs\n  fields:\n    title: t\n"


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (CARDS.replace("li\n", "'li[['\n"), 6, "list.items: expected a CSS selector"),
        (CARDS.replace("li\n", "'xpath://li['\n"), 6, "list.items: expected a XPath"),
        (CARDS.replace("b\n", "'b[['\n"), 8, "list.fields.title: expected a CSS selector"),
        (CARDS + "    id: no\n", 9, "list.fields.id: expected a path, a list of paths"),
        (CARDS + "    id: {pick: first}\n", 9, "expected at least one of paths, label and value"),
        (CARDS + "    id: {paths: [a], template: '{1}'}\n", 9, "{1} stands for no path"),
        (CARDS + "    id: {paths: [a], template: '{x}'}\n", 9, "{x} stands for no path"),
        (CARDS + "    id: {paths: [a], template: '{'}\n", 9, "template:"),
        (CARDS + "    id: {paths: [a], patern: 'x'}\n", 9, "did you mean pattern?"),
        (CARDS + "    titel: b\n", 9, "list.fields.titel: Input should be 'id'"),
        (CARDS + "  itms: x\n", 9, "list.itms: no such field; did you mean items?"),
        (CARDS + "detail: {url: '/j/{slug}'}\n", 9, "expected only {id} and {url} (found {slug})"),
        (CARDS + "detail: {url: '/j/{id}'}\n", 7, "expected a rule for id"),
        (CARDS + "detail: {}\n", 7, "expected a rule for url"),
        (CARDS.replace("title: b", "url: b"), 7, "expected a rule for title"),
        (CARDS + "  page: {where: url}\n", 5, "expected {page} in the address"),
        (CARDS.replace("/x", "'/x/{page}'"), 4, "list.page: expected where: url"),
        (CARDS + "  page: {next: a, cursor: b}\n", 9, "expected next or cursor, not both"),
        (CARDS + "  page: {next: 'a[['}\n", 9, "list.page.next: expected a CSS selector"),
        (CARDS + "  page: {where: body}\n", 4, "list.method: expected POST"),
        (CARDS + "  body: {a: 1}\n", 9, "list.body: needs method: POST"),
        (CARDS + "  headers: {User-Agent: Mozilla}\n", 9, "the crawler says itself who it is"),
        (CARDS + "  drop: ['p[[']\n", 9, "list.drop: expected a CSS selector"),
        (CARDS.replace("/x", "https://b.example/x"), 5, "b.example is not the host of base_url"),
        (CARDS + "allowed_hosts: ['https://b.example/']\n", 9, "expected a host such as"),
        (CARDS + "schedule_s: daily\n", 9, "schedule_s: Input should be a valid number"),
        (CARDS + "name: B\n", 9, "name: stands twice"),
        (CARDS + "  url: /y\n", 9, "list.url: stands twice"),
        (CARDS + "owner: no\n", 9, "owner: Input should be a valid string; put it in quotes"),
        (CARDS + "language: la\n", 9, "language: Input should be 'lo'"),
        (CARDS + "province_default: VT\n", 9, "province_default: expected one of LA-"),
        (CARDS + "detail: {fields: {title: 'b[['}}\n", 9, "detail.fields.title: expected a CSS"),
        (API.replace(": t\n", ": 'h1::text'\n"), 8, "expected a dotted path such as a.b[].c"),
        (API + "  script: X\n", 9, "list.script: only pages have scripts"),
        (API + "  drop: [p]\n", 9, "list.drop: only pages have elements"),
        (HEAD + "kind: xml_feed\nlist: {url: /x}\n", 4, "expected the name of an entry's element"),
        (HEAD + "kind: rss\nlist: {}\n", 4, "list.url: expected the address of the listing"),
        (HEAD + "kind: sitemap_jsonld\nlist: {}\n", 4, "list.id_pattern: expected the pattern"),
        (HEAD + "kind: rss\nlist: [x]\n", 4, "list: Input should be a valid dictionary"),
        (HEAD + "kind: rss\nlist: {url: /x, page: 3}\n", 4, "list.page: Input should be a valid"),
        ("name: A\nkind: html_list\nlist: {}\nenabled: true\n", 4, "enabled: needs legal_basis"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line_and_what_was_expected(
    tmp_path: Path, text: str, line: int, told: str
) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(text)
    with pytest.raises(SourceError) as caught:
        load_source(path)
    lines = str(caught.value).splitlines()
    assert any(one.startswith(f"{path}:{line}: ") and told in one for one in lines), lines


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "board.yaml"
    path.write_text("name: A\nkind: html_list\nlist: {}\nenabled: true\n")
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert len(str(caught.value).splitlines()) == 4


@pytest.mark.parametrize(
    "text",
    [
        CARDS,
        API,
        CARDS.replace("li\n", "'xpath://ul/li'\n") + "    id: {label: [Ref, ລະຫັດ]}\n",
        CARDS + "    base_salary: {value: negotiable}\n",
        CARDS + "  script: __NEXT_DATA__\n",
        HEAD + "kind: sitemap_jsonld\nlist: {id_pattern: '/j/'}\n",
        HEAD + "kind: ats_lever\nlist: {url: /v0/postings/x}\n",
        HEAD + "kind: structured_list\nlist: {url: /jobs}\n",
    ],
)
def test_what_is_right_passes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "board.yaml"
    path.write_text(text)
    assert load_source(path).id == "board"


@pytest.mark.parametrize("pattern", ["[[a]b", "(", "a{99999999999999}", "[a--b]"])
def test_a_pattern_of_doubtful_meaning_is_told(pattern: str) -> None:
    with pytest.raises(ValueError, match="not a regular expression"):
        FieldRule(paths=["a"], pattern=pattern)
