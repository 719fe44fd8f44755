"""Making a release, and showing later that it is what was published.

The moment of a release is chosen once, before anything is computed: a process that dies in between
and begins again computes from the same cut-off, writes the same rows under the same tokens, and
publishes once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from alerts.releases.canonical import canonical, digest_of
from alerts.releases.compute import look_back, observations
from alerts.releases.counts import is_seen
from alerts.releases.evidence import Evidence
from alerts.releases.plan import Kind, Period, Timing, period_named
from alerts.releases.shortage import fresh_cuts
from warehouse.cuts import write_cuts
from warehouse.disclosure.attack import UnsolvableError
from warehouse.disclosure.issue import issue_counts
from warehouse.disclosure.lattice import Period as CountPeriod
from warehouse.disclosure.records import Measure
from warehouse.published import ReleaseRow, releases
from warehouse.releases import observations_of, write_release
from warehouse.series import Frequency, Observation

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_log = structlog.get_logger(__name__)
_PUBLIC: Final = {Kind.WEEKLY: Frequency.WEEKLY, Kind.MONTHLY: Frequency.MONTHLY}
"""Kinds with a public table of counts; single days are never told to the public."""


class ReleaseError(ValueError):
    """A release cannot be made as asked; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A release compared with what was published, byte by byte."""

    release_id: str
    published: str
    """Digest at publication."""
    stored: str
    """Digest of the file made of the figures that are stored."""
    recomputed: str
    """Digest of the file computed again from the raw rows; "" where it was not."""

    @property
    def same(self) -> bool:
        """Whether all that was compared is the same."""
        return {self.stored, self.recomputed or self.published} == {self.published}


def make(
    client: Client, period: Period, timing: Timing, *,
    cutoff: datetime, issue: datetime, revision: int = 0, supersedes: str = "", note: str = "",
    evidence: Evidence | None = None,
) -> tuple[ReleaseRow, list[Observation]]:  # fmt: skip
    """Compute and publish the release of a period. The same call again publishes nothing twice.

    Args:
        client: may write.
        cutoff: what was stored by then is used; not after `issue`.
        issue: when it is published, whole milliseconds.
        supersedes: release that it revises.
        note: why, in plain words.
        evidence: the register at `cutoff`, where it is at hand.

    Raises:
        ReleaseError: the cut-off lies after the issue.
        clickhouse_connect.driver.exceptions.Error: nobody was told of the release yet.
    """
    if cutoff > issue:
        raise ReleaseError(f"the cut-off {cutoff} lies after the issue {issue}")
    row = ReleaseRow(
        release_id=period.release_id(revision), kind=period.kind.value, status=timing.status,
        period_start=period.first, period_end=period.last, revision=revision, cutoff=cutoff,
        issue=issue, figures=0, digest="", supersedes=supersedes, note=note,
    )  # fmt: skip
    evidence = evidence or _evidence(client, period, cutoff)
    row, figures = computed(client, row, evidence)
    if period.kind is Kind.WEEKLY:
        fresh = fresh_cuts(evidence, period)
        write_cuts(client, fresh, issue=issue, release_id=row.release_id)
    _tell_public(client, period, row, evidence)
    write_release(client, row, figures)
    return row, figures


def _tell_public(client: Client, period: Period, row: ReleaseRow, evidence: Evidence) -> None:
    """With a revision, the public's tables of counts are told again; the first ones are told by
    `alerts/public_counts.py`.

    A table that no rounding can protect stays as it was; departments get the release all the same.
    """
    if period.kind not in _PUBLIC or not row.revision:
        return
    for measure in Measure:
        try:
            issue_counts(
                client, _count_period(measure, period), cutoff=row.cutoff, issue=row.issue,
                seen=measure is Measure.STOCK or is_seen(evidence, period.first, period.last),
                release_id=row.release_id,
            )  # fmt: skip
        except UnsolvableError as error:
            _log.error(
                "public_counts_refused", release=row.release_id, measure=measure.value,
                why=str(error),
            )  # fmt: skip


def computed(
    client: Client, release: ReleaseRow, evidence: Evidence | None = None
) -> tuple[ReleaseRow, list[Observation]]:
    """The release computed from raw rows at its cut-off, with its digest; nothing is written."""
    period = period_named(release.release_id.rpartition(".")[0])
    evidence = evidence or _evidence(client, period, release.cutoff)
    figures = observations(evidence, period, issue=release.issue, release_id=release.release_id)
    methods = tuple(sorted({figure.method for figure in figures}))
    row = replace(release, methods=methods, figures=len(figures))
    return replace(row, digest=digest_of(canonical(row, figures))), figures


def _evidence(client: Client, period: Period, cutoff: datetime) -> Evidence:
    return Evidence(client, cutoff=cutoff, since=look_back(period), until=period.last)


def file_of(client: Client, release: ReleaseRow) -> bytes:
    """The release's file, made of the figures that are stored."""
    return canonical(release, observations_of(client, release))


def verify(client: Client, release: ReleaseRow, *, recompute: bool) -> Verified:
    """Compare a release with what was published, from its figures and, if asked, from raw rows."""
    again = computed(client, release)[0].digest if recompute else ""
    return Verified(
        release_id=release.release_id,
        published=release.digest,
        stored=digest_of(file_of(client, release)),
        recomputed=again,
    )


def next_revision(client: Client, period: Period) -> tuple[int, str]:
    """Number of the period's next release, and the one that it supersedes ("" for the first)."""
    held = [
        row for row in releases(client, kinds=[period.kind.value])
        if row.period_start == period.first
    ]  # fmt: skip
    if not held:
        return 0, ""
    latest = max(held, key=lambda row: row.revision)
    return latest.revision + 1, latest.release_id


def _count_period(measure: Measure, period: Period) -> CountPeriod:
    return CountPeriod(
        measure=measure, frequency=_PUBLIC[period.kind], first=period.first, last=period.last
    )
