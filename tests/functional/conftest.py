"""What browser tests share: one Chromium for a module, which finds no host but this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.dashboard_house import chromium, house

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tests.browser_stack import Stack


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    assert chromium_path
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def held() -> Iterator[Stack]:
    """A dashboard with a year of a made-up market."""
    with house() as made:
        yield made
