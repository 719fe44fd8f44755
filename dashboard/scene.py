"""What a page is made of, and what it is given to draw itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dashboard.accounts.records import NOBODY, Viewer
from dashboard.addresses import Address
from dashboard.language import Language, language
from dashboard.views import Snapshot

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
    def lang(self) -> Language:
        """The reader's language."""
        return language(self.address.language)

    def chosen(self, name: str) -> str:
        """The value of a filter; "all" where the reader has not chosen."""
        return self.filters.get(name) or "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageParts:
    """A page: its whole content, and the parts that are drawn again when something changes.

    `slots` and `paints` follow every load within a second, the latter as HTML (`parts.painted`);
    `slow` and `figures` also follow the filters, and loads only every few seconds.
    """

    title: Draw
    content: Draw
    slots: Mapping[str, Draw] = field(default_factory=dict)
    paints: Mapping[str, Draw] = field(default_factory=dict)
    slow: Mapping[str, Draw] = field(default_factory=dict)
    figures: Mapping[str, Draw] = field(default_factory=dict)
