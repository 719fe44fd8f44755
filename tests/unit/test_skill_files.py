"""The skills classification in and out: what is in the tables, CSV, SKOS, and what is refused."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from rdflib import Graph, Literal
from rdflib.namespace import RDF, SKOS
from typer.testing import CliRunner

from config.skills import (
    Basis,
    SkillKind,
    field_links,
    occupation_links,
    skill_groups,
    skills,
    version,
)
from config.vocabulary import education_fields, occupations
from dashboard.sdmx.skill_turtle import turtle
from labourwatch.cli import app
from labourwatch.skill_list import (
    COLUMNS,
    Row,
    SkillListError,
    as_csv,
    check,
    compare,
    current,
    put,
    read_csv,
)
from labourwatch.skill_skos import read_rdf
from labourwatch.skill_table import table

RUN = CliRunner()


def rows(**changes: str) -> list[tuple[str, Row]]:
    """The list in force with an addition that is right but for `changes`."""
    addition = {
        "code": "LA-S900", "kind": "skill", "reuse": "cross-sector", "label": "carve Buddha images",
        "label_lo": "ແກະສະຫຼັກພະພຸດທະຮູບ", "alt_labels": "", "alt_labels_lo": "", "groups": "S6.0.0",
        "source": "craft", "review": "unreviewed",
    }  # fmt: skip
    return [("file.csv:2", row) for row in current()] + [("file.csv:99", {**addition, **changes})]


def test_the_classification_is_whole_and_linked() -> None:
    concepts = skills()
    assert Counter(code.startswith("LA-") for code in concepts) == {False: 13896, True: 27}
    groups = {*skill_groups(), *education_fields()}
    assert {group for concept in concepts.values() for group in concept.groups} <= groups
    assert all(link.skill in concepts for link in occupation_links())
    assert {link.isco08 for link in occupation_links()} <= occupations().keys()
    assert version() == "1.1.1-la1"


def test_links_to_occupations_say_what_is_essential() -> None:
    accountants = {link.skill: link for link in occupation_links() if link.isco08 == "2411"}
    names = {skills()[code].name_en: link for code, link in accountants.items()}
    assert names["accounting techniques"].essential
    assert 0 < names["accounting techniques"].share <= 1


def test_links_to_fields_are_escos_or_derived_by_the_stated_rule() -> None:
    links = list(field_links())
    assert {link.isced_f for link in links} <= education_fields().keys()
    assert all(link.share >= 0.2 for link in links)
    told = {link.skill for link in links if link.basis is Basis.ESCO}
    assert all(skills()[code].kind is SkillKind.KNOWLEDGE or code in told for code in told)
    assert not told & {link.skill for link in links if link.basis is Basis.DERIVED}


def test_csv_holds_every_concept_once() -> None:
    exported = list(csv.DictReader(io.StringIO("".join(table()))))
    assert [row["code"] for row in exported] == list(skills())
    english = next(row for row in exported if row["label"] == "English")
    assert english["label_lo"]


def test_skos_is_valid_and_comes_back_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "national.ttl"
    path.write_text("".join(turtle(national=True)), encoding="utf-8")
    graph = Graph().parse(str(path))
    concepts = set(graph.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) == 27
    for concept in concepts:
        preferred = list(graph.objects(concept, SKOS.prefLabel))
        languages = [label.language for label in preferred if isinstance(label, Literal)]
        assert len(languages) == len(set(languages)), "SKOS S14: one name a language"
        assert not set(preferred) & set(graph.objects(concept, SKOS.altLabel)), "SKOS S13"
    assert compare(current(), check(read_rdf(path))) == compare(current(), current())


def test_rdf_xml_is_read_too(tmp_path: Path) -> None:
    graph = Graph().parse(data="".join(turtle(national=True)), format="turtle")
    path = tmp_path / "national.rdf"
    graph.serialize(str(path), format="xml")
    assert {row["code"] for _, row in read_rdf(path)} == {row["code"] for row in current()}


def test_part_of_the_whole_is_valid_turtle() -> None:
    pieces = list(turtle(national=False))
    graph = Graph().parse(data="".join([*pieces[:2], *pieces[-200:]]), format="turtle")
    assert len(set(graph.subjects(RDF.type, SKOS.Concept))) == 200


def test_what_a_new_list_changes_is_told() -> None:
    taken = check(rows())
    assert [row["code"] for row in compare(current(), taken).added] == ["LA-S900"]
    other = [{**row, "label_lo": "ລາວ"} if row["code"] == "LA-S001" else row for row in current()]
    assert compare(current(), other).changed == (("LA-S001", "label_lo", "ພາສາລາວ", "ລາວ"),)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"code": "X1"}, "file.csv:99: code 'X1': expected LA-S and three digits"),
        ({"kind": "talent"}, "file.csv:99: kind 'talent'"),
        ({"reuse": "always"}, "file.csv:99: reuse 'always'"),
        ({"label": ""}, "file.csv:99: label: expected"),
        ({"label": "Accounting"}, "file.csv:99: label 'Accounting' is the name of an ESCO concept"),
        ({"label_lo": "lao"}, "file.csv:99: 'lao': expected Lao letters"),
        ({"groups": "S99"}, "file.csv:99: group 'S99' is in no table"),
        ({"review": "yes"}, "file.csv:99: review 'yes'"),
        ({"code": "LA-S001"}, "file.csv:99: code 'LA-S001' stands in file.csv:2 already"),
        ({"label": "Lao"}, "file.csv:99: label 'Lao' stands in file.csv:2 already"),
    ],
)
def test_faults_are_named_with_file_and_line(changes: dict[str, str], fault: str) -> None:
    with pytest.raises(SkillListError) as caught:
        check(rows(**changes))
    assert fault in str(caught.value)


def test_a_code_in_use_is_not_dropped() -> None:
    with pytest.raises(SkillListError, match="LA-S001 is missing"):
        check([("x", row) for row in current()[1:]])


@pytest.mark.parametrize(
    ("content", "fault"), [(b"\xff\xfe", "expected UTF-8"), (b"code,label\n", "no column kind")]
)
def test_what_is_no_list_is_refused(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(SkillListError, match=fault):
        read_csv(path)


def test_putting_a_list_in_force_raises_the_version(tmp_path: Path) -> None:
    (tmp_path / "version.yaml").write_text('esco: "1.1.1"\nnational: 4\n', encoding="utf-8")
    assert put(check(rows()), on=date(2026, 11, 25), folder=tmp_path) == "1.1.1-la5"
    assert put(check(rows()), on=date(2026, 11, 26), folder=tmp_path) == "1.1.1-la6"
    written = read_csv(tmp_path / "national.csv")
    assert [row for _, row in written] == check(rows())
    assert tuple(written[0][1]) == COLUMNS


def test_the_command_shows_and_does_not_write(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(as_csv(check(rows())), encoding="utf-8")
    shown = RUN.invoke(app, ["skills", "import", str(path)])
    assert shown.exit_code == 0
    assert "+ LA-S900 carve Buddha images" in shown.output
    assert "nothing was written" in shown.output
    assert len(current()) == 27


def test_the_command_refuses_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "list.ttl"
    path.write_text("this is no turtle", encoding="utf-8")
    refused = RUN.invoke(app, ["skills", "import", str(path)])
    assert refused.exit_code == 1
    assert "list.ttl: no turtle" in refused.output


def test_the_command_exports(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    done = RUN.invoke(app, ["skills", "export", "--national", "--output", str(path)])
    assert done.exit_code == 0
    assert len(read_csv(path)) == 27
