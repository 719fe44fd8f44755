"""Which page draws what: the only place that lists the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dashboard.addresses import Address, Page, parse
from dashboard.pages import about, alerts, missing, now, sources, vacancies
from dashboard.scene import PageParts, Scene
from dashboard.views import Snapshot

PAGES: Final[Mapping[Page, PageParts]] = {
    Page.NOW: now.PARTS,
    Page.ALERTS: alerts.PARTS,
    Page.VACANCIES: vacancies.PARTS,
    Page.SOURCES: sources.PARTS,
    Page.ABOUT: about.PARTS,
}


def scene_at(
    path: str, snapshot: Snapshot, *, demonstration: bool, filters: Mapping[str, str] | None = None
) -> tuple[Scene, PageParts]:
    """The scene at a URL path, and the page that draws it; an unknown path has its own page."""
    address = parse(path)
    scene = Scene(
        address=address or Address(language="en" if path.startswith("/en/") else "lo"),
        snapshot=snapshot,
        demonstration=demonstration,
        filters=filters or {},
    )
    return scene, PAGES[address.page] if address else missing.PARTS
