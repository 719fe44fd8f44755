"""Puts the declared checks to the warehouse and judges the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from config.vocabulary import districts, industries, occupations, provinces
from warehouse.client import millis
from warehouse.quality.declared import Catalogue, Check
from warehouse.quality.functions import FUNCTIONS
from warehouse.quality.records import (
    Reading,
    Reason,
    Result,
    Scope,
    Unit,
    Verdict,
    judge,
    wilson_share,
)

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_SETTLING_S: Final = 1.0
"""How long a batch on its way from table to table may take."""
_ATTEMPTS: Final = 3
_NOW: Final = timedelta(hours=1)
"""So soon after its moment a check of things as they stand is still of that moment."""


def measure(
    client: Client,
    catalogue: Catalogue,
    scope: Scope,
    *,
    computed_at: datetime,
    release_id: str = "",
    only: Iterable[str] = (),
    pause: Callable[[float], None] = time.sleep,
) -> list[Result]:
    """Judged answers of all checks (or `only` these), in the order of the catalogue.

    A check whose answer has no row gives one result, not assessable, so that a check never
    vanishes from a report.

    Raises:
        clickhouse_connect.driver.exceptions.Error: the warehouse is away or refuses.
        KeyError: `only` names a check that is not declared.
    """
    names = list(only) or list(catalogue.checks)
    results: list[Result] = []
    for name in names:
        results += _judged(
            client, catalogue, name, scope, computed_at=computed_at, release_id=release_id,
            pause=pause,
        )  # fmt: skip
    return results


def _judged(
    client: Client,
    catalogue: Catalogue,
    name: str,
    scope: Scope,
    *,
    computed_at: datetime,
    release_id: str,
    pause: Callable[[float], None],
) -> list[Result]:
    check = catalogue.checks[name]
    if check.of_now and computed_at - scope.as_of > _NOW:
        judged = [(Reading(value=None, n=0), Verdict.NOT_ASSESSABLE, Reason.NOT_THEN)]
    else:
        judged = _settled(client, catalogue, check, scope, pause)
    return [
        Result(
            check_id=name,
            subject=reading.subject,
            dimension=check.dimension,
            severity=check.severity,
            unit=check.unit,
            as_of=scope.as_of,
            period_start=scope.since,
            period_end=scope.until,
            value=reading.value,
            lower=reading.lower,
            upper=reading.upper,
            n=reading.n,
            verdict=verdict,
            reason=reason,
            mark=check.mark,
            limit=check.limit,
            detail=reading.detail,
            method=catalogue.method(name),
            release_id=release_id,
            computed_at=computed_at,
        )
        for reading, verdict, reason in judged
    ]


def _settled(
    client: Client,
    catalogue: Catalogue,
    check: Check,
    scope: Scope,
    pause: Callable[[float], None],
) -> list[tuple[Reading, Verdict, Reason]]:
    """Judged readings; a failure that a batch under way can cause is looked at again."""
    attempt = 1
    while True:
        readings = _read(client, catalogue, check, scope)
        judged = [(reading, *judge(reading, check.marks)) for reading in readings]
        failed = any(verdict is Verdict.FAIL for _, verdict, _ in judged)
        if not (failed and check.settles) or attempt == _ATTEMPTS:
            return judged
        attempt += 1
        pause(_SETTLING_S)


def _read(client: Client, catalogue: Catalogue, check: Check, scope: Scope) -> list[Reading]:
    if check.function:
        found = FUNCTIONS[check.function](client, scope)
    else:
        found = _ask(client, catalogue.statement(check), check.unit, scope)
    return found or [Reading(value=None, n=0)]


def _ask(client: Client, sql: str, unit: Unit, scope: Scope) -> list[Reading]:
    every: dict[str, Any] = {
        "since": scope.since,
        "until": scope.until,
        "as_of": millis(scope.as_of),
        "occupations": list(occupations()),
        "industries": list(industries()),
        "provinces": list(provinces()),
        "districts": list(districts()),
    }
    given = {name: value for name, value in every.items() if f"{{{name}:" in sql}
    answer = client.query(sql, parameters=given)
    names: Sequence[str] = answer.column_names
    return [reading_of(dict(zip(names, row, strict=True)), unit) for row in answer.result_rows]


def reading_of(row: Mapping[str, Any], unit: Unit) -> Reading:
    """A reading from the columns of a check's row; shares get their interval here."""
    n = int(row["n"])
    value = row.get("value", row.get("hits"))
    lower, upper = row.get("lower"), row.get("upper")
    if n == 0:
        value = lower = upper = None
    elif unit is Unit.SHARE:
        weight = float(row.get("n_effective", n))
        hits = float(row["value"]) * weight if "value" in row else float(row["hits"])
        value, lower, upper = wilson_share(min(hits, weight), weight)
    return Reading(
        subject=str(row["subject"]),
        value=None if value is None else float(value),
        lower=None if lower is None else float(lower),
        upper=None if upper is None else float(upper),
        n=n,
        detail=str(row.get("detail", "")),
    )


def worst(results: Iterable[Result]) -> Verdict:
    """The worst verdict; `NOT_ASSESSABLE` where nothing could be judged."""
    found = {result.verdict for result in results}
    order = (Verdict.FAIL, Verdict.WARN, Verdict.PASS)
    return next((verdict for verdict in order if verdict in found), Verdict.NOT_ASSESSABLE)
