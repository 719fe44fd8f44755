"""What a judged run means for its source: a period opened, made worse or closed. Pure.

healthy ──certain──▶ period open ──every reason cleared by evidence──▶ healthy (recovered)
                      │  ├─an operator accepts─────────────────────▶ healthy (accepted)
                      │  └─same reasons for a week and ten runs─────▶ healthy (rebaselined)
                      └─further certain reasons: stated again, of the worse kind
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from scrapers.health.evidence import Level, Share
from scrapers.health.history import COVERAGE, MOST_DOUBTFUL, Facts, History, Period, learn
from scrapers.health.judge import HARMLESS, OUTAGES, Judgement, judge_run
from scrapers.health.notes import Notes
from scrapers.health_records import Finding, HealthReason, MarkEnd, SourceMark, Verdict

STABLE: Final = timedelta(days=7)
STABLE_RUNS: Final = 10
HELD_RUNS: Final = 3
"""Suspicious runs in a row that hold closing; then the doubt has had its time."""
_R = HealthReason
NEVER_NORMAL: Final = frozenset(
    {*COVERAGE.values(), *OUTAGES, _R.PARSE_FAILURES_ROSE, _R.FIELDS_SWAPPED, _R.EMPTY_LISTING}
)
"""Reasons that no lapse of time turns into the normal state: only repair, or an operator, does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What is concluded from a run, and what is to be remembered for the next one."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    marks: tuple[SourceMark, ...]
    holds_closing: bool
    """Absence from the listing must not count in this run."""
    read_again: tuple[str, ...]
    """Postings published or refused while the source was not believed, to be read again now."""
    history: History


def assess(
    history: History, notes: Notes, facts: Facts, *, source_id: str, run_id: str,
    accepted: bool = False,
) -> Assessment:  # fmt: skip
    """Judge a run, conclude, and learn if it is healthy.

    Args:
        accepted: an operator has said that the source's present shape is the normal one.
    """
    ended: list[SourceMark] = []
    end = MarkEnd.ACCEPTED if accepted else _became_normal(history, facts)
    if end is not None:
        if history.period is not None:
            ended = [_closing_mark(history.period, end, source_id, run_id, facts)]
        history, facts = relearn(history), replace(facts, gone=0)
    judged = judge_run(history, notes, facts)
    followed = _follow(history, judged, facts, source_id)
    marks = [*ended, *_marks(history.period, followed.period, judged, source_id, run_id, facts)]
    verdict = followed.period.kind if followed.period else _alone(judged, facts)
    followed = _remembered(followed, judged, verdict, notes, facts)
    read_again: tuple[str, ...] = ()
    if verdict is Verdict.HEALTHY:
        read_again = followed.doubtful
        followed = learn(replace(followed, doubtful=()), notes, judged.checks, facts)
    return Assessment(
        verdict=verdict,
        findings=judged.findings,
        marks=tuple(marks),
        holds_closing=_holds(verdict, judged, followed),
        read_again=read_again,
        history=followed,
    )


def relearn(history: History) -> History:
    """The history without what the present reasons contradict: it is learned anew."""
    reasons = (history.period.reasons if history.period else frozenset()) | history.odd
    shares = {
        key: Share() if _speaks_of(key) & reasons else replace(share, evidence=0.0)
        for key, share in history.shares.items()
    }
    return replace(
        history,
        shares=shares,
        listed=Level(),
        latency=Level() if _R.LATENCY_ROSE in reasons else history.latency,
        period=None,
        odd=frozenset(),
        odd_since=None,
        odd_runs=0,
        suspicious=0,
    )


def _speaks_of(key: str) -> frozenset[HealthReason]:
    kind, _, name = key.partition(":")
    if kind == "kept" and name not in COVERAGE:
        kind = "crossed" if name == "order" else name
    elif kind in ("field", "kept"):
        return frozenset({COVERAGE[name]})
    named = {
        "parse": _R.PARSE_FAILURES_ROSE, "failed": _R.ADVERTS_FAILED, "text": _R.TEXT_SHRANK,
        "repeats": _R.DUPLICATES_ROSE, "copies": _R.DUPLICATES_ROSE,
        "crossed": _R.FIELDS_SWAPPED, "language": _R.LANGUAGE_CHANGED,
        "encoded": _R.ENCODED_TWICE,
    }  # fmt: skip
    return frozenset({named[kind]})


