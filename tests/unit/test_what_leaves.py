"""Every address is accounted for, and no module goes around the release rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from config.settings import Settings
from dashboard.app import create_app
from tests.unit.test_dashboard_app import Seeded

ROOT: Final = Path(__file__).parents[2]
GUARDED: Final = ("dashboard.v1.", "dashboard.sdmx.")
"""Packages that may not import exact figures but through the rules (import-linter)."""
OTHERS: Final = {
    "dashboard.api": "health, and the public headline",
    "dashboard.live": "the number of the snapshot",
    "dashboard.push.routes": "receipts to the provider who sent the data",
    "dashboard.notices.acting": "the recipient of a signed link, about that alert",
    "dashboard.notices.feeds": "alerts in words, without figures and without faults",
    "dashboard.answering.routes": "who acts on an alert, what was done about it, without figures",
    "dashboard.feedback.routes": "what a reader wrote, to whoever holds the number of its receipt",
    "dashboard.push.form": "a form for providers with an access code",
    "dashboard.coding.form": "officers with an access code",
    "dashboard.crawler_page": "who we are, for operators of boards",
    "dashboard.documents": "pages, from what the viewer may see of the snapshot",
    "dashboard.bulletins.routes": "bulletins of the public, as they were published",
    "dashboard.exploring.routes": "published figures, by the function behind /v1/series",
    "dashboard.scoring.routes": "methods, and counts of alerts",
    "dashboard.operating.routes": "how the service runs, for admins",
    "dashboard.accounts.form": "forms of one's own account, without figures",
    "dashboard.accounts.admin": "accounts and the audit log, for admins",
    "dashboard.statement": "how accessible the pages are",
    "dashboard.installing": "manifest, worker and the page without a connection: no figures",
    "dash.backends._fastapi": "the pages' scripts and updates",
    "dash.dash": "the pages' scripts and updates",
    "fastapi.applications": "the description of the interface",
}
FOLDERS: Final = ("alerts", "dashboard", "labourwatch", "streams", "scrapers", "warehouse")
READERS: Final = frozenset(
    {
        "warehouse.published", "warehouse.vacancy_pages", "warehouse.released_series",
        "warehouse.history", "warehouse.queries", "warehouse.openings", "warehouse.forecasts",
    }
)  # fmt: skip
SPANS: Final = {
    "FIRST_DAY", "LAST_DAY", "PageKey", "SeriesFilter", "Asked", "Span", "event_span",
    "AskedForecasts", "latest_forecast",
}  # fmt: skip
"""Names of these modules that carry no figure."""


def walk(routes: Any) -> Iterator[Any]:
    """Every route, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from walk(inner.routes)


def app_routes() -> list[Any]:
    settings = Settings(redis_url="redis://127.0.0.1:1/0")
    return list(walk(create_app(settings, Seeded(), lambda *_: True).routes))


def test_every_address_is_guarded_or_accounted_for() -> None:
    modules = {
        getattr(route.endpoint, "__module__", "")
        for route in app_routes()
        if hasattr(route, "endpoint")
    }
    left = {name for name in modules if not name.startswith(GUARDED)}
    assert left == set(OTHERS)
    assert any(name.startswith("dashboard.v1.") for name in modules)


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Modules and the names imported from them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.module, alias.name
                yield f"{node.module}.{alias.name}", "*"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, "*"


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_only_the_rules_can_make_public_records() -> None:
    users = {
        path.relative_to(ROOT).parent.as_posix()
        for path in modules(*FOLDERS)
        if any(name == "SEAL" for _, name in imports(path))
    }
    assert users == {"warehouse/disclosure"}


@pytest.mark.parametrize("path", modules("dashboard/v1", "dashboard/sdmx"), ids=lambda p: p.name)
def test_who_reads_figures_for_an_interface_knows_the_rules(path: Path) -> None:
    held = list(imports(path))
    reads = {
        (module, name)
        for module, name in held
        if module in READERS and name not in SPANS and not name.isupper()
    }
    knows = any(module.startswith("warehouse.disclosure") for module, _ in held)
    assert knows or not reads
