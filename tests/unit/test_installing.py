"""What is kept in a browser: whose, for how long, and that another file makes another worker."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from importlib.resources import files
from io import BytesIO

import pytest
from PIL import Image

from dashboard.accounts.records import Role, Viewer
from dashboard.accounts.visiting import Visit
from dashboard.catalogue import scene_at
from dashboard.installing import manifest, worker
from dashboard.keeping import PUBLIC_KEPT, keeping, kept_mark, kept_paths
from dashboard.language import CODES, language
from dashboard.markup import to_html
from tests.factories_dashboard import snapshot

ASSETS = files("dashboard").joinpath("assets")
DAY = timedelta(hours=10)


def read(name: str) -> bytes:
    return ASSETS.joinpath(name).read_bytes()


def visit(token: str) -> Visit:
    viewer = Viewer(name="somebody", role=Role.PROVINCIAL, province="LA-CH")
    return Visit(viewer=viewer, session=token, secret=token, is_new=False)


@pytest.mark.parametrize("code", CODES)
def test_the_manifest_is_complete_and_its_icons_are_what_it_says(code: str) -> None:
    made = manifest(language(code))
    assert made["lang"] == code
    assert len(made["short_name"]) <= 12
    assert {icon["purpose"] for icon in made["icons"]} == {"any", "maskable"}
    for icon in made["icons"]:
        with Image.open(BytesIO(read(icon["src"].removeprefix("/assets/")))) as drawn:
            assert f"{drawn.width}x{drawn.height}" == icon["sizes"]


def test_one_app_in_two_languages() -> None:
    lao, english = (manifest(language(code)) for code in CODES)
    assert lao["id"] == english["id"]
    assert lao["name"] != english["name"]
    assert (lao["start_url"], english["start_url"]) == ("/", "/en")


def test_the_worker_keeps_files_that_are_there() -> None:
    found = re.search(r"SHELL = (\[.*?\]);", worker(read))
    assert found is not None
    paths = json.loads(found[1])
    assert {"/offline", "/en/offline"} <= set(paths)
    for path in paths:
        if path.startswith("/assets/"):
            assert read(path.removeprefix("/assets/").partition("?")[0])


@pytest.mark.parametrize("name", ["labourwatch.css", "mark.svg", "worker.js"])
def test_another_file_makes_another_worker(name: str) -> None:
    def changed(one: str) -> bytes:
        return read(one) + (b" " if one == name else b"")

    assert worker(read) == worker(read)
    versions = [re.findall(r'VERSION = "(\w+)"', worker(way)) for way in (read, changed)]
    assert versions[0] != versions[1]


def test_pages_say_whose_they_are_without_saying_who() -> None:
    public = keeping(Visit(), DAY)
    first, other = keeping(visit("t" * 43), DAY), keeping(visit("u" * 43), DAY)
    assert public["Labourwatch-Keep"] == str(int(PUBLIC_KEPT.total_seconds()))
    assert first["Labourwatch-Keep"] == str(10 * 3600)
    assert len({one["Labourwatch-Reader"] for one in (public, first, other)}) == 3
    assert "t" * 8 not in first["Labourwatch-Reader"]


def test_now_is_kept_and_an_offices_own_province() -> None:
    from dashboard.accounts.seeing import seen_by

    viewer = Viewer(name="somebody", role=Role.PROVINCIAL, province="LA-CH")
    held = seen_by(snapshot(days=60, mean=40), viewer)
    scene, _ = scene_at("/en/alerts", held, viewer, demonstration=False)
    assert kept_paths(scene) == "/en /en/provinces/LA-CH"
    scene, _ = scene_at("/alerts", seen_by(held, Viewer()), demonstration=False)
    assert kept_paths(scene) == "/"


def test_the_mark_is_hidden_until_the_worker_shows_it() -> None:
    scene, _ = scene_at("/en", snapshot(days=60, mean=40), demonstration=False)
    made = to_html(kept_mark(scene))
    assert 'class="kept" hidden' in made
    assert "No connection." in made
    assert "22 Nov 2026" in made