def _became_normal(history: History, facts: Facts) -> MarkEnd | None:
    """Whether the same, believable oddity has stayed long enough to be the source's new shape."""
    reasons = history.odd | (history.period.reasons if history.period else frozenset())
    if not reasons or reasons & NEVER_NORMAL or history.odd_since is None:
        return None
    stable = facts.now - history.odd_since >= STABLE and history.odd_runs >= STABLE_RUNS
    return MarkEnd.REBASELINED if stable else None


def _follow(history: History, judged: Judgement, facts: Facts, source_id: str) -> History:
    """The period after this run."""
    before, certain = history.period, judged.certain
    broken = 0 if facts.complete else history.incomplete + 1
    if facts.answered and broken >= HELD_RUNS and history.runs:
        certain |= {_R.NO_ANSWER}
    history = replace(history, incomplete=broken)
    if before is None:
        since = history.healthy_at or facts.seen_before
        if not certain or since is None:
            return history
        kind = Verdict.OUTAGE if certain <= OUTAGES else Verdict.CHANGED
        mark_id = f"{source_id}:{since.isoformat()}"
        period = Period(mark_id=mark_id, kind=kind, from_at=since, reasons=certain)
        return replace(history, period=period)
    left = (before.reasons - judged.cleared) | certain
    if not left:
        return replace(history, period=None)
    worse = before.kind is Verdict.CHANGED or not left <= OUTAGES
    kind = Verdict.CHANGED if worse else Verdict.OUTAGE
    return replace(history, period=replace(before, kind=kind, reasons=left))


def _marks(
    before: Period | None, after: Period | None, judged: Judgement, source_id: str, run_id: str,
    facts: Facts,
) -> list[SourceMark]:  # fmt: skip
    if after is None:
        if before is None:
            return []
        return [_closing_mark(before, MarkEnd.RECOVERED, source_id, run_id, facts)]
    if before is not None and before.kind is after.kind:
        return []
    reason = next((f.reason for f in judged.findings if f.reason in after.reasons), _R.NO_ANSWER)
    mark = SourceMark(
        mark_id=after.mark_id, source_id=source_id, kind=after.kind, from_at=after.from_at,
        to_at=None, reason=reason.value, evidence=evidence_of(judged.findings), run_id=run_id,
        issue=facts.now,
    )  # fmt: skip
    return [mark]


def _closing_mark(
    period: Period, end: MarkEnd, source_id: str, run_id: str, facts: Facts
) -> SourceMark:
    reasons = ", ".join(sorted(reason.value for reason in period.reasons))
    return SourceMark(
        mark_id=period.mark_id, source_id=source_id, kind=period.kind, from_at=period.from_at,
        to_at=facts.now, reason=end.value, evidence=f"last open: {reasons}", run_id=run_id,
        issue=facts.now,
    )  # fmt: skip


def evidence_of(findings: tuple[Finding, ...]) -> str:
    """Findings with their figures, for a person."""
    told = (f"{f.reason.value} {f.before:g} to {f.after:g} (n {f.n})" for f in findings)
    return "; ".join(told)


def _alone(judged: Judgement, facts: Facts) -> Verdict:
    """The verdict of a run without a period: an outage of a source that never answered."""
    if judged.certain:
        return judged.verdict
    quiet = facts.answered and not judged.findings
    return Verdict.HEALTHY if quiet else Verdict.SUSPICIOUS


def _remembered(
    history: History, judged: Judgement, verdict: Verdict, notes: Notes, facts: Facts
) -> History:
    odd = frozenset(finding.reason for finding in judged.findings)
    same = odd == history.odd and bool(odd)
    doubtful = history.doubtful
    harmless = history.period is None and bool(odd) and odd <= HARMLESS
    if verdict is not Verdict.HEALTHY and not harmless:
        read = [*(sentinel.posting_id for sentinel in notes.read), *notes.refused]
        doubtful = tuple(dict.fromkeys((*doubtful, *read)))[-MOST_DOUBTFUL:]
    return replace(
        history,
        shares=judged.shares,
        suspicious=history.suspicious + 1 if verdict is Verdict.SUSPICIOUS else 0,
        odd=odd,
        odd_since=(history.odd_since if same else facts.now) if odd else None,
        odd_runs=(history.odd_runs + 1 if same else 1) if odd else 0,
        doubtful=doubtful,
        sentinels_at=facts.now if notes.read_again else history.sentinels_at,
    )


def _holds(verdict: Verdict, judged: Judgement, history: History) -> bool:
    if verdict is Verdict.SUSPICIOUS:
        harmless = {finding.reason for finding in judged.findings} <= HARMLESS
        return not harmless and history.suspicious <= HELD_RUNS
    return verdict is not Verdict.HEALTHY
