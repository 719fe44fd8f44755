"""The documentation is complete: settings, tables, commands and links, checked against the code."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import pytest
import typer.main

from alerts.parameters import Density, load_parameters
from config.settings import PREFIX, Settings
from config.topics import ALL_TOPICS, Topic
from labourwatch.cli import app
from scrapers.drop_spec import DropSpec
from scrapers.source_files import load_source
from scrapers.source_specs import ArchiveSpec, DetailSpec, FieldRule, ListSpec, Paging
from scrapers.sources import Source
from warehouse.door.allowed import TABLES
from warehouse.migrate import parse, read_files

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
OPERATIONS: Final = DOCS / "operations" / "README.md"
UNREVIEWED: Final = "ສະບັບນີ້ຍັງບໍ່ທັນໄດ້ກວດແກ້ໂດຍຜູ້ຊ່ຽວຊານພາສາລາວ"
NOT_OURS: Final = frozenset(
    {".git", ".venv", "var", "build", "dist", "node_modules", "__pycache__", "htmlcov"}
)
BINARY: Final = frozenset({".gz", ".png", ".jpg", ".woff2", ".parquet", ".xlsx", ".pyc", ".ico"})
# Written in pieces, so that this file does not contain what it forbids.
FORBIDDEN: Final = re.compile(
    r"(?<![\w./])/wo" + r"rk/|\.\./sha" + r"red|(?<![\w.])/tm" + r"p/w/|py" + r"pi\.org|python"
    r"hosted\.org"
)
_TABLE: Final = re.compile(r"CREATE TABLE IF NOT EXISTS (\w+) \((.*)\) ENGINE", re.DOTALL)
_COLUMN: Final = re.compile(r"ALTER TABLE (\w+) ADD COLUMN IF NOT EXISTS (\w+)")
_VIEW: Final = re.compile(r"CREATE (?:MATERIALIZED )?VIEW IF NOT EXISTS (\w+)")
_LINK: Final = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE: Final = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def our_files() -> Iterator[Path]:
    """Every file of the project, without what tools make."""
    for folder, names, files in os.walk(ROOT):
        names[:] = [n for n in names if n not in NOT_OURS and not n.endswith(("_cache", "-info"))]
        hidden = [n for n in names if n.startswith(".") and n != ".ci"]
        names[:] = [n for n in names if n not in hidden]
        yield from (Path(folder) / name for name in files if name not in NOT_OURS)


PAGES: Final = sorted(path for path in our_files() if path.suffix == ".md")


def section(text: str, heading: str) -> str:
    """What stands below `heading` until the next heading of its level or above."""
    level = heading.index(" ")
    pattern = rf"^{re.escape(heading)}$\n(.*?)(?=^#{{1,{level}}} |\Z)"
    found = re.search(pattern, text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"no heading {heading!r}"
    return found[1]


def schema() -> dict[str, list[str]]:
    """Columns by table; views have none of their own."""
    tables: dict[str, list[str]] = {}
    for part in parse(read_files()):
        if table := _TABLE.search(part.statement):
            lines = [line.strip() for line in table[2].splitlines()]
            tables[table[1]] = [line.split()[0] for line in lines if line]
        elif column := _COLUMN.match(part.statement):
            tables[column[1]].append(column[2])
        elif view := _VIEW.search(part.statement):
            tables[view[1]] = []
    return tables


def commands(group: Any, before: str = "") -> Iterator[str]:
    """Full names of all sub-commands, for example `deadletters list`."""
    for name, command in getattr(group, "commands", {}).items():
        yield f"{before}{name}"
        yield from commands(command, f"{before}{name} ")


def slug(heading: str) -> str:
    """The anchor that code hosts make of a heading."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def anchors(path: Path) -> set[str]:
    return {slug(found) for found in re.findall(r"^#+ (.*)$", read(path), re.MULTILINE)}


def test_the_schema_is_read() -> None:
    tables = schema()
    assert {"postings", "vacancies_current", "rollup_daily", "alert_history"} <= tables.keys()
    assert tables["source_runs"][:2] == ["source_id", "run_id"]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_table_of_operations(name: str) -> None:
    field = Settings.model_fields[name]
    row = re.search(rf"^\| `{PREFIX}{name.upper()}` \| (.*?) \|", read(OPERATIONS), re.MULTILINE)
    assert row is not None, f"{PREFIX}{name.upper()} is not described"
    if field.annotation in {str, int, float, Path}:
        assert row[1] == (f"`{field.default}`" if field.default != "" else "empty")


def test_operations_describes_no_setting_that_does_not_exist() -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", read(OPERATIONS)))
    known = {name.upper() for name in Settings.model_fields}
    assert {name for name in named - known if not name.startswith("TEST_")} == set()


