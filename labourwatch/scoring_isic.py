"""How right the industries were on a file with ISIC codes given by people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from config.vocabulary import industries
from labourwatch.classifying import Outcome
from streams.classify.accuracy import Share, wilson
from streams.classify.confusion import NOT_CODABLE, Confusion, Pair, confusions_of

_CODE: Final = re.compile(r"\b([A-U])?(\d{2})?\d{0,2}\b")
_NONE: Final = frozenset({"", "na", "n/a", "nan", "none", "null", "-", "not codable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A true section and, where it was given so finely, division; both "" for not codable."""

    section: str
    division: str


def truth_of(cell: str) -> Truth | None:
    """ISIC in a cell such as "I", "55", "I55" or "5510"; `None` where it is no code of ISIC."""
    text = cell.strip()
    if text.casefold() in _NONE:
        return Truth(section=NOT_CODABLE, division=NOT_CODABLE)
    # A spreadsheet takes the zero of "01" away.
    match = _CODE.match(text.upper() if len(text) > 1 or not text.isdecimal() else f"0{text}")
    letter, digits = match.groups() if match else (None, None)
    label = industries().get(digits or letter or "")
    if label is None or (digits and letter and label.parent != letter):
        return None
    return Truth(section=label.parent or label.code, division=digits or "")


@dataclass(slots=True)
class IsicScore:
    """Hits at section and division, built one row after another."""

    column: str
    sections: list[bool] = field(default_factory=list)
    divisions: list[bool] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    unreadable: int = 0
    coder_version: str = ""

    def add(self, outcome: Outcome) -> None:
        """Count one row; a refused row is one without answer."""
        if self.column not in outcome.truths:
            return
        truth = truth_of(outcome.truths[self.column])
        if truth is None:
            self.unreadable += 1
            return
        codes = outcome.codes
        self.sections.append(codes is not None and codes.isic == truth.section)
        if truth.division or not truth.section:
            self.divisions.append(codes is not None and codes.isic_division == truth.division)
        if codes is not None and outcome.posting is not None:
            self.coder_version = codes.coder_version
            language = outcome.posting.language
            self.pairs.append(Pair(truth=truth.section, said=codes.isic, language=language))

    def confusions(self) -> list[Confusion]:
        """Confusion matrices of sections, by language."""
        return confusions_of(
            self.pairs, coder_version=self.coder_version, scheme="isic", levels=(1,)
        )

    def as_record(self) -> dict[str, Any]:
        """The score as a JSON object."""
        return {
            "truth": self.column,
            "truth_unreadable": self.unreadable,
            "isic_section": asdict(_share(self.sections)),
            "isic_division": asdict(_share(self.divisions)),
        }

    def as_lines(self) -> Iterator[str]:
        """The score for a person."""
        yield f"ISIC, truth in column {self.column!r}, unreadable in {self.unreadable}"
        for name, hits in (("section", self.sections), ("division", self.divisions)):
            share = _share(hits)
            if share.value is not None:
                told = f"{share.value:.3f} ({share.lower:.3f} to {share.upper:.3f}, n = {share.n})"
                yield f"  {name}: {told}"


def _share(hits: list[bool]) -> Share:
    return wilson(sum(hits), len(hits))
