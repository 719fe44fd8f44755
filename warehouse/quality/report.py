"""The quality report: judged checks and what always holds, under the headings of SIMS. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Literal

from config.declared import load_declared
from config.feeds import Names, Strict
from warehouse.quality.declared import Catalogue, Check, Heading
from warehouse.quality.records import Better, Result, Scope, Unit, Verdict

Language = Literal["lo", "en"]
_STANDS = (Verdict.FAIL, Verdict.WARN, Verdict.PASS, Verdict.NOT_ASSESSABLE)


class Chapter(Strict):
    """One heading with what always holds."""

    title: Names
    text: Names


class Headings(Strict):
    """The file `headings.yaml`."""

    words: dict[str, Names]
    headings: dict[Heading, Chapter]

    def say(self, word: str, language: Language) -> str:
        """A word of the report.

        Raises:
            KeyError: there is no such word.
        """
        return str(getattr(self.words[word], language))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """The release that a report accompanies, as the table `releases` has it."""

    release_id: str
    kind: str
    status: str
    period_start: date
    period_end: date
    cutoff: datetime
    issue: datetime
    figures: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One answer in a reader's language, and as numbers for a program."""

    question: str
    subject: str
    value: str
    interval: str
    n: int
    verdict: str
    mark: str
    source: str
    method: str
    result: Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading of the report."""

    number: str
    title: str
    text: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A quality report in one language. Equal input gives an equal report."""

    language: Language
    release: ReleaseFacts | None
    scope: Scope
    demonstration: bool
    verdicts: Mapping[Verdict, int]
    sections: tuple[Section, ...]


@cache
def headings() -> Headings:
    """The declared headings.

    Raises:
        config.declared.DeclarationError: the file is wrong; the message says where.
    """
    return load_declared(files("warehouse") / "quality" / "headings.yaml", Headings)


def report_of(
    results: Sequence[Result],
    catalogue: Catalogue,
    *,
    scope: Scope,
    release: ReleaseFacts | None,
    language: Language,
    demonstration: bool,
) -> Report:
    """Results under their headings, in the order of the headings and of the catalogue.

    Results of checks that are declared no longer are left out.
    """
    order = list(catalogue.checks)
    known = sorted(
        (result for result in results if result.check_id in catalogue.checks),
        key=lambda result: (order.index(result.check_id), result.subject),
    )
    told = headings()
    sections = tuple(
        Section(
            number=number,
            title=getattr(chapter.title, language),
            text=" ".join(getattr(chapter.text, language).split()),
            lines=tuple(
                _line(result, catalogue.checks[result.check_id], language)
                for result in known
                if catalogue.checks[result.check_id].heading.partition(".")[0] == number
            ),
        )
        for number, chapter in told.headings.items()
    )
    counted = Counter(result.verdict for result in known)
    return Report(
        language=language,
        release=release,
        scope=scope,
        demonstration=demonstration,
        verdicts={verdict: counted[verdict] for verdict in _STANDS},
        sections=sections,
    )


def _line(result: Result, check: Check, language: Language) -> Line:
    say = headings().say
    verdict = say(result.verdict.value, language)
    if result.verdict is Verdict.NOT_ASSESSABLE:
        verdict = f"{verdict}: {say(result.reason.value, language)}"
    if result.lower is None or result.upper is None:
        interval = "–" if result.value is None else say("no_interval", language)
    else:
        interval = f"{_number(result.lower, check.unit)} – {_number(result.upper, check.unit)}"
    side = "at_least" if check.better is Better.HIGH else "at_most"
    mark = "–"
    if result.mark is not None:
        mark = f"{say(side, language)} {_number(result.mark, check.unit)}"
    value = "–"
    if result.value is not None:
        value = _number(result.value, check.unit)
        if check.unit in (Unit.SECONDS, Unit.HOURS, Unit.DAYS):
            value = f"{value} {say(check.unit.value, language)}"
    return Line(
        question=str(getattr(check.question, language)),
        subject=result.subject or say("everything", language),
        value=value,
        interval=interval,
        n=result.n,
        verdict=verdict,
        mark=mark,
        source=", ".join(check.sources),
        method=result.method,
        result=result,
    )


def _number(value: float, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return f"{100 * value:.1f} %"
    if unit is Unit.COUNT:
        return f"{value:,.0f}"
    return f"{value:,.3f}" if unit is Unit.RATIO else f"{value:,.1f}"
