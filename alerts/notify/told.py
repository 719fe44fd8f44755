"""What the public is told of an alert, as feeds show it: what, where, since when; no figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alerts.alert import Reason
from alerts.notify.kinds import family, kind_named
from alerts.notify.names import group_name, indicator_name, province_name
from alerts.notify.wording import told_as, words
from alerts.signal import Classification, Direction
from alerts.transition import TOLD_AT_END
from warehouse.disclosure.alerts import ToldAlert

ENDS: Final = frozenset(reason.value for reason in TOLD_AT_END)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicNotice:
    """One telling of one alert; `earlier` are the tellings before it, the oldest first."""

    alert: ToldAlert
    number: int
    earlier: tuple[datetime, ...]

    @property
    def notice_id(self) -> str:
        """The same for ever: alert and number."""
        return f"{self.alert.alert_id}.{self.number}"

    @property
    def is_end(self) -> bool:
        """Whether it says that the alert is over."""
        return self.alert.reason in ENDS


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicWords:
    """A notice in one language."""

    heading: str
    sentence: str
    not_this: str
    checks: tuple[str, ...]
    place: str
    severity: str


def public_notices(history: Iterable[ToldAlert]) -> list[PublicNotice]:
    """The tellings in `history` (any order), newest first. Faults of collection are left out."""
    told = sorted(
        (one for one in history if one.notified and one.kind != Classification.COLLECTION_FAULT),
        key=lambda one: (one.at, one.recorded_at),
    )
    before: dict[str, list[datetime]] = {}
    notices = []
    for one in told:
        earlier = before.setdefault(one.alert_id, [])
        notices.append(PublicNotice(alert=one, number=len(earlier) + 1, earlier=tuple(earlier)))
        earlier.append(one.at)
    return notices[::-1]


def in_words(notice: PublicNotice, language: str) -> PublicWords:
    """The notice in a language."""
    said, alert = words(language), notice.alert
    kind = kind_named(Classification(alert.kind), Direction(alert.direction), alert.indicator)
    blanks = {
        "place": province_name(alert.province, language) if alert.province else said["nation"],
        "group": group_name(alert.isco1, language) if alert.isco1 else said["all_groups"],
        "indicator": indicator_name(alert.indicator, language),
        "onset": f"{alert.onset_on:%d/%m/%Y}",
    }
    what = str(said[kind]).format(**blanks)
    sentence = said["public_end" if notice.is_end else "public_lead"].format(what=what, **blanks)
    return PublicWords(
        heading=f"{_heading(said, what, alert.reason)} – {blanks['place']}",
        sentence=sentence,
        not_this=said[f"not_{family(kind)}"],
        checks=() if notice.is_end else tuple(said[f"check_{family(kind)}"]),
        place=blanks["place"],
        severity=said["severities"].get(alert.severity, alert.severity),
    )


def _heading(said: dict[str, Any], what: str, reason: str) -> str:
    known = {one.value for one in Reason}
    return told_as(said, what, Reason(reason)) if reason in known else what
