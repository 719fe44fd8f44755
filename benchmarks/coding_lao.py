"""How well Lao titles are coded: the set of docs/coding-protocol.md through the serving coder."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.lexicon_heldout import rates
from benchmarks.report import Figure
from config.vocabulary import read_table
from streams.classify.lexicon import Lexicon, load_lexicon
from streams.classify.pipeline import load_coder
from streams.classify.titles import has_lao, segments
from streams.codes import Codes
from streams.records import NormalisedPosting
from streams.text import fold

_PAGES: Final = Path(__file__).parent.parent / "tests" / "pages"
TITLES: Final = _PAGES / "titles_lo.csv"
DRAWN: Final = _PAGES / "titles_lo_drawn.csv"
_DAY: Final = date(2026, 11, 2)
_RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A title with its true code ("" where not codable) and what the coder said."""

    title: str
    style: str
    lexicon: str
    """`whole`: the lexicon has this very title; `part`: an expression within it; `unseen`."""
    code_a: str
    code_b: str
    truth: str
    codes: tuple[str, ...]
    """The coder's candidates, the chosen one first; empty where it calls the title not codable."""

    @property
    def said(self) -> str:
        return self.codes[0] if self.codes else ""


def measure(seed: int, quick: bool) -> tuple[list[Figure], dict[str, Any]]:
    """Figures and tables; the set is small, so that `quick` changes nothing but the resamples."""
    coded = _code(_read(TITLES))
    drawn = _code([{**row, "style": "drawn", "code_a": "", "code_b": ""} for row in _read(DRAWN)])
    codable = [each for each in coded if each.truth]
    resamples = _RESAMPLES // 10 if quick else _RESAMPLES
    low, high = _interval(codable, seed=seed, resamples=resamples)
    tables = _tables(coded, codable)
    tables["Drawn titles by what the lexicon knows of them"] = _by(drawn, lambda e: e.lexicon)
    tables["Expressions held out of the lexicon"] = rates(seed)
    figures = [*_accuracy(codable, low, high), *_drawn(drawn), *_about_set(coded, codable)]
    return figures, {"tables": tables}


def _accuracy(codable: Sequence[Coded], low: float, high: float) -> list[Figure]:
    return [
        Figure(
            key="lao_isco4_top1",
            value=_share(codable, 4),
            about=f"Lao titles whose unit group is right, of {len(codable)} codable ones; "
            f"95 % interval {low:.2f} to {high:.2f} (bootstrap); no answer counts as wrong",
            goal="≥ 0.60",
        ),
        Figure(
            key="lao_isco1_top1",
            value=_share(codable, 1),
            about="the same at one digit",
            goal="≥ 0.80",
        ),
        Figure(
            key="lao_isco4_top5",
            value=_top5(codable),
            about="Lao titles whose unit group is among the first five",
        ),
    ]


def _drawn(drawn: Sequence[Coded]) -> list[Figure]:
    about = (
        f"unit groups right of {len(drawn)} titles of ILO's index, one of each of as many unit "
        "groups drawn by lot, put into Lao after the lexicon was closed"
    )
    return [
        Figure(key="lao_drawn_isco4_top1", value=_share(drawn, 4), about=about),
        Figure(key="lao_drawn_isco4_top5", value=_top5(drawn), about="among the first five"),
        Figure(key="lao_drawn_isco1_top1", value=_share(drawn, 1), about="at one digit"),
    ]


def _about_set(coded: Sequence[Coded], codable: Sequence[Coded]) -> list[Figure]:
    open_titles = [each for each in coded if not each.truth]
    return [
        Figure(
            key="lao_answered",
            value=_mean(bool(each.said) for each in codable),
            about="codable Lao titles that are given a code",
        ),
        Figure(
            key="lao_uncodable_refused",
            value=_mean(not each.said for each in open_titles),
            about=f"of the {len(open_titles)} titles that say no occupation, those left uncoded",
        ),
        Figure(
            key="lao_coder_agreement",
            value=_mean(each.code_a == each.code_b for each in coded),
            about="titles given one unit group by both passes of one coder: an upper bound",
        ),
        Figure(
            key="lexicon_rows",
            value=lexicon_rows(),
            about="Lao occupation expressions that differ after folding of spellings",
            goal="≥ 2,000",
        ),
    ]


