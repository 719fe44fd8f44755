"""How well and how fast occupations are coded: accuracy, calibration, what each evidence adds.

English: the development half of the hahu postings (real, Ethiopia). Its errors were looked at in
one half, chosen by a hash, and checked on the other; no weight was fitted on either, but what
evidence enters was chosen by totals (docs/methods.md). Lao: the titles of docs/coding-protocol.md.
Thai, Vietnamese, Chinese: the expressions of their lexicons, coded without these lexicons, since no
coded title exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.occupation_baselines import ablation
from benchmarks.occupation_sets import (
    FOREIGN,
    Coded,
    foreign_titles,
    hahu,
    lao_titles,
    scored,
    titles_only,
)
from benchmarks.occupation_speed import loaded, speeds
from benchmarks.report import Figure
from streams.classify.accuracy import DIGITS, Tally, calibration_error, coverage_at, wilson
from streams.classify.lexical import LexicalEvidence
from streams.classify.occupation import OccupationCoder

_PRECISION: Final = 0.9


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and tables; `quick` leaves out the embedding (minutes) and nothing else."""
    coder, cost = loaded()
    english = hahu()
    sets = {
        "English postings (hahu)": english,
        "the same, half looked at": [each for each in english if each.looked_at],
        "the same, half for checking": [each for each in english if not each.looked_at],
        "the same, titles alone": titles_only(english),
        "Lao titles": lao_titles(),
    }
    tallies = {name: _tally(coder, coded) for name, coded in sets.items()}
    bare = OccupationCoder(
        [each for each in coder.evidence if not isinstance(each, LexicalEvidence)]
        + [each.without_lexicons() for each in coder.evidence if isinstance(each, LexicalEvidence)],
        coder.weights,
    )
    for language, name in FOREIGN.items():
        tallies[f"{name} titles without their lexicon"] = _tally(bare, foreign_titles(language))
    speed = speeds(coder, english)
    main = tallies["English postings (hahu)"]
    tables = {
        "Occupations: top-1 and top-5 by digits": _digits(tallies),
        "Occupations: calibration and coverage": _calibration(tallies),
        "Occupations: what each evidence adds (English postings)": ablation(
            coder, english, seed, e5=not quick
        ),
        "Occupations: stated probability and share right (English postings)": _bins(main),
        "Occupations: speed on one core": speed,
    }
    return _figures(main, speed, cost), {"tables": tables}


def _figures(
    main: Tally, speed: Sequence[Mapping[str, Any]], cost: Mapping[str, float]
) -> list[Figure]:
    top1, top5 = wilson(main.top1[4], main.n), wilson(main.top5[4], main.n)
    major = wilson(main.top1[1], main.n)
    by_what = {row["what"]: row["postings_per_s"] for row in speed}
    of = f"of {main.n} real English postings on which no weight was fitted"
    return [
        Figure(
            key="isco4_top1",
            value=_rounded(top1.value),
            about=f"unit group right, {of}; 95 % interval {top1.lower:.2f} to {top1.upper:.2f}",
            goal="≥ 0.60",
        ),
        Figure(
            key="isco4_top5",
            value=_rounded(top5.value),
            about=f"unit group among five candidates; {top5.lower:.2f} to {top5.upper:.2f}",
            goal="≥ 0.82",
        ),
        Figure(
            key="isco1_top1",
            value=_rounded(major.value),
            about=f"major group right; {major.lower:.2f} to {major.upper:.2f}",
            goal="≥ 0.80",
        ),
        Figure(
            key="calibration_error",
            value=_rounded(calibration_error(main.stated)),
            about="mean gap between stated probability and share right, ten bins; chance alone "
            f"gives about 0.04 with {main.n} postings",
        ),
        Figure(
            key="coverage_at_90_precision",
            value=_rounded(coverage_at(main.stated, main.n, _PRECISION)),
            about="share of postings that can be coded so that 9 of 10 codes are right",
        ),
        Figure(
            key="postings_per_s",
            value=by_what["all coders, occupation remembered"],
            about="postings a second through all coders on one core, occupation remembered "
            "(markets repeat titles and texts); new postings: "
            f"{by_what['all coders, new, batches']}",
            goal="≥ 300 on 2 cores",
        ),
        Figure(
            key="occupations_per_s",
            value=by_what["occupation, new, batches"],
            about="the occupation coder alone, nothing remembered, one core; one by one: "
            f"{by_what['occupation, new, one by one']}",
        ),
        Figure(key="occupation_mib", value=cost["mib"], about="memory of its tables, MiB"),
        Figure(key="occupation_start_s", value=cost["seconds"], about="seconds to load them"),
    ]


def _tally(coder: OccupationCoder, coded: Sequence[Coded]) -> Tally:
    tally = Tally()
    for each in scored(coded, coder.code([one.case for one in coded])):
        tally.add(each)
    return tally


def _digits(tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    return [
        {
            "set": name,
            "n": tally.n,
            "coded": _rounded(tally.answered / tally.n),
            **{f"top-1, {d} digits": _rounded(tally.top1[d] / tally.n) for d in DIGITS},
            **{f"top-5, {d} digits": _rounded(tally.top5[d] / tally.n) for d in DIGITS},
        }
        for name, tally in tallies.items()
        if tally.n
    ]


def _calibration(tallies: Mapping[str, Tally]) -> list[dict[str, Any]]:
    return [
        {
            "set": name,
            "n": tally.n,
            "mean stated": _rounded(sum(p for p, _ in tally.stated) / max(1, len(tally.stated))),
            "share right": _rounded(sum(h for _, h in tally.stated) / max(1, len(tally.stated))),
            "calibration error": _rounded(calibration_error(tally.stated)),
            "coverage at 90 % precision": _rounded(coverage_at(tally.stated, tally.n, _PRECISION)),
        }
        for name, tally in tallies.items()
        if tally.n
    ]


def _bins(tally: Tally) -> list[dict[str, Any]]:
    """Ten bins of stated probability."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in tally.stated:
        held.setdefault(min(9, int(10 * probability)), []).append((probability, right))
    return [
        {
            "from": low / 10,
            "n": len(each),
            "mean stated": _rounded(sum(p for p, _ in each) / len(each)),
            "share right": _rounded(sum(right for _, right in each) / len(each)),
        }
        for low, each in sorted(held.items())
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
