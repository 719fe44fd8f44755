"""One run judged against its source's own history: predict, score, say why. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import exp, expm1, log, log1p, sqrt
from typing import Final

from scrapers.health.evidence import (
    CERTAIN,
    DOUBT,
    Share,
    expected_gone,
    fall,
    is_restored,
    pooled,
    rise,
    vanishing,
)
from scrapers.health.history import (
    COVERAGE,
    SHORT,
    Check,
    Facts,
    History,
    days_unseen,
    share_of,
)
from scrapers.health.notes import FIELDS, Notes, Seen, is_crossed
from scrapers.health.sentinels import check_sentinels
from scrapers.health_records import Finding, HealthReason, Verdict

_R = HealthReason
OUTAGES: Final = frozenset({_R.NO_ANSWER, _R.ADVERTS_FAILED})
HARMLESS: Final = frozenset({_R.LATENCY_ROSE, _R.ENCODED_TWICE})
"""Reasons told to operators that leave what was read believable: late, or restored exactly."""
_ALWAYS: Final = 0.95
"""From this share on the layout fills a field; below, each employer decides for its adverts."""
_SELDOM: Final = 0.15
"""Below this share a fall of coverage would take hundreds of adverts to show: not judged."""
_NO_TITLE: Final = ("title_missing", "title_without_letters")
_FEW: Final = 5
_SETTLED_RUNS: Final = 3
_SLOW_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one run shows, before anything is concluded about a period."""

    findings: tuple[Finding, ...]
    """Strongest first, from `DOUBT` up."""
    checks: list[Check]
    shares: Mapping[str, Share]
    """The history's shares with this run's evidence pooled in."""
    cleared: frozenset[HealthReason]
    """Metrics that this run speaks for."""

    @property
    def certain(self) -> frozenset[HealthReason]:
        """Reasons that stand on their own, or two fields lost together."""
        found = {f.reason for f in self.findings if f.score >= CERTAIN} - HARMLESS
        lost = {f.reason for f in self.findings if f.reason in COVERAGE.values()}
        return frozenset(found | (lost if len(lost) > 1 else set()))

    @property
    def verdict(self) -> Verdict:
        """The run's own verdict."""
        if self.certain:
            return Verdict.OUTAGE if self.certain <= OUTAGES else Verdict.CHANGED
        return Verdict.SUSPICIOUS if self.findings else Verdict.HEALTHY


def judge_run(history: History, notes: Notes, facts: Facts) -> Judgement:
    """Score a run against what was learned before it."""
    checks = list_checks(history, notes)
    kept = _kept_by_sentinels(history, checks)
    shares, findings, cleared = _judge_shares(history, checks, kept)
    for found in (_listing(history, notes, facts), _latency(history, notes), _answer(facts)):
        findings += found
    if facts.answered:
        cleared.add(_R.NO_ANSWER)
    if _R.TITLE_COVERAGE_FELL in kept:
        cleared.add(_R.PARSE_FAILURES_ROSE)
    cleared |= _regained(history, facts, {finding.reason for finding in findings})
    strongest = _once(sorted(findings, key=lambda finding: -finding.score))
    cleared -= {finding.reason for finding in strongest}
    if history.period is not None:
        shares.update(_relieved(shares, checks, cleared))
    return Judgement(findings=strongest, checks=checks, shares=shares, cleared=frozenset(cleared))


def _judge_shares(
    history: History, checks: list[Check], kept: frozenset[HealthReason]
) -> tuple[dict[str, Share], list[Finding], set[HealthReason]]:
    """Shares with this run's evidence, what they say, and the metrics that the run speaks for."""
    shares, findings, cleared = dict(history.shares), list[Finding](), set(kept)
    for check in checks:
        share = share_of(history, check.key)
        if not (check.n and check.judged and share.is_known):
            continue
        llr = _evidence(share, check)
        after = pooled(share if check.pools else replace(share, evidence=0.0), llr)
        if check.chosen and check.reason in kept:
            after = replace(after, evidence=0.0)
        if is_restored(llr, check.n):
            cleared.add(check.reason)
            after = after if history.period is None else replace(after, evidence=0.0)
        if check.forgets and not check.hits:
            after = replace(after, evidence=0.0)
        shares[check.key] = after
        if after.evidence >= DOUBT:
            findings.append(_finding(check, share, after.evidence))
    return shares, findings, cleared


