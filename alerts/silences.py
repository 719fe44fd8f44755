"""Silences: what an officer does not want to be told of, from when until when, and why. Pure.

A matcher without a value matches everything, so a silence without any is refused: nobody may
switch the early warning off by leaving a form empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import msgspec

from alerts.actions import account, plain
from alerts.alert import Alert
from warehouse.deeds import SilenceRecord

LONGEST: Final = timedelta(days=92)
"""Longer than a season of quiet is a matter of thresholds, not of silence."""


class SilenceFaultError(ValueError):
    """The silence cannot be set; the message says what was found and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchers:
    """All that are given must fit. `nation` as a province is the nation itself."""

    province: str = ""
    """ISO 3166-2:LA, or `nation`."""
    occupation: str = ""
    """ISCO-08 major group."""
    kind: str = ""
    indicator: str = ""
    alert_id: str = ""

    def fit(self, alert: Alert) -> bool:
        """Whether the alert is one of those meant."""
        pairs = (
            (self.province, alert.cell.province or "nation"),
            (self.occupation, alert.cell.isco1),
            (self.kind, alert.kind.value),
            (self.indicator, alert.indicator),
            (self.alert_id, alert.alert_id),
        )
        return all(not wanted or wanted == found for wanted, found in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """From `from_at` (included) until `to_at`, matching alerts are decided but not told."""

    silence_id: str
    matchers: Matchers
    from_at: datetime
    to_at: datetime
    officer: str
    why: str

    def covers(self, alert: Alert, at: datetime) -> bool:
        """Whether the alert is silenced at that moment."""
        return self.from_at <= at < self.to_at and self.matchers.fit(alert)


def silence_of(
    matchers: Matchers, *, from_at: datetime, to_at: datetime, officer: str, why: str
) -> Silence:
    """A new silence.

    Raises:
        SilenceFaultError: no matcher, no reason, no time or too long a time.
        alerts.actions.ActionFaultError: no account.
    """
    if matchers == Matchers():
        raise SilenceFaultError("nothing says what to silence: give at least one matcher")
    if not timedelta() < to_at - from_at <= LONGEST:
        raise SilenceFaultError(f"a silence ends after it begins, within {LONGEST.days} days")
    told, who = plain(why), account(officer)
    if not told:
        raise SilenceFaultError("no reason is given: say in a few words why")
    named = "\0".join([repr(matchers), from_at.isoformat(), to_at.isoformat(), who])
    return Silence(
        silence_id=sha256(named.encode()).hexdigest()[:12],
        matchers=matchers, from_at=from_at, to_at=to_at, officer=who, why=told,
    )  # fmt: skip


def ended(silence: Silence, now: datetime, officer: str) -> Silence:
    """The silence as it stands once `officer` ends it now; one that is over stays as it is."""
    if silence.to_at <= now:
        return silence
    return replace(silence, from_at=min(silence.from_at, now), to_at=now, officer=account(officer))


def covering(silences: Iterable[Silence], alert: Alert, at: datetime) -> Silence | None:
    """The first silence that covers the alert, or None."""
    return next((silence for silence in silences if silence.covers(alert, at)), None)


def hidden_by(matchers: Matchers, alerts: Iterable[Alert]) -> list[Alert]:
    """Preview: the open alerts that a silence would hide, were it to hold now."""
    return [alert for alert in alerts if alert.is_open and matchers.fit(alert)]


def in_force(silences: Iterable[Silence], now: datetime) -> tuple[Silence, ...]:
    """Those that are not over yet."""
    return tuple(silence for silence in silences if silence.to_at > now)


def record_of(silence: Silence, recorded_at: datetime) -> SilenceRecord:
    """The statement for the warehouse's history."""
    said = [silence.silence_id, silence.to_at.isoformat(), recorded_at.isoformat()]
    return SilenceRecord(
        silence_id=silence.silence_id,
        statement_id=sha256("\0".join(said).encode()).hexdigest()[:24],
        matchers=msgspec.json.encode(silence.matchers).decode(),
        from_at=silence.from_at, to_at=silence.to_at, officer=silence.officer, why=silence.why,
        recorded_at=recorded_at,
    )  # fmt: skip


def silences_from(records: Sequence[SilenceRecord]) -> list[Silence]:
    """The silences that records state."""
    return [
        Silence(
            silence_id=r.silence_id,
            matchers=msgspec.json.decode(r.matchers, type=Matchers),
            from_at=r.from_at, to_at=r.to_at, officer=r.officer, why=r.why,
        )
        for r in records
    ]  # fmt: skip