def lexicon_rows() -> int:
    """Expressions of the lexicon; spellings that fold to one form count once."""
    rows = read_table("lexicon", "occupations_lo.csv")
    return len({fold(row["expression"]).replace(" ", "") for row in rows})


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def _code(rows: Sequence[Mapping[str, str]]) -> list[Coded]:
    lexicon = load_lexicon()
    answers = load_coder().code([_posting(row["title"]) for row in rows])
    return [
        Coded(
            title=row["title"],
            style=row["style"],
            lexicon=_known(lexicon, row["title"]),
            code_a=row["code_a"],
            code_b=row["code_b"],
            truth=row["code"],
            codes=_answer(codes),
        )
        for row, codes in zip(rows, answers, strict=True)
    ]


def _answer(codes: Codes) -> tuple[str, ...]:
    if not codes.isco08:
        return ()
    others = (each.isco08 for each in codes.candidates)
    return tuple(dict.fromkeys((codes.isco08, *others)))


def _known(lexicon: Lexicon, title: str) -> str:
    found = [lexicon.find(part) for part in segments(title) if has_lao(part)]
    if any(match is not None and match.whole for match in found):
        return "whole"
    return "part" if any(found) else "unseen"


def _posting(title: str) -> NormalisedPosting:
    """A posting of which nothing is known but its title."""
    return NormalisedPosting(
        posting_key=f"lao-{title}",
        source_id="titles",
        posting_id=title,
        record_id=title,
        content_hash=title,
        url="https://titles.example/",
        fetched_at=datetime(2026, 11, 2, tzinfo=UTC),
        published_at=None,
        title=title,
        description="",
        employer="",
        location_raw="",
        salary_raw="",
        employment_type_raw="",
        category_raw="",
        industry_raw="",
        education_raw="",
        experience_raw="",
        openings=1,
        language="lo",
        opened_on=_DAY,
        valid_through=None,
        redactions=0,
    )


def _tables(coded: Sequence[Coded], codable: Sequence[Coded]) -> dict[str, list[dict[str, Any]]]:
    return {
        "Lao titles by what the lexicon knows of them": _by(codable, lambda each: each.lexicon),
        "Lao titles by style": _by(codable, lambda each: each.style),
        "Lao titles by major group": _by(codable, lambda each: each.truth[0]),
        "Lao titles by sub-major group": _by(codable, lambda each: each.truth[:2]),
        "Agreement of the two passes": [
            {"digits": n, "agree": _mean(e.code_a[:n] == e.code_b[:n] for e in coded)}
            for n in range(1, 5)
        ],
    }


def _by(coded: Sequence[Coded], stratum: Callable[[Coded], str]) -> list[dict[str, Any]]:
    """Accuracy at 4 and 1 digits in each stratum."""
    names = sorted({stratum(each) for each in coded})
    groups = {name: [each for each in coded if stratum(each) == name] for name in names}
    return [
        {"stratum": name, "titles": len(g), "isco4_top1": _share(g, 4), "isco1_top1": _share(g, 1)}
        for name, g in groups.items()
    ]


def _share(coded: Sequence[Coded], digits: int) -> float:
    return _mean(each.said[:digits] == each.truth[:digits] for each in coded)


def _top5(coded: Sequence[Coded]) -> float:
    return _mean(each.truth in each.codes[:5] for each in coded)


def _mean(hits: Iterable[bool]) -> float:
    """Share of hits, rounded to four places; 0 of nothing."""
    marks = list(hits)
    return round(sum(marks) / len(marks), 4) if marks else 0.0


def _interval(coded: Sequence[Coded], *, seed: int, resamples: int) -> tuple[float, float]:
    """95 % percentile interval of the four-digit accuracy by resampling titles."""
    chance = random.Random(seed)
    hits = [each.said == each.truth for each in coded]
    means = sorted(_mean(chance.choices(hits, k=len(hits))) for _ in range(resamples))
    return means[round(0.025 * resamples)], means[round(0.975 * resamples) - 1]
