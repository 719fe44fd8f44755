"""Why a change is taken for the labour market's or for the collection's: named, with its names.

Notices put it into words of their language; the English `detail` beside it is for analysts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """The reason of a classification."""

    SURVIVES = "survives"
    """The change remains without any one source."""
    ONE_SOURCE = "one_source"
    """There is no other source to compare with."""
    NO_BASELINE = "no_baseline"
    """There are no comparable days before it."""
    WITHOUT_SOURCE = "without_source"
    """Without that source there is no such change."""
    ONLY_SOURCE = "only_source"
    """Nobody else shows the cell, and the source changed alike elsewhere."""
    SOUND_SOURCE = "sound_source"
    """Hardly anyone else shows the cell, and the source is as before elsewhere: the market's."""
    LONE_SOURCE = "lone_source"
    """Hardly anyone else shows the cell, and the source shows too little elsewhere to be judged."""
    SUSPECT_SOURCE = "suspect_source"
    """The source is known to have changed alone, and the others do not tell the change."""
    SILENCE = "silence"
    """No vacancy at all, where even a steep fall would leave some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A ground and what its phrase has blanks for."""

    ground: Ground
    source: str = ""
    """The source at fault, or the only one that shows the cell; else ""."""
