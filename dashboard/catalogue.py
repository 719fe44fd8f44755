"""Which page draws what: the only place that lists the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dashboard.accounts.policy import Action, may
from dashboard.accounts.records import NOBODY, Viewer
from dashboard.addresses import ASKED, Address, Page, parse
from dashboard.pages import (
    about,
    alerts,
    closed,
    forecasts,
    missing,
    now,
    occupations,
    provinces,
    public_now,
    sectors,
    skills,
    sources,
    strategy,
    vacancies,
)
from dashboard.scene import PageParts, Scene
from dashboard.views import Snapshot

LONGEST_QUERY: Final = 400
PAGES: Final[Mapping[Page, PageParts]] = {
    Page.NOW: now.PARTS,
    Page.ALERTS: alerts.PARTS,
    Page.VACANCIES: vacancies.PARTS,
    Page.PROVINCES: provinces.PARTS,
    Page.SECTORS: sectors.PARTS,
    Page.OCCUPATIONS: occupations.PARTS,
    Page.SKILLS: skills.PARTS,
    Page.FORECASTS: forecasts.PARTS,
    Page.STRATEGY: strategy.PARTS,
    Page.SOURCES: sources.PARTS,
    Page.ABOUT: about.PARTS,
}


FOR_THE_PUBLIC: Final[Mapping[Page, PageParts]] = {Page.NOW: public_now.PARTS}
"""Pages that are drawn otherwise from a snapshot without exact figures."""


def scene_at(
    path: str,
    snapshot: Snapshot,
    viewer: Viewer = NOBODY,
    *,
    demonstration: bool,
    filters: Mapping[str, str] | None = None,
    query: str = "",
) -> tuple[Scene, PageParts]:
    """The scene at a URL path, and the page that draws it.

    An unknown path has its own page, and so has one that is not for this viewer.

    Args:
        snapshot: as `viewer` may see it.
        query: what the address asks, without question mark.
    """
    address = parse(path)
    if address is not None and address.page in ASKED and not address.item:
        address = replace(address, query=query[:LONGEST_QUERY])
    scene = Scene(
        address=address or Address(language="en" if path.startswith("/en/") else "lo"),
        snapshot=snapshot,
        demonstration=demonstration,
        viewer=viewer,
        filters=filters or {},
    )
    return scene, _parts(address, scene)


def is_open(path: str, viewer: Viewer) -> bool:
    """Whether the page at a path is for this viewer; unknown paths are nobody's secret."""
    address = parse(path)
    return address is None or may(viewer, "", Action.READ, address.page.needs).allowed


def _parts(address: Address | None, scene: Scene) -> PageParts:
    if address is None:
        return missing.PARTS
    if not may(scene.viewer, "", Action.READ, address.page.needs).allowed:
        return closed.PARTS
    if scene.snapshot.is_public and address.page in FOR_THE_PUBLIC:
        return FOR_THE_PUBLIC[address.page]
    return PAGES[address.page]