def _finding(check: Check, share: Share, score: float) -> Finding:
    return Finding(
        reason=check.reason,
        before=round(share.expected, 4),
        after=round(check.hits / check.n, 4),
        n=round(check.n),
        score=score,
    )


def _relieved(
    shares: Mapping[str, Share], checks: list[Check], cleared: set[HealthReason]
) -> dict[str, Share]:
    """Shares of cleared metrics without the evidence that opened the period."""
    return {
        check.key: replace(shares[check.key], evidence=0.0)
        for check in checks
        if check.reason in cleared and check.key in shares
    }


def _evidence(share: Share, check: Check) -> float:
    return (rise if check.rises else fall)(share, check.hits, check.n)


def _kept_by_sentinels(history: History, checks: list[Check]) -> frozenset[HealthReason]:
    """Metrics in which known adverts, read again, are as they were."""
    return frozenset(
        check.reason
        for check in checks
        if check.key.startswith("kept:")
        and is_restored(_evidence(share_of(history, check.key), check), check.n)
    )


def list_checks(history: History, notes: Notes) -> list[Check]:
    """Every share of a run, as it is judged and learned."""
    read, attempts = notes.postings, len(notes.read) + notes.failures.total()
    answered = attempts + len(notes.read_again)
    no_title = sum(notes.failures[reason] for reason in _NO_TITLE)
    checks = [
        Check(reason=_R.TITLE_COVERAGE_FELL, key="field:title", hits=len(read),
              n=len(read) + no_title),
        Check(reason=_R.PARSE_FAILURES_ROSE, key="parse", hits=notes.failures.total(),
              n=attempts, rises=True),
        Check(reason=_R.ADVERTS_FAILED, key="failed", hits=notes.adverts_failed,
              n=answered + notes.adverts_failed, rises=True),
        Check(reason=_R.DUPLICATES_ROSE, key="repeats", hits=notes.repeats,
              n=notes.listed + notes.repeats, rises=True, pools=False),
        Check(reason=_R.ENCODED_TWICE, key="encoded", hits=notes.encoded_twice, n=notes.texts,
              rises=True, forgets=True),
    ]  # fmt: skip
    for name in FIELDS[1:]:
        checks += _fall(history, COVERAGE[name], f"field:{name}", read, _fills(name))
    length = expm1(history.text.mean)
    checks += _fall(history, _R.TEXT_SHRANK, "text", read, lambda s: s.length >= SHORT * length)
    known = [key.removeprefix("language:") for key in history.shares if "language:" in key]
    for language in sorted({*known, *(posting.language for posting in read)}):
        key = f"language:{language}"
        checks += _fall(history, _R.LANGUAGE_CHANGED, key, read, _speaks(language))
    employers, titles = frozenset(history.employers), frozenset(history.titles)
    for reason, key, happens in (
        (_R.FIELDS_SWAPPED, "crossed", lambda s: is_crossed(s, employers, titles)),
        (_R.DUPLICATES_ROSE, "copies", _copies(read)),
    ):
        hits, n = _by_employer(read, happens)
        checks.append(Check(reason=reason, key=key, hits=hits, n=n, rises=True))
    return checks + check_sentinels(history, notes)


def _fall(
    history: History, reason: HealthReason, key: str, read: list[Seen], has: Callable[[Seen], bool]
) -> list[Check]:
    share = share_of(history, key)
    content = reason in (_R.LANGUAGE_CHANGED, _R.TEXT_SHRANK)
    chosen = content or not share.is_known or share.expected < _ALWAYS
    hits, n = _by_employer(read, has) if chosen else (sum(map(has, read)), len(read))
    judged = not share.is_known or share.expected >= _SELDOM
    return [Check(reason=reason, key=key, hits=hits, n=n, judged=judged, chosen=chosen)]


def _by_employer(read: list[Seen], has: Callable[[Seen], bool]) -> tuple[float, float]:
    """Sum over employers of the share of their postings, and the number of employers.

    An employer with forty adverts says as much about a board as one with a single advert; those
    that name no employer count each for itself.
    """
    groups: dict[str, list[bool]] = {}
    for number, posting in enumerate(read):
        groups.setdefault(posting.employer or f"#{number}", []).append(has(posting))
    return sum(sum(group) / len(group) for group in groups.values()), float(len(groups))