@pytest.mark.parametrize("table", sorted(schema()))
def test_every_table_and_column_is_in_the_data_dictionary(table: str) -> None:
    held = section(read(DOCS / "data-dictionary.md"), f"### `{table}`") if schema()[table] else ""
    described = re.findall(r"^\| `(\w+)` \|", held, re.MULTILINE)
    assert described == schema()[table]
    assert f"`{table}`" in read(DOCS / "data-dictionary.md")


def test_tables_open_to_analysts_are_named_and_exist() -> None:
    held = section(read(DOCS / "data-dictionary.md"), "## Open to analysts")
    assert re.findall(r"`(\w+)`", held) == list(TABLES)
    assert set(TABLES) <= schema().keys()


@pytest.mark.parametrize("topic", ALL_TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_in_the_data_dictionary(topic: Topic) -> None:
    held = section(read(DOCS / "data-dictionary.md"), "## Topics")
    row = f"| `{topic.name}` | {topic.partitions} | {topic.retention.days} days |"
    assert row in held


def test_every_command_is_named() -> None:
    text = read(ROOT / "README.md") + read(OPERATIONS)
    listed = list(commands(typer.main.get_command(app)))
    assert {"run", "deadletters replay", "dashboard"} <= set(listed)
    missing = [name for name in listed if not re.search(rf"(labourwatch |`){name}\b", text)]
    assert missing == []


@pytest.mark.parametrize("model", [Source, ListSpec, DetailSpec, ArchiveSpec, FieldRule, Paging])
def test_every_entry_of_a_source_file_is_described(model: type[Source]) -> None:
    text = read(DOCS / "sources" / "README.md")
    names = [field.alias or name for name, field in model.model_fields.items()]
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("name", sorted(DropSpec.model_fields))
def test_every_entry_of_a_drop_is_described(name: str) -> None:
    assert re.search(rf"^\| .*`{name}`", read(DOCS / "sources" / "drops.md"), re.MULTILINE)


@pytest.mark.parametrize("path", sorted((ROOT / "config" / "sources").glob("*.yaml")), ids=str)
def test_every_shipped_source_has_its_status(path: Path) -> None:
    word = "yes" if load_source(path).enabled else "no"
    table = read(DOCS / "sources" / "README.md")
    assert re.search(rf"^\| `{path.name}` \|.*\| {word} \|", table, re.MULTILINE)


@pytest.mark.parametrize("path", sorted((ROOT / "config" / "sources").glob("*.yaml")), ids=str)
def test_every_shipped_source_has_its_legal_basis_told(path: Path) -> None:
    source = load_source(path)
    row = f"| `{source.id}` | {source.legal_basis} | {'yes' if source.enabled else 'no'} |"
    assert row in read(DOCS / "operations" / "crawling.md")


@pytest.mark.parametrize("density", Density)
def test_methods_tell_the_parameters_of_the_detector(density: Density) -> None:
    chosen = load_parameters().classes[density]
    numbers = (chosen.ratio, chosen.threshold, chosen.supporting_days)
    memory = (f"{chosen.half_life:g}", f"{chosen.clear}")
    expected = " | ".join((*map(str, numbers), *memory))
    row = next(
        line
        for line in read(DOCS / "methods.md").splitlines()
        if line.startswith(f"| {density.value} |")
    )
    assert row.endswith(f"| {expected} |")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in _LINK.findall(_CODE.sub("", read(page))):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = unquote(target).partition("#")
        found = (page.parent / place).resolve() if place else page
        inside = found.is_relative_to(ROOT)
        if not (inside and found.exists()) or (anchor and anchor not in anchors(found)):
            broken.append(target)
    assert broken == []


def test_the_index_names_every_page() -> None:
    index = DOCS / "README.md"
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in _LINK.findall(read(index))}
    assert [page for page in PAGES if DOCS in page.parents and page not in {*linked, index}] == []


@pytest.mark.parametrize("guide", ["policymaker", "provincial-officer", "analyst"])
def test_each_guide_speaks_both_languages(guide: str) -> None:
    english, lao = (read(DOCS / "guides" / f"{guide}.{code}.md") for code in ("en", "lo"))
    assert UNREVIEWED in lao[:300]
    assert "never" in english.lower()
    assert "ຫ້າມ" in lao
    assert english.count("\n## ") == lao.count("\n## ")


def test_no_file_names_a_place_outside_the_project() -> None:
    found = []
    for path in our_files():
        if path.suffix not in BINARY:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in FORBIDDEN.finditer(text)]
    assert found == []
