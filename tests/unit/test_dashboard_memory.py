"""One drawing answers many readers, and none outlives its snapshot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from dashboard.accounts.records import NOBODY, Role, Viewer
from dashboard.accounts.seeing import seen_by
from dashboard.addresses import Address, Page
from dashboard.callbacks import Callbacks, _as_figure
from dashboard.catalogue import FOR_THE_PUBLIC, PAGES, scene_at
from dashboard.elements import html
from dashboard.markup import to_html
from dashboard.memory import Drawings
from dashboard.scene import PageParts, Scene
from tests.factories_dashboard import snapshot

FULL = snapshot(days=200)
MINISTER = Viewer(name="m-1", role=Role.POLICYMAKER)
VALUES = {
    "province": ("all", "LA-CH", "unknown"), "group": ("all", "5", "unknown"),
    "measure": ("flow", "change"), "cell": ("all", "LA-SV", "5"),
}  # fmt: skip


class Counted:
    """Draws, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_the_same_is_drawn_once_and_anew_for_a_newer_snapshot() -> None:
    memory, draw = Drawings(), Counted()
    assert [memory.of(1, "a", draw), memory.of(1, "a", draw)] == [1, 1]
    assert memory.of(1, "b", draw) == 2
    assert memory.of(2, "a", draw) == 3
    assert memory.of(2, "a", draw) == 3


def test_the_memory_does_not_grow_with_what_readers_ask_for() -> None:
    memory, draw = Drawings(most=3), Counted()
    for key in range(10):
        memory.of(1, key, draw)
    assert len(memory._held) <= 3
    assert memory.of(1, 9, draw) == 10


def test_parts_of_one_name_are_never_taken_for_each_other() -> None:
    nothing = cast(Any, None)
    page = Callbacks(
        register=nothing, views=nothing, acknowledge=nothing, answered=nothing, announce=nothing,
        demonstration=False,
    )  # fmt: skip
    scene, here, there = _scene(Page.NOW, MINISTER), Counted(), Counted()
    there.times = 10

    def drawn(draw: Counted) -> list[str]:
        return page._html(scene, {"map": lambda _: html.B(str(draw()))}, ["map"])

    def figure(_: Scene) -> Any:
        return html.B(str(here()))

    assert drawn(here) == ["<b>1</b>"]
    assert drawn(there) == ["<b>11</b>"]
    assert [page._html(scene, {"map": figure}, ["map"]) for _ in range(2)] == [["<b>2</b>"]] * 2
    assert not isinstance(page._kept(scene, figure, _as_figure), str)


PARTED = [
    *((page, parts, MINISTER) for page, parts in PAGES.items()),
    *((page, parts, NOBODY) for page, parts in FOR_THE_PUBLIC.items()),
]


@pytest.mark.parametrize(
    ("page", "parts", "viewer"), PARTED, ids=lambda one: getattr(one, "name", "")
)
def test_a_part_shows_no_filter_but_those_it_is_said_to_show(
    page: Page, parts: PageParts, viewer: Viewer
) -> None:
    draws = {**parts.picked, **parts.slow, **parts.figures}
    assert set(parts.by) <= set(draws)

    def drawn(name: str, **filters: str) -> object:
        scene = _scene(page, viewer, filters)
        made = draws[name](scene)
        return made if name in parts.figures else to_html(made)

    for name in parts.by:
        for filter_name, values in VALUES.items():
            if not parts.shows(name, frozenset({filter_name})):
                assert all(drawn(name) == drawn(name, **{filter_name: v}) for v in values)


@pytest.mark.parametrize("page", list(PAGES))
def test_what_is_kept_for_a_role_names_nobody(page: Page) -> None:
    other = replace(MINISTER, name="m-2")
    parts = PAGES[page]
    for name, draw in {**parts.paints, **parts.picked, **parts.slow, **parts.figures}.items():
        assert str(draw(_scene(page, MINISTER))) == str(draw(_scene(page, other))), name


def _scene(page: Page, viewer: Viewer, filters: dict[str, str] | None = None) -> Scene:
    path = Address(page=page).path
    held = seen_by(FULL, viewer)
    return scene_at(path, held, viewer, demonstration=False, filters=filters)[0]
