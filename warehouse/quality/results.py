"""Judged checks, kept in all their vintages and read back."""

from __future__ import annotations

from dataclasses import astuple, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from warehouse.client import aware, fetch, moment
from warehouse.history import insert_token
from warehouse.marks import Mark
from warehouse.quality.records import Dimension, Reason, Result, Severity, Unit, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clickhouse_connect.driver.client import Client

QUALITY: Final = "quality"
"""Kind of a period in which a severe check fails, beside those of sources."""
_NAMES: Final = tuple(field.name for field in fields(Result))
_KINDS: Final = {
    "dimension": Dimension,
    "severity": Severity,
    "unit": Unit,
    "verdict": Verdict,
    "reason": Reason,
}
_LAST: Final = datetime(2299, 1, 1, tzinfo=UTC)


def write_results(client: Client, results: Sequence[Result]) -> None:
    """Append results; the same ones again change nothing."""
    if results:
        token = insert_token(repr(result) for result in results)
        client.insert(
            "quality_results",
            [astuple(result) for result in results],
            column_names=_NAMES,
            settings={"insert_deduplication_token": token},
        )


def read_results(
    client: Client, *, release_id: str | None = None, as_of: datetime | None = None
) -> list[Result]:
    """Of each check and subject the result computed last, by check and subject.

    Args:
        release_id: only results that accompany this release ("": of no release).
        as_of: only what was computed by then.
    """
    rows = fetch(
        client,
        f"""SELECT {", ".join(_NAMES)} FROM (
          SELECT *, max(computed_at) OVER (PARTITION BY check_id) AS newest FROM quality_results
          WHERE computed_at <= {moment("as_of")}
            AND ({{every:UInt8}} OR release_id = {{release_id:String}}))
        WHERE computed_at = newest ORDER BY check_id, subject LIMIT 1 BY check_id, subject""",
        as_of=as_of or _LAST,
        every=int(release_id is None),
        release_id=release_id or "",
    )
    return [_result(row) for row in rows]


def _result(row: Sequence[Any]) -> Result:
    held = dict(zip(_NAMES, row, strict=True))
    held |= {name: kind(held[name]) for name, kind in _KINDS.items()}
    return Result(**{name: aware(value) for name, value in held.items()})


def read_failures(client: Client) -> list[Mark]:
    """Severe checks that failed, as periods like those of sources: what operators are told.

    A check's period lasts from the first failure after it last stood well until it stands well
    again; results that could not be judged neither begin nor end one.
    """
    rows = fetch(
        client,
        """SELECT check_id, computed_at, max(verdict = 'fail') AS failed,
          arrayStringConcat(arraySort(groupArrayIf(3)(concat(subject, if(subject = '', '', ': '),
            toString(round(ifNull(value, 0), 4)), ' (n = ', toString(n), ') ', detail),
            verdict = 'fail')), '; ') AS told
        FROM quality_results WHERE severity = 'severe' AND verdict != 'not_assessable'
        GROUP BY check_id, computed_at ORDER BY check_id, computed_at""",
    )
    found: list[Mark] = []
    began: dict[str, Mark] = {}
    for check_id, at_, failed, told in rows:
        at = aware(at_)
        if failed and check_id not in began:
            began[check_id] = _mark(check_id, at, told)
        elif not failed and check_id in began:
            found.append(_over(began.pop(check_id), at))
    return [*found, *began.values()]


def _mark(check_id: str, at: datetime, told: str) -> Mark:
    return Mark(
        mark_id=f"{QUALITY}:{check_id}:{at.isoformat()}",
        source_id=check_id,
        kind=QUALITY,
        from_at=at,
        to_at=None,
        reason="beyond_the_limit",
        evidence=told,
        issue=at,
        opened_at=at,
        opened_for="beyond_the_limit",
        opened_on=told,
    )


def _over(mark: Mark, at: datetime) -> Mark:
    return Mark(
        mark_id=mark.mark_id, source_id=mark.source_id, kind=QUALITY, from_at=mark.from_at,
        to_at=at, reason="stands_well", evidence=mark.evidence, issue=at,
        opened_at=mark.opened_at, opened_for=mark.opened_for, opened_on=mark.opened_on,
    )  # fmt: skip
