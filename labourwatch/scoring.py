"""How right the coder was on a file with codes given by people: gathered row by row, then told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from labourwatch.classifying import Outcome
from streams.classify.accuracy import (
    DIGITS,
    Scored,
    Share,
    Tally,
    calibration_error,
    coverage_at,
    truths_of,
    wilson,
)
from streams.classify.confusion import NOT_CODABLE, Confusion, Pair, confusions_of

_ALL = "all"


@dataclass(slots=True)
class Score:
    """Tallies by language, and of all; built one row after another."""

    column: str
    tallies: dict[str, Tally] = field(default_factory=lambda: {_ALL: Tally()})
    rows: int = 0
    refused: int = 0
    unreadable: list[int] = field(default_factory=list)
    """Rows whose true code is no code of ISCO-08; left out."""
    pairs: list[Pair] = field(default_factory=list)
    coder_version: str = ""

    def add(self, outcome: Outcome) -> None:
        """Count one row; a refused row is one without answer."""
        self.rows += 1
        self.refused += outcome.refused is not None
        if self.column not in outcome.truths:
            return
        truths = truths_of(outcome.truths[self.column])
        if truths is None:
            self.unreadable.append(outcome.row)
            return
        scored = _scored(outcome, truths)
        if outcome.codes is not None:
            self.coder_version = outcome.codes.coder_version
            self.pairs.append(_pair(scored))
        for group in (_ALL, scored.language):
            self.tallies.setdefault(group, Tally()).add(scored)

    def confusions(self) -> list[Confusion]:
        """Confusion matrices by level and language of the rows that were coded."""
        return confusions_of(
            self.pairs, coder_version=self.coder_version, scheme="isco08", levels=DIGITS
        )

    def as_record(self) -> dict[str, Any]:
        """The score as one JSON object, by language and of all."""
        return {
            "truth": self.column,
            "rows": self.rows,
            "refused": self.refused,
            "truth_unreadable": len(self.unreadable),
            _ALL: _group(self.tallies[_ALL]),
            "languages": {name: _group(tally) for name, tally in self._ordered() if name != _ALL},
        }

    def as_lines(self) -> Iterator[str]:
        """The score for a person."""
        yield (
            f"{self.rows} rows, {self.refused} refused; truth in column {self.column!r}, "
            f"unreadable in {len(self.unreadable)}{_some(self.unreadable)}"
        )
        for name, tally in self._ordered():
            if not tally.n and not tally.uncodable:
                continue
            yield f"{name}: {tally.n} postings with a true code, {tally.answered} answered"
            for digits in DIGITS:
                top1 = wilson(tally.top1[digits], tally.asked[digits])
                top5 = wilson(tally.top5[digits], tally.asked[digits])
                yield f"  ISCO-08, digits {digits}: top-1 {_told(top1)}, top-5 {_told(top5)}"
            if tally.uncodable:
                left = wilson(tally.uncodable_left, tally.uncodable)
                yield f"  not codable by truth: {tally.uncodable}, left without code {_told(left)}"
            if (error := calibration_error(tally.stated)) is not None:
                covered = coverage_at(tally.stated, tally.n, 0.9)
                yield f"  calibration error {error:.3f}; coverage at 90 % precision {covered:.2f}"

    def _ordered(self) -> list[tuple[str, Tally]]:
        """All first, then languages by size."""
        return sorted(self.tallies.items(), key=lambda each: (each[0] != _ALL, -each[1].n, each[0]))


def _scored(outcome: Outcome, truths: tuple[str, ...]) -> Scored:
    codes = outcome.codes
    if codes is None or outcome.posting is None:
        return Scored(truths=truths, said=(), probability=0.0, language="refused")
    said = (codes.isco08, *(each.isco08 for each in codes.candidates)) if codes.isco08 else ()
    return Scored(
        truths=truths,
        said=tuple(dict.fromkeys(said)),
        probability=codes.isco08_probability,
        language=outcome.posting.language,
    )


def _pair(scored: Scored) -> Pair:
    """Where several codes are right, the one that was said counts as the truth."""
    said = scored.said[0] if scored.said else NOT_CODABLE
    truth = said if said in scored.truths else next(iter(scored.truths), NOT_CODABLE)
    return Pair(truth=truth, said=said, language=scored.language)


def _group(tally: Tally) -> dict[str, Any]:
    by_digits = {
        f"isco{digits}_{name}": asdict(wilson(hits[digits], tally.asked[digits]))
        for digits in DIGITS
        for name, hits in (("top1", tally.top1), ("top5", tally.top5))
    }
    return {
        "n": tally.n,
        "answered": asdict(wilson(tally.answered, tally.n)),
        "uncodable": tally.uncodable,
        "uncodable_left": asdict(wilson(tally.uncodable_left, tally.uncodable)),
        **by_digits,
        "calibration_error": calibration_error(tally.stated),
        "coverage_at_90_precision": coverage_at(tally.stated, tally.n, 0.9),
    }


def _told(share: Share) -> str:
    if share.value is None:
        return "none to ask about"
    return f"{share.value:.3f} ({share.lower:.3f} to {share.upper:.3f}, n = {share.n})"


def _some(rows: list[int]) -> str:
    return f" (rows {', '.join(map(str, rows[:5]))}{' …' * (len(rows) > 5)})" if rows else ""
