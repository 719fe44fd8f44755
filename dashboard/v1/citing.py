"""What goes with every table: title, moment, licence, methods and a citation to copy. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from dashboard.export import DEMONSTRATION, OBSERVED
from dashboard.v1.tables import About
from warehouse.disclosure.records import View

PUBLISHER: Final = "Labourwatch, Lao PDR"
LICENCES: Final = {
    View.PUBLIC: "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/",
    View.DEPARTMENT: "For use within the departments that the agreement names; not to be published",
}
_NOTES: Final = {
    View.PUBLIC: "Withheld or rounded by the release rules where columns hidden and step say so.",
    View.DEPARTMENT: "Unrounded. Small cells: publish nothing of it but by the release rules.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The installation that answers."""

    url: str
    """Its address, without a slash at the end."""
    demonstration: bool

    def about(
        self,
        title: str,
        *,
        view: View,
        as_of: datetime | None,
        path: str,
        more: Mapping[str, str] | None = None,
    ) -> About:
        """What a reader of a table is told about it."""
        kind = DEMONSTRATION if self.demonstration else OBSERVED
        return About(
            title=title,
            view=view.value,
            as_of=as_of,
            data_kind=kind,
            publisher=PUBLISHER,
            licence=LICENCES[view],
            methods=f"{self.url}/en/about",
            citation=self._citation(title, as_of, path),
            note=_NOTES[view],
            more=more or {},
        )

    def _citation(self, title: str, as_of: datetime | None, path: str) -> str:
        mark = " [demonstration data, not of any real market]" if self.demonstration else ""
        if as_of is None:
            return f"{PUBLISHER}: {title}{mark}. {self.url}{path}"
        moment = as_of.astimezone(UTC)
        stated = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
        return f"{PUBLISHER} ({moment.year}): {title}{mark}. As of {stated}. {self.url}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """The state of the data that an answer rests on: equal stamps, equal answers."""

    as_of: datetime | None
    """Pinned moment of the answer."""
    mark: str = ""
    """What else may change it."""
    modified: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
