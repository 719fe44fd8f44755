"""What a page is made of, and what it is given to draw itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.accounts.records import NOBODY, Viewer
from dashboard.addresses import Address, Page
from dashboard.language import Language, language
from dashboard.released import Figures
from dashboard.views import Snapshot
from warehouse.disclosure.records import View

Draw = Callable[["Scene"], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Reader, place and data of one rendering."""

    address: Address
    snapshot: Snapshot
    demonstration: bool
    viewer: Viewer = NOBODY
    """Who looks; `snapshot` is what they may see."""
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def view(self) -> View:
        """By whose rules published figures are shown: exact to who may see all, else the public's.

        A provincial account sees the exact ones of its own province on that province's page.
        """
        held, address = self.snapshot, self.address
        own = held.own is not None and (address.page, address.item) == (
            Page.PROVINCES, held.own.province,
        )  # fmt: skip
        return View.DEPARTMENT if own or not held.is_public else View.PUBLIC

    @property
    def figures(self) -> Figures:
        """Published figures as the reader may see them."""
        return self.snapshot.figures(self.view)

    @property
    def lang(self) -> Language:
        """The reader's language."""
        return language(self.address.language)

    def chosen(self, name: str) -> str:
        """The value of a filter; "all" where the reader has not chosen."""
        return self.filters.get(name) or "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Little:
    """A change of a figure that is small beside it."""

    by: frozenset[str]
    """Filters whose choice, alone, changes no more than this."""
    draw: Draw
    """A `dash.Patch` of the figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """A page: its whole content, and the parts that are drawn again when something changes.

    `slots` and `paints` follow every load within a second, the latter as HTML (`parts.painted`).
    `picked` do so too, and follow the filters; `slow` and `figures` follow the filters, and loads
    only every few seconds. `picked` and `slow` are HTML (`parts.picked`, `parts.slowly`).
    """

    title: Draw
    content: Draw
    slots: Mapping[str, Draw] = field(default_factory=dict)
    paints: Mapping[str, Draw] = field(default_factory=dict)
    picked: Mapping[str, Draw] = field(default_factory=dict)
    slow: Mapping[str, Draw] = field(default_factory=dict)
    figures: Mapping[str, Draw] = field(default_factory=dict)
    by: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Filters that a part shows, by its name; one that is not named here may show any."""
    little: Mapping[str, Little] = field(default_factory=dict)
    """By figure: what is sent in place of it where that is all that a choice changes."""

    def shows(self, name: str, chosen: frozenset[str]) -> bool:
        """Whether a part shows one of the filters `chosen`."""
        return name not in self.by or bool(self.by[name] & chosen)

    def figure(self, name: str, chosen: frozenset[str] | None) -> Draw:
        """What draws a figure, or what has changed of it.

        Args:
            name: of the figure.
            chosen: filters that were chosen, and nothing else; None where more may have changed.
        """
        little = self.little.get(name)
        if little and chosen is not None and chosen & self.by.get(name, chosen) <= little.by:
            return little.draw
        return self.figures[name]