def _fills(name: str) -> Callable[[Seen], bool]:
    return lambda posting: name in posting.filled


def _speaks(language: str) -> Callable[[Seen], bool]:
    return lambda posting: posting.language == language


def _copies(read: list[Seen]) -> Callable[[Seen], bool]:
    """Whether a posting has title, employer and place of one read before it in the run."""
    first: dict[tuple[str, str, str], int] = {}
    for posting in read:
        first.setdefault((posting.title, posting.employer, posting.place), id(posting))
    return lambda s: first[(s.title, s.employer, s.place)] != id(s)


def _answer(facts: Facts) -> list[Finding]:
    if facts.answered and facts.complete:
        return []
    score = DOUBT if facts.answered else 2 * CERTAIN
    return [Finding(reason=_R.NO_ANSWER, before=1.0, after=0.0, n=1, score=score)]


def _listing(history: History, notes: Notes, facts: Facts) -> list[Finding]:
    """The listing against what was open, and the number of new postings against the usual one."""
    found: list[Finding] = []
    days, usual = days_unseen(history, facts), expm1(history.listed.mean)
    if facts.tells and not facts.listed and facts.shown:
        score = 2 * CERTAIN if facts.shown >= _FEW else DOUBT
        found.append(
            Finding(reason=_R.EMPTY_LISTING, before=facts.shown, after=0, n=facts.shown,
                    score=score)
        )  # fmt: skip
    elif facts.tells and facts.gone:
        part, expected = facts.gone / facts.shown, expected_gone(history.closing, days)
        score = vanishing(history.closing, facts.gone, facts.shown, days)
        few = facts.shown < _FEW or part < max(0.3, 2 * expected)
        if score >= DOUBT and part >= 0.2:
            found.append(
                Finding(reason=_R.LISTING_SHRANK, before=round(1 - expected, 4),
                        after=round(1 - part, 4), n=facts.shown,
                        score=min(score, CERTAIN - 1) if few else score)
            )  # fmt: skip
    expected_new = history.opening.expected * max(days, 1.0)
    if history.runs >= _SETTLED_RUNS and notes.new >= max(20.0, usual, 10 * expected_new):
        score = CERTAIN + log(notes.new / expected_new)
        found.append(
            Finding(reason=_R.LISTING_EXPLODED, before=round(expected_new, 1), after=notes.new,
                    n=notes.new, score=score)
        )  # fmt: skip
    return found


def _regained(history: History, facts: Facts, found: set[HealthReason]) -> set[HealthReason]:
    """Listing metrics that are as before: neither unlikely nor of another size than before."""
    if not facts.tells or not facts.listed:
        return set()
    ratio = exp(log1p(facts.listed) - history.listed.mean) if history.runs else 1.0
    back = {_R.EMPTY_LISTING}
    if ratio >= 0.7:
        back.add(_R.LISTING_SHRANK)
    if ratio <= 1.4:
        back |= {_R.LISTING_EXPLODED, _R.DUPLICATES_ROSE}
    return back - found


def _latency(history: History, notes: Notes) -> list[Finding]:
    """Answers slower than six deviations, four times as slow as usual, and than a second."""
    level = history.latency
    if level.runs < _SETTLED_RUNS or not notes.latencies:
        return []
    now, usual = notes.median_latency_s, exp(level.mean)
    deviation = max(sqrt(level.variance), 0.25)
    steps = (log(max(now, 1e-4)) - level.mean) / deviation
    if now < max(_SLOW_S, 4 * usual) or steps < 6:
        return []
    n = len(notes.latencies)
    finding = Finding(reason=_R.LATENCY_ROSE, before=round(usual, 4), after=round(now, 4), n=n,
                      score=min(steps, 2 * CERTAIN))  # fmt: skip
    return [finding]


def _once(findings: list[Finding]) -> tuple[Finding, ...]:
    """The first finding of each reason."""
    return tuple({finding.reason: finding for finding in reversed(findings)}.values())[::-1]
